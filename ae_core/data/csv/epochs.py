"""Numbers that say when: seconds since 1970 or 1904, days of spreadsheets, MATLAB and astronomers, dates written as one
number, and what has gone by since the start.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ...base.errors import LatentError
from .columns import Column
from .moments import read_moments
from .options import ORIGINS, TIME_UNITS
from .time_names import UNIT_WORDS, name_words, time_name, unit_of

LATEST_SERIAL = 58_500  # of spreadsheets' days: 2060
COARSE = 100.0  # of a step without a unit, from which on seconds are not the likeliest
UNIX, DAY = np.datetime64("1970-01-01", "ns"), 86_400.0
_TICKS = 621_355_968_000_000_000  # .NET's at 1970, of 100 ns since the year 1
_FILETIME = 116_444_736_000_000_000


@dataclass(frozen=True)
class Epoch:
    """One way to read a column of numbers as time. seconds since 1970 = numbers · scale + offset, or `times`
    themselves.

    start: whether it counts from the start of the file; confidence, other: how sure, and the next best reading.
    """

    how: str
    scale: float = 1.0
    offset: float = 0.0
    times: np.ndarray | None = None
    start: bool = False
    confidence: float = 0.95
    other: str = ""


def stamps(numbers: np.ndarray, scale: float, offset: float = 0.0) -> np.ndarray:
    """datetime64[ns] of numbers of `scale` seconds since 1970 less `offset` seconds; their last digits, which are
    rounding, are dropped; NaT outside 1678 to 2261.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        fine = np.abs(numbers * scale + offset) < 9.2e9
    times = np.full(len(numbers), np.datetime64("NaT"), "datetime64[ns]")
    whole = np.floor(numbers[fine])
    digits = 9 if len(whole) and np.abs(whole).max() < 1e6 else 6
    part = np.round((numbers[fine] - whole) * 10**digits) * (scale * 10 ** (9 - digits))
    shift = round(offset) * 1_000_000_000
    if scale < 1 and scale * 1e9 == round(scale * 1e9):
        times[fine] = (whole.astype(np.int64) * round(scale * 1e9) + part.astype(np.int64) + shift).astype(
            "datetime64[ns]"
        )
    else:
        exact = (whole.astype(np.int64) * round(scale) + round(offset)) * 1_000_000_000 + np.round(part).astype(
            np.int64
        )
        if scale >= DAY:  # fractions of a day are written to a second or a millisecond
            exact = np.round(exact / 1e6).astype(np.int64) * 1_000_000
        times[fine] = exact.astype("datetime64[ns]")
    return times


def epoch_of(column: Column, chosen: bool, first: bool) -> Epoch | None:
    """How a column of numbers is read as time; None where it is none.

    chosen: a person named it, so that it is one; first: whether it is the first column.
    """
    there = column.some
    if len(there) < 2 or not len(column):
        return None
    named = 1.0 if chosen else time_name(column.name)
    steps = np.diff(there)
    rising = float((steps >= 0).mean())
    if rising < 0.5:  # the newest row first
        rising = float((steps <= 0).mean())
    forward = rising > 0.99 and there[-1] != there[0]
    lonely = forward and bool((there == np.floor(there)).all()) and column.name.startswith("column ")
    for match in (
        _written(column, there, named, lonely),
        _since_1970(column, there, named, lonely),
        _days(column, there, named, forward),
        _elapsed(column, there, named, steps, first, chosen),
    ):
        if match:
            return match
    return None


def said_epoch(column: Column, unit: str, origin: str) -> Epoch:
    """The reading that a person said. Raises LatentError."""
    scale = TIME_UNITS.get(unit) or unit_of(column)
    if not origin:
        return Epoch(f"{unit or 's'} since the start, shown as if that were 1970", scale, start=True)
    day = ORIGINS.get(origin.lower(), origin)
    try:
        offset = _days_from_1970(day)
    except ValueError as error:
        raise LatentError(f"time-origin is one of {', '.join(ORIGINS)}, or a day such as 1904-01-01.") from error
    if not unit and origin.lower() in ("excel", "matlab", "julian", "mjd", "excel1904"):
        scale = DAY
    if origin.lower() == "filetime" and not unit:
        scale = 1e-7
    return Epoch(f"{unit or 'seconds' if scale == 1 else 'days'} since {origin}", scale, offset)


def _days_from_1970(day: str) -> float:
    moment = np.datetime64(day, "s")
    return float((moment - np.datetime64("1970-01-01", "s")).astype(np.int64))


