"""Train: an autoencoder of one's own, in the background, watched as it learns."""

from pages.ui.layout import hidden_when_presenting, hourglass, notice, page_head

import contextlib
import math
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import runs, shipped_folder
from ae_core.runs.records import read_config
from pages.components.hint import hint
from pages.sections.lesson.sayings import saying
from pages.sections.train import keys, words
from pages.sections.train.form import begin, presets, recipe_form
from pages.sections.train.link import EPOCH, PARAMETERS, RUN
from pages.sections.train.monitor import watch
from pages.sections.train.start import start, warm_workers
from pages.ui import link

EXAMPLE = "digits-vae-2d"  # a checkpoint that ships with its film


def asked(notes: DeltaGenerator) -> tuple[Path | None, int | None]:
    """(the folder of the run that the link asks for, the epoch), None where it asks for none."""
    known = runs()
    values: dict[str, Any]
    values, problems = link.read((RUN, EPOCH), link.current().values, known)
    if link.unread("run"):
        link.warn_invalid_params(notes, problems)
        link.set_query_params({each.name: "" for each in (RUN, EPOCH) if each.key not in values})
    return known.get(values.get("run", "")), values.get("epoch")


def glass(folder: Path) -> str:
    """The hourglass of the run on the screen."""
    try:
        run = read_checkpoint(folder)
        return hourglass((math.prod(run.shape), *run.config.hidden), run.config.k, "encoder")
    except LatentError:  # it waits, and its data are not known yet
        with contextlib.suppress(LatentError):  # or it is broken, which is said where it is shown
            config = read_config(folder)
            return hourglass(config.hidden, config.k, "encoder")
        return ""


def main() -> None:
    head, notes = st.container(), st.container()
    own, epoch = asked(notes)
    folder = own or shipped_folder(EXAMPLE)
    with head:
        page_head(words.TITLE, words.SENTENCE, glass(folder))
    begin(notes)
    st.session_state[keys.RUN] = link.current().values.get("run")
    warm_workers()
    view, form = st.columns([0.72, 0.28], gap="large")
    with form, hidden_when_presenting("form"):
        presets()
        start(recipe_form())
        st.page_link("pages/playground.py", label=words.PLAY, icon=":material/bolt:")
    said = saying("train")
    with view:
        hint("train", said.hint, "[data-testid=epoch-slider]", clear=".st-key-train-start")  # which floats on a phone
        watch(folder, epoch, shipped=own is None)
        notice(said.notice, said.question)


link.run_page("train", PARAMETERS, main)
