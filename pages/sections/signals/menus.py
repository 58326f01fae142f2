"""What can be opened, and the menu of runs."""

from pathlib import Path

import streamlit as st

from ae_core.data.csv.uploads import file_label

from ...ui import link
from . import keys, words
from .open import EXAMPLE, file_of, plant_form, training_runs, uploader

NEW = ""  # in the menu: a file that nothing was trained on yet


def choose() -> None:
    """Show the run that was chosen in the menu."""
    link.set_query_params({"run": st.session_state[keys.RUN] or "", "file": "", "read": "", "view": ""})


def label(name: str, known: dict[str, Path], training: list[str]) -> str:
    """What a run is called in the menu: with its file, where its name does not say which."""
    if name in training:
        return words.IN_TRAINING_RUN.format(run=name)
    file = file_of(known[name])
    return name if not file or file.lower() in name.lower() else words.RUN_ON_FILE.format(run=name, file=file)


def menus(known: dict[str, Path], run: str, file: str) -> None:
    """What can be opened, and the menu of runs."""
    turn = st.session_state.setdefault(keys.OPENED, 0)  # what was opened closes the menus
    with st.popover(words.OPEN, icon=":material/upload_file:", type="primary", key=f"signals-open-{turn}"):
        uploader()
    with st.popover(words.PLANT, icon=":material/factory:", key=f"signals-plant-{turn}"):
        plant_form()
    training = training_runs()
    if len(known) == 1 and not training and not run and not file:
        return
    if run and run not in (*known, *training):
        training = [run, *training]
    new = bool(file) and not run
    st.session_state[keys.RUN] = NEW if new else run or EXAMPLE
    st.selectbox(
        words.RUN,
        [*([NEW] if new else []), *training, *known],
        format_func=lambda name: file_label(file) if name == NEW else label(name, known, training),
        key=keys.RUN,
        on_change=choose,
        label_visibility="collapsed",
        width=260,
    )
