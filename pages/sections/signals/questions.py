"""What is doubtful about a file: each question with its two readings side by side, answered by one click."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_core import LatentError
from ae_core.data.csv.answers import answered, open_doubts
from ae_core.data.csv.options import split_names
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Doubt, Table

from ...ui.charts import NETWORK
from ...ui.markdown import plain, plain_table, show_error
from . import keys, words
from .open import read_beginning

ROWS, CHANNELS, LANES = 3, 3, 3  # that are shown of a reading
POINTS = 200  # of each lane
CLOCK = {  # of 24 hours
    "milliseconds": "%S.%L", "seconds": "%H:%M:%S", "minutes": "%H:%M", "hours": "%H:%M", "date": "%d %b",
    "day": "%d %b", "week": "%d %b", "month": "%b %Y", "quarter": "%b %Y", "year": "%Y",
}  # fmt: skip
ALONE = {"window": 1, "smoothing_rows": 1}  # each row is scored by itself


@dataclass(frozen=True)
class Glimpse:
    """The beginning of a file as some settings read it.

    rows: the first ones, as texts; points: {"name", "x", "y"} of the lanes; calendar: whether x are moments; abnormal:
    how many rows are labelled so, None without a label; error: why it cannot be read so, then the rest is empty.
    """

    rows: pd.DataFrame
    points: list[dict[str, Any]]
    calendar: bool = False
    abnormal: int | None = None
    count: int = 0
    error: str = ""


@st.cache_data(max_entries=64, show_spinner=False)
def glimpse(source: str, text: str = "", rows: int = ROWS, channels: int = CHANNELS) -> Glimpse:
    """source: settings of the csv, JSON; text: a sentence whose channels are shown first."""
    try:
        table = read_beginning(Csv(**json.loads(source)))
    except LatentError as error:
        return Glimpse(pd.DataFrame(), [], error=str(error))
    named = [name for name in table.names if repr(name) in text or f" {name}:" in f" {text}"]
    names = list(dict.fromkeys([*named, *table.names]))[:channels]
    abnormal = int(table.label.sum()) if table.label is not None else None
    calendar = table.about.clock == "calendar"
    return Glimpse(_first(table, names, rows), _lanes(table, names[:LANES]), calendar, abnormal, len(table))


def _times(table: Table) -> list[str]:
    """When each row is, in words; the row's number where nothing says it."""
    if table.time is None:
        return [f"{row:,}" for row in range(len(table))]
    if table.about.clock != "calendar":
        seconds = (table.time - table.time[0]).astype(np.int64) / 1e9
        return [f"{second:.6g} s" for second in seconds]
    unit = "ms" if table.step is not None and table.step < 1 else "s"
    return [str(time).replace("T", " ") for time in table.time.astype(f"datetime64[{unit}]")]


def _first(table: Table, names: list[str], count: int) -> pd.DataFrame:
    rows = table.rows(slice(0, count))
    shown: dict[str, list[str]] = {words.ROW if table.time is None else words.TIME: _times(rows)}
    for name in names:
        column = rows.values[:, table.names.index(name)]
        shown[name] = [f"{value:.6g}" if np.isfinite(value) else words.ABSENT for value in column]
    if more := len(table.names) - len(names):
        shown[words.more_channels(more)] = ["…"] * len(rows)
    if rows.label is not None:
        shown[words.ABNORMAL] = [words.YES if flag else words.NO for flag in rows.label]
    return pd.DataFrame(shown)


