"""Numbers as people and instruments write them: with units, currencies, limits, brackets, thousands."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import DRESSED, NUMBER, PREFIXES


def undressed(
    strings: pa.ChunkedArray, seen: list[str], decimal: str, values: np.ndarray, unit: str
) -> tuple[np.ndarray, int, str] | None:
    """(values, how many are numbers, the unit) where texts that are none so far are numbers with a currency, a limit, a
    footnote, brackets or another unit around them; None where that brings none.
    """
    left = pc.fill_null(pc.and_(pc.is_valid(strings), pa.chunked_array([np.isnan(values)]).combine_chunks()), False)
    at = np.flatnonzero(
        left.to_numpy(zero_copy_only=False) if not isinstance(left, pa.ChunkedArray) else left.to_numpy()
    )
    if not len(at):
        return None
    cells = strings.take(pa.array(at)).to_pylist()
    known: dict[str, float] = {}
    base, factor = _unit_base(seen, unit)
    if base != unit:
        values = values * factor[unit]
    for cell in dict.fromkeys(cells):
        known[cell] = _one_number(cell, decimal, factor)
    more = np.array([known[cell] for cell in cells])
    if not np.isfinite(more).any():
        return None
    values = values.copy()
    values[at] = more
    return values, int(np.isfinite(values).sum()), base


def _unit_base(seen: list[str], unit: str) -> tuple[str, dict[str, float]]:
    """(the unit without a prefix, what a number in each unit of the column is multiplied with)."""
    units = Counter(m["unit"] or "" for cell in seen if (m := NUMBER.fullmatch(cell)))
    bases = {
        name: next((name[1:] for p in PREFIXES if p and name.startswith(p) and name[1:] in units), name)
        for name in units
    }
    base = Counter({bases[name]: count for name, count in units.items()}).most_common(1)[0][0] if units else unit
    family = {name for name in units if bases[name] == base}
    family |= {p + base for p in PREFIXES} if base and len(family) > 1 else set()
    if len(family) < 2 or unit not in family:
        return unit, {unit: 1.0}
    return base, {name: PREFIXES.get(name[: len(name) - len(base)], 1.0) for name in family}


def _one_number(cell: str, decimal: str, factor: dict[str, float]) -> float:
    match = NUMBER.fullmatch(cell)
    if match and match["number"] and (match["unit"] or "") in factor:
        return _plain_number(match["number"], decimal) * factor[match["unit"] or ""] * (-1 if cell[0] == "-" else 1)
    match = DRESSED.fullmatch(cell)
    if not match:
        return np.nan
    if match["bracketed"]:  # as bookkeepers write what is negative
        return -_plain_number(match["bracketed"], decimal)
    minus = (match["sign"] == "-") != (match["tail"] == "-")
    return _plain_number(match["inner"], decimal) * (-1 if minus else 1)


def _plain_number(text: str, decimal: str) -> float:
    text = text.replace("d", "e").replace("D", "e").replace("'", "").replace(" ", "")
    text = text.replace(".", "").replace(",", ".") if decimal == "," else text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return np.nan


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
