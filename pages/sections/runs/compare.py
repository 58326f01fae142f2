"""Several runs: maps side by side, curves over each other, and the settings that differ."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core.jobs.queue import jobs
from ae_core.runs.overview import Row, differences

from ...ui import link
from ...ui.charts import PALETTE, channel, chart, legend
from ...ui.layout import hidden_when_presenting
from ...ui.markdown import plain, plain_table
from ...ui.settings import setting_label
from ..lesson.sayings import Saying, saying
from . import words
from .link import CURVE, DEFAULT
from .maps import one_map, shared_ends

MAX_MAPS = 4


def compare(rows: list[Row], notes: DeltaGenerator) -> None:
    """The runs that are selected."""
    st.markdown(words.MAPS)
    drawn = rows[:MAX_MAPS]
    ends = shared_ends(drawn)
    for column, row in zip(st.columns(max(2, len(drawn))), drawn, strict=False):
        with column:
            one_map(row, ends)
    if len(drawn) > 1:
        st.caption(words.SAME_SCALE if ends else words.OWN_SCALES)
    if len(rows) > MAX_MAPS:
        st.caption(words.FIRST_MAPS.format(drawn=MAX_MAPS, count=len(rows)))
    with hidden_when_presenting("curves"):
        left, right = st.columns(2, gap="large")
    with left:
        st.markdown(words.CURVES)
        curves(rows, notes)
    with right:
        st.markdown(words.DIFFERENCES)
        settings_that_differ(rows)


def noticed(rows: list[Row]) -> Saying:
    """What to notice in what is selected, and a question about it."""
    if {row.name for row in rows} == set(DEFAULT):
        return saying("runs")
    measured = [row for row in rows if {"squared_error", "pca_squared_error"} <= row.figures.keys()]
    if not measured:
        return saying("runs, not measured")
    data = sorted({row.config.data for row in measured})
    kind = "one" if len(rows) == 1 else "one data" if len(data) == 1 else "many"
    best = min(measured, key=lambda row: row.figures["squared_error"])
    error, pca = best.figures["squared_error"], best.figures["pca_squared_error"]
    part = abs(1 - error / pca) if pca else 0
    than = (words.BELOW if error < pca else words.ABOVE).format(part=part) if round(100 * part) else ""
    pcas = ", ".join(f"{row.figures['pca_squared_error']:.3g}" for row in measured)
    facts = {"run": plain(best.name), "best": plain(best.name), "error": error, "than": than, "data": ", ".join(data)}
    return saying(f"runs, {kind}").filled(**facts, pca=pca if len(rows) == 1 else pcas)


def curves(rows: list[Row], notes: DeltaGenerator) -> None:
    """One kind of curve, a line for each run."""
    lines = {row.name: jobs.lines(row.folder) for row in rows}
    offered = [
        name
        for name, curve in words.CURVES_OF.items()
        if any(each and curve.key in each[-1] for each in lines.values())
    ]
    if not offered:
        link.set_query_params({CURVE.name: ""})
        return
    name = st.segmented_control(
        words.WHICH_CURVE,
        offered,
        format_func=lambda name: words.CURVES_OF[name].title,
        key=link.link_widget("runs", CURVE, offered, notes),
        label_visibility="collapsed",
        required=True,
    )
    link.set_query_params({CURVE.name: name if name != offered[0] else ""})
    title, key = words.CURVES_OF[name]
    styles = {row.name: (PALETTE[n % len(PALETTE)], [1, 0]) for n, row in enumerate(rows)}
    legend(list(styles), styles)
    points = [(name, line["epoch"], line[key]) for name, each in lines.items() for line in each if key in line]
    scale = {"type": "log" if all(y > 0 for *_, y in points) else "linear", "nice": False, "zero": False}
    chart(
        points,
        channel("x", title="epoch", axis={"grid": False}),
        channel("y", title=title, scale=scale),
        styles=styles,
        legend=False,
    )
    losses = {row.config.loss if row.config.loss != "auto" else row.config.variant for row in rows}
    if key == "test_loss" and len(losses) > 1:
        st.caption(words.OTHER_SCALES)


def settings_that_differ(rows: list[Row]) -> None:
    """A table of the settings that are not the same in all of them."""
    if len(rows) < 2:
        st.caption(words.SECOND_RUN)
        return
    table = differences([row.config for row in rows])
    if not table:
        st.caption(words.SAME_RECIPE)
        return
    named = {setting_label(name): values for name, values in table.items()}
    st.table(plain_table(pd.DataFrame(named, index=[row.name for row in rows]).T), width="content")
