"""Runs: every training and every shipped model in one table; compare, download, upload."""

from pages.ui.layout import hidden_when_presenting, notice, page_head

import streamlit as st

from ae_core.runs.overview import rows
from pages.components.hint import hint
from pages.sections.lesson.sayings import saying
from pages.sections.maps.held import set_aside
from pages.sections.runs import keys, words
from pages.sections.runs.compare import compare, noticed
from pages.sections.runs.held import held
from pages.sections.runs.link import CURVE, PARAMETERS
from pages.sections.runs.manage import one_run, upload
from pages.sections.runs.table import selected
from pages.session.identity import whose
from pages.ui import link
from pages.ui.markdown import plain


def main() -> None:
    page_head(words.TITLE, words.SENTENCE, "")
    notes = st.container()
    everything, broken = rows()
    for sentence in broken:
        notes.warning(plain(sentence), icon=":material/warning:")
    with (
        hidden_when_presenting("tools"),
        st.container(horizontal=True, horizontal_alignment="right", key="runs-tools"),
    ):
        upload()
    whose()
    hint("runs", saying("runs").hint, f".st-key-{keys.TABLE}", "below")
    picked = selected(everything, notes)
    if len(picked) == 1:
        with hidden_when_presenting("one"):
            one_run(picked[0])
    if picked:
        compare(picked, notes)
        held(picked, notes)
    else:
        link.set_query_params({CURVE.name: ""})
        set_aside(notes)
        st.caption(words.SELECT)
        return
    said = noticed(picked)
    notice(said.notice, said.question)


link.run_page("runs", PARAMETERS, main)