def _written(column: Column, there: np.ndarray, named: float, lonely: bool) -> Epoch | None:
    """A date in one number: 20240131, 2024013106, 202401310600, 20240131060000, 2024031 of day of the year; 240131
    where the heading says YYMMDD.
    """
    if re.fullmatch(r"yy-?mm-?dd", column.name.strip().lower()) and (there == np.floor(there)).all():
        return _two_digits(column, there)
    if not (named >= 1 or lonely) or (there != np.floor(there)).any() or there.min() < 1_678_001:
        return None
    digits = len(str(int(there.max())))
    if digits not in (7, 8, 10, 12, 14, 17) or len(str(int(there.min()))) != digits:
        return None
    limit = 10 ** (digits - 4)
    if not (there.min() // limit >= 1800 and there.max() // limit <= 2199):
        return None
    texts = [str(int(n)) if np.isfinite(n) else None for n in column.numbers] if column.numbers is not None else []
    moments = read_moments(
        pa.chunked_array([pa.array(texts, pa.string())]), [t for t in texts if t][:: max(1, len(texts) // 400)], None
    )
    if moments is None or moments.times is None or np.isnat(moments.times).sum() > len(texts) - len(there):
        return None
    words = {7: "year and day of the year", 8: "year, month and day", 10: "year, month, day and hour"}
    return Epoch(
        f"{words.get(digits, 'year, month, day and time of day')} in one number", times=moments.times, confidence=0.97
    )


def _two_digits(column: Column, there: np.ndarray) -> Epoch | None:
    """Year, month and day of two digits each."""
    year, month, day = there // 10_000, there // 100 % 100, there % 100
    if not len(there) or there.min() < 0 or year.max() > 99 or not (month.min() >= 1 and month.max() <= 12):
        return None
    if not (day.min() >= 1 and day.max() <= 31) or column.numbers is None:
        return None
    texts = [None if np.isnan(n) else f"{2000 if n < 700_000 else 1900}"[:2] + f"{int(n):06d}" for n in column.numbers]
    moments = read_moments(pa.chunked_array([pa.array(texts, pa.string())]), [t for t in texts if t][:400], None)
    if moments is None or moments.times is None:
        return None
    return Epoch("year, month and day of two digits each in one number", times=moments.times, confidence=0.97)


def _since_1970(column: Column, there: np.ndarray, named: float, lonely: bool) -> Epoch | None:
    middle = float(np.median(there))
    if not (named > 0 or lonely):
        return None
    if 6e17 < middle < 6.8e17 or 1.1e17 < middle < 1.7e17:  # as nanoseconds since 1970 these would be of 1990 and 1974
        ticks, how = (_TICKS, ".NET's ticks") if middle > 6e17 else (_FILETIME, "Windows' file time")
        numbers = column.numbers if column.numbers is not None else there
        times = np.where(np.isfinite(numbers), np.nan_to_num(numbers) - ticks, 0).astype(np.int64) * 100
        return Epoch(
            how,
            times=np.where(np.isfinite(numbers), times, np.iinfo(np.int64).min).astype("datetime64[ns]"),
            confidence=0.97,
        )
    for scale, unit in ((1.0, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds")):
        since = middle * scale
        if scale == 1.0 and 2.84e9 <= since < 4.4e9:
            offset = _days_from_1970("1904-01-01")
            return Epoch(
                "seconds since 1904, as LabVIEW counts them", 1.0, offset, confidence=0.9, other="seconds since 1970"
            )
        if 3e8 <= since < 8e9:
            return Epoch(f"{unit} since 1970", scale)
    if 2.9e10 < middle < 6e10 and there.max() < 7e10:
        return Epoch(
            "millionths of a day since 1900, as WinCC counts them",
            DAY * 1e-6,
            _days_from_1970("1899-12-30"),
            confidence=0.9,
            other="milliseconds since the start",
        )
    return None


def _days(column: Column, there: np.ndarray, named: float, forward: bool) -> Epoch | None:
    """Days since some origin, or decimal years."""
    low, high, broken = float(there.min()), float(there.max()), bool((there != np.floor(there)).any())
    step = float(np.median(np.abs(np.diff(there))))
    words = name_words(column.name)
    if not forward or (named == 0 and not words & {"mjd", "jd", "year", "julian", "excel", "serial"}):
        return None
    if low >= 693_962 and high <= 770_000 and (broken or step <= 31):
        return Epoch(
            "days since the year 0, as MATLAB counts them", DAY, _days_from_1970("-0001-12-31"), confidence=0.96
        )
    if low >= 2_400_000 and high <= 2_500_000 and (broken or step <= 31):
        return Epoch("Julian days", DAY, _days_from_1970("-4713-11-24T12:00"), confidence=0.96)
    if (
        low >= 20_000
        and (high <= LATEST_SERIAL or "mjd" in words)
        and (broken or (step == 1 and words & {"date", "datum", "day", "fecha"}))
        and step <= 31
    ):
        if "mjd" in words:
            return Epoch("modified Julian days", DAY, _days_from_1970("1858-11-17"), confidence=0.96)
        if high - low < 20_000 and step < 32:
            return Epoch(
                "days since 1900, as spreadsheets count them",
                DAY,
                _days_from_1970("1899-12-30"),
                confidence=0.85,
                other="seconds since the start",
            )
    if low >= 1700 and high <= 2200 and (broken or "year" in words) and high - low < 400 and step <= 1.0001:
        return Epoch(
            "years",
            times=_years(column.numbers if column.numbers is not None else there),
            confidence=0.88,
            other="seconds since the start",
        )
    return None


def _years(numbers: np.ndarray) -> np.ndarray:
    year = np.floor(np.nan_to_num(numbers, nan=1970.0))
    start = (year.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    end = (year.astype(np.int64) - 1969).astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    seconds = start + np.round((np.nan_to_num(numbers, nan=1970.0) - year) * (end - start))
    times = (seconds * 1e9).astype(np.int64).astype("datetime64[ns]")
    times[np.isnan(numbers)] = np.datetime64("NaT")
    return times


def _elapsed(
    column: Column, there: np.ndarray, named: float, steps: np.ndarray, first: bool, chosen: bool
) -> Epoch | None:
    """What has gone by since the start, in the unit that the name or the file says."""
    scale = unit_of(column)
    back = int((steps < 0).sum())
    if back > max(1, 0.01 * len(steps)) or there[-1] <= there[0] or float(np.abs(there).max()) * scale >= 9e9:
        return None
    same = int((steps == 0).sum())
    how = f"{_unit_word(scale)} since the start, shown as if that were 1970"
    strict = back == 0 and same == 0
    middle = float(np.median(np.abs(steps)))
    unsaid = scale == 1.0 and column.unit.lower() not in UNIT_WORDS and not name_words(column.name) & set(UNIT_WORDS)
    if named >= 1 and unsaid and not chosen and middle >= COARSE and middle % 60 and (there == np.floor(there)).all():
        return Epoch(how, scale, start=True, confidence=0.6, other="milliseconds since the start")
    if named >= 1 and (strict or _linear(there)):
        return Epoch(how, scale, start=True, confidence=0.97)
    if named >= 1 and same < 0.9 * len(steps) and len(np.unique(there)) > 2:
        return Epoch(how, scale, start=True, confidence=0.85, other="no time")
    even = strict and len(steps) > 8 and np.abs(steps - np.median(steps)).max() <= 0.02 * np.median(steps)
    if named > 0 and even and (len(name_words(column.name)) <= 2 or column.unit.lower() in UNIT_WORDS):
        counting = bool((np.median(steps) == 1.0) and (there == np.floor(there)).all())
        if (
            not counting
            or column.unit.lower() in UNIT_WORDS
            or name_words(column.name) & {"s", "ms", "us", "ticks", "uptime", "frame"}
        ):
            return Epoch(how, scale, start=True, confidence=0.85 if first else 0.6, other="a counter")
    fractions = bool((there != np.floor(there)).any())
    if first and even and fractions and len(steps) >= 200:
        return Epoch(how, scale, start=True, confidence=0.75, other="a channel")
    if chosen and there[-1] > there[0]:
        return Epoch(how, scale, start=True)
    return None


def _unit_word(scale: float) -> str:
    return next((name for name, size in TIME_UNITS.items() if abs(size / scale - 1) < 1e-9), "s")


def _linear(there: np.ndarray) -> bool:
    """Whether numbers rise evenly but for the rounding of their digits, so that some are alike."""
    if len(there) < 20:
        return False
    gaps = np.diff(np.unique(there))
    resolution = float(np.median(gaps)) if len(gaps) else 0.0
    line = np.linspace(there[0], there[-1], len(there))
    return resolution > 0 and float(np.abs(there - line).max()) <= 1.6 * resolution


def times_of(column: Column, epoch: Epoch) -> tuple[np.ndarray, np.ndarray | None]:
    """(datetime64[ns] (rows,), the seconds they were made of, where those count from the start)."""
    if epoch.times is not None:
        return epoch.times, None
    numbers = column.numbers if column.numbers is not None else np.zeros(0)
    if not epoch.start:
        return stamps(numbers, epoch.scale, epoch.offset), None
    there = column.some
    if len(np.unique(there)) < len(there) and _linear(there) and len(there) == len(numbers):
        numbers = np.linspace(there[0], there[-1], len(there))
    return stamps(numbers, epoch.scale), numbers * epoch.scale
