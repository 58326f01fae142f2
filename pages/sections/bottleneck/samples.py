"""The held-out samples that can go into the bottleneck figure."""

import base64
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core import load_dataset
from ae_core.data import source
from ae_core.io.images import enlarged

from ...session.models import Nested
from ...ui.packing import pictures_to_base64, to_base64
from . import words

PER_CLASS = 12  # samples of each class that travel to the page


@st.cache_data(max_entries=8, show_spinner=words.READING)
def samples(
    data: str, shape: tuple[int, ...], options: tuple[tuple[str, Any], ...], here: bool
) -> dict[str, Any] | None:
    """Held-out pictures for the page, as many of each class; scikit-learn's digits, enlarged, where the model's own are
    not here. None where the model is one of signals. options: of the source; here: whether its data are.
    """
    own = data == "samples"
    if len(shape) != 3 and not own:
        return None
    asked = dict(options) if data == "samples" else {}  # of other sources any will do
    if own and not here:
        return None
    name, asked = (data, asked) if here else ("digits", {})
    dataset, chosen = load_dataset(name, **asked), source(name, **asked)
    classes, y = dataset.classes, dataset.y_test
    if y is None:
        rows, classes = list(range(min(10 * PER_CLASS, len(dataset.x_test)))), ("",)
    else:
        rows = [n for c in range(len(classes)) for n in (y == c).nonzero()[:PER_CLASS, 0].tolist()]
    if own:
        return _packed(dataset.x_test[rows].numpy(), shape) | _about(rows, y, classes, words.NOTE_OWN)
    pictures = dataset.x_test[rows, 0].numpy()
    if pictures.shape[1:] != tuple(shape[1:]):
        pictures = np.stack([enlarged(picture, shape[1:]) for picture in pictures])
    note = (words.NOTE_HELD_OUT if name == data else words.NOTE_ENLARGED).format(data=chosen.title)
    return {"values": pictures_to_base64(pictures)} | _about(rows, y, classes, note)


def _about(rows: list[int], y: torch.Tensor | None, classes: tuple[str, ...], note: str) -> dict[str, Any]:
    labels = ["" if y is None else classes[int(y[n])] for n in rows]
    return {"count": len(rows), "labels": labels, "classes": list(classes), "note": note}


def _packed(x: np.ndarray, shape: tuple[int, ...]) -> dict[str, Any]:
    """A person's own samples: pictures as bytes, others as they are."""
    if len(shape) == 3:
        return {"values": pictures_to_base64(x)}
    low, high = (float(v) for v in (x.min(), x.max()))
    margin = 0.05 * (high - low) or 1.0
    return {"values": to_base64(x, "<f4"), "floats": True, "range": [low - margin, high + margin]}


def of_item(item: Nested) -> dict[str, Any] | None:
    """`samples` of a model's own data."""
    config = item.checkpoint.config
    own = dict(config.source) if config.data == "samples" else {}  # of other sources any will do
    here = source(config.data, **own).here()
    return samples(config.data, item.model.shape, tuple(config.source.items()), here)


def input_picture(given: dict[str, Any], item: Nested) -> np.ndarray:
    """The picture, (H, W) in 0..1, that the figure's input `given` means."""
    values = given.get("values") or of_item(item)["values"]
    pictures = np.frombuffer(base64.b64decode(values), np.uint8).reshape(-1, *item.model.shape[1:]) / 255
    return pictures[0 if given.get("values") else min(int(given.get("index", 0)), len(pictures) - 1)]
