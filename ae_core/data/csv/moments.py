"""Texts that say when, as people, instruments and spreadsheets write them: dates with a time of day, times of day alone,
durations. Each form is one pattern; its parts are taken out as whole columns and put together by arithmetic.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import MONTHS, ZONES

_MONTH = r"(?P<mon>[a-zà-ÿ]{3,10}\.?)"
_CLOCK = (
    r"(?P<h>\d{1,2})(?:(?:[:.h_-]|时|時)\s?(?P<mi>\d{2})(?:(?:[:.m_-]|min|分)\s?(?P<s>\d{2})(?:[.,:](?P<f>\d{1,9}))?)?)?"
    r"(?:\s?(?:s|秒|分|uhr|hrs?))?\s*(?P<p>[ap]\.?\s?m\.?)?"
)
_COMPACT = r"(?P<h>\d{2})(?:(?P<mi>\d{2})(?:(?P<s>\d{2})(?:[.,]?(?P<f>\d{1,9}))?)?)?"
_ZONE = (
    r"(?:\s*(?P<z>z|(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[+-]\d{2}|[a-z]{3,4}))?(?:\s+[a-z]{3,4})?"
    r"(?:\s*\[[a-z_/+-]+\])?(?:\s+m=.*)?"
)
_REST = rf"(?:(?:t|,?\s+(?:a las |at |um )?|\s*[-–]\s+|[_:/;-]){_CLOCK}{_ZONE})?"
_DAY = r"(?:[a-zà-ÿ]{2,10}\.?,?\s+)?"
DATES = {
    "ymd": rf"^{_DAY}(?P<y>\d{{4}})[-./: ](?P<m>\d{{1,2}})[-./: ](?P<d>\d{{1,2}}){_REST}$",
    "ab": rf"^{_DAY}(?P<a>\d{{1,2}})[-./ ]\s?(?P<b>\d{{1,2}})[-./ ]\s?(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "dmony": rf"^{_DAY}(?P<d>\d{{1,2}})\.?[-/ ]?(?:\s?de\s|\s?)?{_MONTH}(?:\s?de\s|[-./, ]+\s?)(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "dmony glued": rf"^(?P<d>\d{{1,2}})(?P<mon>[a-z]{{3}})(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "mondy": rf"^{_DAY}{_MONTH}[-./ ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ -]+(?P<y>\d{{4}}){_REST}$",
    "ymond": rf"^(?P<y>\d{{4}})[-./ ]?{_MONTH}[-./ ]?(?P<d>\d{{1,2}}){_REST}$",
    "ctime": rf"^{_DAY}{_MONTH}\s+(?P<d>\d{{1,2}}),?\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})$",
    "compact": rf"^(?P<y>(?:19|20)\d{{2}})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:[t _:-]?{_COMPACT}{_ZONE})?$",
    "compact clock": rf"^(?P<y>(?:19|20)\d{{2}})(?P<m>[01]\d)(?P<d>[0-3]\d){_REST}$",
    "dashed compact": rf"^(?P<y>(?:19|20)\d{{2}})[-./](?P<m>[01]\d)[-./](?P<d>[0-3]\d)[t _-]{_COMPACT}{_ZONE}$",
    "ab compact": rf"^(?P<a>\d{{1,2}})[-./](?P<b>\d{{1,2}})[-./](?P<y>\d{{4}}|\d{{2}})[t _-]{_COMPACT}{_ZONE}$",
    "doy": rf"^(?P<y>(?:19|20)\d{{2}})[-/. ]?(?P<j>[0-3]\d{{2}}){_REST}$",
    "cjk": rf"^(?P<y>\d{{4}})[年년]\s?(?P<m>\d{{1,2}})[月월]\s?(?P<d>\d{{1,2}})[日일号]?(?:\s*{_CLOCK}{_ZONE})?$",
    "month": rf"^{_MONTH}[-./ ']+(?P<y>\d{{4}}|\d{{2}})$",
    "ym": r"^(?P<y>(?:19|20)\d{2})[-./ ]?m?(?P<m>[01]?\d)$",
    "my": r"^(?P<m>[01]?\d)[-./](?P<y>(?:19|20)\d{2})$",
    "quarter": r"^(?P<y>(?:19|20)\d{2})[-/ ]?q(?P<q>[1-4])$",
    "week": r"^(?P<y>(?:19|20)\d{2})[-/ ]?w(?P<w>\d{1,2})(?:-(?P<wd>[1-7]))?$",
    "no year": rf"^{_DAY}{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_ZONE}$",
}
DURATIONS = {
    "days": r"^(?P<sg>-)?(?:(?P<dd>\d+)\s*d(?:ays?|\.)?[ ,]*\+?)(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?$",
    "only days": r"^(?P<sg>-)?(?P<dd>\d+)\s*days?$",
    "dotted days": r"^(?P<sg>-)?(?P<dd>\d{1,5})\.(?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?$",
    "iso": r"^(?P<sg>-)?p(?:(?P<dd>\d+)d)?t(?:(?P<h>\d+)h)?(?:(?P<mi>\d+)m)?(?:(?P<s>\d+)(?:[.,](?P<f>\d{1,9}))?s)?$",
    "clock": r"^(?P<sg>-)?(?P<h>\d{1,5})[:h](?P<mi>\d{2})(?:[:m](?P<s>\d{2})(?:[.,:;](?P<f>\d{1,9}))?s?)?\s*(?P<p>[ap]\.?\s?m\.?)?(?:\s*(?:z|utc|gmt|uhr|h))?$",
    "dotted": r"^(?P<h>[0-2]?\d)[.-](?P<mi>[0-5]\d)[.-](?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,9}))?$",
    "minutes": r"^(?P<mi>\d{1,5}):(?P<s>\d{2})[.,](?P<f>\d{1,9})$",
    "letters": r"^(?:(?P<dd>\d+)\s?d(?:ays?)?\s?)?(?:(?P<h>\d+)\s?h(?:ours?|rs?)?\s?)?(?:(?P<mi>\d+)\s?m(?:in)?\s?)?(?:(?P<s>\d+)(?:[.,](?P<f>\d{1,9}))?\s?s(?:ec)?)$",
    "cjk": r"^(?P<h>\d{1,2})[时時点]\s?(?P<mi>\d{1,2})分(?:\s?(?P<s>\d{1,2})秒)?$",
}
_INTERVALS = (  # of two moments, the first of which is taken
    re.compile(r"^(\S.*?\S)(?:\s+[-–—]\s+|\s+(?:to|bis|until|--)\s+|\s*(?:→|~)\s*)\S.*$", re.IGNORECASE),
    re.compile(r"^([^/]{6,})\s*/\s*[^/]{4,}$"),
)
_COMPILED = {
    name: re.compile(pattern) for name, pattern in {**DATES, **{f"d {k}": v for k, v in DURATIONS.items()}}.items()
}
ORDERS = {"day first": ("a", "b", "y"), "month first": ("b", "a", "y"), "year first, of two digits": ("y", "b", "a")}


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


def form_of(cells: Iterable[str]) -> tuple[str, float]:
    """(the form that most of the cells have, their share); ("", 0.0) where none has any."""
    texts = [_plain(cell) for cell in cells]
    best, most = "", 0
    for name, pattern in _COMPILED.items():
        count = sum(bool((match := pattern.match(text)) and _sound(match)) for text in texts)
        if count > most:
            best, most = name, count
    return best, most / max(len(texts), 1)


def is_moment(cell: str) -> bool:
    """Whether a single cell is written as a moment or a duration, in a way that nothing else is."""
    if len(cell) < 6 or not any(c.isdigit() for c in cell) or len(cell) > 80:
        return False
    text = _plain(cell)
    return any(
        (match := pattern.match(text)) and _sound(match)
        for name, pattern in _COMPILED.items()
        if name not in ("ym", "my", "doy", "month", "compact", "d letters", "d dotted days")
    )


def _plain(cell: str) -> str:
    cell = cell.strip().strip("'\"").lower()
    for pattern in _INTERVALS:
        match = pattern.match(cell)
        if match and any(form.match(match[1].strip()) for form in _COMPILED.values()) and not _whole(cell):
            return match[1].strip()
    return cell


def _whole(cell: str) -> bool:
    return any(pattern.match(cell) for name, pattern in _COMPILED.items() if name not in ("ab compact",))


def _sound(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    if parts.get("mon") and not month_number(parts["mon"]):
        return False
    limits = (
        ("m", 1, 12),
        ("d", 1, 31),
        ("h", 0, 10_000_000),
        ("mi", 0, 10_000_000),
        ("s", 0, 99),
        ("j", 1, 366),
        ("w", 1, 53),
    )
    return all(not parts.get(name) or low <= int(parts[name]) <= high for name, low, high in limits) and (
        not parts.get("a")
        or (1 <= int(parts["a"]) <= (31 if len(parts["y"]) == 4 else 99) and 1 <= int(parts["b"]) <= 31)
    )


def month_number(name: str) -> int:
    """1 to 12 of a month's name in one of several languages, 0 of another word."""
    name = name.strip(". ").lower()
    return next((MONTHS[name[:n]] for n in (5, 4, 3) if name[:n] in MONTHS), 0)


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
        *(name for name in DATES if name != form and any(_COMPILED[name].match(t) for t in some.to_pylist() if t)),
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
    "dmony": "day, name of the month, year", "dmony glued": "day, name of the month, year", "mondy": "name of the month, day, year",
    "ctime": "name of the month, day, year", "month": "months", "ym": "months", "my": "months", "quarter": "quarters", "week": "weeks",
    "no year": "without a year, shown as if it were 1970",
}  # fmt: skip


def _plain_column(strings: pa.ChunkedArray, seen: list[str]) -> pa.ChunkedArray:
    """In small letters, without quotes; of intervals the beginning."""
    strings = pc.utf8_lower(pc.utf8_trim(strings, " '\""))
    if sum(_plain(cell) != cell.strip().strip("'\"").lower() for cell in seen) > 0.5 * len(seen):
        strings = pa.chunked_array(
            [pa.array([None if c is None else _plain(c) for c in strings.to_pylist()], pa.string())]
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
