"""Runs: every training and every shipped model in one table; compare, take along, bring back."""

from pages.ui.layout import notice, page_head, rest

import html

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError, read_checkpoint
from ae_core.base.limits import MEGABYTES
from ae_core.jobs.queue import jobs
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import delete_run, rename_run
from ae_core.runs.overview import FIGURES, Row, differences, rows
from ae_core.runs.status import BUSY
from ae_core.training.script import script
from ae_core.training.snapshots import maps
from pages.components.hint import hint
from pages.components.present import presenting
from pages.sections.train.monitor import pages_with, resume, stop, what_else
from pages.session.identity import whose
from pages.ui.charts import PALETTE, chart, legend
from pages.ui.markdown import plain, plain_table, show_error
from pages.ui.url_state import odd_link, put

USUAL = ["mnist-vae-2d", "mnist-ae-2d"]  # compared before anything is chosen
MOST_MAPS = 4
MOST_POINTS = 2000


def as_table(found: list[Row]) -> pd.DataFrame:
    """A line for each run; what was not measured stays empty."""
    return pd.DataFrame(
        [
            {
                "run": row.name,
                "state": row.state
                if row.state in ("shipped", "done")
                else f"{row.state}, epoch {row.epoch} of {row.config.epochs}",
                "source": row.config.data,
                "variant": row.config.variant,
                "k": row.config.k,
                **{figure: row.figures.get(figure) for figure in FIGURES},
                "seconds": row.seconds,
            }
            for row in found
        ]
    )


def columns() -> dict[str, object]:
    """Titles, formats and helps of the table's columns."""
    numbers = {
        name: st.column_config.NumberColumn(title, help=unit, format=f"%.{decimals}f" if decimals else "localized")
        for name, (title, unit, decimals, _) in FIGURES.items()
    }
    return {
        "run": st.column_config.TextColumn("run", pinned=True, width="medium"),
        "variant": st.column_config.TextColumn("variant", width=90),  # the longest name, whole
        **numbers,
        "seconds": st.column_config.NumberColumn("seconds", help="of training", format="%.0f"),
    }


def chosen(found: list[Row], notes: DeltaGenerator) -> list[Row]:
    """The table, and the rows that are ticked in it."""
    names = [row.name for row in found]
    if "runs-first" not in st.session_state:
        asked = [name for name in st.query_params.get("runs", "").split(",") if name]
        if missing := [name for name in asked if name not in names]:
            odd_link(notes, [f"there is no run {missing[0][:60]!r} here"])
        wanted = [name for name in asked if name in names] or (
            [] if asked else [name for name in USUAL if name in names]
        )
        st.session_state["runs-first"] = wanted
    # A run that comes or goes shifts the rows: the ticks follow the names, in a table of its own.
    key = f"runs-table-{abs(hash(tuple(names)))}"
    before = [names.index(name) for name in st.session_state["runs-first"] if name in names]
    picked = st.dataframe(
        as_table(found),
        column_config=columns(),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": before, "columns": [], "cells": []}},
        key=key,
        height=min(38 * (len(found) + 1), 230 if presenting() else 420),
        placeholder="–",
        alt="Runs and checkpoints with their held-out figures",
    )
    rows_picked = [found[n] for n in picked.selection.rows if n < len(found)]
    st.session_state["runs-first"] = [row.name for row in rows_picked]
    put({"runs": ",".join(row.name for row in rows_picked) if [row.name for row in rows_picked] != USUAL else ""})
    return rows_picked


