"""The stretch of a table that is normal: what a model learns."""

import re

import numpy as np

from ...base.errors import LatentError
from .table import Table


def normal_range(table: Table, normal: str, more: bool = False) -> tuple[int, int]:
    """(first row, row after the last) of START:END, in rows or in times, either end may be left out; of "" the first 60
    %.

    Rows count from 0 and END is the row after the last; times are those in the file, END included. more: the file goes
    on behind the table, and the stretch must not. Raises LatentError.
    """
    rows = len(table)
    if not normal.strip():
        return 0, max(1, round(0.6 * rows))
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
            f"A file this large is read in pieces, and what is normal lies within the first, {rows:,} rows{_between(table)}: {normal[:60]!r} does not."
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
