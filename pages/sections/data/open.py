"""A file of samples: brought or taken as an example, kept, read once, and how it is to be read."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.base.owners import owner
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.samples.collection import MIN_SAMPLES
from ae_core.data.samples.source import Prepared, Samples
from ae_core.io.tables import csv_text
from ae_core.jobs.lane import lane
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config

from ...components.drawn_set import drawn_set
from ...components.drawn_set.types import DrawnSetView
from ...ui import link
from ...ui.file_chooser import choose_file, remember
from ...ui.link import set_query_params
from ...ui.markdown import show_error
from ...ui.thumbnails import strip
from . import keys, words
from .examples import example, glimpse
from .link import DRAW

DRAWN_SIDE = 28  # pixels, as MNIST's


def keep_and_open(data: bytes, name: str) -> None:
    """Keep a file and show it; a sentence where that cannot be."""
    try:
        open_file(keep_upload(data, name))
    except LatentError as error:
        show_error(error)


def open_file(kept: str) -> None:
    """Show a file that was kept."""
    remember(kept)
    state = st.session_state
    state[keys.OPENED] = state.get(keys.OPENED, 0) + 1
    for name in ("label", "group", "kind"):
        state.pop(keys.setting(name), None)
    state.pop(f"data-{DRAW.name}", None)
    set_query_params({"file": kept, "label": "", "group": "", "kind": "", "normal": "", "draw": ""})
    st.rerun()


def doors_in(notes: DeltaGenerator, is_open: bool) -> None:
    """Where samples come in: as a file, as an example, or drawn by hand. is_open: whether a file is shown."""
    turn = st.session_state.setdefault(keys.OPENED, 0)
    left, right = st.columns([0.62, 0.38], gap="large", vertical_alignment="bottom")
    with left:
        file = choose_file(f"{keys.UPLOAD}-{turn}")
    with right:
        menu = st.container()
        draws = st.toggle(words.DRAW, key=link.link_value("data", DRAW, notes), help=words.DRAW_HELP)
        link.set_query_params(link.write((DRAW,), {"draw": draws}))
    if is_open or draws:
        with menu:
            chosen = st.selectbox(
                words.EXAMPLES,
                list(words.EXAMPLE_NAMES),
                index=None,
                format_func=words.EXAMPLE_NAMES.get,
                key=f"{keys.EXAMPLE}-{turn}",
            )
    else:
        chosen = example_cards()
    if file is not None:
        open_file(file)
    elif chosen:
        keep_and_open(*example(chosen))
    if draws:
        drawing(turn)


def example_cards() -> str | None:
    """The examples with a few samples of each; the one that was just taken."""
    st.markdown(f"##### {words.EXAMPLES}")
    chosen = None
    for column, (name, title) in zip(st.columns(len(words.EXAMPLE_NAMES)), words.EXAMPLE_NAMES.items(), strict=True):
        with column.container(border=True, height="stretch"):
            strip(*_glimpse(name))
            st.caption(words.EXAMPLE_ABOUT[name])
            if st.button(title, key=keys.card(name), width="stretch"):
                chosen = name
    return chosen


_glimpse = st.cache_data(show_spinner=False)(glimpse)


def drawing(turn: int) -> None:
    """A sheet to draw a set on; the set is opened as a table would be."""
    made = drawn_set({"side": DRAWN_SIDE, "least": MIN_SAMPLES}, key=f"{keys.DRAWN}-{turn}")
    if made:
        try:
            data = drawn_table(made)
        except ValueError:  # what no hand has drawn
            st.error(words.NOT_DRAWN)
            return
        keep_and_open(data, "drawn.csv")


def drawn_table(made: DrawnSetView) -> bytes:
    """A drawn set as a table of pixels, its classes first where there are some. ValueError for what is none."""
    pictures = np.frombuffer(base64.b64decode(made["values"], validate=True), np.uint8).reshape(-1, DRAWN_SIDE**2)
    labels = [str(label)[:40] for label in made["labels"]]
    if len(labels) != len(pictures):
        raise ValueError("as many classes as pictures")
    heading = [f"pixel{i}" for i in range(DRAWN_SIDE**2)]
    rows = [[str(v) for v in picture] for picture in pictures.tolist()]
    if any(labels):
        heading, rows = ["label", *heading], [[label, *row] for label, row in zip(labels, rows, strict=True)]
    return csv_text(heading, rows).encode()


@st.cache_resource(max_entries=3, show_spinner=words.READING)
def prepared(source: str, whose: str | None) -> Prepared:
    """The samples that these knobs of the source name, JSON, whoever's they are. Raises LatentError."""
    origin = Samples(**json.loads(source))
    return lane.call(origin.prepare) if origin.here() else origin.prepare()


def close_file() -> None:
    """Show no file any more, and keep nothing of it."""
    prepared.clear()
    set_query_params(dict.fromkeys(("file", "label", "group", "kind", "normal"), ""))


def ready(source: dict[str, Any]) -> Prepared:
    """The samples that these knobs of the source name. Raises LatentError."""
    return prepared(json.dumps(source, sort_keys=True), owner())


def trained(source: dict[str, Any], variants: tuple[str, ...]) -> dict[str, Path]:
    """The newest run of each variant on just these samples, {variant: folder}."""
    folders: dict[str, Path] = {}
    for folder in runs().values():
        try:
            config = read_config(folder)
        except LatentError:
            continue
        if config.data == "samples" and dict(config.source) == source and config.variant in variants:
            folders.setdefault(config.variant, folder)
    return folders
