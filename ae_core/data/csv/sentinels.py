"""Numbers that no sensor measures: what a logger writes where it has no value."""

from collections.abc import Sequence

import numpy as np

from ...base.text import plural
from .columns import Column
from .options import Options
from .table import Findings

KNOWN = (
    -9999, -99999, -999, -99.99, -999.9, -999.99, -9999.9, -99, -6999, -7999, -8888, -888, -200, -32768, -32767,
    9999, 99999, 999999,
    -999999, 9999.9, 999.9, 65535, 65534, 32767, 2147483647, -2147483648, 4294967295, 7999, 6999, 8888, 9.96921e36,
    1e20, 1e30, -1e30,
    1e31, -1e31, 3.4028234663852886e38, -3.4028234663852886e38, -1e20, 1e35, -1e34, 999, -7777, -55.0, 850.0, 85.0,
    -127.0, 1e10,
)  # fmt: skip
MAX_SHARE = 0.3
FAR = 6.0  # widths of the rest of the values


def without(numbers: np.ndarray, absent: Sequence[float]) -> np.ndarray:
    """The numbers, NaN where they are one of `absent`."""
    return np.where(np.isin(numbers, absent), np.nan, numbers) if absent else numbers


def blank_sentinels(columns: list[Column], options: Options, findings: Findings) -> None:
    """Take values that repeat exactly, far outside the others, for missing where loggers are known to write them; ask
    about others.
    """
    for column in columns:
        if column.numbers is not None:
            column.numbers = without(column.numbers, options.absent)
        for value, count, known in _suspects(column):
            if value in options.values:
                continue
            if known and column.numbers is not None:
                column.numbers = np.where(column.numbers == value, np.nan, column.numbers)
                text = (
                    f"{plural(count, 'value')} of {column.name!r} {'is' if count == 1 else 'are'} "
                    f"{value:g}, which no sensor measures: taken as missing."
                )
                findings.note("missing_marker", (column.name, value, count), text)
                findings.doubt(
                    "missing",
                    f"{column.name}: {value:g} is missing",
                    f"{value:g} is a value",
                    0.9,
                    text,
                    {},
                    {"values": f"{value:.10g}"},
                )
            else:
                text = (
                    f"{value:g} stands {count:,} times in {column.name!r}, far outside its other "
                    "values: it may mean that one is missing."
                )
                findings.note("marker", (column.name, value, count), text)
                findings.doubt(
                    "missing",
                    f"{column.name}: {value:g} is a value",
                    f"{value:g} is missing",
                    0.6,
                    text,
                    {"values": f"{value:.10g}"},
                    {"missing": f"{value:.10g}"},
                )


def _suspects(column: Column) -> list[tuple[float, int, bool]]:
    there = column.some
    if len(there) < 40:
        return []
    suspects = []
    for _ in range(3):  # a file may have two or three of them
        if len(there) < 20:
            break
        value = _extreme(there)
        if value is None:
            break
        same = there == value
        count, rest = int(same.sum()), there[~same]
        known = any(abs(value - each) <= 1e-6 * abs(each) for each in KNOWN)
        if (
            not _is_far(value, rest, known)
            or count > MAX_SHARE * len(there)
            or (count < 3 and not (known and abs(value) >= 999))
        ):
            break
        odd = value in (0, -1) or abs(value) >= 99
        if known or (odd and count >= 5 and len(np.unique(rest)) >= 20 and _scattered(np.flatnonzero(same))):
            suspects.append((value, count, known))
        there = rest
    return suspects


def _extreme(there: np.ndarray) -> float | None:
    """The least or the greatest value, whichever lies farther from the middle; None where all are alike."""
    low, high, middle = float(there.min()), float(there.max()), float(np.median(there))
    if low == high:
        return None
    return low if middle - low > high - middle else high


def _is_far(value: float, rest: np.ndarray, known: bool) -> bool:
    if not len(rest):
        return False
    low, high = float(rest.min()), float(rest.max())
    width = max(high - low, 1e-9 * abs(value))
    middle = np.quantile(rest, (0.02, 0.98))
    core = max(float(middle[1] - middle[0]), 0.02 * width, 1e-12)
    gap = max(low - value, value - high)
    return gap > (0.5 if known and abs(value) >= 999 else 2) * width and gap > FAR * core


def _scattered(at: np.ndarray) -> bool:
    """Whether rows lie apart rather than in one block, as a fault's do."""
    return len(at) > 2 and float((np.diff(at) > 1).mean()) > 0.6
