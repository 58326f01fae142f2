"""Columns that count or only rise: as channels they make everything after the training stretch abnormal."""

import re
from collections.abc import Sequence

import numpy as np

from ...io.tables import name_list
from .cells import listed, words_of
from .columns import Column
from .table import Findings
from .time_names import name_words

COUNTERS = {
    "",
    "unnamed: 0",
    "#",
    "sample #",
    "no.",
    "nr.",
    *words_of("index idx id row rows no nr lfd record rn seq sequence"),
}
COUNTERS |= {
    *words_of("entry_id packet counter number num n obs observation line sample samples tick frame point zeile lfdnr")
}
IDENTIFIERS = {
    *words_of("id asset device serial station machine sensor unit site turbine engine node channel plant line batch")
}
GROWING = {
    *words_of(
        "total totals kwh mwh wh energy counter uptime odometer cumul cumulative cumulated runtime hours mileage count"
    ),
    *words_of(
        "pulses cycles seq sequence record id index ticks meter zählerstand betriebsstunden sum "
        "integral accumulated entry"
    ),
}
MIN_ROWS = 200  # below it a few values may rise by chance
Found = tuple[list[Column], list[Column]]


def without_counters(channels: list[Column], columns: Sequence[Column], findings: Findings) -> list[Column]:
    """The channels that measure something; says which ones do not, and asks where that is not sure."""
    first = columns[0]
    counters = [c for c in channels if len(channels) > 1 and is_counter(c, c is first)]
    fixed = [c for c in channels if c not in counters and _is_identifier(c)]
    rising = [c for c in channels if c not in counters and c not in fixed and only_rises(c)]
    left = [c for c in channels if c not in (*counters, *fixed, *rising)]
    if not any(len(np.unique(c.some)) > 1 for c in left):  # what is left says nothing: better too much than nothing
        if rising:
            _ask(rising, [], findings, kept=True)
        left = [c for c in channels if c not in (*counters, *fixed)] or channels
        rising, counters, fixed = [], *((counters, fixed) if left is not channels else ([], []))
    if counters:
        verb = "only counts the rows and is" if len(counters) == 1 else "only count the rows and are"
        names = repr(counters[0].name) if len(counters) == 1 else listed([c.name for c in counters])
        findings.note("counter", counters[0].name, f"{names} {verb} left out.")
    if fixed:
        verb = "names the device and is" if len(fixed) == 1 else "name the device and are"
        findings.note("identifier", tuple(c.name for c in fixed), f"{listed([c.name for c in fixed])} {verb} left out.")
    if rising:
        _ask(rising, left, findings, kept=False)
    return left


def _ask(rising: list[Column], left: list[Column], findings: Findings, kept: bool) -> None:
    names = listed([c.name for c in rising])
    verb, pronoun = ("rises", "it") if len(rising) == 1 else ("rise", "them")
    if kept:
        text = (
            f"{names} only {verb}, but there is no other channel: after the training stretch "
            f"everything may be abnormal by {pronoun}."
        )
    else:
        text = (
            f"{names} only {verb} and {'is' if len(rising) == 1 else 'are'} left out: by {pronoun} "
            "everything after the training stretch would be abnormal."
        )
    findings.note("rising", tuple(c.name for c in rising), text)
    sure = all(name_words(c.name) & GROWING or _parts(c.name) & GROWING for c in rising)
    chosen, other = ("channels", "counters") if kept else ("left out", "channels")
    findings.doubt(
        "columns", f"{names}: {chosen}", f"{other}, or their steps", 0.9 if sure and not kept else 0.7, text,
        {} if kept else {"columns": name_list([c.name for c in left])},
        {"steps": name_list([c.name for c in rising])},
    )  # fmt: skip


def _parts(name: str) -> set[str]:
    return {part for word in name_words(name) for part in re.split(r"[_\W\d]+", word) if part}


def is_counter(column: Column, first: bool) -> bool:
    """Whether whole numbers go up by one from row to row, beginning anew now and then."""
    there = column.some
    if len(there) < 2 or len(there) < len(column) or (there != np.floor(there)).any():
        return False
    name = column.name.lower()
    named = (
        name in COUNTERS
        or _parts(name) & {"index", "idx", "id", "seq", "record", "counter", "rownum", "entry"}
        or (first and (name in ("column 1", "row") or name.startswith("unnamed")))
    )
    steps = np.diff(there)
    ones = float((steps == 1).mean())
    if named:
        same = float((steps == np.median(steps)).mean())
        return ones == 1.0 or (len(steps) >= LARGE and (ones > 0.95 or (same > 0.99 and np.median(steps) > 0)))
    return first and len(steps) >= MIN_ROWS and ones > 0.999


LARGE = 20


def _is_identifier(column: Column) -> bool:
    there = column.some
    if len(column) < LARGE or not len(there) or (there != np.floor(there)).any():
        return False
    last = (re.split(r"[_\W]+", column.name.lower().strip()) or [""])[-1]
    return last in ("id", "serial", "asset", "no", "nr") and len(np.unique(there)) <= max(1, len(there) // 100)


def only_rises(column: Column) -> bool:
    """Whether a channel never falls, but for a reset or two, and has risen from its first row to its last."""
    there = column.some
    if len(there) < MIN_ROWS or there[-1] <= there[0]:
        return False
    steps = np.diff(there)
    falls = int((steps < 0).sum())
    if falls > max(0, len(steps) // 2000) or len(np.unique(there)) < 50:
        return False
    rising = float((steps > 0).mean())
    # A step or two upwards, or a few plateaus, are a signal; a counter moves on in much of its rows and all along.
    quarters = np.array_split(there, 4)
    return rising > 0.05 and all(part[-1] > part[0] for part in quarters)


def take_steps(numbers: np.ndarray) -> np.ndarray:
    """float64 (rows,): by how much a counter has gone on since its last value; NaN where it fell back, as at a reset.

    The first row has the step of the second, so that none is lost.
    """
    steps, there = np.full(len(numbers), np.nan), np.flatnonzero(np.isfinite(numbers))
    if len(there) > 1:
        gone = np.diff(numbers[there])
        steps[there[1:]] = np.where(gone < 0, np.nan, gone)
        steps[there[0]] = steps[there[1]]
    return steps
