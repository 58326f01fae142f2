"""Four samples, and all that lies between."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ...components.morph import morph as figure
from ...components.register import key_part
from ...session.models import LoadedModel
from ...session.views import View
from ...ui import link
from ...ui.layout import figure_slot, notice
from ..lesson.sayings import saying
from .link import CORNERS
from .shared import begin, settle, with_models


def corners(item: LoadedModel, notes: DeltaGenerator) -> None:
    """The mode: its figure, and the model below it. `notes`: where a sentence on a bad link goes."""
    key = f"corners-{key_part(item.checkpoint.name)}-{item.mtime_ns}{link.suffix()}"

    def draw() -> None:
        begun = begin(key, notes, lambda: view_from(link.asked(), item)) or view_from({}, item)[0]
        corners_figure(item, begun, key)

    with_models([item], draw)


def view_from(texts: Mapping[str, str], item: LoadedModel) -> tuple[View, list[str]]:
    """(the corners and the place between them that a link says, what does not fit)."""
    view, problems = link.read(CORNERS, texts, item)
    return {**link.defaults(CORNERS, item), **view}, problems


@st.fragment
def corners_figure(item: LoadedModel, begun: View, key: str) -> None:
    """The square pad between four samples."""
    data = {
        "figure": "corners",
        "model": item.checkpoint.name,
        "revision": 0,
        "own": link.own(key, CORNERS, item),
        **begun,
    }
    figure_slot(key)
    last = figure(data, key=key, on_release=lambda: None)
    settle(key, last, begun, lambda view: link.write(CORNERS, view, item))
    said = saying("corners")
    notice(said.notice, said.question)
