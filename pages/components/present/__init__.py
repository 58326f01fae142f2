"""The way into present mode and out of it: a small button, the key P, and Escape."""

import streamlit as st

from ...ui.link.state import current, set_query_params
from ..register import component
from .types import PresentData

_mount = component("present", __file__)


def presenting() -> bool:
    """Whether the link asks for the figure alone, large, as a class sees it from the back row."""
    return current().values.get("present") == "1"


def embedded() -> bool:
    """Whether the app stands in another page: its menu and title go, and it fits its frame."""
    return bool(st.context.is_embedded)


def present_button() -> None:
    """A button that turns present mode on or off; the rest of the link stays."""
    with st.container(key="present-button"):
        data: PresentData = {"on": presenting() and not embedded(), "embedded": embedded()}
        _mount(data=data, key="present", on_pressed_change=_turn)


def _turn() -> None:
    set_query_params({"present": "" if presenting() else "1"})
