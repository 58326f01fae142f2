"""Everything that a person can say about how a file is read, beside what that makes of its first rows."""

import json
from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.base.options import knobs
from ae_core.data.csv.report import first_lines
from ae_core.data.csv.source import Csv

from ...ui.markdown import plain
from ...ui.settings import AUTOMATIC, choice_label, setting_help, setting_label
from . import keys, words
from .open import READING, read_beginning
from .questions import glimpse, show_glimpse

WIDEST = 160  # characters of a line that are shown
SHOWN = 12  # lines


@st.cache_data(max_entries=32, show_spinner=False)
def headings_of(source: str) -> list[str]:
    """The columns of a file, for menus; none where it cannot be read. source: settings of the csv, JSON."""
    try:
        table = read_beginning(Csv(**{**json.loads(source), "columns": "", "time": "", "label": ""}))
        whole = read_beginning(Csv(**{**json.loads(source), "columns": "", "time": "none", "label": "none"}))
    except LatentError:
        return []
    label = table.about.label_column
    return list(dict.fromkeys([*([label] if label else []), *whole.names, *table.about.time_columns]))


def reading_settings(source: dict[str, Any]) -> None:
    """Widgets for how the file is read and cut, and a look at its beginning as they read it."""
    settings, preview = st.columns([0.5, 0.5], gap="large")
    with settings:
        _widgets(headings_of(json.dumps(source)))
    with preview:
        _preview(source)


def _widgets(headings: list[str]) -> None:
    fields = knobs(Csv)
    for title, names in words.READING_GROUPS.items():
        st.markdown(f"**{title}**")
        mine = [name for name in READING if name in names]
        for at in range(0, len(mine), 2):
            for column, name in zip(st.columns(2), mine[at : at + 2], strict=False):
                knob, about = fields[name].metadata["knob"], {"key": keys.read(name), "help": help_of(name)}
                if knob.choices:
                    column.selectbox(setting_label(name), knob.choices, format_func=choice_label, **about)
                elif name == "label":  # a menu of columns, in which another name can be typed
                    said = st.session_state.setdefault(keys.read(name), "")
                    offered = list(dict.fromkeys(["", words.NO_COLUMN, *headings, said]))
                    column.selectbox(
                        setting_label(name), offered, format_func=choice_label, accept_new_options=True, **about
                    )
                elif isinstance(fields[name].default, str):
                    column.text_input(setting_label(name), placeholder=AUTOMATIC, **about)
                else:
                    remember(name)
                    low, high = (type(fields[name].default)(bound) for bound in (knob.low, knob.high))
                    shown = {"format": "%g"} if isinstance(low, float) else {}
                    column.number_input(setting_label(name), low, high, **shown, **about)
    remember("max_gap_steps", "resample_seconds")
    gaps, every, stride = st.columns(3)
    gaps.number_input(words.FILL_GAPS, 0, 10_000, key=keys.read("max_gap_steps"), help=help_of("max_gap_steps"))
    every.number_input(
        words.RESAMPLE_EVERY, 0.0, 1e7, key=keys.read("resample_seconds"), format="%g", help=help_of("resample_seconds")
    )
    stride.number_input(words.STRIDE, 0, 1_000_000, key=keys.read("stride"), help=help_of("stride"))


def _preview(source: dict[str, Any]) -> None:
    st.markdown(words.FIRST_LINES)
    try:
        lines = first_lines(Csv(**source).path(), source.get("encoding") or None, SHOWN)
    except LatentError:  # which is said above
        lines = []
    if lines:
        numbered = [f"{number:>2}  {line[:WIDEST]}" for number, line in enumerate(lines, 1)]
        st.code("\n".join(numbered), language=None)
    st.markdown(words.READ_AS)
    shown = glimpse(json.dumps(source), "", 5, 5)
    if shown.error:
        st.caption(plain(shown.error))
    else:
        show_glimpse(shown, "signals-preview")


def help_of(name: str) -> str:
    return setting_help(knobs(Csv)[name].metadata["knob"])


def remember(*names: str) -> None:
    """Let widgets begin with the default of their setting."""
    for name in names:
        st.session_state.setdefault(keys.read(name), knobs(Csv)[name].default)
