"""One more sample, pasted as numbers or brought as a picture, as a model of such samples takes it."""

import re
from typing import Any

import numpy as np

from ...base.display import Display
from ...base.errors import LatentError
from ...base.text import plural
from .arrays import read_array
from .pictures import _decoded
from .source import scaled_rows

MOST = 5_000_000  # characters
APART = re.compile(r"[;\t:|]|,(?=\s)|\s+|,")  # what separates numbers; a comma is decimal where a semicolon separates


def pasted(text: str, shape: tuple[int, ...], display: Display | None) -> list[np.ndarray]:
    """Signals or measurements (C, L), as the model has them, that these numbers can mean: a row of a table may have its
    class in front of them or behind, which only the model can tell apart.

    A channel may stand in a line or in a column. Raises LatentError where the numbers are too few or too many.
    """
    size = int(np.prod(shape))
    lines = [line for line in map(_cells, text[:MOST].splitlines()) if line]
    together = [cell for line in lines for cell in line]
    if len(lines) == shape[1] and {len(line) for line in lines} == {shape[0]}:
        together = [line[c] for c in range(shape[0]) for line in lines]  # a channel in each column
    for cells in (together, *lines):
        if len(cells) == size and all(_number(cell) is not None for cell in cells):
            return [_scaled(cells, shape, display)]
        if len(cells) == size + 1:
            parts = [part for part in (cells[:-1], cells[1:]) if all(_number(cell) is not None for cell in part)]
            if parts:
                return [_scaled(part, shape, display) for part in parts]
    numbers = sum(_number(cell) is not None for cell in together)
    raise LatentError(
        f"A sample of this model has {plural(size, 'value')}, and there {'is' if numbers == 1 else 'are'} "
        f"{plural(numbers, 'number')}: paste one whole row of the table."
    )


def _cells(line: str) -> list[str]:
    line = line.strip().strip("[]()")
    if ";" in line or "\t" in line or re.fullmatch(r"[\d\s,.+\-eE]*\d,\d+\s+[\d\s,.+\-eE]*", line):
        line = line.replace(",", ".")
    elif re.search(r",\s*,|,$", line):  # an empty cell is a missing value
        return [cell.strip() for cell in line.split(",")]
    return [cell.strip() for cell in APART.split(line) if cell.strip()]


def _number(cell: str) -> float | None:
    """The number in a cell, NaN for a missing one; None for a word."""
    if cell.strip('"').lower() in ("", "nan", "na", "?", "null"):
        return float("nan")
    try:
        number = float(cell.strip('"'))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _scaled(cells: list[str], shape: tuple[int, ...], display: Display | None) -> np.ndarray:
    values = np.array([_number(cell) for cell in cells], np.float32).reshape(1, *shape)
    if display is None:
        return np.nan_to_num(values[0])
    return scaled_rows(values, display.kind, np.array(display.centre), np.array(display.spread))[0]


def brought(data: bytes, shape: tuple[int, ...], display: Display | None) -> list[np.ndarray]:
    """As `pasted`, of a file's bytes: text, or a NumPy array. Raises LatentError."""
    if data[:6] == b"\x93NUMPY":
        return pasted(" ".join(repr(float(v)) for v in read_array(data).reshape(-1)[:MOST]), shape, display)
    try:
        return pasted(data.decode("utf-8-sig"), shape, display)
    except UnicodeDecodeError:
        raise LatentError("The file is no text and no NumPy array: bring a row of numbers.") from None


def as_picture(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """A PNG or JPEG cut and made as small as the pictures of a zip are, (C, H, W) in 0..1. Raises LatentError."""
    picture: Any = _decoded("", data, (shape[1], shape[2]))
    if picture is None:
        raise LatentError("This file is no picture that can be read: upload a PNG or a JPEG.")
    x = picture.astype(np.float32) / 255
    return np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), x, (0, 0))[None] if shape[0] == 1 else x
