"""Bottleneck: how few numbers the data need, and whether a network needs fewer than PCA; answered while the slider
moves.
"""

from pages.ui.layout import hidden_when_presenting, hourglass, page_head

import math

import streamlit as st

from ae_core import LatentError
from pages.components.channel import send_model
from pages.components.hint import hint
from pages.components.register import key_part
from pages.sections.bottleneck import words
from pages.sections.bottleneck.figure import figure, is_own, start
from pages.sections.bottleneck.link import MODEL, PARAMETERS
from pages.sections.lesson.sayings import saying
from pages.session.models import menu_title, names, nested, slides
from pages.ui import link
from pages.ui.markdown import show_error
from pages.ui.wording import thing_of


def main() -> None:
    head, notes = st.container(), st.container()
    everything = names(notes, first="mnist-nested-64d")
    listed = [name for name, checkpoint in everything.items() if slides(checkpoint)]
    if not listed:
        st.error(words.NO_NESTED)
        return
    with hidden_when_presenting("pickers"):
        name = link.linked_selectbox(
            "bottleneck", MODEL, words.MODEL, listed, menu_title(everything, of_input=True), notes
        )
    try:
        item = nested(name)
    except LatentError as error:
        show_error(error)
        return
    thing = "sample" if is_own(item) else thing_of(item.checkpoint)
    with head:
        page_head(
            words.TITLE.format(thing=thing),
            words.SENTENCE.format(thing=thing, then=words.THEN[thing]),
            hourglass((math.prod(item.model.shape), *item.checkpoint.config.hidden), item.model.k, "bottleneck"),
        )
    place, blobs = st.container(), st.container()
    with blobs:
        for part, blob in item.blobs.items():
            send_model(part, blob)
    key = f"bottleneck-{key_part(name)}{link.suffix()}"
    begun = start(item, key, notes)
    with place:
        hint(
            "bottleneck",
            saying("bottleneck").hint.format(thing=thing),
            "[data-testid=bottleneck-slider]",
            clear="[data-testid=decoded]",
        )
        figure(item, everything, begun, key, notes)


link.run_page("bottleneck", PARAMETERS, main)
