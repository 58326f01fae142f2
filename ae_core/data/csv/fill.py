"""Missing values between others: several rates in one table, values written on change. What is proposed says its
price.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from ...base.text import plural
from ...io.tables import name_list
from .cells import listed, span
from .options import make_options
from .resample import filled
from .table import Doubt, Note, Table

MIN_COMPLETE = 0.5  # share of the rows that must be complete, below which something has to be done


def fill_table(table: Table, fill: str, max_gap_steps: int, resamples: bool = False) -> Table:
    """The table with missing values filled as `fill` says for all channels or by name; empty: as proposed, which is
    only where few rows would be complete otherwise. Raises LatentError for another way.
    """
    said = make_options(fill=fill).fill
    if not said:
        proposal = None if resamples else propose_fill(table, max_gap_steps)
        if proposal is None:
            return table
        said = dict.fromkeys(proposal[2], "last")
        table = with_question(table, fill, max_gap_steps, resamples)
    values = table.values.copy()
    for j, name in enumerate(table.names):
        how = said.get(name, said.get("", "none"))
        if how == "last":
            values[:, j] = carried(values[:, j], table.group)
        elif how == "line":
            values[:, j] = filled(replace(table, values=values[:, j : j + 1]), len(values)).values[:, 0]
    return replace(table, values=values)


def with_question(table: Table, fill: str, max_gap_steps: int, resamples: bool = False) -> Table:
    """The table, its values as they are, with what `fill_table` would do without being told: as a note and a doubt."""
    proposal = None if resamples or fill else propose_fill(table, max_gap_steps)
    if proposal is None:
        return table
    about = replace(table.about, doubts=(*table.about.doubts, proposal[1]))
    return replace(table, notes=(*table.notes, proposal[0]), about=about)


def carried(column: np.ndarray, group: np.ndarray | None = None) -> np.ndarray:
    """The last value carried on, within each group; NaN before the first."""
    there = np.isfinite(column)
    at = np.maximum.accumulate(np.where(there, np.arange(len(column)), -1))
    known = at >= 0
    if group is not None:
        known &= group[at] == group
    return np.where(known, column[np.maximum(at, 0)], np.nan)


def _coarsest(table: Table) -> float:
    """Seconds between the values of the channel that has fewest; 0 where nothing can be resampled by it."""
    if table.time is None or not table.step or table.group is not None or np.isnat(table.time[[0, -1]]).any():
        return 0.0
    if not (np.diff(table.time) > np.timedelta64(0)).all():
        return 0.0
    gaps = [
        float(np.median(np.diff(at))) for column in table.values.T if len(at := np.flatnonzero(np.isfinite(column))) > 9
    ]
    widest = max(gaps, default=1.0)
    return float(f"{table.step * widest:.6g}") if 1.5 < widest < len(table) / 20 else 0.0


def propose_fill(table: Table, max_gap_steps: int) -> tuple[Note, Doubt, list[str]] | None:
    """(what is proposed, its question, the channels) where values come at several rates; None where there is none."""
    absent = np.isnan(table.values)
    if not absent.any() or len(table) < 20:
        return None
    complete = float((~np.isnan(filled(table, max_gap_steps).values)).all(1).mean())
    if complete >= MIN_COMPLETE:
        return None
    names = [name for name, gone in zip(table.names, absent.T, strict=True) if 0.02 < gone.mean() < 1]
    share = float(absent.mean())
    text = (
        f"Values come at several rates: only {100 * complete:.0f} % of the rows are complete. The last value of "
        f"{listed(names)} is carried on ({plural(len(names), 'channel')}, {100 * share:.0f} % of the cells)."
    )
    keep = {"fill": name_list([f"{name}: last" for name in names])}
    other = "none"
    instead: dict[str, Any] = {"fill": "none"}
    if every := _coarsest(table):
        length = float((table.time[-1] - table.time[0]).astype(np.int64)) / 1e9 if table.time is not None else 0.0
        other = f"resample to {span(every)}"
        instead = {"fill": "none", "resample_seconds": every}
        text += (
            f" Resampled to {span(every)} instead, {plural(len(table), 'row')} become {round(length / every) + 1:,}."
        )
    doubt = Doubt("fill", "last", other, 0.8, text, keep, instead)
    return Note("fill", tuple(names), text), doubt, names
