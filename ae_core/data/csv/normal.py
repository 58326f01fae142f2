"""The stretches of a table that are normal: what a model learns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...base.errors import LatentError
from .cells import span
from .table import Table
from .unlike import Unlike, unlike_rows

SHARE, LEAST_SHARE = 0.6, 0.3  # of the rows that are proposed, at most and at least
SHORTEST = 10  # rows of a stretch
MAX_STRETCHES = 1000
Range = tuple[int, int]  # first row, row after the last


@dataclass(frozen=True)
class Proposal:
    """The rows of these stretches are proposed as normal; why: a sentence."""

    stretches: tuple[Range, ...]
    why: str

    @property
    def first(self) -> int:
        return self.stretches[0][0]

    @property
    def last(self) -> int:
        return self.stretches[-1][1]


def propose_normal(table: Table) -> Proposal:
    """Stretches from which to learn what is normal, one where that can be: without labelled faults, nor what is unlike
    all the rest.
    """
    rows = len(table)
    most, least = max(1, round(SHARE * rows)), max(SHORTEST, round(LEAST_SHARE * rows))
    label = table.label if table.label is not None and table.label.any() else None
    unlike = unlike_rows(table) if label is None else None
    bad = label if label is not None else unlike.rows if unlike is not None else np.zeros(rows, bool)
    if not bad[:most].any():
        return Proposal(((0, most),), f"The first {100 * SHARE:.0f} % of the rows.")
    what = "are labelled abnormal" if unlike is None else f"are unlike all others{_where(table, unlike)}"
    edges = np.flatnonzero(np.diff(np.r_[1, bad.astype(np.int8), 1]))
    free = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if long := [run for run in free if run[1] - run[0] >= least]:
        first, last = long[0]
        return Proposal(((first, min(last, first + most)),), f"The first long stretch without rows that {what}.")
    taken: list[Range] = []
    for first, last in free if table.about.layout != "samples" else []:  # samples are independent: any may be left out
        done = sum(b - a for a, b in taken)
        if (first >= most and done >= least) or done >= most or len(taken) == MAX_STRETCHES:
            break
        end = min(last, most) if first < most else min(last, first + least - done)
        if end - first >= SHORTEST:
            taken.append((first, end))
    if not taken:
        return Proposal(((0, most),), f"The first {100 * SHARE:.0f} % of the rows, without those in it that {what}.")
    count = "stretch" if len(taken) == 1 else f"{len(taken)} stretches"
    return Proposal(tuple(taken), f"The first {count} without rows that {what}.")


def _where(table: Table, unlike: Unlike) -> str:
    """When the first of them are, and in which channel."""
    first = int(np.argmax(unlike.rows))
    return f" {unlike.why[0]} {at_row(table, first)}" if unlike.why else f" {at_row(table, first)}"


def normal_stretches(table: Table, normal: str, more: bool = False) -> tuple[Range, ...]:
    """The stretches (first row, row after the last) of "START:END, START:END …", in rows or in times, either end of
    each may be left out; of "" those that are proposed. They are sorted, and none overlaps another.

    Rows count from 0 and END is the row after the last; times are those in the file, END included. more: the file goes
    on behind the table, and the stretches must not. Raises LatentError.
    """
    if not normal.strip():
        return propose_normal(table).stretches
    parts = [part for part in normal.split(",") if part.strip()]
    if not 0 < len(parts) <= MAX_STRETCHES:
        raise LatentError(f"normal is one stretch or a few, START:END with commas between, not {normal[:60]!r}.")
    joined: list[Range] = []
    for first, last in sorted(_stretch(table, part.strip(), more) for part in parts):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


def between(stretches: Sequence[Range], first: int, last: int) -> tuple[Range, ...]:
    """The stretches with other outer ends: the first begins at `first`, the last ends at `last`.

    >>> between([(0, 40), (60, 90), (95, 99)], 5, 92)
    ((5, 40), (60, 92))
    """
    inside = [(a, b) for a, b in stretches if b > first and a < last]
    if len(inside) < 2:
        return ((first, last),)
    return ((first, inside[0][1]), *inside[1:-1], (inside[-1][0], last))


def as_text(stretches: Sequence[Range]) -> str:
    """
    >>> as_text([(0, 40), (60, 90)])
    '0:40, 60:90'
    """
    return ", ".join(f"{first}:{last}" for first, last in stretches)


def rows_of(stretches: Sequence[Range]) -> str:
    """
    >>> rows_of([(0, 1000), (2000, 3000)])
    'rows 0 to 999, 2,000 to 2,999'
    """
    shown = [f"{first:,} to {last - 1:,}" for first, last in stretches[:5]]
    return f"rows {', '.join(shown)}{' …' if len(stretches) > 5 else ''}"


def normal_range(table: Table, normal: str, more: bool = False) -> Range:
    """(first row, row after the last) of all the `normal_stretches` together. Raises LatentError."""
    stretches = normal_stretches(table, normal, more)
    return stretches[0][0], stretches[-1][1]


def _stretch(table: Table, normal: str, more: bool) -> Range:
    """The rows of one START:END. Raises LatentError."""
    rows = len(table)
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


def at_row(table: Table, row: int) -> str:
    """When a row is, in words: its moment, how long after the start, or its number."""
    if table.time is not None and row < len(table) and not np.isnat(table.time[row]):
        if table.about.clock == "calendar":
            return "at " + str(table.time[row].astype("datetime64[s]")).replace("T", " ")
        if not np.isnat(table.time[0]):
            return f"{span(max(float((table.time[row] - table.time[0]).astype(np.int64) / 1e9), 0.0))} after the start"
    return f"from row {row:,}"
