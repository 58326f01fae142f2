"""Texts that say when, as people, instruments and spreadsheets write them: dates with a time of day, times of day
alone, durations. Each form is one pattern; its parts are taken out as whole columns and put together by arithmetic.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import ZONES
from .moment_forms import COMPILED, DATES, DURATIONS, ORDERS, form_of, month_number, plain_moment


@dataclass(frozen=True)
class Moments:
    """What a column of texts says: times, datetime64[ns] (rows,), NaT for what cannot be read; or seconds, float64, of
    times of day and durations. how: the form in words; other: another reading that fits as well, else "".
    """

    times: np.ndarray | None
    seconds: np.ndarray | None
    how: str
    other: str = ""
    form: str = ""
    spoiled: bool = False  # minutes and seconds without their hour
    half: bool = False  # with AM and PM


def read_moments(strings: pa.ChunkedArray, seen: list[str], day_first: bool | None) -> Moments | None:
    """What a column says whose cells, `seen` among them, mostly have one of the forms; None where they have none."""
    form, share = form_of(seen)
    if share < 0.6:
        return None
    plain = _plain_column(strings, seen)
    some = _plain_column(pa.chunked_array([pa.array(seen, pa.string())]), seen)
    if form.startswith("d "):
        return _durations(plain, form[2:])
    names = [
        form,
        *(name for name in DATES if name != form and any(COMPILED[name].match(t) for t in some.to_pylist() if t)),
    ]
    orders = _orders(some, form, day_first)
    order, other = orders[0], (orders[1] if len(orders) > 1 else "")
    times = _put_together(plain, names[0], order)
    for name in names[1:4]:
        left = np.isnat(times)
        if not left.any():
            break
        times = np.where(left, _put_together(plain, name, order), times)
    zoned = bool(pc.any(pc.match_substring_regex(plain, r"(?:z|utc|gmt|[0-9][+-]\d\d:?\d\d|\s[a-z]{3,4})$")).as_py())
    how = {"ab": order, "ab compact": order, "doy": "year and day of the year"}.get(
        form, _IN_WORDS.get(form, "year first")
    )
    return Moments(times, None, how + (", turned into UTC" if zoned else ""), other, form)


_IN_WORDS = {
    "dmony": "day, name of the month, year", "dmony glued": "day, name of the month, year",
    "mondy": "name of the month, day, year",
    "ctime": "name of the month, day, year", "month": "months", "ym": "months", "my": "months",
    "quarter": "quarters", "week": "weeks",
    "no year": "without a year, shown as if it were 1970",
}  # fmt: skip


def _plain_column(strings: pa.ChunkedArray, seen: list[str]) -> pa.ChunkedArray:
    """In small letters, without quotes; of intervals the beginning."""
    strings = pc.utf8_lower(pc.utf8_trim(strings, " '\""))
    if sum(plain_moment(cell) != cell.strip().strip("'\"").lower() for cell in seen) > 0.5 * len(seen):
        strings = pa.chunked_array(
            [pa.array([None if c is None else plain_moment(c) for c in strings.to_pylist()], pa.string())]
        )
    return strings


def _field(parts: Any, name: str, known: set[str]) -> np.ndarray:
    """A part as float64 numbers, NaN where it is not there."""
    if name not in known:
        return np.full(len(parts), np.nan)
    text = pc.struct_field(parts, name)
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)


def _mapped(parts: Any, name: str, known: set[str], how: Any) -> np.ndarray:
    """A part's words as numbers."""
    if name not in known:
        return np.full(len(parts), np.nan)
    coded = pc.dictionary_encode(pc.struct_field(parts, name))
    table = np.array([how(word.as_py() or "") for word in coded.dictionary] + [np.nan], float)
    return table[pc.fill_null(coded.indices, len(table) - 1).to_numpy(zero_copy_only=False)]