def _lanes(table: Table, names: list[str]) -> list[dict[str, Any]]:
    every = max(1, len(table) // POINTS)
    at = np.arange(0, len(table), every)
    rows = {name: _telling(table.values[:, table.names.index(name)], every) for name in names}
    if table.time is not None and table.about.clock == "calendar":
        across: list[Any] = [None if np.isnat(t) else str(t.astype("datetime64[ms]")) for t in table.time[at]]
    else:
        across = at.tolist()
    lanes = {name: table.values[rows[name], table.names.index(name)] for name in names}
    if table.label is not None:
        lanes[words.ABNORMAL] = table.label[at].astype(float)
    return [
        {"name": name, "x": x, "y": float(y) if np.isfinite(y) else None}
        for name, values in lanes.items()
        for x, y in zip(across, values, strict=True)
        if x is not None
    ]


def _telling(column: np.ndarray, every: int) -> np.ndarray:
    """Of every so many rows the one whose value is farthest from the middle, so that a lone one is seen."""
    finite = column[np.isfinite(column)]
    away = np.nan_to_num(np.abs(column - (np.median(finite) if len(finite) else 0.0)), nan=-1.0)
    first = np.arange(0, len(column), every)
    padded = np.r_[away, np.full(len(first) * every - len(column), -2.0)].reshape(len(first), every)
    return first + padded.argmax(1)


def show_glimpse(shown: Glimpse, key: str) -> None:
    """The first rows and a lane for each channel; or why there are none."""
    if shown.error:
        show_error(shown.error)
        return
    st.table(plain_table(shown.rows), hide_index=True, width="content")
    axis = {"title": None, "grid": False, "labelFontSize": 10}
    clock = {"format": CLOCK, "formatType": "time"} if shown.calendar else {}
    order = list(dict.fromkeys(point["name"] for point in shown.points))
    lane = {
        "mark": {"type": "line", "color": NETWORK, "strokeWidth": 1},
        "height": 34,
        "width": 260,
        "encoding": {
            "x": {"field": "x", "type": "temporal" if shown.calendar else "quantitative", "axis": axis | clock},
            "y": {
                "field": "y",
                "type": "quantitative",
                "axis": axis | {"tickCount": 2, "format": ".6~g"},
                "scale": {"zero": False},
            },
        },
    }
    header = {"title": None, "labelOrient": "top", "labelAnchor": "start", "labelFontSize": 10, "labelPadding": 1}
    spec = {
        "data": {"values": shown.points},
        "facet": {"row": {"field": "name", "type": "nominal", "header": header, "sort": order}},
        "spec": lane,
        "resolve": {"scale": {"y": "independent"}},
        "spacing": 4,
    }
    st.vega_lite_chart(spec=spec, key=key, width="content")


# ---- Questions


def doubts_of(table: Table, source: dict[str, Any]) -> list[Doubt]:
    """What nobody has answered yet, the least sure first; and rows that are samples, which this page takes for moments
    unless it is told what to do.
    """
    left = open_doubts(table.about.doubts, st.session_state.get(keys.CLOSED, ()))
    samples = table.about.layout == "samples" and source.get("window") != 1
    if not samples:
        return left
    shape = next((doubt for doubt in left if doubt.what == "layout"), None)
    whole = Doubt(
        "samples", words.EACH_ROW_ALONE, words.ROWS_ARE_MOMENTS, shape.confidence if shape else 0.9,
        f"{shape.text} {words.SAMPLES}" if shape else words.SAMPLES,
        ALONE | {"layout": "samples"}, {"layout": "moments"},
    )  # fmt: skip
    return [whole, *(doubt for doubt in left if doubt is not shape)]


def close_doubts(doubts: list[Doubt]) -> None:
    """Ask about these no more."""
    state = st.session_state
    state[keys.CLOSED] = [*state.get(keys.CLOSED, ()), *(doubt.text for doubt in doubts)]


def answer(source: dict[str, Any], doubts: list[Doubt], sides: list[str]) -> None:
    """Set what the answers say, "keep" or "instead" of each, and ask about these no more."""
    said = dict(source)
    for doubt, side in zip(doubts, sides, strict=True):
        said = answered(said, getattr(doubt, side))
    for name, value in said.items():
        if name != "file" and source.get(name) != value:
            st.session_state[keys.read(name)] = list(split_names(value)) if name == "columns" else value
    close_doubts(doubts)


def name_of_question(doubt: Doubt) -> str:
    """A short name that stays the same, for keys."""
    return f"{zlib.crc32(doubt.text.encode()):08x}"


def questions(table: Table, source: dict[str, Any]) -> None:
    """A card for each question; one button that takes all as proposed where there are several."""
    doubts = doubts_of(table, source)
    for doubt in doubts:
        with st.container(border=True, key=f"signals-question-{name_of_question(doubt)}"):
            question(doubt, source)
    if len(doubts) > 1:
        st.button(
            words.ALL_AS_PROPOSED,
            key=keys.ALL_AS_PROPOSED,
            icon=":material/done_all:",
            on_click=answer,
            args=(source, doubts, ["keep"] * len(doubts)),
        )


def question(doubt: Doubt, source: dict[str, Any]) -> None:
    """One question, with both readings where there are two."""
    st.markdown(f"**{plain(doubt.text)}**")
    sides = ("keep", "instead") if doubt.instead else ("keep",)
    for side, column in zip(sides, st.columns(2, gap="medium"), strict=False):
        with column:
            reading = words.reading(doubt, side)
            st.button(
                plain(reading),
                key=keys.answer(name_of_question(doubt), side),
                type="primary" if side == "keep" else "secondary",
                icon=":material/check:" if side == "keep" else None,
                help=words.AS_PROPOSED if side == "keep" else words.INSTEAD,
                on_click=answer,
                args=(source, [doubt], [side]),
            )
            shown = glimpse(json.dumps(answered(source, getattr(doubt, side))), doubt.text)
            if shown.abnormal is not None:
                st.caption(words.abnormal_rows(shown.abnormal, shown.count))
            show_glimpse(shown, f"signals-glimpse-{name_of_question(doubt)}-{side}")
