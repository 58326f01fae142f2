"""The classifiers that ship, as the browser takes them: one for all models of the same data."""

import base64
import functools
import math
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import nn

from ae_core import LatentError
from ae_core.latent.geometry import Extent, neighbour_distance, off_data_threshold, plane
from ae_core.latent.payload import pack_classifier
from ae_core.runs.classifier import run_classifier
from ae_core.training.classifier import load_classifier

from .models import LoadedModel, load_model

SIDE = 96  # places along a side of a map; the page draws what is between them


def classifier_blob(views: list[LoadedModel]) -> tuple[str, bytes] | None:
    """(name, bytes) of the classifier for what these models draw; None where there is none."""
    checkpoint = views[0].checkpoint
    if not checkpoint.classes or checkpoint.config.data == "own":
        return None
    return _packed(views[0].folder, views[0].mtime_ns)


def classifier_of(item: LoadedModel) -> nn.Sequential | None:
    """The classifier for what a model draws: its run's own, else the one that ships for its data; None without one."""
    checkpoint = item.checkpoint
    if checkpoint.config.data == "samples":
        return run_classifier(checkpoint)
    return load_classifier(checkpoint.config.data, math.prod(checkpoint.shape), len(checkpoint.classes))


@functools.lru_cache(maxsize=8)
def _packed(folder: str, mtime_ns: int) -> tuple[str, bytes] | None:
    item = load_model(folder)
    checkpoint = item.checkpoint
    try:
        model = classifier_of(item)
    except LatentError:  # damaged: the map is there without it
        return None
    data = checkpoint.config.data
    name = f"{checkpoint.name if data == 'samples' else data}:classifier"
    return None if model is None else (name, pack_classifier(name, data, model, checkpoint.shape, checkpoint.classes))


def part_of(box: Extent, axes: tuple[int, int], zoom: tuple[float, ...]) -> Extent:
    """The box of what is in view: zoom: its middle as fractions of the map from left and top, and times enlarged."""
    u, v, scale = zoom
    low, high = box.low.astype(float).copy(), box.high.astype(float).copy()
    for axis, middle in zip(axes, (u, 1 - v), strict=True):
        length = box.high[axis] - box.low[axis]
        low[axis] = box.low[axis] + (middle - 0.5 / scale) * length
        high[axis] = box.low[axis] + (middle + 0.5 / scale) * length
    return Extent(low.astype(np.float32), high.astype(np.float32), box.centre)


@st.cache_data(max_entries=16, show_spinner=False)
def verdict_field(
    name: str, mtime_ns: int, axes: tuple[int, int], z: tuple[float, ...], zoom: tuple[float, ...]
) -> dict[str, Any] | None:
    """What the classifier sees on a part of a map, as the page takes it (`LatentVerdict`); None where there is none.

    Args:
        name, mtime_ns: of the model, as `LoadedModel` has them.
        axes: the dimensions across and up.
        z: where the other dimensions stand, (k,).
        zoom: as in `part_of`.
    """
    item = load_model(name)
    classes = item.checkpoint.classes
    classifier = classifier_of(item)
    if classifier is None:
        return None
    places = plane(part_of(item.box, axes, zoom), axes, np.array(z, np.float32), SIDE)
    with torch.no_grad():
        logits = torch.cat([classifier(item.model.decode(part)) for part in torch.from_numpy(places).split(2000)])
    limit = off_data_threshold(item.codes["z"])
    near = np.clip(2 - neighbour_distance(item.codes["z"], places) / limit, 0, 1) if math.isfinite(limit) else 1.0
    return {
        "size": SIDE,
        "classes": len(classes),
        "logits": base64.b64encode(logits.numpy().astype("<f4").tobytes()).decode(),
        "near": base64.b64encode((np.broadcast_to(near, len(places)) * 255).astype("u1").tobytes()).decode(),
        "part": list(zoom),
        "axes": list(axes),
    }
