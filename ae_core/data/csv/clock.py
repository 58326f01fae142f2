"""Which column is the time, and how evenly it runs."""

import re

import numpy as np
import pandas as pd

from ...base.errors import LatentError
from .cells import span, words_of
from .columns import Column, pick_column
from .table import Note
from .times import stamps

TIMELIKE = {
    *words_of("time times timestamp datetime date ts t epoch unix unixtime utc clock zeit zeitstempel datum uhrzeit")
}
TIMELIKE |= {*words_of("fecha hora heure temps horodatage ora tijd tid")}
ELAPSED = TIMELIKE | {
    *words_of("elapsed seconds second sec s ms milliseconds us µs ns min minutes h hours since start in")
}
SECONDS = {
    "ms": 1e-3,
    "milliseconds": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "ns": 1e-9,
    "min": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hours": 3600.0,
}


def name_words(column: Column) -> set[str]:
    return set(re.findall(r"[^\W_]+", column.name.lower()))


def is_clock(column: Column, chosen: bool) -> bool:
    """Turn a column of numbers into times, in place, where it is a clock: seconds since 1970 or since the start, or
    20240131.
    """
    numbers, words = column.numbers, name_words(column)
    if numbers is None or not len(numbers) or not np.isfinite(numbers).any():
        return False
    there = numbers[np.isfinite(numbers)]
    middle, forward = float(np.median(there)), bool((np.diff(there) >= 0).all()) and there[-1] > there[0]
    for scale, unit in ((1.0, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds")):
        if 3e8 <= middle * scale < 8e9 and (
            chosen or words & TIMELIKE or (forward and column.whole and column.name.startswith("column "))
        ):
            column.times, column.how, column.scale = stamps(numbers, scale), f"{unit} since 1970", scale
            return True
    if column.whole and there.min() > 19_000_000 and there.max() < 23_000_000 and (chosen or words & TIMELIKE):
        written = pd.Series(numbers).astype("Int64").astype("str")
        days = pd.to_datetime(written, format="%Y%m%d", errors="coerce")
        if days.notna().sum() == len(there):
            column.times, column.how = days.to_numpy("datetime64[ns]"), "year, month and day in one number"
            return True
    unit = column.unit.lower() or next(iter(words & set(SECONDS)), "s")
    steady = forward and len(there) > 2 and bool((np.diff(there) > 0).all())
    named = words & (TIMELIKE | {"elapsed", "seconds"}) and words <= ELAPSED
    if steady and (chosen or named) and float(np.abs(there).max()) * SECONDS.get(unit, 1.0) < 9e9:
        column.scale = SECONDS.get(unit, 1.0)
        column.times, column.how = (
            stamps(numbers, column.scale),
            f"{unit} since the start, shown as if that were 1970",
        )
        return True
    return False


def choose_time(columns: list[Column], asked: str | None, notes: list[Note]) -> list[Column | None]:
    """The column that is the time, or None, and the one with the time of day if that was another."""
    chosen = None
    if asked and asked.lower() != "none":
        chosen = pick_column(columns, asked, "the time")
        if chosen.times is None and not is_clock(chosen, True):
            raise LatentError(f"The column {chosen.name[:40]!r} holds no times: choose another time column, or none.")
    elif not asked:
        candidates = [c for c in columns if c.times is not None or is_clock(c, False)]
        chosen = next((c for c in candidates if name_words(c) & TIMELIKE), next(iter(candidates), None))
    for column in columns:
        if column.times is not None and column is not chosen and column.numbers is not None:
            column.times = None  # a second clock in numbers is a channel after all
    day = next((c for c in columns if c.clock is not None and np.isfinite(c.clock).any()), None)
    if chosen is None and day is not None and not asked:
        # A clock alone: where it falls back by half a day, the next day has begun.
        passed = np.cumsum(np.r_[0, np.diff(pd.Series(day.clock).ffill().bfill()) < -43_200])
        day.times, day.clock, day.how = (
            stamps(day.clock + 86_400.0 * passed, 1.0),
            None,
            "a time of day, shown as if it were of 1970",
        )
        chosen, day = day, None
    if chosen is None:
        notes.append(Note("time", "none", "There is no time column: rows are taken for evenly spaced."))
        return [None]
    says = f"{chosen.name!r} is the time ({chosen.how})."
    midnight = chosen.times.astype("datetime64[D]").astype("datetime64[ns]")
    parts = [chosen]
    if day is not None and ((midnight == chosen.times) | np.isnat(chosen.times)).all():
        parts.append(day)
        fine = np.isfinite(day.clock) & ~np.isnat(chosen.times)
        times = np.full(len(midnight), np.datetime64("NaT"), "datetime64[ns]")
        times[fine] = midnight[fine] + np.round(day.clock[fine] * 1e9).astype("timedelta64[ns]")
        chosen.times, says = times, f"{chosen.name!r} and {day.name!r} together are the time ({chosen.how})."
    if unread := int(np.isnat(chosen.times).sum()):
        says += f" {unread:,} of its cells cannot be read as times."
    if chosen.how.startswith(("day first", "month first")):
        notes.append(Note("day_first", chosen.how.startswith("day"), f"Dates are read {chosen.how.split(',')[0]}."))
    notes.append(Note("time", chosen.name, says))
    return parts


def sampling(times: np.ndarray, notes: list[Note]) -> float | None:
    """The median step in seconds; says how even it is."""
    between = np.diff(times[~np.isnat(times)]).astype(np.int64) / 1e9
    if not len(between) or not (between != 0).any():
        return None
    direction = -1.0 if (between < 0).sum() > (between > 0).sum() else 1.0
    between *= direction
    step = float(np.median(between[between > 0]))
    gaps = between[between > 1.5 * step]
    odd = int((np.abs(between - step) > 0.02 * step).sum())
    many = f"all but {odd:,}" if odd < 0.01 * len(between) else f"{100 * (1 - odd / len(between)):.2g} %"
    says = f"A row every {span(step)}, " + (f"{many} of them within 2 % of that." if odd else "all of them.")
    if direction < 0:
        says += " The newest row comes first."
    back, same = int((between < 0).sum()), int((between == 0).sum())
    if back:
        says += f" Time runs backwards in {back:,} place{'s' * (back > 1)}."
    if same:
        says += f" {same:,} row{'s have' if same > 1 else ' has'} the same time as the one before."
    notes.append(Note("sampling", step, says))
    if len(gaps):
        longest = float(gaps.max())
        notes.append(
            Note(
                "gaps",
                len(gaps),
                f"{len(gaps):,} gap{'s' * (len(gaps) > 1)}, the longest {span(longest)} ({longest / step:,.0f} steps).",
            )
        )
    return step
