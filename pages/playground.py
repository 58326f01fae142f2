"""Playground: a small network that trains in the page while its knobs are turned."""

from pages.ui.layout import page_head

import streamlit as st

from pages.components.hint import hint
from pages.sections.lesson.sayings import saying
from pages.sections.playground import words
from pages.sections.playground.figure import figure
from pages.sections.playground.link import ALL
from pages.ui import link


def main() -> None:
    head, notes = st.container(), st.container()
    with head:
        page_head(words.TITLE, words.SENTENCE, "")  # the hourglass, with what flows in it, is in the figure
    hint("playground", saying("playground").hint, "[data-testid=playground-map]", clear=words.SPOKEN)
    figure(notes)


link.run_page("playground", ALL, main)
