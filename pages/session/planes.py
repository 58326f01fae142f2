"""The plane on which codes with many dimensions are drawn."""

from typing import Any

import numpy as np


def leading_plane(z: np.ndarray, outside: float, margin: float) -> tuple[dict[str, Any], float]:
    """(the plane as the components take it, the share of the variance that lies in it).

    z: codes (N, k), k ≥ 2. The plane: "mean" (k,) and "axes" (2, k), the two leading principal components; "low" and
    "high" (2,), the box around the codes on it.
    outside: share of the codes that may lie beyond each side of the box, before a `margin` of its width is added.
    """
    z = z.astype(np.float64)
    mean = z.mean(0)
    variance, vectors = np.linalg.eigh(np.cov(z - mean, rowvar=False))
    axes = vectors[:, ::-1][:, :2].T
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(1)])[:, None]  # an eigenvector's sign is arbitrary: fix it
    projected = (z - mean) @ axes.T
    low, high = np.quantile(projected, [outside, 1 - outside], axis=0)
    room = margin * (high - low)
    plane = {"mean": mean, "axes": axes, "low": low - room, "high": high + room}
    return {name: values.tolist() for name, values in plane.items()}, float(variance[-2:].sum() / variance.sum())
