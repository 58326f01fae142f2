"""The held-out samples themselves, for a page that shows who is behind a point of a map."""

import math

import numpy as np
import streamlit as st

from ae_core.data import source

from .models import LoadedModel, held_out, load_model

MOST_VALUES = 10_000_000  # a byte each, packed before they travel: of MNIST's 10,000 digits all


def samples_name(item: LoadedModel) -> str | None:
    """Under which name a model's held-out samples travel; None where they are not on this machine."""
    config, count = item.checkpoint.config, len(item.codes["z"])
    if not source(config.data, **dict(config.source)).here():
        return None
    return f"{item.checkpoint.name}:samples:{min(count, MOST_VALUES // math.prod(item.model.shape))}"


@st.cache_resource(max_entries=4, show_spinner=False)
def packed_samples(folder: str, mtime_ns: int) -> tuple[np.ndarray, tuple[float, float]]:
    """(the held-out samples whose codes are on the map, a byte a value, what 0 and 255 mean); none where they cannot be
    read.
    """
    item = load_model(folder)
    config = item.checkpoint.config
    x = held_out(config.data, tuple(config.source.items()))
    if x is None:
        return np.zeros(0, np.uint8), (0.0, 1.0)
    x = x[: min(len(item.codes["z"]), MOST_VALUES // math.prod(item.model.shape))].numpy()
    low, high = item.model.range or (float(x.min()), float(x.max()))
    return np.rint((x - low) / max(high - low, 1e-12) * 255).clip(0, 255).astype(np.uint8), (float(low), float(high))
