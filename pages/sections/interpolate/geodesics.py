"""What the morph's paths are found with: the plane that shows them, and the geodesic between two codes."""

import contextlib
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.jobs.geodesics import between, geodesic_in, metric_of
from ae_core.jobs.lane import thoughts
from ae_core.latent.paths import MetricGraph, OffData

from ...session.models import load_model
from ...session.planes import leading_plane
from ...session.script_thread import give_way


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
    """What a model's geodesics share. Never changed."""
    item = load_model(name)
    return metric_of(item.model, item.codes["z"])


@st.cache_data(max_entries=500, show_spinner=False)
def find_geodesic(name: str, mtime_ns: int, a: tuple[float, ...], b: tuple[float, ...]) -> np.ndarray:
    """The geodesic from code a to code b, both (k,): (T, k). Found outside the server, which has others to answer, as
    soon as there is a process for that; forgotten where nobody waits for it any more.
    """
    item = load_model(name)
    if thoughts.is_warm:
        with contextlib.suppress(LatentError):  # its process has died, or the folder is gone: the model is still here
            return thoughts.call(geodesic_in, name, mtime_ns, len(item.codes["z"]), a, b, waiting=give_way)
    else:
        thoughts.warm()
    return between(item.model, metric(name, mtime_ns), np.array(a), np.array(b))
