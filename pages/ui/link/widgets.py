"""Menus whose choice the link carries, and the sentence on a link that cannot be followed."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..markdown import plain
from .parameters import Parameter, defaults, read
from .state import asked, current, set_query_params, unread


def warn_invalid_params(container: DeltaGenerator, problems: Sequence[str]) -> None:
    """Say, in one sentence, which parameters of the link could not be followed. problems: without full stops."""
    if problems:
        container.info(f"Some link parameters were ignored: {plain('; '.join(problems))}.", icon=":material/link:")


def link_widget(page: str, parameter: Parameter, options: Sequence[str], notes: DeltaGenerator) -> str:
    """The key of a widget that chooses one of `options`, set to what the link says; the first option is the default.

    Each page remembers its own choice: what is chosen on one is not forced upon the next.
    """
    key, state = f"{page}-{parameter.name}", st.session_state
    if unread(parameter.name):
        values, problems = read([parameter], asked(), options)
        warn_invalid_params(notes, problems)
        if parameter.key in values or current().turn > 1:
            state[key] = values.get(parameter.key, options[0])
    if state.setdefault(key, options[0]) not in options:
        state[key] = options[0]
    return key


def link_value(page: str, parameter: Parameter, notes: DeltaGenerator, subject: Any = None) -> str:
    """The key of a widget that takes any value that fits (a slider, a switch), set to what the link says."""
    key, state = f"{page}-{parameter.name}", st.session_state
    default = defaults([parameter], subject)[parameter.key]
    if unread(parameter.name):
        values, problems = read([parameter], asked(), subject)
        warn_invalid_params(notes, problems)
        if parameter.key in values or current().turn > 1:
            state[key] = values.get(parameter.key, default)
    state.setdefault(key, default)
    return key


def linked_selectbox(
    page: str,
    parameter: Parameter,
    label: str,
    options: Sequence[str],
    show: Callable[[str], str],
    notes: DeltaGenerator,
) -> str:
    """A menu whose choice the link carries; where the link asks for what is not here, `notes` says so."""
    key = link_widget(page, parameter, options, notes)
    chosen = st.selectbox(
        label, options, format_func=show, key=key, label_visibility="collapsed", persist_state="session"
    )
    set_query_params({parameter.name: chosen if chosen != options[0] else ""})
    return chosen
