"""The table of all runs and checkpoints, in which some are selected."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core.data.csv.uploads import file_label
from ae_core.runs.overview import FIGURES, Row

from ...components.present import presenting
from ...ui import link
from . import keys, words
from .link import DEFAULT, RUNS

ENDED = ("shipped", "done")  # states that say all


def as_table(rows: list[Row]) -> pd.DataFrame:
    """A line for each run; what was not measured stays empty."""
    return pd.DataFrame(
        [
            {
                "run": row.name,
                "state": row.state if row.state in ENDED else _unfinished(row),
                "source": _data(row),
                "variant": row.config.variant,
                "k": row.config.k,
                **{figure: row.figures.get(figure) for figure in FIGURES},
                "seconds": row.seconds,
            }
            for row in rows
        ]
    )


def _data(row: Row) -> str:
    """Where its samples come from; of a table, which file."""
    label = file_label(str(row.config.source.get("file", ""))) if row.config.data == "csv" else ""
    return words.DATA_OF_FILE.format(data=row.config.data, file=label) if label else row.config.data


def _unfinished(row: Row) -> str:
    return words.STATE_OF.format(state=row.state, epoch=row.epoch, epochs=row.config.epochs)


def columns() -> dict[str, object]:
    """Headings, formats and helps of the table's columns."""
    numbers = {
        name: st.column_config.NumberColumn(title, help=unit, format=f"%.{decimals}f" if decimals else "localized")
        for name, (title, unit, decimals, _) in FIGURES.items()
    }
    headings = words.COLUMNS
    return {
        "run": st.column_config.TextColumn(headings["run"], pinned=True, width="medium"),
        "state": st.column_config.TextColumn(headings["state"]),
        "source": st.column_config.TextColumn(headings["source"]),
        "variant": st.column_config.TextColumn(headings["variant"], width=90),  # the longest name, whole
        "k": st.column_config.NumberColumn(headings["k"], help=words.K_HELP),
        **numbers,
        "seconds": st.column_config.NumberColumn(headings["seconds"], help=words.SECONDS_HELP, format="%.0f"),
    }


def selected(rows: list[Row], notes: DeltaGenerator) -> list[Row]:
    """The table, and the rows that are selected in it."""
    state = st.session_state
    if link.unread("runs") or keys.SELECTED not in state:
        names = [row.name for row in rows]
        values, problems = link.read((RUNS,), link.asked(), names)
        link.warn_invalid_params(notes, problems)
        state[keys.SELECTED] = values.get("runs", [name for name in DEFAULT if name in names])
        state[keys.ON_TOP] = list(state[keys.SELECTED])
    # What was selected as the page was opened is in sight; what is ticked later stays where it is.
    on_top = set(state[keys.ON_TOP])
    rows.sort(key=lambda row: row.name not in on_top)
    names = [row.name for row in rows]
    # A run that comes or goes shifts the rows: the ticks follow the names, in a table of its own.
    key = f"runs-table-{abs(hash(tuple(names)))}{link.suffix()}"
    before = [names.index(name) for name in state[keys.SELECTED] if name in names]
    with st.container(key=keys.TABLE):
        event = st.dataframe(
            as_table(rows),
            column_config=columns(),
            hide_index=True,
            on_select="rerun",
            selection_mode="multi-row",
            selection_default={"selection": {"rows": before, "columns": [], "cells": []}},
            key=key,
            height=min(38 * (len(rows) + 1), 230 if presenting() else 420),
            placeholder="–",
            alt=words.TABLE_ALT,
        )
    picked = [rows[n] for n in event.selection.rows if n < len(rows)]
    state[keys.SELECTED] = [row.name for row in picked]
    link.set_query_params(link.write((RUNS,), {"runs": state[keys.SELECTED]}))
    return picked
