"""Columns on their way from cells to numbers, moments, times of day or words, each as a whole."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ...base.errors import LatentError
from .cells import CLOCK, DRESSED, MISSING, MOMENT, NO_VALUE, NUMBER, decimal_sign, listed
from .moment_forms import form_of
from .moments import read_moments
from .numerals import parse_numbers, undressed
from .options import Options
from .table import Doubt
from .times import formatted, parse_times

THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")  # or three decimals
DECIMALS = re.compile(r"[+-]?(\d+[.,](\d{1,2}|\d{4,})|0[.,]\d+)")  # and surely so


@dataclass(eq=False)
class Column:
    """A column on its way: numbers, times (with `how`, the words on their format), seconds of the day, or words.

    numbers, times, clock: (rows,) float64, datetime64[ns], seconds of the day; words: texts, null where missing.
    """

    name: str
    unit: str
    numbers: np.ndarray | None = None
    times: np.ndarray | None = None
    clock: np.ndarray | None = None
    words: Any = None  # pa.ChunkedArray
    how: str = ""
    bad: int = 0  # cells that are neither a number nor missing
    example: str = ""
    whole: bool = False  # written as whole numbers
    scale: float = 0.0  # seconds in one of its numbers, where those count from 1970 or from the start
    half: bool = False  # a time of day with AM and PM
    spoiled: bool = False  # minutes and seconds whose hours a spreadsheet has cut off
    doubt: Doubt | None = None  # of its own, asked where the column is used
    raw: Any = None  # the texts that numbers were read from, where those were dressed or had words between

    @property
    def some(self) -> np.ndarray:
        """Its numbers that are finite; empty where it has none."""
        return np.zeros(0) if self.numbers is None else self.numbers[np.isfinite(self.numbers)]

    def __len__(self) -> int:
        for part in (self.numbers, self.times, self.clock, self.words):
            if part is not None:
                return len(part)
        return 0


def clean_strings(array: pa.ChunkedArray, tokens: tuple[str, ...]) -> pa.ChunkedArray:
    """The texts without spaces around them, null where they mean a missing value."""
    array = pc.utf8_trim_whitespace(pc.cast(array, pa.string()))
    gone = pc.is_in(pc.utf8_lower(array), pa.array([*MISSING, *(t.lower() for t in tokens)]))
    return pc.if_else(gone, pa.scalar(None, pa.string()), array)


def sample_of(strings: pa.ChunkedArray, most: int = 400) -> list[str]:
    """Some of the texts from all over the column."""
    there = strings.drop_null()
    every = max(1, len(there) // most)
    return there.take(pa.array(range(0, len(there), every))).to_pylist() if every > 1 else there.to_pylist()


def make_columns(
    names: Sequence[str], units: Sequence[str], arrays: Sequence[pa.ChunkedArray], point: str, options: Options
) -> list[Column]:
    """point: the decimal sign; columns that are text so far may have another one unless a person has said it."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Arrow lets go of the interpreter while it works
        return list(
            threads.map(lambda c: make_column(c[0], c[1], c[2], point, options), zip(names, units, arrays, strict=True))
        )


def make_column(name: str, unit: str, array: pa.ChunkedArray, point: str, options: Options) -> Column:
    kind, column = array.type, Column(name, unit)
    if pa.types.is_dictionary(kind):
        array, kind = pc.cast(array, kind.value_type), kind.value_type
    if options.time_format and name in options.time:
        _formatted(column, clean_strings(pc.cast(array, pa.string()), options.missing), options.time_format)
    elif pa.types.is_null(kind):
        column.numbers = np.full(len(array), np.nan)
    elif _is_numeric(kind):
        column.whole = pa.types.is_boolean(kind) or pa.types.is_integer(kind)
        plain = pc.cast(array, pa.int8()) if pa.types.is_boolean(kind) else array
        column.numbers = pc.cast(plain, pa.float64(), safe=False).to_numpy()
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        _read_stamps(column, array)
    elif pa.types.is_time(kind):
        column.clock = pc.cast(pc.cast(array, pa.time64("us")), pa.int64()).to_numpy().astype(float) / 1e6
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        read_words(column, clean_strings(array, options.missing), point, options)
    return column


