"""The panel of a lesson: its steps, guesses and tasks, beside whatever page is open."""

from typing import NamedTuple

from ..register import component
from .types import LessonData, LessonPlace, LessonWanted

_mount = component("lesson", __file__)


class Asked(NamedTuple):
    """What the panel asked for in this run: a lesson to show, a place to go to."""

    want: LessonWanted | None
    go: LessonPlace | None


def lesson(data: LessonData) -> Asked:
    """Show the panel where one is open, on every page; the browser keeps whether, and how far somebody is."""
    said = _mount(data=data, key="lesson-panel", on_want_change=lambda: None, on_go_change=lambda: None)
    return Asked(said.want, said.go)
