"""Which column, or which columns together, say when."""

import re
from dataclasses import replace

import numpy as np

from ...base.errors import LatentError
from ...io.tables import name_list
from .candidates import Candidate, Clock, is_days, quality
from .columns import Column, pick_column, sample_of
from .date_parts import parted, together, with_clock
from .epochs import Epoch, epoch_of, said_epoch, stamps, times_of
from .options import Options
from .sampling import DAY
from .table import SURE, Findings
from .time_names import time_name

NARROW = re.compile(r"#{3,}")
FEW = 0.02  # of the rows: with fewer moments than that the rest of their digits was lost
OTHERS = {  # what else a column of numbers may be, as settings; where none says it the rows are taken for even
    "seconds since 1970": {"time_origin": "unix"},
    "milliseconds since the start": {"time_unit": "ms"},
    "seconds since the start": {"time_unit": "s"},
}


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
        _ask_for_lost(columns, findings)
        findings.note("time", "none", "There is no time column: rows are taken for evenly spaced.")
        return Clock(others=_other_clocks(columns, ()))
    clock = chosen.clock
    _say(chosen, rivals, findings, bool(asked))
    return replace(clock, others=_other_clocks(columns, clock.columns))


def _ask_for_lost(columns: list[Column], findings: Findings) -> None:
    """Ask about what looks like times, but cannot be read as such, where nothing else says when."""
    for at, column in enumerate(columns[:20]):
        cell = _stamp_like(column) if column.words is not None else ""
        if (
            column.words is not None
            and time_name(column.name)
            and NARROW.fullmatch((sample_of(column.words) or [""])[0])
        ):
            findings.doubt(
                "time", "none", "what the spreadsheet holds", 0.6,
                f"{column.name!r} holds ####, as a spreadsheet writes what is wider than its column: make the column "
                "wider there and save it again, or go on without times.",
                {"time": "none"}, {},
            )  # fmt: skip
            return
        if column.numbers is not None and at < 2 and time_name(column.name) == 1 and len(np.unique(column.some)) > 20:
            cell = f"{column.some[0]:.10g}"
        if cell:
            findings.doubt(
                "time", "none", f"{column.name}, if its format is said", 0.6,
                f"{column.name!r} looks like times that cannot be read, such as {cell[:40]!r}: say how they are "
                "written (time, with time-format or time-unit), or go on without them.",
                {"time": "none"}, {},
            )  # fmt: skip
            return


def _stamp_like(column: Column) -> str:
    """A cell of a column of texts that are all different and hold digits, as times do, or that is called time; ""."""
    cells = sample_of(column.words)
    if len(cells) < 10 or not (time_name(column.name) == 1 or len(set(cells)) > 0.95 * len(cells)):
        return ""
    digits = sum(sum(c.isdigit() for c in cell) >= 4 for cell in cells)
    signs = sum(bool(re.search(r"\d[-./: TW,]\d", cell)) for cell in cells)
    return cells[0] if digits > 0.8 * len(cells) and (signs > 0.8 * len(cells) or time_name(column.name) == 1) else ""


def _say(chosen: Candidate, rivals: list[Candidate], findings: Findings, asked: bool) -> None:
    clock = chosen.clock
    names = [repr(column.name) for column in clock.columns]
    text = f"{names[0]} is the time ({clock.how})." if len(names) == 1 else (
        f"{', '.join(names[:-1])} and {names[-1]} together are the time ({clock.how})."
    )  # fmt: skip
    if clock.times is not None and (unread := int(np.isnat(clock.times).sum())):
        text += f" {unread:,} of its cells cannot be read as times."
        if not asked and 0.2 * len(clock.times) < unread < len(clock.times):
            findings.doubt(
                "time", clock.columns[0].name, "none", 0.7,
                f"{unread:,} of {len(clock.times):,} cells of {names[0]} cannot be read as times: say how they are "
                "written (time-format), or go on without it.",
                {"time": name_list([column.name for column in clock.columns])}, {"time": "none"},
            )  # fmt: skip
    for column in clock.columns:
        if column.doubt:
            findings.doubts.append(column.doubt)
    if clock.how.startswith(("day first", "month first")):
        findings.note("day_first", clock.how.startswith("day"), f"Dates are read {clock.how.split(',')[0]}.")
    findings.note("time", clock.columns[0].name, text)
    if asked:
        return
    known = clock.times[~np.isnat(clock.times)] if clock.times is not None else np.zeros(0)
    if len(known) > 50 and len(np.unique(known)) < FEW * len(known):
        findings.doubt(
            "time", clock.columns[0].name, "none", 0.6,
            f"{names[0]} hardly changes: {len(np.unique(known)):,} moments in {len(known):,} rows, as after a "
            "spreadsheet that has rounded them. Go on without it, or say the step.",
            {"time": name_list([column.name for column in clock.columns])}, {"time": "none"},
        )  # fmt: skip
    if any(column.spoiled for column in clock.columns):
        findings.doubt(
            "time", clock.columns[-1].name, "the hour is lost", 0.7,
            f"{clock.columns[-1].name!r} holds minutes and seconds without their hour, as a spreadsheet leaves them: "
            "the steps are right, the time of day may not be.",
            {}, {"time": "none"},
        )  # fmt: skip
    if chosen.confidence < SURE and chosen.other:
        findings.doubt(
            "time", f"{clock.columns[0].name}: {clock.how}", chosen.other, chosen.confidence,
            f"{clock.columns[0].name!r} is read as {clock.how}; it may be {chosen.other}.",
            {"time": name_list([clock.columns[0].name])},
            {"time": name_list([clock.columns[0].name]), **OTHERS[chosen.other]} if chosen.other in OTHERS
            else {"time": "none"},
        )  # fmt: skip
    near = [rival for rival in rivals if rival.score > chosen.score - 0.15 and _differs(rival.clock, clock)]
    if near:
        other = near[0].clock.columns[0].name
        findings.doubt(
            "time", clock.columns[0].name, other, 0.75,
            f"{clock.columns[0].name!r} and {other!r} both say when, and not alike: "
            f"{clock.columns[0].name!r} was taken.",
            {"time": name_list([column.name for column in clock.columns])},
            {"time": name_list([column.name for column in near[0].clock.columns])},
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
        clock = together(picked, columns)
        if clock is None:
            raise LatentError(
                f"{', '.join(c.name[:40] for c in picked)} together say no time: name a date and a time of day."
            )
        return clock
    column = picked[0]
    if column.numbers is not None and column.times is None and (options.time_unit or options.time_origin):
        return _of_epoch(column, said_epoch(column, options.time_unit, options.time_origin))
    alone = _alone(column, columns, True)
    if alone is None:
        raise LatentError(f"The column {column.name[:40]!r} holds no times: choose another time column, or none.")
    if alone.clock.kind == "calendar" and alone.clock.times is not None and is_days(alone.clock.times):
        day = next((c for c in columns if c.clock is not None and np.isfinite(c.clock).any()), None)
        if day is not None and day is not column:
            return with_clock(
                column, day, alone.clock.times, day.clock if day.clock is not None else np.zeros(0), columns
            )
    return alone


def _found(columns: list[Column]) -> tuple[Candidate | None, list[Candidate]]:
    """The likeliest clock, and the others."""
    candidates = [*parted(columns)]
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
        return Candidate(Clock((column,), column.times, how=column.how), 1.0 + 0.3 * named + quality(column.times))
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
        + (0 if epoch.start else quality(times))
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
