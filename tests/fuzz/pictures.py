"""Uploaded pictures."""

import contextlib
import io
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from ae_core.io.images import as_digit, read_picture

from .rules import holds


def picture_seeds(place: Path) -> list[bytes]:
    x, y = np.meshgrid(np.arange(40), np.arange(48))
    ink = Image.fromarray((255 * (np.abs(np.hypot(x - 20, y - 24) - 12) < 3)).astype(np.uint8))
    found = []
    for kind, modes in {
        "PNG": ("L", "RGB", "RGBA", "P", "1", "I;16", "LA"),
        "JPEG": ("L", "RGB", "CMYK"),
        "GIF": ("P",),
        "BMP": ("L", "RGB"),
        "WEBP": ("RGB", "RGBA"),
    }.items():
        for mode in modes:
            file = io.BytesIO()
            ink.convert(mode).save(file, kind)
            found.append(file.getvalue())
    for kind in ("TIFF", "ICO", "TGA", "PPM", "PCX", "SGI", "EPS", "ICNS", "JPEG2000", "DDS", "IM", "MSP", "XBM"):
        with contextlib.suppress(OSError, KeyError, ValueError):
            file = io.BytesIO()
            ink.convert("1" if kind in ("MSP", "XBM") else "RGB" if kind not in ("ICO", "ICNS") else "RGBA").save(
                file, kind
            )
            found.append(file.getvalue())
    text, large, frames = PngImagePlugin.PngInfo(), io.BytesIO(), io.BytesIO()
    text.add_text("bomb", "x" * 3_000_000, zip=True)
    ink.save(large, "PNG", pnginfo=text)
    ink.save(frames, "PNG", save_all=True, append_images=[ink] * 20)
    wide = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(wide, "PNG")  # 900 million pixels in 110 kB
    tall = io.BytesIO()
    Image.new("L", (1, 4_000_000)).save(tall, "PNG")
    return [
        *found,
        large.getvalue(),
        frames.getvalue(),
        wide.getvalue(),
        tall.getvalue(),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<svg/>",
    ]


def try_picture(data: bytes, place: Path) -> None:
    ink = read_picture(data)
    holds(ink.ndim == 2 and ink.dtype == np.float32 and ink.size <= 512 * 512, f"ink {ink.shape} {ink.dtype}")
    holds(np.isfinite(ink).all() and ink.min() >= 0 and ink.max() <= 1, "ink outside 0..1")
    for size in ((28, 28), (8, 8), (5, 40)):
        digit = as_digit(ink, size)
        holds(
            digit.shape == size
            and digit.dtype == np.float32
            and np.isfinite(digit).all()
            and digit.min() >= 0
            and digit.max() <= 1,
            f"digit {digit.shape}",
        )
