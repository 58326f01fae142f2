"""What the morph's paths are found with: the plane that shows them, and the geodesic between two codes."""

from typing import Any

import numpy as np
import streamlit as st

from ae_core.latent.paths import MetricGraph, OffData, geodesic, geodesic_2d

from ...session.models import load_model


@st.cache_data(max_entries=64, show_spinner=False)
def plane_of(name: str, mtime_ns: int) -> dict[str, Any] | None:
    """The plane on which codes of more than two dimensions are shown: their two leading principal components, and the
    box around them. None where the codes are flat themselves.
    """
    z = load_model(name).codes["z"].astype(np.float64)
    if z.shape[1] < 3:
        return None
    mean = z.mean(0)
    variance, axes = np.linalg.eigh(np.cov(z - mean, rowvar=False))
    axes = axes[:, ::-1][:, :2].T
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(1)])[:, None]  # an eigenvector's sign is arbitrary: fix it
    projected = (z - mean) @ axes.T
    low, high = np.quantile(projected, 0.001, axis=0), np.quantile(projected, 0.999, axis=0)
    margin = 0.06 * (high - low)
    return {
        "mean": mean.tolist(),
        "axes": axes.tolist(),
        "low": (low - margin).tolist(),
        "high": (high + margin).tolist(),
        "share": float(variance[-2:].sum() / variance.sum()),
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def metric(name: str, mtime_ns: int) -> MetricGraph | OffData:
    """What a model's geodesics share: its graph over the map, or what leaving the data costs. Never changed."""
    item = load_model(name)
    z = item.codes["z"]
    return MetricGraph.of(item.model, item.box, z) if item.model.k == 2 else OffData(item.model, z)


@st.cache_data(max_entries=500, show_spinner=False)
def find_geodesic(name: str, mtime_ns: int, a: tuple[float, ...], b: tuple[float, ...]) -> np.ndarray:
    """The geodesic from code a to code b, both (k,): (T, k)."""
    item, known = load_model(name), metric(name, mtime_ns)
    if item.model.k == 2:
        return geodesic_2d(item.model, np.array(a), np.array(b), known)
    return geodesic(item.model, np.array(a), np.array(b), off=known)
