"""Clocks of several columns: a date and a time of day; year, month, day and hour; year and day of the year."""

import re
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc

from .candidates import Candidate, Clock, is_days, quality
from .columns import Column
from .epochs import epoch_of
from .time_names import name_words, time_name

PARTS = {
    "year": "year yr yyyy jahr año ano annee année anno jaar rok 年",
    "month": "month mon mo mm monat mes mois mese maand 月",
    "day": "day dd tag dia día jour giorno dag dom 日",
    "hour": "hour hr hh stunde hora heure ora uur std 時 时",
    "minute": "minute min mn minuto 分",
    "second": "second sec ss segundo secondo seconde sekunde 秒",
    "doy": "doy dayofyear jday yday julian jd",
}

MICRO = {
    "millisecond": 1e-3,
    "microsecond": 1e-6,
    "msecs": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "usec": 1e-6,
    "microseconds": 1e-6,
    "ms": 1e-3,
    "msec": 1e-3,
    "millis": 1e-3,
    "milliseconds": 1e-3,
}

SHORT = {
    "YY": "year",
    "YYYY": "year",
    "MM": "month",
    "DD": "day",
    "hh": "hour",
    "HH": "hour",
    "mm": "minute",
    "ss": "second",
    "SS": "second",
    "MN": "minute",
    "MI": "minute",
    "DY": "day",
    "HR": "hour",
    "MO": "month",
    "YR": "year",
}

LIMITS = {
    "year": (0, 2200),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 24),
    "minute": (0, 59),
    "second": (0, 61),
    "doy": (1, 366.999),
}

UNNAMED = (  # what follows a year in columns without names, the finest first
    ("year", "month", "day", "hour", "minute", "second"),
    ("year", "month", "day", "hour", "minute"),
    ("year", "month", "day", "hhmm"),
    ("year", "month", "day", "hour"),
    ("year", "month", "day"),
    ("year", "doy", "hhmm"),
    ("year", "doy", "hour", "minute"),
    ("year", "doy"),
)
MIN_EVEN = 8  # steps

DAY = 86_400.0
SERIAL, UNIX_DAY, MAX_DAYS = (20_000, 58_000), 25_569, 31  # a spreadsheet's days from 1954 to 2058; 1970's; in a step
DATE_WORDS = {"date", "datum", "day", "dato", "fecha", "data", "päivä", "日期", "日付"}
MAX_DATES = 20  # columns of dates, of which each may have its clock; a table of thousands is no log


def parted(columns: list[Column]) -> list[Candidate]:
    """Clocks of several columns: a date and a time of day; year, month, day, hour; year and day of the year."""
    made = []
    dates = [
        c
        for c in columns
        if c.times is not None and is_days(c.times) and not c.how.startswith(("months", "quarters", "weeks"))
    ]
    dates += [c for c in columns if c.numbers is not None and time_name(c.name) >= 1 and written_days(c) is not None]
    beside = [(c, s) for c in columns if (s := day_seconds(c)) is not None] if dates else []
    made += _serial(columns)
    for column in dates[:MAX_DATES]:
        days = column.times if column.times is not None else written_days(column)
        clocks = [(c, s) for c, s in beside if c is not column]
        if clocks and days is not None:
            at = columns.index(column)
            other, seconds = min(clocks, key=lambda each: (_clock_rank(each[0]), abs(columns.index(each[0]) - at)))
            made.append(with_clock(column, other, days, seconds, columns))
    if (calendar := _calendar(columns) or _unnamed(columns)) is not None:
        made.append(calendar)
    return made


def _serial(columns: list[Column]) -> list[Candidate]:
    """The clock of a spreadsheet's serial day and the part of the day in the column after it."""
    for day, part in pairwise(columns):
        if not (name_words(day.name) & DATE_WORDS and day.whole and len(day.some) == len(day) and time_name(part.name)):
            continue
        steps, share = np.diff(day.some), part.some
        serial = SERIAL[0] <= day.some.min() and day.some.max() <= SERIAL[1] and (np.abs(steps) <= MAX_DAYS).all()
        if serial and len(share) and share.min() >= 0 and share.max() < 1 and len(np.unique(share)) > 2:
            days = (day.some - UNIX_DAY).astype("datetime64[D]").astype("datetime64[ns]")
            seconds = np.round(np.asarray(part.numbers) * DAY, 3)
            return [with_clock(day, part, days, seconds, columns)]
    return []


def _clock_rank(column: Column) -> int:
    return 0 if column.clock is not None and column.how != "a duration" else 1


def _part_as_interval(column: Column) -> np.ndarray | None:
    """Seconds of the day at which intervals begin that are written as 00-01 or "00 - 01"; None of other texts."""
    kinds = pc.unique(column.words.drop_null()).to_pylist() if column.words is not None else []
    parts = [re.fullmatch(r"(\d{1,2})(?:[:.h]00)?\s*[-–]\s*(\d{1,2})(?:[:.h]00)?", kind) for kind in kinds[:25]]
    if not 2 < len(kinds) <= 25 or not all(part and (int(part[2]) - int(part[1])) % 24 == 1 for part in parts):
        return None
    begins = {kind: 3600.0 * int(part[1]) for kind, part in zip(kinds, parts, strict=True) if part}
    return np.array([begins.get(cell, np.nan) for cell in column.words.to_pylist()])