def compare(picked: list[Row]) -> None:
    """Curves over each other, maps side by side, and the settings that differ."""
    styles = {row.name: (PALETTE[n % len(PALETTE)], [1, 0]) for n, row in enumerate(picked)}
    lines = {row.name: jobs.lines(row.folder) for row in picked}
    which = {"held-out loss": "test_loss", "squared error": "squared_error"}
    offered = [title for title, key in which.items() if any(each and key in each[-1] for each in lines.values())]
    st.markdown("##### Maps")
    for column, row in zip(st.columns(max(2, min(len(picked), MOST_MAPS))), picked[:MOST_MAPS], strict=False):
        with column:
            one_map(row)
    if len(picked) > MOST_MAPS:
        st.caption(f"The first {MOST_MAPS} of {len(picked)} are drawn.")
    curves, settings = st.columns(2, gap="large")
    with curves:
        st.markdown("##### Curves")
        if offered:
            title = st.segmented_control(
                "Which", offered, default=offered[0], key="runs-curve", label_visibility="collapsed", required=True
            )
            legend(list(styles), styles)
            points = [
                (name, line["epoch"], line[which[title]])
                for name, each in lines.items()
                for line in each
                if which[title] in line
            ]
            scale = alt.Scale(type="log" if all(y > 0 for *_, y in points) else "linear", nice=False, zero=False)
            chart(
                points,
                alt.X("x:Q", title="epoch", axis=alt.Axis(grid=False)),
                alt.Y("y:Q", title=title, scale=scale),
                styles=styles,
                legend=False,
            )
            losses = {row.config.loss if row.config.loss != "auto" else row.config.variant for row in picked}
            if title == "held-out loss" and len(losses) > 1:
                st.caption(
                    "The losses of different kinds of autoencoder are not on one scale: compare the squared errors in the table."
                )
    with settings:
        st.markdown("##### What differs")
        if len(picked) < 2:
            st.caption("Tick a second run to see in which settings the two differ.")
        elif table := differences([row.config for row in picked]):
            st.table(plain_table(pd.DataFrame(table, index=[row.name for row in picked]).T), width="content")
        else:
            st.caption("Nothing: these are the same recipe.")


@st.cache_resource(max_entries=64, show_spinner=False)
def still_map(folder: str, written: int, height: int) -> tuple[go.Figure, int]:
    """A run's codes as a still picture, and how many they are. Never changed: making it costs more than all else on the
    page.
    """
    checkpoint = read_checkpoint(folder)
    codes = checkpoint.codes()
    (points,) = maps([codes["z"][:MOST_POINTS]])
    y, classes = codes["y"][:MOST_POINTS] if "y" in codes else None, list(checkpoint.classes)
    groups = (
        [(0, points)]
        if y is None or not classes
        else [(c, points[y == c]) for c in range(len(classes)) if (y == c).any()]
    )
    dots = [
        {
            "type": "scatter",
            "x": part[:, 0],
            "y": part[:, 1],
            "mode": "markers",
            "marker": {"size": 4, "color": PALETTE[c % len(PALETTE)], "opacity": 0.6},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for c, part in groups
    ]
    style = {
        "font": {"size": 13, "color": "#111"},
        "bgcolor": "rgba(255,255,255,.75)",
        "borderpad": 1,
        "showarrow": False,
    }
    labels = [
        {
            "text": f"<b>{html.escape(classes[c][:12])}</b>",
            "x": float(np.median(part[:, 0])),
            "y": float(np.median(part[:, 1])),
            **style,
        }
        for c, part in (groups if len(groups) > 1 else [])
    ]
    low, high = np.quantile(points, [0.005, 0.995], axis=0)  # a few far ones would make a dot of all the others
    room = 0.06 * (high - low) + 1e-6
    axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True}
    layout = {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 4, "b": 0},
        "dragmode": False,
        "annotations": labels,
        "xaxis": {"range": [low[0] - room[0], high[0] + room[0]], **axis},
        "yaxis": {"range": [low[1] - room[1], high[1] + room[1]], **axis},
    }
    return go.Figure(dots, layout), len(points)


def one_map(row: Row) -> None:
    """A run's codes on a plane."""
    try:
        figure, count = still_map(
            str(row.folder), (row.folder / "codes.npz").stat().st_mtime_ns, 420 if presenting() else 320
        )
    except (LatentError, OSError):
        st.caption(f"{plain(row.name)} has no map yet.")
        return
    st.markdown(f"**{plain(row.name)}**")
    st.plotly_chart(
        figure, key=f"map-{row.name}", config={"displayModeBar": False}, alt=f"Map of the codes of {row.name}"
    )
    what = (
        "two directions in which the numbers vary most"
        if row.config.k > 2
        else "z1 across, z2 up"
        if row.config.k == 2
        else "z across"
    )
    st.caption(f"{count:,} held-out samples, {what}")


