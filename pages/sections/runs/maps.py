"""The codes of a run as a still picture."""

import html

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from ae_core import LatentError, read_checkpoint
from ae_core.runs.overview import Row
from ae_core.training.snapshots import maps

from ...components.present import presenting
from ...ui.charts import PALETTE
from ...ui.markdown import plain
from . import words

MAX_POINTS = 2000
HEIGHT, HEIGHT_PRESENTING = 320, 420  # pixels
LABEL = {"font": {"size": 13, "color": "#111"}, "bgcolor": "rgba(255,255,255,.75)", "borderpad": 1, "showarrow": False}
AXIS = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True}


def one_map(row: Row) -> None:
    """A run's codes on a plane, with its name and what the axes are."""
    height = HEIGHT_PRESENTING if presenting() else HEIGHT
    try:
        figure, count = still_map(str(row.folder), (row.folder / "codes.npz").stat().st_mtime_ns, height)
    except (LatentError, OSError):
        st.caption(words.NO_MAP.format(run=plain(row.name)))
        return
    st.markdown(f"**{plain(row.name)}**")
    st.plotly_chart(
        figure, key=f"map-{row.name}", config={"displayModeBar": False}, alt=words.MAP_ALT.format(run=row.name)
    )
    axes = words.AXES.get(row.config.k, words.AXES_OF_MANY)
    st.caption(words.MAP_CAPTION.format(count=count, axes=axes))


@st.cache_resource(max_entries=64, show_spinner=False)
def still_map(folder: str, mtime_ns: int, height: int) -> tuple[go.Figure, int]:
    """A run's codes as a still picture, and how many they are. Never changed: making it costs more than all else on the
    page. Raises LatentError.
    """
    checkpoint = read_checkpoint(folder)
    codes = checkpoint.codes()
    kept = spread_over(len(codes["z"]))
    (points,) = maps([codes["z"][kept]])
    classes = list(checkpoint.classes)
    groups = {0: points}
    if "y" in codes and classes:
        y = codes["y"][kept]
        groups = {c: points[y == c] for c in range(len(classes)) if (y == c).any()}
    low, high = np.quantile(points, [0.005, 0.995], axis=0)  # a few far ones would make a dot of all the others
    margin = 0.06 * (high - low) + 1e-6
    ranges = np.stack([low - margin, high + margin], axis=1).tolist()
    layout = {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 4, "b": 0},
        "dragmode": False,
        "annotations": [_label(classes[c], part) for c, part in groups.items()] if len(groups) > 1 else [],
        "xaxis": {"range": ranges[0], **AXIS},
        "yaxis": {"range": ranges[1], **AXIS},
    }
    return go.Figure([_dots(c, part) for c, part in groups.items()], layout), len(points)


def spread_over(count: int, most: int = MAX_POINTS) -> np.ndarray:
    """Which of so many samples are drawn: up to `most` of them, evenly, the first and the last too, for samples that
    lie in time are others at the end.
    """
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def _dots(group: int, points: np.ndarray) -> dict:
    """points: (N, 2)."""
    return {
        "type": "scatter",
        "x": points[:, 0],
        "y": points[:, 1],
        "mode": "markers",
        "marker": {"size": 4, "color": PALETTE[group % len(PALETTE)], "opacity": 0.6},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _label(name: str, points: np.ndarray) -> dict:
    """A class's name at the middle of its points (N, 2)."""
    x, y = np.median(points, axis=0).tolist()
    return {"text": f"<b>{html.escape(name[:12])}</b>", "x": x, "y": y, **LABEL}
