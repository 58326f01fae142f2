"""How many bytes a sample needs: rounded codes against PNG and JPEG of the same picture."""

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

RANGE = 3.0  # standard deviations on either side that the levels cover; what lies beyond is clipped
QUALITIES = (1, 2, 3, 5, 8, 12, 16, 20, 25, 30, 40, 50, 60, 70, 80, 90, 95, 100)  # of a JPEG; the size grows with it


def rounded_codes(z: np.ndarray, bits: int, spread: np.ndarray, middle: np.ndarray | float = 0.0) -> np.ndarray:
    """Uniform quantisation: z (N, k) with each number moved to the centre of its cell.

    Args:
        z: codes.
        bits: of each number: there are 2^bits cells.
        spread: standard deviation of each dimension, (k,); the cells cover middle ± 3 of them.
        middle: mean of each dimension.

    >>> rounded_codes(np.array([[0.4, 9.0]]), 1, np.array([1.0, 1.0]))
    array([[1.5, 1.5]])
    """
    step = 2 * RANGE * spread / 2**bits
    low = middle - RANGE * spread
    return low + (np.clip(np.floor((z - low) / np.maximum(step, 1e-30)), 0, 2**bits - 1) + 0.5) * step


def code_bytes(k: int, bits: int) -> int:
    """Bytes of k numbers with so many bits each."""
    return math.ceil(k * bits / 8)


@dataclass(frozen=True)
class Packed:
    """A picture in a file format.

    Args:
        size: bytes of the file.
        error: squared error, summed over pixels in 0..1.
        header: bytes that a blank picture needs too.
    """

    size: int
    error: float
    header: int


def _save(levels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, **options)
    return file.getvalue()


def png(image: np.ndarray) -> Packed:
    """The picture (H, W) in 0..1 as an 8-bit PNG; its error is the rounding's."""
    levels = np.round(image.clip(0, 1) * 255).astype(np.uint8)
    file = _save(levels, format="PNG", optimize=True)
    return Packed(
        len(file),
        float(((levels / 255 - image) ** 2).sum()),
        len(_save(np.zeros_like(levels), format="PNG", optimize=True)),
    )


def jpeg(image: np.ndarray, error: float) -> Packed:
    """The smallest JPEG of the picture (H, W) whose squared error is at most `error`; the best one where none is."""
    levels = np.round(image.clip(0, 1) * 255).astype(np.uint8)
    header = len(_save(np.zeros_like(levels), format="JPEG", quality=1, optimize=True))
    for quality in QUALITIES:
        file = _save(levels, format="JPEG", quality=quality, optimize=True)
        decoded = np.asarray(Image.open(io.BytesIO(file)), np.float64) / 255
        packed = Packed(len(file), float(((decoded - image) ** 2).sum()), header)
        if packed.error <= error:
            break
    return packed
