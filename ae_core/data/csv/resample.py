"""Uneven sampling and gaps: where rows do not follow on each other, and what can be put in between."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...base import budget
from ...base.errors import LatentError
from .table import MAX_ROWS, Table

BLOCK = 1 << 16  # new rows that are made at a time: what is made beside the table is little
ROW_BYTES = 80  # of each old row while it is done: its order, its time, the new row nearest to it, a channel's values


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
    span = float((np.fmax.reduce(table.time) - np.fmin.reduce(table.time)) / np.timedelta64(1, "s"))
    if not (step > 0 and span < (MAX_ROWS - 1) * step):
        raise LatentError(f"A step of {step:g} s would give more than {MAX_ROWS:,} rows: choose a longer one.")
    count = round(span / step) + 1
    _ask(table, step, span)
    known = ~np.isnat(table.time)
    order = np.flatnonzero(known)[np.argsort(table.time[known], kind="stable")]
    start = table.time[order[0]]
    at = (table.time[order] - start).astype(np.int64) / 1e9
    nearest = np.minimum(np.round(at / step).astype(np.int64), count - 1)
    values = np.full((count, table.values.shape[1]), np.nan)
    for j in range(values.shape[1]):
        column = table.values[order, j]
        there = np.isfinite(column)
        if there.any():
            reach = 1.5 * table.step
            _resample(values[:, j], step, step >= table.step, reach, column[there], at[there], nearest[there])
    time = np.empty(count, table.time.dtype)
    for rows in _blocks(count):
        time[rows] = start + np.round(np.arange(rows.start, rows.stop) * step * 1e9).astype("timedelta64[ns]")
    label = None
    if table.label is not None:
        label = np.zeros(count, bool)
        label[nearest[table.label[order].astype(bool)]] = True
    return replace(table, values=values, time=time, step=float(step), label=label)


def _ask(table: Table, step: float, span: float) -> None:
    """Announce what a row every `step` seconds over a span of so many takes. Raises BudgetError with a step that
    fits.
    """
    old, new = ROW_BYTES * len(table), 8 * (table.values.shape[1] + 1)  # bytes in all, and of each new row
    count, most = round(span / step) + 1, max(budget.allowed(), budget.SMALL_BYTES) - old - new
    fits = math.ceil(span * new / most * 10) / 10 if most > 0 else math.inf
    advice = f"{fits:g} s fits" if fits < span else "leave out columns, or take a part of the rows"
    budget.ask(
        old + new * count,
        f"Rows every {step:g} s, {count:,} of them, need",
        advice,
        {"resample_seconds": fits} if fits < span else {},
    )


def _blocks(count: int) -> Iterator[slice]:
    for first in range(0, count, BLOCK):
        yield slice(first, min(first + BLOCK, count))


def _resample(
    new: np.ndarray, step: float, means: bool, reach: float, old: np.ndarray, at: np.ndarray, nearest: np.ndarray
) -> None:
    """Put a channel's resampled values in place.

    Args:
        new: where to, (count,): NaN, and views are written into.
        step: between two of them, seconds.
        means: where old rows lie nearest to a new one, it is their mean, whatever lies beside it.
        reach: a straight line joins neighbours that lie at most so many seconds apart.
        old, at, nearest: the channel's values, their times in seconds, rising, and the new rows nearest to them.
    """
    for rows in _blocks(len(new)):
        first, last = np.searchsorted(nearest, [rows.start, rows.stop])
        where, size = nearest[first:last] - rows.start, rows.stop - rows.start
        counts = np.bincount(where, minlength=size)
        block = new[rows]
        np.divide(np.bincount(where, old[first:last], size), counts, out=block, where=counts > 0)
        if len(at) > 1:
            grid = np.arange(rows.start, rows.stop) * step
            right = np.clip(np.searchsorted(at, grid), 1, len(at) - 1)
            fill = (at[right] - at[right - 1] <= reach) & (grid <= at[-1]) & (grid >= at[0])
            if means:
                fill &= counts == 0
            block[fill] = np.interp(grid[fill], at, old)
