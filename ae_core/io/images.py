"""Uploaded pictures preprocessed as MNIST's were: bright ink on black, cropped, scaled, centred by mass."""

import io
import math
import struct
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

from ..base.budget import ask
from ..base.errors import LatentError

MAX_PICTURE_BYTES = 20 << 20
MAX_PIXELS = 40_000_000  # a phone's photograph has 12 to 50 million
GREY_PIXEL_BYTES, PIXEL_BYTES = 8, 12  # as it is read, upright, and with its transparency
INK = 0.2  # grey level above which a pixel counts as drawn
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")  # of Pillow's dozens, one of which would start another program
# What Pillow's readers raise for a file that is cut, altered or foreign: many, as its plugins do not convert errors.
# Only Pillow runs where they are caught.
PILLOW_ERRORS = (
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    LookupError,
    EOFError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
FILLS = 20 / 28  # share of the picture's side that the longer side of the ink fills (LeCun et al. 1998)


def read_picture(file: bytes) -> np.ndarray:
    """Grey levels (H, W) in 0..1, ink bright, of a picture file. LatentError, one sentence, where it is none."""
    if len(file) > MAX_PICTURE_BYTES:
        raise LatentError(
            f"The picture has {len(file) >> 20} MB; {MAX_PICTURE_BYTES >> 20} are read at most: make it smaller."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage that can be read over, and of many pixels
            picture: Image.Image = Image.open(io.BytesIO(file), formats=FORMATS)
            width, height = picture.size
            if width * height <= MAX_PIXELS:  # nothing is unpacked before this is known
                picture.draft("L", (512, 512))  # a large JPEG is read at a smaller size
                pixels = math.prod(picture.size)
                need = pixels * (GREY_PIXEL_BYTES if picture.mode == "L" else PIXEL_BYTES)
                ask(need, f"The picture of {width:,} × {height:,} pixels needs", "make it smaller")
                picture = _eight_bits(ImageOps.exif_transpose(picture)).convert("RGBA")
    except LatentError:
        raise
    except PILLOW_ERRORS as error:
        raise LatentError("This file is no picture that can be read: upload a PNG or a JPEG.") from error
    if width * height > MAX_PIXELS:
        raise LatentError(f"The picture has {width:,} × {height:,} pixels, too many to be a digit: make it smaller.")
    picture.thumbnail((512, 512))
    paper = Image.new("RGBA", picture.size, "white")  # what is transparent is paper
    grey = np.asarray(Image.alpha_composite(paper, picture).convert("L"), np.float32) / 255
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(edge) > 0.5:  # dark ink on bright paper
        grey = 1 - grey
    low, high = float(np.quantile(grey, 0.02)), float(grey.max())
    if high - low < 0.1:
        raise LatentError("The picture is blank: draw or photograph a digit with more contrast.")
    return ((grey - low) / (high - low)).clip(0, 1)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of 16-bit grey levels with its 256 steps of them; Pillow would cut all but the darkest off."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture) / 257).clip(0, 255).astype(np.uint8))


def as_digit(ink: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Ink (H, W) in 0..1 as a digit of (height, width): cropped, scaled to 20/28 of the side, centred by its mass."""
    rows, columns = np.nonzero(ink > INK)
    if not len(rows):
        raise LatentError("The picture is blank: draw or photograph a digit with more contrast.")
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = FILLS * min(size) / max(ink.shape)
    shape = [max(1, round(n * scale)) for n in ink.shape]
    small = (
        np.asarray(
            Image.fromarray((ink * 255).astype(np.uint8)).resize(shape[::-1], Image.Resampling.LANCZOS), np.float32
        )
        / 255
    )
    mass = max(float(small.sum()), 1e-6)
    centre = [float((small.sum(1 - axis) * (np.arange(n) + 0.5)).sum()) / mass for axis, n in enumerate(small.shape)]
    picture = np.zeros(size, np.float32)
    top, left = (int(np.clip(round(n / 2 - c), 0, n - s)) for n, c, s in zip(size, centre, small.shape, strict=True))
    picture[top : top + small.shape[0], left : left + small.shape[1]] = small
    return picture


def enlarged(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A small digit (h, w) in 0..1 as one of (height, width), placed as `as_digit` does."""
    grown = Image.fromarray((image.clip(0, 1) * 255).astype(np.uint8)).resize(
        (size[1] * 2, size[0] * 2), Image.Resampling.BICUBIC
    )
    return as_digit(np.asarray(grown, np.float32) / 255, size)