def _parts(plain: pa.ChunkedArray, pattern: str) -> tuple[Any, set[str]]:
    whole = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    return pc.extract_regex(whole, pattern), set(re.compile(pattern).groupindex)


def _seconds_of_day(parts: Any, known: set[str]) -> np.ndarray:
    """Seconds of the day; 0 where the clock is not written; NaN where it is none. 24:00 is the next midnight."""
    h, mi, s = (np.nan_to_num(_field(parts, name, known)) for name in ("h", "mi", "s"))
    fraction = np.zeros(len(h))
    if "f" in known:
        digits = pc.struct_field(parts, "f")
        text = pc.binary_join_element_wise("0.", pc.if_else(pc.equal(digits, ""), "0", digits), "")
        fraction = np.nan_to_num(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False))
    half = _mapped(parts, "p", known, lambda w: {"a": 0.0, "p": 12.0}.get(w[:1], np.nan))
    h = np.where(np.isfinite(half), h % 12 + np.nan_to_num(half), h)
    seconds = h * 3600 + mi * 60 + s + np.round(fraction, 9)
    return np.where((h > 24) | (mi > 59) | (s > 60), np.nan, seconds)


def _zone_minutes(word: str) -> float:
    match = re.fullmatch(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?", word)
    if match:
        return (1 if match[1] == "+" else -1) * (60 * int(match[2]) + int(match[3] or 0))
    return ZONES.get(word, 0)


def _orders(some: pa.ChunkedArray, form: str, day_first: bool | None) -> list[str]:
    """The order of day, month and year that fits best, and one that fits as well, if there is one."""
    if form not in ("ab", "ab compact"):
        return [""]
    parts, known = _parts(some, DATES[form])
    wide = bool(pc.any(pc.equal(pc.utf8_length(pc.struct_field(parts, "y")), 4)).as_py())
    names = [name for name in ORDERS if not (wide and name.startswith("year"))]
    if "p" in known and pc.any(pc.not_equal(pc.fill_null(pc.struct_field(parts, "p"), ""), "")).as_py():
        names[:2] = names[1::-1]  # who writes 6:30 PM writes the month first
    if day_first is not None:
        names = ["day first" if day_first else "month first"]
    judged = []
    for rank, name in enumerate(names):
        times = _put_together(some, form, name)
        there = times[~np.isnat(times)]
        steps = np.diff(there).astype(np.int64)
        back = min(int((steps < 0).sum()), int((steps > 0).sum()))
        uneven = int((steps != np.median(steps)).sum()) if len(steps) else 0
        moved = np.abs(steps[steps != 0])
        length = float(np.median(moved)) if len(moved) else 0.0
        judged.append(((int(np.isnat(times).sum()), back, uneven, length), rank, name))
    judged.sort()
    best = judged[0]
    return [
        best[2],
        *(name for score, _, name in judged[1:2] if score[:3] == best[0][:3] and not name.startswith("year")),
    ]


def _put_together(plain: pa.ChunkedArray, form: str, order: str) -> np.ndarray:
    """datetime64[ns] of the texts that have a form."""
    parts, known = _parts(plain, DATES[form])
    year, month, day = _date_parts(parts, known, order)
    year = np.where(year < 100, np.where(year < 70, year + 2000, year + 1900), year)
    fine = (year >= 1678) & (year <= 2261) & (month >= 1) & (month <= 12) & (day >= 1)
    safe = [np.where(fine, part, low).astype(np.int64) for part, low in ((year, 1970), (month, 1), (day, 1))]
    months = ((safe[0] - 1970) * 12 + safe[1] - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (safe[2] - 1)
    if "j" not in known and "w" not in known:
        fine &= days.astype("datetime64[M]") == months
    seconds = _seconds_of_day(parts, known) - 60 * np.nan_to_num(_mapped(parts, "z", known, _zone_minutes))
    fine &= np.isfinite(seconds)
    times = days.astype("datetime64[ns]") + np.round(np.nan_to_num(seconds) * 1e9).astype("timedelta64[ns]")
    times[~fine] = np.datetime64("NaT")
    return times


def _date_parts(parts: Any, known: set[str], order: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(year, month, day) as numbers, NaN for what is none."""
    if "a" in known:
        by = {name: _field(parts, name, known) for name in "aby"}
        day, month, year = (by[name] for name in ORDERS[order or "day first"])
        return year, month, np.where(day <= 31, day, np.nan)
    year = _field(parts, "y", known)
    if "mon" in known and "y" not in known:
        year = np.where(pc.is_valid(parts).to_numpy(zero_copy_only=False), 1970.0, np.nan)
    one = np.where(np.isfinite(year), 1.0, np.nan)
    month = _mapped(parts, "mon", known, month_number) if "mon" in known else _field(parts, "m", known)
    day = _field(parts, "d", known) if "d" in known else one
    if "j" in known:
        month, day = one, _field(parts, "j", known)
    if "q" in known:
        month = 3 * _field(parts, "q", known) - 2
    if "w" in known:  # ISO 8601: the first week holds the fourth of January
        fourth = np.array([f"{int(y):04}-01-04" if np.isfinite(y) else "NaT" for y in year], "datetime64[D]")
        weekday = (fourth.astype(np.int64) + 3) % 7
        month, day = (
            one,
            4 - weekday + 7 * (_field(parts, "w", known) - 1) + np.nan_to_num(_field(parts, "wd", known) - 1),
        )
        day = np.maximum(day, 1)
    return year, month, day


def _durations(plain: pa.ChunkedArray, form: str) -> Moments:
    """Seconds of times of day and durations."""
    parts, known = _parts(plain, DURATIONS[form])
    there = pc.is_valid(parts).to_numpy(zero_copy_only=False)
    total = 86_400 * np.nan_to_num(_field(parts, "dd", known))
    total += np.nan_to_num(_long_clock(parts, known))
    if "sg" in known:
        total *= np.where(np.isfinite(_mapped(parts, "sg", known, lambda w: 1.0 if w == "-" else np.nan)), -1.0, 1.0)
    total[~there] = np.nan
    long = form in ("days", "only days", "dotted days", "iso", "letters") or bool(
        np.nanmax(total, initial=0.0) > 86_400
    )
    if form == "minutes":
        finite = total[np.isfinite(total)]
        falls = int((np.diff(finite) < -1800).sum()) if len(finite) else 0
        if len(finite) and finite.max() < 3600 and falls:
            filled = _forward(total)
            total = total + 3600 * np.cumsum(np.r_[0, np.diff(filled) < -1800])
        return Moments(None, total, "minutes and seconds", form=form, spoiled=True)
    half = "p" in known and bool(pc.any(pc.not_equal(pc.fill_null(pc.struct_field(parts, "p"), ""), "")).as_py())
    return Moments(None, total, "a duration" if long else "a time of day", form=form, half=half)


def _long_clock(parts: Any, known: set[str]) -> np.ndarray:
    """As seconds of the day, but of hours and minutes without an end."""
    h, mi, s = (np.nan_to_num(_field(parts, name, known)) for name in ("h", "mi", "s"))
    fraction = np.zeros(len(h))
    if "f" in known:
        digits = pc.struct_field(parts, "f")
        text = pc.binary_join_element_wise("0.", pc.if_else(pc.equal(digits, ""), "0", digits), "")
        fraction = np.nan_to_num(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False))
    half = _mapped(parts, "p", known, lambda w: {"a": 0.0, "p": 12.0}.get(w[:1], np.nan))
    h = np.where(np.isfinite(half), h % 12 + np.nan_to_num(half), h)
    return h * 3600 + mi * 60 + s + fraction


def _forward(values: np.ndarray) -> np.ndarray:
    """With the last finite value carried on."""
    at = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), 0))
    return np.nan_to_num(values[at])