def one_run(row: Row) -> None:
    """What can be done with a single run."""
    with st.container(horizontal=True, vertical_alignment="center", key="one-run"):
        st.markdown(f"**{plain(row.name)}**", width="content")
        if not row.shipped:
            st.page_link("pages/train.py", label="Watch it", icon=":material/movie:", query_params={"run": row.name})
            if row.state in BUSY:
                stop(row.folder)
            else:
                what_else(row.folder, row.state)
                resume(row.folder, row.state)
        else:
            pages_with(row.folder)
        take_along(row)
        if not row.shipped and row.state not in BUSY:
            with st.popover("Rename", icon=":material/edit:"):
                new = st.text_input("New name", value=row.name, key=f"rename-{row.name}")
                if st.button("Rename", key="rename-do"):
                    try:
                        folder = rename_run(row.name, new)
                        st.session_state["runs-first"] = [folder.name]
                        st.rerun()
                    except LatentError as error:
                        show_error(error)
            with st.popover("Delete", icon=":material/delete:"):
                st.write(f"{plain(row.name)}, its weights and its figures are removed for good.")
                if st.button("Delete it", key="delete-do", type="primary"):
                    try:
                        delete_run(row.name)
                        st.session_state["runs-first"] = []
                        st.rerun()
                    except LatentError as error:
                        show_error(error)
    code(row)


def take_along(row: Row) -> None:
    """The run as a zip file."""
    if (row.folder / "weights.safetensors").exists():
        st.download_button(
            "Download",
            data=lambda: zip_run(read_checkpoint(row.folder)),
            file_name=f"{row.name}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help="Recipe, weights, codes and figures: unpack it into another runs/ folder, or upload it on another Runs page.",
        )


@st.fragment
def code(row: Row) -> None:
    """The same run as a program, written when it is asked for."""
    place = st.expander("Show me the code: this run in plain PyTorch", key="code", on_change="rerun")
    if not place.open:
        return
    with place:
        try:
            about = read_checkpoint(row.folder)
            text = script(about.config, about.shape, about.range, about.classes)
        except LatentError as error:
            st.info(f"Its program is known once it has begun. ({plain(error)})")
            return
        st.caption(
            "Save it and run it with Python and torch: same data, seeds, layers and steps, so that its losses are this run's but for rounding."
        )
        st.code(text, language="python", line_numbers=True, height=420)
        st.caption("With this program, the same in one line:")
        st.code(about.command or about.config.command(row.name), language="bash", wrap_lines=True)


def bring_back() -> None:
    """A zip that somebody took along."""
    with st.popover("Upload a run", icon=":material/upload:"):
        file = st.file_uploader(
            "A zip file from a Download button here", type=["zip"], max_upload_size=MEGABYTES(), key="runs-upload"
        )
        if file is not None and st.session_state.get("runs-taken") != file.file_id:
            try:
                folder = unzip_run(file.getvalue(), file.name)
                st.session_state["runs-taken"], st.session_state["runs-first"] = file.file_id, [folder.name]
                st.rerun()
            except LatentError as error:
                show_error(error)


def main() -> None:
    page_head(
        "Every run, side by side",
        "Tick runs to lay their maps and curves beside each other. All errors are on data that no training saw, PCA with as many numbers stands beside.",
        "",
    )
    notes = st.container()
    found, broken = rows()
    for sentence in broken:
        notes.warning(plain(sentence), icon=":material/warning:")
    with rest("tools"), st.container(horizontal=True, horizontal_alignment="right", key="runs-tools"):
        bring_back()
    whose()
    hint("runs", "Tick another run: it is laid beside these.", "[data-testid=stDataFrame]", "below")
    picked = chosen(found, notes)
    if len(picked) == 1:
        with rest("one"):
            one_run(picked[0])
    if picked:
        compare(picked)
    else:
        st.caption(
            "Tick one run to rename, download or delete it, or to see its code; tick several to compare them. A click on a column's title sorts."
        )
    notice(
        "a lower error is not a better map. The plain autoencoder of two numbers errs less than the variational one, but "
        "its codes have holes; the right-hand columns say what the codes are good for.",
        "Put your finger on a map at random: on which of the two maps would the decoder more likely draw a proper digit there?",
        "On the variational one's: its codes fill the middle without large gaps. The plain one's lie in long arms with nothing between them, and there it was never trained.",
    )


main()
