"""Synthetic windows: codes that are drawn by chance, decoded, next to real windows."""

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.report import windows_csv
from ae_core.anomaly.scoring import generated
from ae_core.runs.checkpoint import Checkpoint

from ...ui.charts import NETWORK, ORIGINAL, channel, draw
from ...ui.download import download
from ...ui.markdown import show_error
from . import keys, words
from .open import has_table, table_of

MAX_DRAWN = 6  # windows of each kind


def generating(checkpoint: Checkpoint) -> None:
    """The section: how many, how far from the mean, and the windows."""
    with st.expander(words.GENERATE):
        gaussian = checkpoint.config.gaussian
        st.caption(words.GENERATE_PRIOR if gaussian else words.GENERATE_FITTED)
        if not st.toggle(words.GENERATE_SHOW, key=keys.GENERATE):
            return
        left, middle, right = st.columns(3)
        count = int(left.number_input(words.WINDOWS, 1, 10_000, 6, key="signals-count"))
        temperature = float(middle.slider(words.TEMPERATURE, 0.1, 2.0, 1.0, 0.1, key="signals-temperature"))
        seed = int(right.number_input(words.SEED, 0, 2**31 - 1, 0, key="signals-seed"))
        try:
            detector, made = generated(checkpoint, count, temperature, seed)
            real = real_windows(checkpoint, seed)
        except LatentError as error:
            show_error(error)
            return
        names = detector.preprocessing.names
        channel = st.selectbox(
            words.CHANNEL, range(len(names)), format_func=lambda i: names[i], key="signals-made-channel"
        )
        draw_windows({words.SYNTHETIC: made[:MAX_DRAWN, channel], words.REAL: real[:, channel]})
        download(words.GENERATED_FILE, lambda: windows_csv(names, made), "windows.csv")


def real_windows(checkpoint: Checkpoint, seed: int) -> np.ndarray:
    """Some normal windows of the run's own table, (N, channels, rows) in its units; N = 0 where it is not here.

    Raises LatentError.
    """
    if not has_table(checkpoint):
        return np.empty((0, *checkpoint.shape))
    ready = table_of(checkpoint).prepare()
    windows = ready.view(ready.normal, healthy=True)
    chosen = np.random.default_rng(seed).choice(len(windows), min(MAX_DRAWN, len(windows)), replace=False)
    return ready.unscaled(windows[chosen].numpy())


def draw_windows(kinds: dict[str, np.ndarray]) -> None:
    """Windows (N, rows) by kind, a small chart each."""
    points = [
        {"what": f"{kind} {n + 1}", "kind": kind, "row": row, "value": float(value)}
        for kind, windows in kinds.items()
        for n, window in enumerate(windows)
        for row, value in enumerate(window)
    ]
    colours = {"domain": list(kinds), "range": [NETWORK, ORIGINAL]}
    order = list(dict.fromkeys(point["what"] for point in points))
    encoding = {
        "x": channel("row", title=None),
        "y": channel("value", title=None, scale={"zero": False}),
        "color": channel("kind", "nominal", scale=colours, legend=None),
        "facet": channel("what", "nominal", columns=MAX_DRAWN, title=None, sort=order),
    }
    draw({"mark": "line", "encoding": encoding, "width": 150, "height": 90}, points)
