"""A row of small pictures or signals with captions, as plain HTML: nothing to fetch, so nothing can be missing."""

import base64
import html
import io

import numpy as np
import streamlit as st
from PIL import Image

STYLE = """
<style>
.lx-strip { display: flex; flex-wrap: wrap; gap: 14px; margin: 0; }
.lx-strip figure { margin: 0; width: 84px; }
.lx-strip img { width: 84px; height: 84px; image-rendering: pixelated; border-radius: 4px; display: block; }
.lx-strip img.lx-line { height: 60px; image-rendering: auto; }
.lx-strip figcaption { font-size: 12px; line-height: 1.35; opacity: .85; font-variant-numeric: tabular-nums;
  margin-top: 4px; }
</style>
"""


def strip(samples: np.ndarray, captions: list[str], marked: np.ndarray | None = None) -> None:
    """Show samples, (N, C, H, W) in 0..1 or signals (N, C, L), with a caption each.

    marked: how odd each value is, of the samples' shape; where it is largest a signal has a band, a picture is red.
    """
    draw = _picture if samples.ndim == 4 else _signal
    limit = float(np.abs(samples).max()) or 1.0
    odd = [None] * len(samples) if marked is None else marked
    cells = "".join(
        f"<figure>{draw(sample, limit, caption, part)}<figcaption>{html.escape(caption)}</figcaption></figure>"
        for sample, caption, part in zip(samples, captions, odd, strict=True)
    )
    st.html(f'{STYLE}<div class="lx-strip">{cells}</div>')


def _picture(sample: np.ndarray, limit: float, caption: str, odd: np.ndarray | None) -> str:
    file = io.BytesIO()
    pixels = np.moveaxis(sample, 0, -1) if len(sample) == 3 else sample[0]  # red, green, blue; else the first
    if odd is not None:
        share = (odd.mean(0) / max(float(odd.mean(0).max()), 1e-12))[..., None] * 0.8
        grey = pixels[..., None].repeat(3, -1) if pixels.ndim == 2 else pixels
        pixels = grey * (1 - share) + share * np.array([0.85, 0.1, 0.35])
    Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8)).save(file, "PNG")
    return (
        f'<img alt="{html.escape(caption)}" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}">'
    )


LINE = "#0a8f6b"  # seen on light and on dark
ODD = 0.9  # quantile of a sample's errors, above which a part of a signal is marked


def _signal(sample: np.ndarray, limit: float, caption: str, odd: np.ndarray | None) -> str:
    x = np.linspace(1, 99, sample.shape[-1])
    lines = ""
    if odd is not None:
        errors = odd.mean(0)
        for a in x[errors >= max(np.quantile(errors, ODD), 1e-12)]:
            wide = 98 / len(x) + 0.4
            lines += f'<rect x="{a - wide / 2:.1f}" y="0" width="{wide:.1f}" height="60" fill="#c2185b55"/>'
    for channel in sample:
        points = " ".join(f"{a:.1f},{30 - 27 * b / limit:.1f}" for a, b in zip(x, channel, strict=True))
        lines += f'<polyline fill="none" stroke="{LINE}" stroke-width="1.6" points="{points}"/>'
    label = html.escape(caption)
    # As a picture: Streamlit takes an <svg> out of what it shows.
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60" preserveAspectRatio="none">{lines}</svg>'
    file = base64.b64encode(drawn.encode()).decode()
    return f'<img class="lx-line" alt="{label}" src="data:image/svg+xml;base64,{file}">'
