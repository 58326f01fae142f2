"""What is on the screen stands in the address bar, so that a link restores it; what is as usual stays out of it."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from .markdown import plain


def put(values: dict[str, str]) -> None:
    """Set these parts of the link; an empty value takes the part out. What stands there already is not sent again."""
    for key, value in values.items():
        if value and st.query_params.get(key) != value:
            st.query_params[key] = value
        elif not value and key in st.query_params:
            del st.query_params[key]


def pick(page: str, key: str, label: str, names: list[str], show: Callable[[str], str], notes: DeltaGenerator) -> str:
    """A menu whose choice the link carries; a link that asks for what is not here is told so in `notes`.

    Each page remembers its own choice: a model chosen on one is not forced upon the next.
    """
    asked, widget = st.query_params.get(key, names[0]), f"{page}-{key}"
    if widget not in st.session_state and asked not in names:
        notes.info(
            f"The link asks for a model {plain(repr(asked[:60]))} that is not here or does not fit; the usual one is shown.",
            icon=":material/link:",
        )
    if st.session_state.setdefault(widget, asked) not in names:
        st.session_state[widget] = names[0]
    chosen = st.selectbox(
        label, names, format_func=show, key=widget, label_visibility="collapsed", persist_state="session"
    )
    put({key: chosen if chosen != names[0] else ""})
    return chosen


def odd_link(notes: DeltaGenerator, odd: list[str]) -> None:
    """Say, in one sentence, which parts of a link could not be followed."""
    if odd:
        notes.info(
            f"The link was not quite right: {plain('; '.join(odd))}. The rest of it is shown.", icon=":material/link:"
        )
