"""Sends a geodesic to the browser as soon as it has been found; the morph on the page takes it from there."""

import numpy as np

from ..browser import component

_mount = component("morph_path", __file__)


def morph_path(model: str, a: np.ndarray, b: np.ndarray, points: np.ndarray) -> None:
    """The way from a to b (k,) through points (T, k). Shows nothing."""
    data = {"model": model, "a": a.tolist(), "b": b.tolist(), "points": [point.tolist() for point in points]}
    _mount(data=data, key=f"morph-path-{model}", height=1)
