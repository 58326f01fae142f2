"""Interpolate: from one sample to another, what lies between, and which way the network would go."""

from pages.ui.layout import hidden_when_presenting, hourglass, page_head

import math
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from pages.components.hint import hint
from pages.sections.groups.own import own_groups
from pages.sections.interpolate import words
from pages.sections.interpolate.arithmetic import arithmetic
from pages.sections.interpolate.corners import corners
from pages.sections.interpolate.link import MODE, MODEL, MODES, PARAMETERS
from pages.sections.interpolate.morph import morph
from pages.sections.interpolate.samples import samples
from pages.sections.interpolate.traversals import traversals
from pages.sections.lesson.sayings import saying
from pages.session.models import LoadedModel, load_model, menu_title, names_or_error
from pages.ui import link
from pages.ui.markdown import show_error
from pages.ui.wording import thing_of

SHOW: dict[str, Callable[[LoadedModel, DeltaGenerator], None]] = {
    "morph": morph,
    "corners": corners,
    "arithmetic": arithmetic,
    "traversals": traversals,
    "samples": samples,
}


# What a mode begins with: one of whose model its sentences are true.
FIRST = {"arithmetic": "mnist-vae-20d"}
FIRST_KEY = "interpolate-mode-before"


def choose_mode(notes: DeltaGenerator) -> str:
    """The row of modes, whose choice the link carries."""
    mode = st.segmented_control(
        words.MODE,
        MODES,
        format_func=lambda mode: words.MODES[mode][0],
        key=link.link_widget("interpolate", MODE, MODES, notes),
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    link.set_query_params(link.write([MODE], {"mode": mode}))
    return mode


def head_of(item: LoadedModel, mode: str) -> None:
    """Title, sentence and hourglass of a mode."""
    shape, config = item.model.shape, item.checkpoint.config
    thing = thing_of(item.checkpoint)
    _, heading, sentence = words.MODES[mode]
    things = {"thing": thing, "Thing": thing.capitalize(), "values": "pixels" if len(shape) == 3 else f"{thing}s"}
    page_head(
        heading.format(**things),
        sentence.format(**things),
        hourglass((math.prod(shape), *config.hidden), item.model.k, "bottleneck"),
    )


def main() -> None:
    head, notes = st.container(), st.container()  # reserved: a note pushes no element into another's place
    asked = link.asked().get(MODE.name) if MODE.name not in link.current().read else None
    mode = asked or st.session_state.get("interpolate-mode", MODES[0])
    if not (names := names_or_error(notes, first=FIRST.get(mode, "mnist-vae-2d"))):
        return
    state = st.session_state
    if state.get("interpolate-model") in ("mnist-vae-2d", *FIRST.values()) and state.get(FIRST_KEY) not in (None, mode):
        state["interpolate-model"] = next(iter(names), None)  # what this mode begins with, where nobody chose another
    state[FIRST_KEY] = mode
    with hidden_when_presenting("pickers"), st.container(horizontal=True, key="pickers"):
        name = link.linked_selectbox("interpolate", MODEL, words.MODEL, list(names), menu_title(names), notes)
        mode = choose_mode(notes)
    try:
        item = load_model(name)
    except LatentError as error:
        show_error(error)
        return
    with head:
        head_of(item, mode)
    hint(
        "interpolate",
        saying("interpolate").hint,
        "[data-testid=t-slider]",
        "above",
        clear=".lx-play button, .lx-pictures canvas",
        ends="[data-testid=play]",
    )
    place = st.container()
    if mode in ("morph", "arithmetic"):
        own_groups(item, colours=mode == "morph")
    with place:
        SHOW[mode](item, notes)


link.run_page("interpolate", PARAMETERS, main)
