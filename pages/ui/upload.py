"""Pictures that a person brings: an uploaded file as a digit, and a drawn one in a link. They travel as base64 text, a
byte a pixel.
"""

import base64
import binascii
import math
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.io.images import MAX_PICTURE_BYTES, as_digit, read_picture

from .markdown import show_error

MOST_LINK = 6000  # characters of a drawn picture that a link may hold


def pack_bytes(pictures: np.ndarray) -> str:
    """Pictures in 0..1 as base64 text, a byte a pixel."""
    return base64.b64encode((pictures.clip(0, 1) * 255).round().astype(np.uint8).tobytes()).decode()


def uploaded(name: str, shape: tuple[int, ...], key: str) -> dict[str, Any] | None:
    """A picture that the person brings, as a digit of the model's shape (C, H, W), every channel alike; None without a
    good one.
    """
    with st.popover("Use a picture of a digit"):
        file = st.file_uploader(
            "A PNG or JPEG of one digit; it stays on this server while the page is open",
            type=["png", "jpg", "jpeg", "webp", "bmp", "gif"],
            max_upload_size=MAX_PICTURE_BYTES >> 20,
            key=key,
        )
        if file is None:
            return None
        try:
            digit = as_digit(read_picture(file.getvalue()), shape[1:])
        except LatentError as error:
            show_error(error)
            return None
    values = pack_bytes(np.broadcast_to(digit, shape))
    return {"values": values, "name": file.name[:80], "revision": abs(hash((file.file_id, name))) % 10**9}


def from_link(text: str, shape: tuple[int, ...]) -> str:
    """The picture of this shape that a link holds; ValueError where it holds none."""
    try:
        raw = base64.urlsafe_b64decode(text[:MOST_LINK])
    except binascii.Error as error:
        raise ValueError from error
    if len(raw) != math.prod(shape):
        raise ValueError
    return base64.b64encode(raw).decode()


def into_link(values: str) -> str:
    """A picture as a link holds it."""
    return base64.urlsafe_b64encode(base64.b64decode(values)).decode()
