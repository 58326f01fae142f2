"""The signal as the network reconstructs it, next to the raw one."""

import json
from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.report import cleaned_csv
from ae_core.anomaly.scoring import cleaned
from ae_core.data.csv.source import Csv
from ae_core.runs.checkpoint import Checkpoint

from ...ui.charts import NETWORK, ORIGINAL, draw
from ...ui.download import download
from ...ui.markdown import show_error
from . import keys, words
from .open import has_table, table_of

MAX_ROWS = 600  # that are drawn at once

Signals = tuple[tuple[str, ...], np.ndarray, np.ndarray, str]


@st.cache_data(max_entries=4, show_spinner=words.REBUILDING)
def reconstructed(folder: str, mtime: float, other: str, _checkpoint: Checkpoint) -> Signals:
    """(channels, the raw signal (rows, channels), the reconstructed one, that as CSV). other: settings of the source
    csv of another table than the run's own, JSON. Raises LatentError.
    """
    table, signal = cleaned(_checkpoint, Csv(**json.loads(other)) if other else table_of(_checkpoint))
    return table.names, table.values, signal, cleaned_csv(table, signal)


def denoising(checkpoint: Checkpoint, other: dict[str, Any] | None = None) -> None:
    """The section, where the table that is shown can be read: the run's own, or another with these settings."""
    if not (other or has_table(checkpoint)):
        return
    with st.expander(words.DENOISE):
        st.caption(words.DENOISE_ABOUT)
        if not st.toggle(words.DENOISE_SHOW, key=keys.CLEAN):
            return
        weights = checkpoint.folder / "weights.safetensors"
        try:
            names, raw, signal, text = reconstructed(
                str(checkpoint.folder), weights.stat().st_mtime, json.dumps(other) if other else "", checkpoint
            )
        except LatentError as error:
            show_error(error)
            return
        channel = st.selectbox(
            words.CHANNEL, range(len(names)), format_func=lambda i: names[i], key=f"{keys.CLEAN}-channel"
        )
        last = len(raw) - MAX_ROWS
        first = st.slider(words.FROM_ROW, 0, max(1, last), 0, key=f"{keys.CLEAN}-from") if last > 0 else 0
        part = slice(first, first + MAX_ROWS)
        draw_lines({words.RAW: raw[part, channel], words.CLEANED: signal[part, channel]}, first)
        download(words.CLEANED_FILE, text, "cleaned.csv")


def draw_lines(signals: dict[str, np.ndarray], first: int) -> None:
    """The raw and the reconstructed signal, (rows,) each, by name. first: the number of their first row."""
    points = [
        {"name": name, "row": first + row, "value": float(value)}
        for name, values in signals.items()
        for row, value in enumerate(values)
        if np.isfinite(value)
    ]
    scale = alt.Scale(domain=list(signals), range=[ORIGINAL, NETWORK])
    lines = (
        alt.Chart()
        .mark_line()
        .encode(
            alt.X("row:Q", title="row", scale=alt.Scale(nice=False, zero=False)),
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
            alt.Color("name:N", scale=scale, legend=alt.Legend(orient="top", title=None)),
        )
    )
    draw(lines.properties(height=240), points)
