"""The panel of a lesson: its steps, guesses and tasks, beside whatever page is open."""

from collections.abc import Callable

import streamlit as st

from ..register import component
from .types import LessonData, LessonPlace, LessonWanted

KEY = "lesson-panel"
_mount = component("lesson", __file__)


def lesson(data: LessonData, on_want: Callable[[LessonWanted], None]) -> LessonPlace | None:
    """Show the panel where one is open, on every page; the browser keeps whether, and how far somebody is.

    on_want: hears, before the page runs, which lesson is to be shown. Gives where the panel wants to go, once.
    """

    def wanted() -> None:
        if want := (st.session_state.get(KEY) or {}).get("want"):
            on_want(want)

    return _mount(data=data, key=KEY, on_want_change=wanted, on_go_change=lambda: None).go
