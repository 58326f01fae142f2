"""Your data: one door for samples of one's own, onto every page."""

from pages.ui.layout import hidden_when_presenting, hourglass, page_head

from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.model.sample_recipes import map_recipe
from pages.sections.data import words
from pages.sections.data.abnormal import abnormal
from pages.sections.data.found import how_many, samples, sentences, settings
from pages.sections.data.link import FILE, NORMAL, PARAMETERS, READ, THRESHOLD
from pages.sections.data.mapping import mapping
from pages.sections.data.open import close_file, doors_in, ready
from pages.ui import link
from pages.ui.file_chooser import forget_button
from pages.ui.markdown import show_error


def asked(problems: list[str]) -> dict[str, Any]:
    """What the link says of the file; what does not fit goes to `problems`."""
    values, misfits = link.read((FILE, *READ), link.current().values)
    problems += misfits
    if "file" not in values:  # without it nothing else is meant
        link.set_query_params({each.name: "" for each in PARAMETERS})
    link.set_query_params({each.name: "" for each in READ if each.key not in values})
    return {name: value for name, value in values.items() if value}


def main() -> None:
    head, notes, body = st.container(), st.container(), st.container()
    problems: list[str] = []
    source = asked(problems)
    with body:
        with hidden_when_presenting("doors"):
            doors_in(notes, bool(source.get("file")))
        glass = section(source, problems) if source.get("file") else ""
    with head:
        page_head(words.TITLE, words.SENTENCE, glass)
    link.warn_invalid_params(notes, problems)


def section(source: dict[str, Any], problems: list[str]) -> str:
    """All that is said and done of a file; the hourglass of its map."""
    with hidden_when_presenting("settings"):
        settings(source)
    try:
        item = ready(source)
    except LatentError as error:
        show_error(error)
        return ""
    said, misfits = link.read((NORMAL, THRESHOLD), link.current().values, item.collection.classes)
    problems += misfits
    how_many(item, source)
    mapping(item, source)
    left, right = st.columns([0.4, 0.6], gap="large")
    with left:
        st.subheader(words.FOUND)
        sentences(item, source["file"])
    with right:
        samples(item, source)
    forget_button(source["file"], close_file)
    with st.expander(words.ABNORMAL, expanded=bool(said.get("normal"))):
        abnormal(item, source, said.get("normal", ""), said.get("threshold", THRESHOLD.default))
    recipe = map_recipe(source, item.x.shape[1:], len(item.train))
    return hourglass((item.x[0].size, *recipe.hidden), recipe.k, "bottleneck")


link.run_page("data", PARAMETERS, main)