def _is_numeric(kind: Any) -> bool:
    types = pa.types
    return any(is_kind(kind) for is_kind in (types.is_boolean, types.is_integer, types.is_floating, types.is_decimal))


def _read_stamps(column: Column, array: pa.ChunkedArray) -> None:
    zone = pa.types.is_timestamp(array.type) and array.type.tz
    try:
        column.times = pc.cast(pc.cast(array, pa.timestamp("ns", zone or None)), pa.timestamp("ns")).to_numpy()
    except pa.ArrowInvalid:  # before 1678 or after 2261
        column.words = pc.cast(array, pa.string())
    column.how = "year first" + (", turned into UTC" if zone else "")


def _formatted(column: Column, strings: pa.ChunkedArray, form: str) -> None:
    column.times, column.how = formatted(strings, form), f"written as {form}"
    if np.isnat(column.times).all():
        raise LatentError(
            f"No cell of {column.name[:40]!r} has the format {form[:40]!r}: look at a cell and say it anew."
        )


def read_words(column: Column, strings: pa.ChunkedArray, decimal: str, options: Options) -> None:
    """Turn texts into what most of them are, in place."""
    seen = sample_of(strings)
    if not seen:
        column.numbers = np.full(len(strings), np.nan)
        return
    if not _read_when(column, strings, seen, options.day_first):
        _read_numbers(column, strings, seen, decimal, options.decimal is None)


def _read_when(column: Column, strings: pa.ChunkedArray, seen: list[str], day_first: bool | None) -> bool:
    """Whether the texts are moments, times of day or durations, which they are made in place."""
    usual = sum(bool(MOMENT.fullmatch(cell)) for cell in seen)
    _, share = form_of(seen)
    if usual <= 0.5 * len(seen) and (share < 0.6 or _are_numbers(seen)):
        return False
    moments = read_moments(pa.chunked_array([pa.array(seen, pa.string())]), seen, day_first)
    quick = usual > 0.5 * len(seen) and (moments is None or "two digits" not in moments.how)
    if quick:
        order = moments.how[:5] if moments else ""
        first = {"day f": True, "month": False}.get(order) if day_first is None else day_first
        column.times, column.how = parse_times(strings, seen, first)
        unread = int(np.isnat(column.times).sum()) - strings.null_count
        quick = unread <= 0.02 * len(strings)
    if not quick and (whole := read_moments(strings, seen, day_first)) is not None:
        before = len(strings) + 1 if column.times is None else int(np.isnat(column.times).sum())
        if whole.times is None or np.isnat(whole.times).sum() < before:
            column.times, column.clock, column.how = whole.times, whole.seconds, whole.how
            column.spoiled, column.half = whole.spoiled, whole.half
    if moments is not None and moments.other and column.times is not None and day_first is None:
        _doubt_order(column, seen[0], moments.how.split(",")[0], moments.other)
    return column.times is not None or column.clock is not None


def _doubt_order(column: Column, cell: str, order: str, other: str) -> None:
    chosen, instead = ("yes", "no") if order == "day first" else ("no", "yes")
    column.doubt = Doubt(
        "day_first", chosen, instead, 0.5 if not re.search(r"[ap]\.?m|\d\.\d+\.", cell.lower()) else 0.75,
        f"Nothing tells the day from the month in {cell[:30]!r}: it is read {order}, and {other} fits as well.",
        {"day_first": chosen}, {"day_first": instead},
    )  # fmt: skip


def _are_numbers(seen: list[str]) -> bool:
    """Whether texts that look like moments are numbers with units after all, such as 5 h."""
    return sum(bool(NUMBER.fullmatch(cell)) for cell in seen) > 0.9 * len(seen) and not all(
        re.fullmatch(CLOCK, cell, re.IGNORECASE) for cell in seen
    )


