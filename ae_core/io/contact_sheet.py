"""Samples to take along: pictures as one sheet, signals as a table."""

import io
import math

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ..base.errors import LatentError
from .tables import csv_text, sample_columns

GAP = 2  # px between two pictures


def png_sheet(pictures: np.ndarray, across: int, about: str = "", range: tuple[float, float] | None = None) -> bytes:
    """Pictures (N, C, H, W), C 1 or 3, row by row as a PNG, a pixel for a pixel, `across` in a row, GAP px of black
    between them.

    range: the values that are black and white (None: the lowest and the highest there is); about: a sentence that the
    file carries along.
    """
    if pictures.ndim != 4 or pictures.shape[1] not in (1, 3) or not len(pictures):
        raise LatentError("A sheet holds grey or coloured pictures: signals are exported as a table.")
    count, channels, height, width = pictures.shape
    low, high = (float(pictures.min()), float(pictures.max())) if range is None else range
    levels = ((pictures - low) / max(high - low, 1e-12) * 255).clip(0, 255).round().astype(np.uint8)
    sheet = np.zeros(
        (math.ceil(count / across) * (height + GAP) - GAP, across * (width + GAP) - GAP, channels), np.uint8
    )
    for n, picture in enumerate(levels):
        top, left = n // across * (height + GAP), n % across * (width + GAP)
        sheet[top : top + height, left : left + width] = picture.transpose(1, 2, 0)
    file, notes = io.BytesIO(), PngInfo()
    if about:
        notes.add_text("Description", about.encode("latin-1", "replace").decode("latin-1"))
    Image.fromarray(sheet[..., 0] if channels == 1 else sheet).save(file, "PNG", pnginfo=notes)
    return file.getvalue()


def signal_table(signals: np.ndarray, z: np.ndarray) -> bytes:
    """Signals (N, C, L) of codes z (N, k) as CSV, a row each: sample, z1 … zk, x1 … xL (c1_x1 … where there are several
    channels).
    """
    if signals.ndim != 3 or len(signals) != len(z):
        raise LatentError("A table holds signals with a code each: pictures are exported as a sheet.")
    header = ["sample", *(f"z{i + 1}" for i in range(z.shape[1])), *sample_columns(*signals.shape[1:])]
    rows = (
        [n + 1, *(f"{value:.9g}" for value in (*code, *signal.ravel()))]
        for n, (code, signal) in enumerate(zip(z, signals, strict=True))
    )
    return csv_text(header, rows).encode()