def written_days(column: Column) -> np.ndarray | None:
    epoch = epoch_of(column, False, False) if column.whole else None
    return epoch.times if epoch and epoch.times is not None and is_days(epoch.times) else None


def day_seconds(column: Column) -> np.ndarray | None:
    """Seconds of the day of a column that stands beside a date; None of one that says none."""
    if column.clock is not None and np.isfinite(column.clock).any():
        return column.clock
    if (begins := _part_as_interval(column)) is not None:
        return begins
    words, there = name_words(column.name), column.some
    if not len(there) or column.numbers is None or there.min() < 0:
        return None
    part = _part_of(column)
    if part == "hour" and there.max() <= 24 and len(np.unique(there)) > 1:
        return column.numbers * 3600.0
    if (
        not (time_name(column.name) or words & {"hhmm", "hour", "hhmmss", "time", "hrmn", "hour_minute"})
        or (there != np.floor(there)).any()
    ):
        return None
    for limit, size in ((2400, 100), (240_000, 10_000)):  # 1430, 143000
        if there.max() <= limit and len(np.unique(there)) > 2:
            n = np.where(np.isfinite(column.numbers), column.numbers, 0)
            minutes, seconds = (n % 100, np.zeros(len(n))) if size == 100 else (n // 100 % 100, n % 100)
            if minutes.max() < 60 and seconds.max() < 60 and there.max() > (60 if size == 100 else 2400):
                return np.where(np.isfinite(column.numbers), n // size * 3600.0 + minutes * 60 + seconds, np.nan)
    return None


def with_clock(
    column: Column, other: Column, days: np.ndarray, seconds: np.ndarray, columns: list[Column]
) -> Candidate:
    """A date and a time of day, with the microseconds in a third column if there is one."""
    used = [column, other]
    if (gone := np.isnat(days)).mean() > 0.5 and not gone[0]:
        days = _held(days, seconds)
    if other.half and column.doubt is not None and column.how.startswith("day first"):
        days, column.how, column.doubt = _swapped(days), "month first", None  # as those write who write 6:30 PM
    fine = np.isfinite(seconds) & ~np.isnat(days)
    times = np.full(len(days), np.datetime64("NaT"), "datetime64[ns]")
    nanos = np.round(seconds[fine] * 1e9)
    at = columns.index(other) + 1
    if at < len(columns) and (
        size := next((MICRO[w] for w in name_words(columns[at].name) | {columns[at].unit.lower()} if w in MICRO), 0.0)
    ):
        part = columns[at].numbers
        if part is not None and np.nanmin(part, initial=0) >= 0 and np.nanmax(part, initial=0) * size < 1:
            nanos = nanos + np.round(np.nan_to_num(part[fine]) * size * 1e9)
            used.append(columns[at])
    times[fine] = days[fine].astype("datetime64[D]").astype("datetime64[ns]") + nanos.astype("timedelta64[ns]")
    how = column.how or "year, month and day in one number"
    return Candidate(Clock(tuple(used), times, how=how), 1.5 + 0.2 * time_name(column.name) + quality(times))


def _held(days: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Days that are written once, where they begin, for all their rows; a midnight without a date is the next day's."""
    known = ~np.isnat(days)
    at = np.maximum.accumulate(np.where(known, np.arange(len(days)), 0))
    midnights = np.cumsum(np.diff(seconds, prepend=seconds[0]) < 0)
    return days[at].astype("datetime64[D]") + (midnights - midnights[at])


def _swapped(days: np.ndarray) -> np.ndarray:
    """Days with day and month in each other's place, where both can be either."""
    months = days.astype("datetime64[M]")
    day, month = (days.astype("datetime64[D]") - months).astype(np.int64), months.astype(np.int64) % 12
    years = days.astype("datetime64[Y]").astype("datetime64[M]")
    swapped = (years + day).astype("datetime64[D]") + month
    return np.where(np.isnat(days), days, swapped.astype("datetime64[ns]"))


def _part_of(column: Column) -> str:
    bare = re.sub(r" \d+$", "", column.name.strip("# "))  # a second mm is "mm 2"
    if bare in SHORT:
        return SHORT[bare]
    words = name_words(column.name)
    glued = re.sub(r"[^a-z]", "", column.name.lower())
    for part, names in PARTS.items():
        if words & set(names.split()) or glued in names.split():
            return part
    return ""


def _calendar(columns: list[Column]) -> Candidate | None:
    """The clock of columns called year, month, day, hour, minute, second, or year and day of the year."""
    by: dict[str, Column] = {}
    for column in columns:
        part = _part_of(column)
        if part == "minute" and re.fullmatch(r"#?\s*mm", column.name) and "month" not in by and "hour" not in by:
            part = "month"  # yyyy mm dd hh mm, all small
        if part and part not in by and _may_be(column, part):
            by[part] = column
    if "doy" not in by and "year" in by and "month" not in by and "day" in by and by["day"].some.max() > 31:
        by["doy"] = by["day"]
    if "year" not in by or not ({"month", "day"} <= set(by) or "doy" in by or {"month"} <= set(by)):
        return None
    return _clock_of(by, columns)


def _may_be(column: Column, part: str) -> bool:
    low, high = LIMITS[part]
    there = column.some
    return bool(len(there) and low <= there.min() and there.max() <= high)


def _unnamed(columns: list[Column]) -> Candidate | None:
    """The clock of columns without names that hold a year and what follows it, evenly from row to row."""
    if not all(re.fullmatch(r"column \d+", column.name) for column in columns):
        return None
    for at, year in enumerate(columns):
        if not (year.whole and _may_be(year, "year") and year.some.min() >= 1950 and year.some.max() <= 2100):
            continue
        for parts in UNNAMED:
            there = columns[at : at + len(parts)]
            if len(there) < len(parts) or not all(c.whole and len(c.some) == len(c) for c in there):
                continue
            by = dict(zip(parts, there, strict=True))
            clock = by.pop("hhmm", None)
            if not all(_may_be(column, part) for part, column in by.items()):
                continue
            seconds = None if clock is None else _of_hhmm(clock)
            if clock is not None and seconds is None:
                continue
            made = _clock_of(by, [], None if clock is None or seconds is None else (clock, seconds))
            steps = np.diff(made.clock.times.astype(np.int64)) if made.clock.times is not None else np.zeros(0)
            if len(steps) > MIN_EVEN and (steps > 0).all() and (steps == np.median(steps)).mean() > 0.9:
                return made
    return None


def _of_hhmm(column: Column) -> np.ndarray | None:
    """Seconds of the day of numbers such as 1430; None of others."""
    there = column.some
    if there.max() <= 24:
        return None  # hours by themselves
    if there.min() < 0 or there.max() > 2400 or (there % 100).max() > 59 or len(np.unique(there)) < 3:
        return None
    return np.floor(np.asarray(column.numbers) / 100) * 3600.0 + np.asarray(column.numbers) % 100 * 60.0


def _clock_of(
    by: dict[str, Column], columns: list[Column], beside: tuple[Column, np.ndarray] | None = None
) -> Candidate:
    """The clock of parts in columns of their own. beside: a column with its seconds of the day, where it is known;
    columns: where one is looked for.
    """
    order = (
        ("year", "doy", "hour", "minute", "second")
        if "doy" in by
        else ("year", "month", "day", "hour", "minute", "second")
    )
    used = [by[part] for part in order if part in by]
    cells = {part: np.asarray(by[part].numbers) for part in order if part in by}
    numbers = {part: np.where(np.isfinite(column), column, np.nan) for part, column in cells.items()}
    year = np.asarray(numbers["year"])
    year = np.where(year < 100, np.where(year < 70, year + 2000, year + 1900), year)
    month, day = (np.asarray(numbers[part]) if part in numbers else np.ones(len(year)) for part in ("month", "day"))
    if "doy" in numbers:
        month, day = np.ones(len(year)), np.asarray(numbers["doy"])
    seconds = sum(
        size * np.nan_to_num(np.asarray(numbers[part]))
        for part, size in (("hour", 3600.0), ("minute", 60.0), ("second", 1.0))
        if part in numbers
    ) + np.zeros(len(year))
    if "hour" not in by and beside is None:
        rest = [(c, s) for c in columns if c not in used and (s := day_seconds(c)) is not None]
        beside = rest[0] if rest else None
    if beside is not None:
        seconds, used = np.asarray(beside[1]), [*used, beside[0]]
    fine = (
        np.isfinite(year)
        & np.isfinite(month)
        & np.isfinite(day)
        & np.isfinite(seconds)
        & (year >= 1678)
        & (year <= 2261)
    )
    whole = [np.where(fine, part, low).astype(np.int64) for part, low in ((year, 1970), (month, 1), (np.floor(day), 1))]
    months = ((whole[0] - 1970) * 12 + whole[1] - 1).astype("datetime64[M]")
    seconds = seconds + DAY * (day - np.floor(day))
    times = (months.astype("datetime64[D]") + (whole[2] - 1)).astype("datetime64[ns]") + np.round(
        np.nan_to_num(seconds) * 1e9
    ).astype("timedelta64[ns]")
    times[~fine] = np.datetime64("NaT")
    return Candidate(Clock(tuple(used), times, how="year, month, day … in columns of their own"), 1.4 + quality(times))


def together(picked: list[Column], columns: list[Column]) -> Candidate | None:
    """The clock of the columns that were named together."""
    for column in picked:
        days = column.times if column.times is not None else written_days(column)
        rest = [c for c in picked if c is not column]
        if days is not None and (seconds := day_seconds(rest[0])) is not None:
            return with_clock(column, rest[0], days, seconds, picked)
    return _calendar(picked)
