"""Which column, or which columns together, say when."""

import re
from dataclasses import dataclass, replace

import numpy as np

from ...base.errors import LatentError
from .columns import Column, pick_column
from .epochs import Epoch, epoch_of, name_words, said_epoch, stamps, time_name, times_of
from .options import Options
from .table import SURE, Findings

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
DAY = 86_400.0


@dataclass(frozen=True)
class Clock:
    """What says when. columns: of the file, those that were used; others: further clocks, which are no channels.

    times: datetime64[ns] (rows,), or None; seconds: float64 (rows,), of clocks that count from the start; how: in words;
    kind: "calendar", "start" or "day" (times of day alone); scale: seconds in a number of its column, 0 for texts.
    """

    columns: tuple[Column, ...] = ()
    times: np.ndarray | None = None
    seconds: np.ndarray | None = None
    how: str = ""
    kind: str = "calendar"
    scale: float = 0.0
    others: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A clock with how likely it is one, about 0 to 2, and what else it may be."""

    clock: Clock
    score: float
    confidence: float = 0.97
    other: str = ""


def choose_time(columns: list[Column], options: Options, findings: Findings, said: tuple[str, ...] = ()) -> Clock:
    """said: the columns that the file's format names. Raises LatentError for a column that is no time."""
    if options.time_step > 0 and not options.time:
        seconds = np.arange(len(columns[0])) * options.time_step
        findings.note(
            "time_step", options.time_step, f"Rows follow on each other every {options.time_step:g} s, as you said."
        )
        return Clock((), stamps(seconds, 1.0), seconds, kind="start")
    if options.no_time:
        findings.note("time", "none", "There is no time column: rows are taken for evenly spaced.")
        return Clock()
    asked = options.time or said
    chosen, rivals = (_asked(columns, asked, options), []) if asked else _found(columns)
    if chosen is None:
        findings.note("time", "none", "There is no time column: rows are taken for evenly spaced.")
        return Clock(others=_other_clocks(columns, ()))
    clock = chosen.clock
    _say(chosen, rivals, findings, bool(asked))
    return replace(clock, others=_other_clocks(columns, clock.columns))


def _say(chosen: Candidate, rivals: list[Candidate], findings: Findings, asked: bool) -> None:
    clock = chosen.clock
    names = [repr(column.name) for column in clock.columns]
    text = f"{names[0]} is the time ({clock.how})." if len(names) == 1 else (
        f"{', '.join(names[:-1])} and {names[-1]} together are the time ({clock.how})."
    )  # fmt: skip
    if clock.times is not None and (unread := int(np.isnat(clock.times).sum())):
        text += f" {unread:,} of its cells cannot be read as times."
    for column in clock.columns:
        if column.doubt:
            findings.doubts.append(column.doubt)
    if clock.how.startswith(("day first", "month first")):
        findings.note("day_first", clock.how.startswith("day"), f"Dates are read {clock.how.split(',')[0]}.")
    findings.note("time", clock.columns[0].name, text)
    if asked:
        return
    if any(column.spoiled for column in clock.columns):
        findings.doubt(
            "time", clock.columns[-1].name, "the hour is lost", 0.7,
            f"{clock.columns[-1].name!r} holds minutes and seconds without their hour, as a spreadsheet leaves them: "
            "the steps are right, the time of day may not be.",
        )  # fmt: skip
    if chosen.confidence < SURE and chosen.other:
        findings.doubt(
            "time", f"{clock.columns[0].name}: {clock.how}", chosen.other, chosen.confidence,
            f"{clock.columns[0].name!r} is read as {clock.how}; it may be {chosen.other}.",
        )  # fmt: skip
    near = [rival for rival in rivals if rival.score > chosen.score - 0.15 and _differs(rival.clock, clock)]
    if near:
        other = near[0].clock.columns[0].name
        findings.doubt(
            "time", clock.columns[0].name, other, 0.75,
            f"{clock.columns[0].name!r} and {other!r} both say when, and not alike: {clock.columns[0].name!r} was taken.",
        )  # fmt: skip


def _differs(one: Clock, other: Clock) -> bool:
    """Whether two clocks give the rows steps that are not alike."""
    if one.times is None or other.times is None:
        return True
    a, b = (np.diff(clock.times.astype(np.int64)) / 1e9 for clock in (one, other) if clock.times is not None)
    middle = [float(np.median(np.abs(steps))) if len(steps) else 0.0 for steps in (a, b)]
    return abs(middle[0] - middle[1]) > 0.1 * max(middle)


