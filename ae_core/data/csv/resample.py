"""Uneven sampling and gaps: where rows do not follow on each other, and what can be put in between."""

import math
from dataclasses import replace

import numpy as np

from ...base import budget
from ...base.errors import LatentError
from .table import MAX_ROWS, Table

RESAMPLE_BYTES = 8  # of a value
RESAMPLE_COLUMNS = 12  # arrays of all rows beside the channels while it is done: counts, sums, neighbours, times


def direction(table: Table) -> float:
    """1 where times go forward, −1 where the newest row comes first."""
    return 1.0 if table.time is None else _direction(table.time)


def _direction(time: np.ndarray) -> float:
    between = np.diff(time)
    return -1.0 if (between < np.timedelta64(0)).sum() > (between > np.timedelta64(0)).sum() else 1.0


def breaks(table: Table, longest: float, forward: float | None = None) -> np.ndarray:
    """bool (rows,): True where more than `longest` steps lie between a row and the one before, or time jumps backwards.

    A single step is no gap, whatever `longest` is. forward: the `direction` of the file that the table is a piece of;
    None: its own.
    """
    cut = np.zeros(len(table), bool)
    if table.group is not None:
        cut[1:] = np.diff(table.group) != 0
    if table.time is not None and table.step:
        cut |= jumps(table.time, table.step, longest, forward)
    return cut


def jumps(time: np.ndarray, step: float, longest: float = 1, forward: float | None = None) -> np.ndarray:
    """bool (rows,): True where more than `longest` steps lie between a moment and the one before, or time goes back.

    time: datetime64 (rows,), NaT where it is not known; step: in seconds; longest, forward: as `breaks` takes them.
    """
    cut = np.zeros(len(time), bool)
    between = np.diff(time).astype(np.int64) / 1e9
    unknown = np.isnat(time[1:]) | np.isnat(time[:-1])
    forward = forward or _direction(time)
    cut[1:] = ~unknown & ((between * forward > (max(longest, 1) + 0.5) * step) | (between * forward < 0))
    return cut


def pieces(table: Table, longest: float) -> list[Table]:
    """The table cut where `breaks` says so, or where no channel has a value for more than `longest` rows."""
    absent = np.isnan(table.values).all(1)
    away = absent & (run_lengths(absent) > longest)
    edges = np.flatnonzero(breaks(table, longest) | np.r_[False, away[1:] != away[:-1]])
    spans = zip([0, *edges], [*edges, len(table)], strict=True)
    return [table.rows(slice(a, b)) for a, b in spans if b > a and not away[a]]


def run_lengths(absent: np.ndarray) -> np.ndarray:
    """For each True the length of the run that it is in; 0 for False."""
    edges = np.flatnonzero(np.diff(np.r_[0, absent.astype(np.int8), 0]))
    lengths = np.zeros(len(absent), np.int64)
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        lengths[a:b] = b - a
    return lengths


def filled(table: Table, longest: float) -> Table:
    """Runs of at most `longest` missing values filled with the straight line between their neighbours; none at the
    ends.
    """
    values = table.values.copy()
    at = np.arange(len(values), dtype=float)
    for column in values.T:
        absent = np.isnan(column)
        short = absent & (run_lengths(absent) <= longest)
        if short.any() and not absent.all():
            first, last = np.flatnonzero(~absent)[[0, -1]]
            short[:first] = short[last + 1 :] = False
            column[short] = np.interp(at[short], at[~absent], column[~absent])
    return replace(table, values=values)


def resampled(table: Table, step: float) -> Table:
    """Rows every `step` seconds from the first time to the last: means of the rows that fall nearest to each, or, where
    the step is finer than the table's, the straight line between neighbours; nothing is made up inside gaps (more than
    1.5 steps): NaN there. A row is abnormal if any of those it is made of is. Raises LatentError without times, or
    where there would be too many rows.
    """
    if table.time is None or not table.step:
        raise LatentError(
            "Without a time column there is nothing to resample by: choose one, or go on with the rows as they are."
        )
    known = ~np.isnat(table.time)
    order = np.flatnonzero(known)[np.argsort(table.time[known], kind="stable")]
    start = table.time[order[0]]
    at = (table.time[order] - start).astype(np.int64) / 1e9
    if not (step > 0 and float(at[-1]) < (MAX_ROWS - 1) * step):
        raise LatentError(f"A step of {step:g} s would give more than {MAX_ROWS:,} rows: choose a longer one.")
    count = round(float(at[-1]) / step) + 1
    need = RESAMPLE_BYTES * count * (table.values.shape[1] + RESAMPLE_COLUMNS)
    fits = math.ceil(step * need / max(budget.allowed(), budget.SMALL_BYTES) * 10) / 10
    budget.ask(
        need,
        f"Rows every {step:g} s, {count:,} of them, need",
        f"{fits:g} s fits",
        {"resample_seconds": fits},
    )
    grid = np.arange(count) * step
    nearest = np.minimum(np.round(at / step).astype(np.int64), count - 1)
    values = np.full((count, table.values.shape[1]), np.nan)
    for j, column in enumerate(table.values[order].T):
        there = np.isfinite(column)
        if not there.any():
            continue
        sums, counts = (np.bincount(nearest[there], weights, count) for weights in (column[there], None))
        values[:, j] = np.divide(sums, counts, out=np.full(count, np.nan), where=counts > 0)
        times = at[there]
        right = np.clip(np.searchsorted(times, grid), 1, max(len(times) - 1, 1))
        if len(times) > 1:
            near = (times[right] - times[right - 1] <= 1.5 * table.step) & (grid <= times[-1]) & (grid >= times[0])
            fill = near & (counts == 0 if step >= table.step else True)
            values[fill, j] = np.interp(grid[fill], times, column[there])
    label = None
    if table.label is not None:
        label = np.bincount(nearest, table.label[order], count) > 0
    return replace(
        table, values=values, time=start + np.round(grid * 1e9).astype("timedelta64[ns]"), step=float(step), label=label
    )
