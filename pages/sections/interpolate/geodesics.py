"""What the morph's paths are found with: the plane that shows them, and the geodesic between two codes."""

from typing import Any

import numpy as np
import streamlit as st

from ae_core.latent.paths import MetricGraph, OffData, geodesic, geodesic_2d

from ...session.models import load_model
from ...session.planes import leading_plane


@st.cache_data(max_entries=64, show_spinner=False)
def plane_of(name: str, mtime_ns: int) -> dict[str, Any] | None:
    """The plane on which codes of more than two dimensions are shown: their two leading principal components, and the
    box around them. None where the codes are flat themselves.
    """
    z = load_model(name).codes["z"]
    if z.shape[1] < 3:
        return None
    plane, share = leading_plane(z, outside=0.001, margin=0.06)
    return {**plane, "share": share}


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
