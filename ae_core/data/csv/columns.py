"""Columns on their way from cells to numbers, moments, times of day or words, each as a whole."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...base.errors import LatentError
from .cells import CLOCK, MISSING, MOMENT, NUMBER, decimal_sign, listed
from .times import parse_times


@dataclass(eq=False)
class Column:
    """A column on its way: numbers, times (with the sentence on their format), seconds of the day, or text."""

    name: str
    unit: str
    numbers: np.ndarray | None = None
    times: np.ndarray | None = None
    clock: np.ndarray | None = None
    words: pa.ChunkedArray | None = None
    how: str = ""
    bad: int = 0  # cells that are neither a number nor missing
    example: str = ""
    whole: bool = False  # written as whole numbers
    scale: float = 0.0  # seconds in one of its numbers, where those count from 1970 or from the start


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
    names: Sequence[str],
    units: Sequence[str],
    arrays: Sequence[pa.ChunkedArray],
    point: str,
    own: bool,
    day_first: bool | None,
    tokens: tuple[str, ...],
) -> list[Column]:
    """own: whether columns that are text so far may have another decimal sign than `point`."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Arrow lets go of the interpreter while it works
        return list(
            threads.map(
                lambda c: make_column(*c, point, own, day_first, tokens), zip(names, units, arrays, strict=True)
            )
        )


def make_column(
    name: str,
    unit: str,
    array: pa.ChunkedArray,
    decimal: str,
    own: bool,
    day_first: bool | None,
    tokens: tuple[str, ...],
) -> Column:
    kind, column = array.type, Column(name, unit)
    if pa.types.is_dictionary(kind):
        array, kind = pc.cast(array, kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        column.numbers = np.full(len(array), np.nan)
    elif (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        column.whole = pa.types.is_boolean(kind) or pa.types.is_integer(kind)
        column.numbers = pc.cast(
            pc.cast(array, pa.int8()) if pa.types.is_boolean(kind) else array, pa.float64(), safe=False
        ).to_numpy()
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        zone = pa.types.is_timestamp(kind) and kind.tz
        try:
            column.times = pc.cast(pc.cast(array, pa.timestamp("ns", zone or None)), pa.timestamp("ns")).to_numpy()
        except pa.ArrowInvalid:  # before 1678 or after 2261
            column.words = pc.cast(array, pa.string())
        column.how = "year first" + (", turned into UTC" if zone else "")
    elif pa.types.is_time(kind):
        column.clock = pc.cast(pc.cast(array, pa.time64("us")), pa.int64()).to_numpy().astype(float) / 1e6
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        read_words(column, clean_strings(array, tokens), decimal, own, day_first)
    return column


def read_words(column: Column, strings: pa.ChunkedArray, decimal: str, own: bool, day_first: bool | None) -> None:
    seen = sample_of(strings)
    there = len(strings) - strings.null_count
    if not seen:
        column.numbers = np.full(len(strings), np.nan)
        return
    if sum(bool(MOMENT.fullmatch(cell)) for cell in seen) > 0.5 * len(seen):
        column.times, column.how = parse_times(strings, seen, day_first)
    elif all(re.fullmatch(CLOCK, cell, re.IGNORECASE) for cell in seen):
        day = pd.to_timedelta(
            pd.Series(pc.replace_substring(strings, ",", ".").to_numpy()).where(
                lambda s: s.str.count(":") != 1, lambda s: s + ":00"
            ),
            errors="coerce",
        )
        column.clock = day.dt.total_seconds().to_numpy()
    else:
        matches = [m for cell in seen if (m := NUMBER.fullmatch(cell))]
        if len(matches) > 0.5 * len(seen):
            unit = Counter(m["unit"] or "" for m in matches).most_common(1)[0][0]
            sign = decimal_sign(seen, "", decimal)[0] if own else decimal
            values, fine = parse_numbers(strings, sign, unit)
            if fine > 0.5 * there:
                column.numbers, column.unit, column.bad = values, unit or column.unit, there - fine
                if column.bad:
                    wrong = pc.and_(pc.is_valid(strings), pa.chunked_array([np.isnan(values)]).combine_chunks())
                    column.example = strings.filter(wrong)[0].as_py()[:30]
                return
    column.words = strings


def parse_numbers(strings: pa.ChunkedArray, decimal: str, unit: str) -> tuple[np.ndarray, int]:
    """(float64 with NaN for what is none, how many are numbers) of texts with thousands separators and this unit."""
    groups = "' " + (".," if decimal == "," else ",").replace(decimal, "")
    whole = rf"(?:\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+)"
    point, end = re.escape(decimal), rf"\s*(?:{re.escape(unit)})?" if unit else ""
    pattern = rf"^[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?{end}$"
    fine = pc.match_substring_regex(strings, pattern)
    strings = pc.if_else(fine, strings, pa.scalar(None, pa.string()))
    if unit[:1] in ("e", "E"):  # taken from the end alone: it may look like an exponent
        strings = pc.replace_substring_regex(strings, rf"\s*{re.escape(unit)}$", "")
    elif unit:
        strings = pc.utf8_trim_whitespace(pc.replace_substring(strings, unit, ""))
    for gone, instead in (*((g, "") for g in groups), (decimal, ".")):
        if gone != instead and pc.any(pc.match_substring(strings, gone)).as_py():  # to look is quicker than to copy
            strings = pc.replace_substring(strings, gone, instead)
    return pc.cast(strings, pa.float64()).to_numpy(), pc.sum(fine).as_py() or 0


def pick_column(columns: list[Column], name: str, what: str) -> Column:
    for same in (
        lambda c: c.name == name,
        lambda c: c.name.lower() == name.strip().lower(),
        lambda c: f"{c.name} [{c.unit}]" == name,
    ):
        if picked := next(filter(same, columns), None):
            return picked
    raise LatentError(f"There is no column {name[:40]!r} for {what}; there are {listed([c.name for c in columns])}.")
