"""The samples of a file as the gallery takes them: small, a byte a value, class by class."""

from typing import Any

import numpy as np
import streamlit as st

from ae_core.data.samples.source import Prepared

from ...ui.packing import to_base64
from . import words

MOST = 10_000  # samples that are shown
BYTES = 4_000_000  # that travel to the page
POINTS, CHANNELS = 48, 3  # of a trace
SIDES = (8, 40)


@st.cache_data(max_entries=4, show_spinner=False)
def gallery_data(_item: Prepared, source: str) -> dict[str, Any]:
    """source: the knobs by which the samples were read, which the cache is asked by."""
    rows, groups = in_groups(_item)
    x = _item.x[rows]
    small = small_pictures(x) if x.ndim == 4 else small_traces(x)
    return {"name": source, "shape": list(small.shape[1:]), "values": to_base64(small, "u1"), "groups": groups}


def in_groups(item: Prepared) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """(rows, class by class, at most MOST of all evenly; {"count", "words"} of each class)."""
    rows = np.sort(np.concatenate([item.train, item.test]))
    every = max(1, -(-len(rows) // MOST))
    collection, parts, groups = item.collection, [], []
    y = collection.y
    of_class = np.zeros(len(rows), int) if y is None else y[rows]
    for label in np.unique(of_class):
        own = rows[of_class == label]
        name = words.NO_CLASS if y is None or label < 0 else collection.classes[label]
        parts.append(own[::every])
        shown = words.MORE.format(shown=f"{len(parts[-1]):,}", count=len(own)) if every > 1 else f"{len(own):,}"
        groups.append({"count": len(parts[-1]), "words": f"{name} · {shown}"})
    return np.concatenate(parts), groups


def small_pictures(x: np.ndarray) -> np.ndarray:
    """Pictures (N, C, H, W) in 0..1 as bytes, so small that all of them travel."""
    count, channels, height, width = x.shape
    side = int(np.clip((BYTES / (count * channels)) ** 0.5, *SIDES))
    step = max(1, -(-max(height, width) // side))
    if step > 1:
        x = x[:, :, : height // step * step, : width // step * step]
        x = x.reshape(count, channels, height // step, step, width // step, step).mean((3, 5))
    return np.rint(x.clip(0, 1) * 255).astype(np.uint8)


def small_traces(x: np.ndarray) -> np.ndarray:
    """Signals (N, C, L) as bytes between the ends of nearly all values, (N, ≤ CHANNELS, ≤ POINTS)."""
    x = x[:, :CHANNELS, np.linspace(0, x.shape[-1] - 1, min(POINTS, x.shape[-1])).round().astype(int)]
    low, high = np.quantile(x[:: max(1, len(x) // 2000)], (0.002, 0.998))
    return np.rint(((x - low) / max(high - low, 1e-9)).clip(0, 1) * 255).astype(np.uint8)