def _asked(columns: list[Column], names: tuple[str, ...], options: Options) -> Candidate:
    """The clock of the columns that a person, or the format, named. Raises LatentError."""
    whole = ", ".join(names)  # a heading may have a comma in it
    names = (whole,) if any(column.name == whole for column in columns) else names
    picked = [pick_column(columns, name, "the time") for name in names]
    if len(picked) > 1:
        together = _together(picked, columns)
        if together is None:
            raise LatentError(
                f"{', '.join(c.name[:40] for c in picked)} together say no time: name a date and a time of day."
            )
        return together
    column = picked[0]
    if column.numbers is not None and column.times is None and (options.time_unit or options.time_origin):
        return _of_epoch(column, said_epoch(column, options.time_unit, options.time_origin))
    alone = _alone(column, columns, True)
    if alone is None:
        raise LatentError(f"The column {column.name[:40]!r} holds no times: choose another time column, or none.")
    if alone.clock.kind == "calendar" and alone.clock.times is not None and _is_days(alone.clock.times):
        day = next((c for c in columns if c.clock is not None and np.isfinite(c.clock).any()), None)
        if day is not None and day is not column:
            return _with_clock(
                column, day, alone.clock.times, day.clock if day.clock is not None else np.zeros(0), columns
            )
    return alone


def _found(columns: list[Column]) -> tuple[Candidate | None, list[Candidate]]:
    """The likeliest clock, and the others."""
    candidates = [*_parted(columns)]
    for column in columns:
        alone = _alone(column, columns, False)
        candidates += [alone] if alone else []
    ranked = sorted(range(len(candidates)), key=lambda i: (-round(candidates[i].score, 2), i))
    ordered = [candidates[i] for i in ranked]
    return (ordered[0], ordered[1:]) if ordered else (None, [])


def _alone(column: Column, columns: list[Column], chosen: bool) -> Candidate | None:
    """The clock that a single column is."""
    first = column is columns[0]
    named = time_name(column.name)
    if column.times is not None:
        if column.numbers is not None and not chosen and named == 0:
            return None  # a second clock in numbers is a channel after all
        return Candidate(Clock((column,), column.times, how=column.how), 1.0 + 0.3 * named + _quality(column.times))
    if column.clock is not None and np.isfinite(column.clock).any():
        return _of_day(column, named)
    if column.numbers is not None and (epoch := epoch_of(column, chosen, first)):
        return _of_epoch(column, epoch, named)
    return None


def _of_epoch(column: Column, epoch: Epoch, named: float = 1.0) -> Candidate:
    times, seconds = times_of(column, epoch)
    kind = "start" if epoch.start else "calendar"
    score = (
        (0.3 if epoch.start else 0.9)
        + 0.3 * named
        + 0.3 * (epoch.confidence - 0.5)
        + (0 if epoch.start else _quality(times))
    )
    clock = Clock((column,), times, seconds, epoch.how, kind, 0.0 if epoch.times is not None else epoch.scale)
    return Candidate(clock, score, epoch.confidence, epoch.other)


def _of_day(column: Column, named: float) -> Candidate:
    """Times of day without a day, or durations: where a clock falls back by half a day, the next day has begun."""
    clock = column.clock if column.clock is not None else np.zeros(0)
    seconds = clock
    if column.how != "a duration":
        passed = np.cumsum(np.r_[0, np.diff(_carried(clock)) < -43_200])
        seconds = clock + DAY * passed
    how = "a duration" if column.how == "a duration" else "a time of day, shown as if it were of 1970"
    if column.spoiled:
        how = "minutes and seconds, shown as if they were of 1970"
    score = 0.5 + 0.3 * named + 0.2 * (column.how == "a duration")
    kind = "start" if column.how == "a duration" or column.spoiled else "day"
    return Candidate(Clock((column,), stamps(seconds, 1.0), seconds, how, kind), score)


def _carried(values: np.ndarray) -> np.ndarray:
    """With the last finite value carried on, and the first one back to the beginning."""
    finite = np.flatnonzero(np.isfinite(values))
    at = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), finite[0]))
    return values[at]


def _quality(times: np.ndarray) -> float:
    """What speaks for and against moments as the clock of the rows, about −0.6 to 0.2."""
    there = times[~np.isnat(times)]
    if len(there) < 2:
        return -0.6
    steps = np.diff(there).astype(np.int64)
    moving = (steps != 0).mean()
    ahead = max(float((steps >= 0).mean()), float((steps <= 0).mean()))
    return (
        0.2 * bool((there.astype("datetime64[D]") != there).any())
        - 0.6 * (moving < 0.02)
        - 0.5 * (ahead < 0.9)
        - 0.3 * (1 - len(there) / len(times))
    )


def _is_days(times: np.ndarray) -> bool:
    return bool(((times.astype("datetime64[D]").astype("datetime64[ns]") == times) | np.isnat(times)).all())


