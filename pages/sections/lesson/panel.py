"""The lesson's panel, on every page: it is given the lesson that it asks for, and taken to the page of its step."""

from dataclasses import asdict
from urllib.parse import parse_qsl

import streamlit as st

from ae_core import LatentError
from ae_core.lessons import MAX_BYTES, Lesson

from ...components.channel import send_model
from ...components.lesson import lesson
from ...components.lesson.types import LessonData, LessonText, LessonTitle, LessonWanted
from ...session.classifiers import classifier_blob
from ...session.models import load_model
from ..links import PAGES
from .link import LESSON
from .reading import FIRST_ON, NAMES, read, shipped

KEY = "lesson-wanted"  # in the session state
CLASSIFIED = ("gives-up", "another-digit")  # tasks in which a picture is read, on a page that sends no classifier
CLASSIFIES_FOR = "mnist-vae-2d"  # a model of the digits that the shipped lesson speaks of


@st.fragment
def panel(page: str) -> None:
    """Mount it on a page of this name; a press in it runs this alone."""
    if KEY not in st.session_state and (name := st.query_params.get(LESSON.name)):
        _want({"name": name, "text": "", "key": name})
    wanted: LessonWanted | None = st.session_state.get(KEY)
    lesson_file, error = _read(wanted) if wanted else (None, "")
    place = lesson(_data(wanted["key"] if wanted else "", lesson_file, error), on_want=_want)
    if lesson_file and page == "variants" and any(step.task in CLASSIFIED for step in lesson_file.steps):
        _send_classifier()
    if place and place["page"] in PAGES:
        st.switch_page(f"pages/{place['page']}.py", query_params=dict(parse_qsl(place["link"])))


def _want(wanted: LessonWanted) -> None:
    kept = {name: str(wanted.get(name, "")) for name in ("name", "text", "key")}
    st.session_state[KEY] = kept | {"text": kept["text"][: MAX_BYTES + 1]}


def _read(wanted: LessonWanted) -> tuple[Lesson | None, str]:
    """(the lesson, what is wrong with it)."""
    try:
        return (read(wanted["text"]) if wanted["text"] else shipped(wanted["name"])), ""
    except LatentError as error:
        return None, str(error)


def _data(of: str, lesson_file: Lesson | None, error: str) -> LessonData:
    ours: list[LessonTitle] = [
        {"name": name, "title": each.title, "about": each.about, "pages": FIRST_ON.get(name, [])}
        for name, each in ((name, shipped(name)) for name in NAMES)
    ]
    return {"of": of, "lesson": lesson_file and _text(lesson_file), "error": error, "shipped": ours}


def _text(lesson_file: Lesson) -> LessonText:
    own = ("line", "said")  # what the page is not told
    steps = [{name: value for name, value in asdict(step).items() if name not in own} for step in lesson_file.steps]
    return {"title": lesson_file.title, "about": lesson_file.about, "steps": steps, "text": lesson_file.text}


def _send_classifier() -> None:
    try:
        blob = classifier_blob([load_model(CLASSIFIES_FOR)])
    except LatentError:
        return
    if blob is not None:
        send_model(*blob)
