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
HEIGHT, HEIGHT_PRESENTING = 320, 400  # pixels
KEPT = {"displaylogo": False, "modeBarButtons": [["toImage"]]}  # a map can be kept, as SVG
LABEL = {"font": {"size": 13, "color": "#111"}, "bgcolor": "rgba(255,255,255,.75)", "borderpad": 1, "showarrow": False}
AXIS = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "outside", "ticklen": 4, "nticks": 6}


Ends = tuple[tuple[float, float], tuple[float, float]]  # of a map, across and up
WIDER = 4  # times that one run's codes may be spread as wide as another's, to be on one scale


def shared_ends(rows: list[Row]) -> Ends | None:
    """Ends that hold all of these maps; None where one would be a dot beside another."""
    limits = []
    for row in rows:
        try:
            limits.append(ends_of(str(row.folder), (row.folder / "codes.npz").stat().st_mtime_ns))
        except (LatentError, OSError):
            continue
    if not limits:
        return None
    spans = np.array([[high - low for low, high in ends] for ends in limits])
    if (spans.max(0) > WIDER * spans.min(0)).any():
        return None
    lows, highs = (np.array(limits)[..., n] for n in (0, 1))
    return tuple(zip(lows.min(0).tolist(), highs.max(0).tolist(), strict=True))


@st.cache_resource(max_entries=256, show_spinner=False)
def ends_of(folder: str, mtime_ns: int) -> Ends:
    """The ends of a run's map, without its few farthest codes, which would make a dot of all the others."""
    (points,) = maps([read_checkpoint(folder).codes()["z"][:MAX_POINTS]])
    low, high = np.quantile(points, [0.005, 0.995], axis=0)
    margin = 0.06 * (high - low) + 1e-6
    return tuple(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def one_map(row: Row, ends: Ends | None) -> None:
    """A run's codes on a plane, with its name and what the axes are. ends: of the map, None for its own."""
    height = HEIGHT_PRESENTING if presenting() else HEIGHT
    try:
        figure, count = still_map(str(row.folder), (row.folder / "codes.npz").stat().st_mtime_ns, height, ends)
    except (LatentError, OSError):
        st.caption(words.NO_MAP.format(run=plain(row.name)))
        return
    st.markdown(f"**{plain(row.name)}**")
    st.plotly_chart(
        figure,
        key=f"map-{row.name}",
        config=KEPT | {"toImageButtonOptions": {"format": "svg", "filename": row.name}},
        alt=words.MAP_ALT.format(run=row.name),
    )
    axes = words.AXES.get(row.config.k, words.AXES_OF_MANY)
    st.caption(words.MAP_CAPTION.format(count=count, axes=axes))


@st.cache_resource(max_entries=64, show_spinner=False)
def still_map(folder: str, mtime_ns: int, height: int, ends: Ends | None = None) -> tuple[go.Figure, int]:
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
    across, up = ends or ends_of(folder, mtime_ns)
    layout = {
        "height": height,
        "margin": {"l": 30, "r": 4, "t": 4, "b": 22},
        "dragmode": False,
        "annotations": [_label(classes[c], part) for c, part in groups.items()] if len(groups) > 1 else [],
        "xaxis": {"range": across, **AXIS},
        "yaxis": {"range": up, **AXIS},
    }
    figure = go.Figure([_dots(c, part) for c, part in groups.items()], layout)
    # Once more, of what is sent: its numbers are text already, which every run of the page would else make anew.
    return go.Figure(figure.to_dict()), len(points)


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


def _place(points: np.ndarray) -> np.ndarray:
    """Of points (N, 2): as `labelPlace` of the page's own maps."""
    middle = np.median(points, axis=0)
    reach = 0.05 * np.ptp(points, axis=0).max() + 1e-9
    tried = np.concatenate([middle[None], points[:: max(1, len(points) // 60)]])
    near = (np.hypot(*(tried[:, None] - points).transpose(2, 0, 1)) < reach).sum(1)
    return middle if near[0] >= 0.4 * near.max() else tried[near.argmax()]


def _label(name: str, points: np.ndarray) -> dict:
    """A class's name where its points (N, 2) are: at their median, or in their densest part where few are there."""
    x, y = _place(points).tolist()
    return {"text": f"<b>{html.escape(name[:12])}</b>", "x": x, "y": y, **LABEL}
