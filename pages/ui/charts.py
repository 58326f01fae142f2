"""Charts and tables that grow while one looks. Unlike a Plotly chart they stay in their place when the data change."""

import html
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

NETWORK, BASELINE, ORIGINAL = "#009e73", "#0072b2", "#d55e00"  # what a network makes, PCA, and the data, on every page
QUIET = "#7c8698"
# Petroff (2021), "Accessible color sequences for data visualization", arXiv:2107.02270
PALETTE = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"]
STYLES = {
    "PCA": (BASELINE, [5, 4]),
    "training": (QUIET, [2, 2]),
}  # colour and dashes of a line by its name; others are the network's

LINES = {1: "solid", 2: "dotted", 5: "dashed"}  # CSS's names for dashes

Points = list[tuple[str, float, float]]
Style = tuple[str, list[int]]  # colour, dashes
Channel = dict[str, Any]
TOP_LEGEND: Channel = {"orient": "top", "title": None}


def channel(name: str, kind: str = "quantitative", **settings: Any) -> Channel:
    """What Vega-Lite encodes of a field, under what title, on which scale and axis: its settings as its own JSON has
    them. kind: quantitative, nominal, temporal.
    """
    return {"field": name, "type": kind, **settings}


def draw(spec: dict[str, Any], values: list[dict[str, Any]]) -> None:
    """Show a chart of these values. spec: of Vega-Lite, without its data. As an Arrow table, a column at a time: a
    frame of pandas in between takes longer than all the rest of a page.
    """
    st.vega_lite_chart(pa.Table.from_pylist(values), spec)


def chart(
    points: Points,
    x: Channel,
    y: Channel,
    dots: bool = False,
    height: int = 260,
    styles: dict[str, Style] | None = None,
    legend: bool = True,
    title: str = "",
) -> None:
    """A line for each name of the points, (name, x, y).

    height: pixels. dots: draw the points, too. styles: of names that have none in STYLES.
    """
    known = {**STYLES, **(styles or {})}
    names = sorted({name for name, *_ in points}, key=lambda name: (name == "PCA", name != "training", name))
    shown = {**TOP_LEGEND, "labelLimit": 300, "symbolType": "stroke"} if legend and len(names) > 1 else None
    colours = {"domain": names, "range": [known.get(name, (NETWORK,))[0] for name in names]}
    dashes = {"domain": names, "range": [known.get(name, (NETWORK, [1, 0]))[1] for name in names]}
    spec = {
        "mark": {"type": "line", "point": dots},
        "encoding": {
            "x": x,
            "y": y,
            "color": channel("name", "nominal", scale=colours, legend=shown),
            "strokeDash": channel("name", "nominal", scale=dashes, legend=shown),
        },
        "height": height,
    }
    if title:
        spec["title"] = {"text": title, "anchor": "start", "fontSize": 13, "fontWeight": 600}
    draw(spec, [{"name": name, "x": across, "y": up} for name, across, up in points])


def legend(names: list[str], styles: dict[str, Style] | None = None) -> None:
    """What the lines of several charts mean, once above them."""
    known = {**STYLES, **(styles or {})}
    strokes = []
    for name in names:
        colour, dashes = known.get(name, (NETWORK, [1, 0]))
        line = f"border-top:2.5px {LINES[dashes[0]]} {colour}"
        stroke = f'<i style="display:inline-block;width:26px;vertical-align:middle;{line}"></i>'
        strokes.append(f'<span style="white-space:nowrap">{stroke} {html.escape(name)}</span>')
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px">{"".join(strokes)}</div>')


def table(columns: dict[str, list], digits: int) -> None:
    """A table no wider than it must be; what is not known yet (None) is an ellipsis."""
    st.table(pd.DataFrame(columns).style.format(precision=digits, na_rep="…"), width="content", hide_index=True)
