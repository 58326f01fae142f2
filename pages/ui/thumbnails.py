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
.lx-strip svg { width: 84px; height: 60px; display: block; }
.lx-strip figcaption { font-size: 12px; line-height: 1.35; opacity: .85; font-variant-numeric: tabular-nums;
  margin-top: 4px; }
</style>
"""


def strip(samples: np.ndarray, captions: list[str]) -> None:
    """Show samples, (N, C, H, W) in 0..1 or signals (N, C, L), with a caption each."""
    draw = _picture if samples.ndim == 4 else _signal
    limit = float(np.abs(samples).max()) or 1.0
    cells = "".join(
        f"<figure>{draw(sample, limit, caption)}<figcaption>{html.escape(caption)}</figcaption></figure>"
        for sample, caption in zip(samples, captions, strict=True)
    )
    st.html(f'{STYLE}<div class="lx-strip">{cells}</div>')


def _picture(sample: np.ndarray, limit: float, caption: str) -> str:
    file = io.BytesIO()
    Image.fromarray((sample[0].clip(0, 1) * 255).round().astype(np.uint8)).save(file, "PNG")
    return (
        f'<img alt="{html.escape(caption)}" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}">'
    )


def _signal(sample: np.ndarray, limit: float, caption: str) -> str:
    x = np.linspace(1, 99, sample.shape[-1])
    lines = ""
    for channel in sample:
        points = " ".join(f"{a:.1f},{30 - 27 * b / limit:.1f}" for a, b in zip(x, channel, strict=True))
        lines += f'<polyline fill="none" stroke="currentColor" stroke-width="1.6" points="{points}"/>'
    label = html.escape(caption)
    return f'<svg viewBox="0 0 100 60" preserveAspectRatio="none" role="img" aria-label="{label}">{lines}</svg>'
