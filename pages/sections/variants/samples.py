"""The held-out digits, or signals, that can go in."""

import base64
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core import load_dataset
from ae_core.base import budget
from ae_core.data import Dataset, source
from ae_core.io.images import enlarged
from ae_core.jobs.queue import page_bounds

from ...session.models import LoadedModel
from ...ui.packing import pictures_to_base64, to_base64
from ...ui.wording import thing_of
from . import words

PER_CLASS = 6  # held-out samples of each class that travel to the page
WITHOUT_CLASSES = 60  # of data that have none

Samples = dict[str, Any]  # as the component takes them: count, values, labels, classes; of signals limits


def samples_for(items: dict[str, LoadedModel]) -> Samples:
    """Those that belong to the models of a figure."""
    first = next(iter(items.values()))
    data, options = first.checkpoint.config.data, first.checkpoint.config.source
    if data == "samples":
        return own_samples(tuple(options.items()), thing_of(first.checkpoint))
    if len(first.model.shape) == 2:
        return signals_of(data, tuple(options.items()))
    return pictures_of(data, first.model.shape, source(data, **options).here())


def _one_of_each_in_turn(labels: torch.Tensor, classes: int) -> list[int]:
    """PER_CLASS rows of each class, alternating. labels: (N,)."""
    groups = [(labels == c).nonzero()[:PER_CLASS, 0].tolist() for c in range(classes)]
    return [group[n] for n in range(PER_CLASS) for group in groups if n < len(group)]


@st.cache_data(max_entries=8, show_spinner=words.READING_SAMPLES)
def pictures_of(data: str, shape: tuple[int, ...], here: bool) -> Samples:
    """Held-out pictures, a byte a pixel, one of each class in turn; scikit-learn's digits, enlarged, where the model's
    own are not here.
    """
    dataset = load_dataset(data if here else "digits")
    rows = _one_of_each_in_turn(dataset.y_test, len(dataset.classes))
    pictures = dataset.x_test[rows].numpy()
    if pictures.shape[1:] != tuple(shape):
        pictures = np.stack([np.broadcast_to(enlarged(picture[0], shape[1:]), shape) for picture in pictures])
    return {
        "count": len(rows),
        "values": pictures_to_base64(pictures),
        "labels": [int(c) for c in dataset.y_test[rows]],
        "classes": list(dataset.classes),
    }


@st.cache_data(max_entries=8, show_spinner=words.READING_SAMPLES)
def own_samples(options: tuple[tuple[str, Any], ...], noun: str) -> Samples:
    """Held-out samples of a person's own, as `pictures_of` or `signals_of` gives them; noun: what one is."""
    dataset = source("samples", **dict(options)).load()
    if len(dataset.shape) == 2:
        return {**signals_of("samples", options), "noun": noun}
    rows, labels = _rows_of(dataset)
    values = pictures_to_base64(dataset.x_test[rows].numpy())
    return {"count": len(rows), "values": values, "labels": labels, "classes": list(dataset.classes), "noun": noun}


def _rows_of(dataset: Dataset) -> tuple[list[int], list[int]]:
    """(held-out rows, one of each class in turn where there are classes; their classes, 0 without)."""
    if dataset.classes and dataset.y_test is not None:
        rows = _one_of_each_in_turn(dataset.y_test, len(dataset.classes))
        return rows, [int(c) for c in dataset.y_test[rows]]
    rows = list(range(min(WITHOUT_CLASSES, len(dataset.x_test))))
    return rows, [0] * len(rows)


@st.cache_data(max_entries=8, show_spinner=words.READING_SAMPLES)
def signals_of(data: str, options: tuple[tuple[str, Any], ...]) -> Samples:
    """Held-out signals as float32, one of each class in turn where there are classes; "limits": the lowest and the
    highest value of them all.
    """
    with budget.within(page_bounds().memory):
        dataset = source(data, **dict(options)).load()
    rows, labels = _rows_of(dataset)
    x = dataset.x_test[rows].numpy()
    return {
        "count": len(rows),
        "values": to_base64(x, "<f4"),
        "limits": [float(x.min()), float(x.max())],
        "labels": labels,
        "classes": list(dataset.classes),
    }


def unpacked(samples: Samples, shape: tuple[int, ...]) -> torch.Tensor:
    """Samples as the page has them: pictures (N, *shape) in 0..1, signals as they are."""
    if "limits" in samples:
        return torch.from_numpy(np.frombuffer(base64.b64decode(samples["values"]), "<f4").copy()).view(-1, *shape)
    pixels = np.frombuffer(base64.b64decode(samples["values"]), np.uint8).astype(np.float32) / 255
    return torch.from_numpy(pixels).view(-1, *shape)
