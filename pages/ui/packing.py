"""Arrays as base64 text: the only way in which numbers are safe inside a dict that goes to a component."""

import base64

import numpy as np


def to_base64(values: np.ndarray, dtype: str | None = None) -> str:
    """The bytes of an array, row by row; dtype: what it is converted to first, such as "<f4"."""
    return base64.b64encode(np.ascontiguousarray(values, dtype).tobytes()).decode()


def pictures_to_base64(pictures: np.ndarray) -> str:
    """Pictures in 0..1, a byte a pixel."""
    return to_base64(np.rint(np.clip(pictures, 0, 1) * 255), "u1")
