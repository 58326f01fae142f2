"""Tables of text and numbers as CSV that a spreadsheet shows and never runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

DIGITS = 7  # significant ones of a measured number

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows instead of running it (CVE-2021-41270); numbers, signed ones too, stay as they
    are.

    >>> safe_cell("=1+1"), safe_cell("-2.5"), safe_cell("@SUM(A1)")
    ("'=1+1", '-2.5', "'@SUM(A1)")
    """
    risky = text[:1] in ("=", "+", "-", "@", "\t", "\r") and text[:1] != ""
    return "'" + text if risky and not _NUMBER.fullmatch(text) else text


def name_list(names: Iterable[str]) -> str:
    """Names with commas between them, quoted where one has a comma in it: for a program, so nothing is made safe.

    >>> name_list(["a", "b, c", "=1"])
    'a,"b, c",=1'
    """
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(names)
    return file.getvalue()


def csv_text(header: Sequence[str], rows: Iterable[Iterable[object]] = ()) -> str:
    """A header and rows of cells as CSV, each text in it made safe.

    >>> csv_text(["name", "=2"], [["a, b", 1.5]])
    'name,\\'=2\\n"a, b",1.5\\n'
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(safe_cell, header))
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue()


def sample_columns(channels: int, length: int) -> list[str]:
    """Headings for the values of a sample (C, L), channel by channel.

    >>> sample_columns(1, 2), sample_columns(2, 2)
    (['x1', 'x2'], ['c1_x1', 'c1_x2', 'c2_x1', 'c2_x2'])
    """
    prefixes = [f"c{c + 1}_" for c in range(channels)] if channels > 1 else [""]
    return [f"{prefix}x{i + 1}" for prefix in prefixes for i in range(length)]


def numbers_csv(time: np.ndarray | None, columns: list[tuple[str, np.ndarray]], header: bool = True) -> str:
    """Columns of numbers, (rows,) each, as CSV: DIGITS digits, an empty cell for NaN; before them the time, where there
    is one.

    Args:
        time: datetime64 (rows,) or None.
        columns: heading and values of each.
        header: whether the headings come first.
    """
    import pyarrow as pa  # as late as this, so that a table of a few texts does not wait for it
    from pyarrow.csv import WriteOptions, write_csv

    cells = {} if time is None else {"time": pa.array(np.datetime_as_string(time, unit="ms"), mask=np.isnat(time))}
    names = [*cells, *(name for name, _ in columns)]
    arrays = [*cells.values(), *(_as_arrow(values) for _, values in columns)]
    file = io.BytesIO()
    options = WriteOptions(include_header=False, quoting_style="none")
    write_csv(pa.Table.from_arrays(arrays, names), file, options)  # Python's own takes ten times as long
    return (csv_text(names) if header else "") + file.getvalue().decode()


def _as_arrow(values: np.ndarray) -> Any:
    import pyarrow as pa

    if values.dtype.kind != "f":
        return pa.array(values)
    return pa.array(round_significant(values), mask=np.isnan(values))


def round_significant(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """float64 (N,), rounded to so many significant digits."""
    size = np.abs(np.where(np.isfinite(values) & (values != 0), values, 1.0)).astype(np.float64)
    places = digits - 1 - np.floor(np.log10(size)).astype(int)
    up, down = 10.0 ** np.clip(places, 0, 300), 10.0 ** np.maximum(-places, 0)
    rounded: np.ndarray = np.round(values / down * up) / up * down
    return rounded