def _read_numbers(column: Column, strings: pa.ChunkedArray, seen: list[str], decimal: str, own: bool) -> None:
    """Numbers of texts that mostly are, in place; the texts themselves where they are not."""
    said = [cell for cell in seen if cell.lower() not in NO_VALUE] or seen
    matches = [m for cell in said if (m := NUMBER.fullmatch(cell))]
    hexes = sum(bool(re.fullmatch(r"[0-9a-fA-F]{4,}", cell)) and not cell.isdigit() for cell in said)
    if hexes > 0.2 * len(said) and all(re.fullmatch(r"[0-9a-fA-F]{3,}", cell) for cell in said):
        column.words = strings  # ids, of which 1e610 is one
        return
    there = len(strings) - strings.null_count
    if len(matches) > 0.5 * len(said):
        unit = Counter(m["unit"] or "" for m in matches).most_common(1)[0][0]
        sign = decimal_sign(said, "", decimal)[0] if own else decimal
        if own and _may_be_thousands(said, decimal):
            _doubt_thousands(column, said[0], sign)
        values, fine = parse_numbers(strings, sign, unit)
        if fine < there and (plain := undressed(strings, said, sign, values, unit)):
            values, fine, unit = plain
        if fine > 0.5 * min(there, len(said) / len(seen) * there):
            _take_numbers(column, strings, values, fine, unit)
            return
    elif sum(bool(DRESSED.fullmatch(cell)) for cell in said) > 0.8 * len(said):
        sign = decimal_sign(said, "", decimal)[0] if own else decimal
        if plain := undressed(strings, said, sign, np.full(len(strings), np.nan), ""):
            _take_numbers(column, strings, plain[0], plain[1], "")
            return
    column.words = strings


def _may_be_thousands(cells: list[str], decimal: str) -> bool:
    """Whether nearly all cells have three digits behind a sign that is not the other columns' decimal sign, and no two
    prove it one.
    """
    thousands = sum(bool((m := THOUSAND.fullmatch(cell)) and m[1] != decimal) for cell in cells)
    return thousands > 0.9 * len(cells) and sum(bool(DECIMALS.fullmatch(cell)) for cell in cells) < 2


def _doubt_thousands(column: Column, cell: str, sign: str) -> None:
    chosen, instead = ("point", "comma") if sign == "." else ("comma", "point")
    column.doubt = Doubt(
        "decimal", chosen, instead, 0.6,
        f"{cell[:20]!r} in {column.name!r} may be a thousand or a number with three decimals: the decimal sign was "
        f"taken to be the {chosen}.",
        {"decimal": chosen}, {"decimal": instead},
    )  # fmt: skip


def _take_numbers(column: Column, strings: pa.ChunkedArray, values: np.ndarray, fine: int, unit: str) -> None:
    column.numbers, column.unit = values, unit or column.unit
    column.bad = len(strings) - strings.null_count - fine
    if column.bad:
        wrong = pc.and_(pc.is_valid(strings), pa.chunked_array([np.isnan(values)]).combine_chunks())
        wrong_cells = strings.filter(wrong)
        column.raw = strings
        column.example = wrong_cells[0].as_py()[:30] if len(wrong_cells) else ""
        column.bad = len(wrong_cells)


def pick_column(columns: list[Column], name: str, what: str) -> Column:
    """The column of that name. Raises LatentError where there is none."""
    wanted = name.strip()
    by_name = (
        ({c.name: c for c in reversed(columns)}, wanted),
        ({c.name.lower(): c for c in reversed(columns)}, wanted.lower()),
    )
    for known, key in (*by_name, ({f"{c.name} [{c.unit}]": c for c in reversed(columns)}, wanted)):
        if key in known:
            return known[key]
    raise LatentError(f"There is no column {name[:40]!r} for {what}; there are {listed([c.name for c in columns])}.")