def _parted(columns: list[Column]) -> list[Candidate]:
    """Clocks of several columns: a date and a time of day; year, month, day, hour; year and day of the year."""
    made = []
    dates = [
        c
        for c in columns
        if c.times is not None and _is_days(c.times) and not c.how.startswith(("months", "quarters", "weeks"))
    ]
    dates += [c for c in columns if c.numbers is not None and time_name(c.name) >= 1 and _written_days(c) is not None]
    for column in dates:
        days = column.times if column.times is not None else _written_days(column)
        clocks = [(c, s) for c in columns if c is not column and (s := _day_seconds(c)) is not None]
        if clocks and days is not None:
            at = columns.index(column)
            other, seconds = min(clocks, key=lambda each: (_clock_rank(each[0]), abs(columns.index(each[0]) - at)))
            made.append(_with_clock(column, other, days, seconds, columns))
    if (calendar := _calendar(columns)) is not None:
        made.append(calendar)
    return made


def _clock_rank(column: Column) -> int:
    return 0 if column.clock is not None and column.how != "a duration" else 1


def _written_days(column: Column) -> np.ndarray | None:
    epoch = epoch_of(column, False, False) if column.whole else None
    return epoch.times if epoch and epoch.times is not None and _is_days(epoch.times) else None


def _day_seconds(column: Column) -> np.ndarray | None:
    """Seconds of the day of a column that stands beside a date; None of one that says none."""
    if column.clock is not None and np.isfinite(column.clock).any():
        return column.clock
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
            n = column.numbers
            minutes, seconds = (n % 100, np.zeros(len(n))) if size == 100 else (n // 100 % 100, n % 100)
            if np.nanmax(minutes) < 60 and np.nanmax(seconds) < 60 and there.max() > (60 if size == 100 else 2400):
                return np.asarray(n // size * 3600.0 + minutes * 60 + seconds)
    return None


def _with_clock(
    column: Column, other: Column, days: np.ndarray, seconds: np.ndarray, columns: list[Column]
) -> Candidate:
    """A date and a time of day, with the microseconds in a third column if there is one."""
    used = [column, other]
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
    return Candidate(Clock(tuple(used), times, how=how), 1.5 + 0.2 * time_name(column.name) + _quality(times))


def _swapped(days: np.ndarray) -> np.ndarray:
    """Days with day and month in each other's place, where both can be either."""
    months = days.astype("datetime64[M]")
    day, month = (days.astype("datetime64[D]") - months).astype(np.int64), months.astype(np.int64) % 12
    years = days.astype("datetime64[Y]").astype("datetime64[M]")
    swapped = (years + day).astype("datetime64[D]") + month
    return np.where(np.isnat(days), days, swapped.astype("datetime64[ns]"))


def _part_of(column: Column) -> str:
    bare = column.name.strip("# ")
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
    limits = {
        "year": (0, 2200),
        "month": (1, 12),
        "day": (1, 31),
        "hour": (0, 24),
        "minute": (0, 59),
        "second": (0, 61),
        "doy": (1, 366.999),
    }
    for column in columns:
        part, there = _part_of(column), column.some
        if part and part not in by and len(there) and limits[part][0] <= there.min() and there.max() <= limits[part][1]:
            by[part] = column
    if "doy" not in by and "year" in by and "month" not in by and "day" in by and by["day"].some.max() > 31:
        by["doy"] = by["day"]
    if "year" not in by or not ({"month", "day"} <= set(by) or "doy" in by or {"month"} <= set(by)):
        return None
    order = (
        ("year", "doy", "hour", "minute", "second")
        if "doy" in by
        else ("year", "month", "day", "hour", "minute", "second")
    )
    used = [by[part] for part in order if part in by]
    numbers = {part: by[part].numbers for part in order if part in by}
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
    if "hour" not in by:
        rest = [c for c in columns if c not in used and _day_seconds(c) is not None]
        if rest:
            seconds, used = np.asarray(_day_seconds(rest[0])), [*used, rest[0]]
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
    return Candidate(Clock(tuple(used), times, how="year, month, day … in columns of their own"), 1.4 + _quality(times))


def _together(picked: list[Column], columns: list[Column]) -> Candidate | None:
    """The clock of the columns that were named together."""
    for column in picked:
        days = column.times if column.times is not None else _written_days(column)
        rest = [c for c in picked if c is not column]
        if days is not None and (seconds := _day_seconds(rest[0])) is not None:
            return _with_clock(column, rest[0], days, seconds, picked)
    return _calendar(picked)


def _other_clocks(columns: list[Column], used: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns that say when as well: no channels."""
    others = []
    for column in columns:
        if column in used:
            continue
        if (
            (column.times is not None and column.numbers is None)
            or column.clock is not None
            or (used and column.numbers is not None and _is_second_clock(column))
        ):
            others.append(column)
    return tuple(others)


def _is_second_clock(column: Column) -> bool:
    """Whether numbers are a clock beside the one that was taken: they rise throughout and are called so."""
    there = column.some
    if len(there) < 20 or time_name(column.name) < 0.5:
        return False
    steps = np.diff(there)
    return bool((steps >= 0).mean() > 0.99 and there[-1] > there[0] and epoch_of(column, False, False) is not None)
