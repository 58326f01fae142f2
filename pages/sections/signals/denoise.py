"""The signal as the network reconstructs it, next to the raw one."""

import json
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.report import cleaned_csv
from ae_core.anomaly.scoring import cleaned
from ae_core.base import budget
from ae_core.data.csv.source import Csv
from ae_core.jobs.queue import page_bounds
from ae_core.runs.checkpoint import Checkpoint

from ...ui.charts import NETWORK, ORIGINAL, TOP_LEGEND, channel, draw
from ...ui.download import download
from ...ui.markdown import show_error
from . import keys, words
from .open import has_table, table_of

MAX_ROWS = 600  # that are drawn at once

Signals = tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray | None, str]


@st.cache_data(max_entries=4, show_spinner=words.REBUILDING)
def reconstructed(folder: str, mtime: float, other: str, _checkpoint: Checkpoint) -> Signals:
    """(channels, the raw signal (rows, channels), the reconstructed one, times (rows,) or None, as CSV).

    other: settings of the source csv of another table than the run's own, JSON. Raises LatentError.
    """
    with budget.within(page_bounds().memory):
        table, signal = cleaned(_checkpoint, Csv(**json.loads(other)) if other else table_of(_checkpoint))
    names = tuple(f"{name}, {unit}" if unit else name for name, unit in zip(table.names, table.units, strict=True))
    return names, table.values, signal, table.time, cleaned_csv(table, signal)


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
            names, raw, signal, time, text = reconstructed(
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
        lines = {words.RAW: raw[part, channel], words.CLEANED: signal[part, channel]}
        draw_lines(lines, first, None if time is None else time[part], names[channel])
        download(words.CLEANED_FILE, text, "cleaned.csv")


def draw_lines(signals: dict[str, np.ndarray], first: int, time: np.ndarray | None = None, title: str = "") -> None:
    """The raw and the reconstructed signal, (rows,) each, by name.

    first: the number of their first row. time: (rows,) or None. title: of what is drawn, with its unit.
    """
    count = len(next(iter(signals.values())))
    across = (
        [first + row for row in range(count)] if time is None else time.astype("datetime64[ms]").astype(str).tolist()
    )
    points = [
        {"name": name, "at": at, "value": float(value)}
        for name, values in signals.items()
        for at, value in zip(across, values, strict=True)
        if np.isfinite(value) and at != "NaT"
    ]
    if time is None:
        x = channel("at", title="row", scale={"nice": False, "zero": False})
    else:
        x = channel("at", "temporal", title=None, scale={"nice": False})
    scale = {"domain": list(signals), "range": [ORIGINAL, NETWORK]}
    encoding = {
        "x": x,
        "y": channel("value", title=title or None, scale={"zero": False}),
        "color": channel("name", "nominal", scale=scale, legend=TOP_LEGEND),
    }
    draw({"mark": "line", "encoding": encoding, "height": 240}, points)
