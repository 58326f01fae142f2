"""The stretch of a table that is normal: what a model learns."""

import itertools
import re
import warnings
from dataclasses import dataclass

import numpy as np

from ...base.errors import LatentError
from .table import Table

SHARE, LEAST_SHARE, BLOCKS = (
    0.6,
    0.3,
    20,
)  # of the rows that are proposed, at most and at least; blocks that are compared
UNLIKE = 12.0  # robust spreads, from which on a block of rows is unlike all others


@dataclass(frozen=True)
class Proposal:
    """Rows first to last − 1 are proposed as normal; why: a sentence."""

    first: int
    last: int
    why: str


def propose_normal(table: Table) -> Proposal:
    """A stretch from which to learn what is normal: without labelled faults, nor what is unlike all the rest."""
    rows = len(table)
    most, least = max(1, round(SHARE * rows)), max(10, round(LEAST_SHARE * rows))
    bad = table.label if table.label is not None and table.label.any() else _unlike(table)
    if not bad[:most].any():
        return Proposal(0, most, f"The first {100 * SHARE:.0f} % of the rows.")
    what = "are labelled abnormal" if table.label is not None and table.label.any() else "are unlike all others"
    edges = np.flatnonzero(np.diff(np.r_[1, bad.astype(np.int8), 1]))
    free = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    long = [run for run in free if run[1] - run[0] >= least]
    if not long:
        return Proposal(0, most, f"The first {100 * SHARE:.0f} % of the rows, without those in it that {what}.")
    first, last = long[0]
    return Proposal(first, min(last, first + most), f"The first long stretch without rows that {what}.")


def _unlike(table: Table) -> np.ndarray:
    """bool (rows,): blocks of rows whose middle lies far outside that of all other blocks, in any channel."""
    rows, bad = len(table), np.zeros(len(table), bool)
    if rows < 20 * BLOCKS:
        return bad
    edges = np.linspace(0, rows, BLOCKS + 1).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of blocks without a value
        middles = np.stack([np.nanmedian(table.values[a:b], 0) for a, b in itertools.pairwise(edges)])
        spreads = np.stack(
            [np.nanquantile(table.values[a:b], (0.1, 0.9), axis=0) for a, b in itertools.pairwise(edges)]
        )
        centre, width = np.nanmedian(middles, 0), np.nanmedian(spreads[:, 1] - spreads[:, 0], 0)
        wander = 1.5 * np.nanmedian(np.abs(middles - centre), 0)
    scale = np.maximum(np.maximum(width / 2.5, wander), 1e-12 * np.maximum(np.abs(centre), 1e-30))
    far = np.nan_to_num(np.abs(middles - centre) / scale, nan=0.0, posinf=0.0) > UNLIKE
    far[:, ~(width > 0)] = False  # a channel that hardly ever moves
    odd = far.any(1)
    if odd.sum() <= BLOCKS // 4:
        for i in np.flatnonzero(odd):
            bad[edges[i] : edges[i + 1]] = True
    return bad


def normal_range(table: Table, normal: str, more: bool = False) -> tuple[int, int]:
    """(first row, row after the last) of START:END, in rows or in times, either end may be left out; of "" the first 60
    %.

    Rows count from 0 and END is the row after the last; times are those in the file, END included. more: the file goes
    on behind the table, and the stretch must not. Raises LatentError.
    """
    rows = len(table)
    if not normal.strip():
        proposal = propose_normal(table)
        return proposal.first, proposal.last
    for cut in [i for i, c in enumerate(normal) if c == ":"]:
        ends = normal[:cut].strip(), normal[cut + 1 :].strip()
        if all(re.fullmatch(r"\d*", end) for end in ends):
            first, last = int(ends[0] or 0), min(int(ends[1] or rows), rows)
            over = not ends[1] or int(ends[1]) > rows
            break
        if table.time is not None and all(not end or moment(end) is not None for end in ends):
            known = ~np.isnat(table.time)
            inside = (
                known
                & (table.time >= moment(ends[0]) if ends[0] else known)
                & (table.time <= moment(ends[1]) if ends[1] else known)
            )
            at = np.flatnonzero(inside)
            first, last = (int(at[0]), int(at[-1]) + 1) if len(at) else (0, 0)
            over = last == rows
            break
    else:
        hint = "" if table.time is not None else " (the file has no time column)"
        raise LatentError(
            f"normal is START:END in rows or times{hint}, such as 0:400 or 2024-01-01:2024-02-01, not {normal[:60]!r}."
        )
    if more and (over or last <= first):
        raise LatentError(
            f"A file this large is read in pieces, and what is normal lies within the first, {rows:,} "
            f"rows{_between(table)}: {normal[:60]!r} does not."
        )
    if last <= first:
        raise LatentError(
            f"No row of the file lies in the normal stretch {normal[:60]!r}: it has {rows:,} rows{_between(table)}."
        )
    return first, last


def moment(text: str) -> np.datetime64 | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?", text):
        return None
    try:
        import pandas as pd  # not above: a recipe that names a table reads none

        return pd.Timestamp(text).to_datetime64().astype("datetime64[ns]")
    except ValueError:
        return None


def _between(table: Table) -> str:
    if table.time is None or np.isnat(table.time).all():
        return ""
    known = table.time[~np.isnat(table.time)]
    return f" from {known.min().astype('datetime64[s]')} to {known.max().astype('datetime64[s]')}"
