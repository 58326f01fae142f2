"""Everything that a person can say about how a file is to be read; what is not said is found out."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ...base.errors import LatentError
from .cells import DECIMALS, DELIMITERS, missing_tokens
from .table import LAYOUTS, MAX_BYTES

FILLS = ("last", "line", "none")
TIME_UNITS = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0,
}  # fmt: skip
ORIGINS = {
    "unix": "1970-01-01", "excel": "1899-12-30", "excel1904": "1904-01-01", "labview": "1904-01-01",
    "matlab": "-0001-12-31",
    "julian": "-4713-11-24T12:00", "mjd": "1858-11-17", "ntp": "1900-01-01", "gps": "1980-01-06",
    "filetime": "1601-01-01",
}  # fmt: skip
NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?")


@dataclass(frozen=True)
class Options:
    """How a file is to be read; None or empty everywhere: find out.

    delimiter: one of `DELIMITERS` or the character; decimal: one of `DECIMALS` or the character.
    header: whether the first row names the columns; heading: number of the line (from 1) that does.
    leave_out: lines that are no rows, such as "1-3,17,-1" (-1: the last).
    layout: one of `LAYOUTS`, "across" for a table on its side, or "days" for one with a day in each row.
    time: names of the columns that say when, together, or ("none",).
    time_format: as in strptime, such as "%d.%m.%Y %H:%M"; or, of numbers, time_unit (one of `TIME_UNITS`) since
    time_origin (one of `ORIGINS`, or a day), or time_step seconds from row to row.
    label, normal_values: the column that says what is abnormal, or "none", and which of its values are normal.
    columns: channels by name. steps: counters by name, whose steps from row to row are the channels.
    missing: further texts that mean a missing value; values: numbers that are values, though they look like a missing
    one.
    fill: how missing values are filled, for all or by channel: "last", "a: last, b: line".
    states: words as numbers, such as "RUN=2, IDLE=1"; or channels whose words are numbered.
    """

    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    heading: int = 0
    leave_out: str = ""
    encoding: str | None = None
    layout: str = ""
    time: tuple[str, ...] = ()
    time_format: str = ""
    time_unit: str = ""
    time_origin: str = ""
    time_step: float = 0.0
    day_first: bool | None = None
    label: str | None = None
    normal_values: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    fill: Mapping[str, str] = ()  # type: ignore[assignment]
    states: Mapping[str, float] = ()  # type: ignore[assignment]
    most_bytes: int | None = MAX_BYTES

    @property
    def absent(self) -> tuple[float, ...]:
        """The numbers among `missing`, however a file writes them."""
        return tuple(float(text) for text in self.missing if NUMBER.fullmatch(text))

    @property
    def no_time(self) -> bool:
        return tuple(map(str.lower, self.time)) == ("none",)

    @property
    def no_label(self) -> bool:
        return (self.label or "").lower() == "none"


def make_options(**said: Any) -> Options:
    """Options from loose values, lists as texts with commas between. Raises LatentError for what none takes."""
    known = {f.name for f in fields(Options)}
    if unknown := sorted(set(said) - known):
        raise TypeError(f"read_table has no keyword {unknown[0]!r}")
    given = {name: value for name, value in said.items() if value is not None}
    given["delimiter"] = character("delimiter", given.get("delimiter"), DELIMITERS)
    given["decimal"] = character("decimal", given.get("decimal"), DECIMALS)
    given["missing"] = missing_tokens(given.get("missing", ()))
    given["values"] = _numbers(given.get("values", ()))
    for name in ("time", "normal_values", "columns", "steps"):
        given[name] = split_names(given.get(name))
    given["fill"] = _fills(given.get("fill", ""))
    given["states"] = _states(given.get("states", ""))
    for name, choices in (("layout", (*LAYOUTS, "across", "days")), ("time_unit", tuple(TIME_UNITS))):
        if given.get(name) and given[name] not in choices:
            raise LatentError(
                f"{name.replace('_', '-')} is one of {', '.join(choices)}, not {str(given[name])[:20]!r}."
            )
    return Options(**given)


def split_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """
    >>> split_names('a, "b, c"')
    ('a', 'b, c')
    """
    if names is None or isinstance(names, str):
        names = next(csv.reader([names or ""], skipinitialspace=True), [])
    return tuple(name.strip() for name in names if name.strip())


def _numbers(text: str | Sequence[Any]) -> tuple[float, ...]:
    parts = [part.strip() for part in (text.split(",") if isinstance(text, str) else map(str, text)) if part.strip()]
    if wrong := [part for part in parts if not NUMBER.fullmatch(part)]:
        raise LatentError(f"values are numbers with commas between, such as -999, 850, not {wrong[0][:20]!r}.")
    return tuple(map(float, parts))


def character(what: str, value: str | None, known: Mapping[str, str]) -> str | None:
    value = known.get(value, value) or None if value is not None else None
    if value is not None and value not in known.values():
        raise LatentError(f"{what} is one of {', '.join(known)}, not {value[:20]!r}.")
    return value


def _pairs(text: str | Mapping[str, Any], sign: str) -> dict[str, str]:
    if not isinstance(text, str):
        return {str(k): str(v) for k, v in dict(text).items()}
    pairs = {}
    for part in split_names(text):
        name, separator, value = part.rpartition(sign)
        pairs[name.strip() if separator else ""] = value.strip()
    return pairs


def _fills(text: str | Mapping[str, Any]) -> dict[str, str]:
    fills = _pairs(text, ":")
    for how in fills.values():
        if how not in FILLS:
            raise LatentError(f"fill is one of {', '.join(FILLS)}, for all or as channel: how, not {how[:20]!r}.")
    return fills


def _states(text: str | Mapping[str, Any]) -> dict[str, float]:
    states = {}
    for word, number in _pairs(text, "=").items():
        if not word or not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9})?", number):
            raise LatentError(f"states are words with their numbers, such as ON=1, OFF=0, not {str(text)[:40]!r}.")
        states[word.lower()] = float(number)
    return states


def lines_to_leave_out(text: str, count: int) -> set[int]:
    """Numbers of lines, from 0, that "1-3,17,-1" names in a file of `count` lines. Raises LatentError.

    >>> sorted(lines_to_leave_out("1-3, -1", 10))
    [0, 1, 2, 9]
    """
    lines: set[int] = set()
    for part in split_names(text):
        match = re.fullmatch(r"(-?\d{1,9})(?:\s*-\s*(-?\d{1,9}))?", part)
        if not match:
            raise LatentError(f"Lines to leave out are numbers and ranges, such as 1-3,17,-1, not {part[:20]!r}.")
        first, last = (int(n) + count if n.startswith("-") else int(n) - 1 for n in (match[1], match[2] or match[1]))
        lines.update(range(max(0, first), min(last + 1, count)))
    return lines
