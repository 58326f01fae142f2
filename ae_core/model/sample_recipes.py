"""Recipes for a person's own samples: a map of two numbers, and one model for every number of them."""

import math
from collections.abc import Mapping
from typing import Any

from .config import Config

MAP_STEPS, NESTED_STEPS = 2500, 1500  # optimizer steps after which more brings little
MAX_SIZE = 32  # numbers of the nested model
MAX_EPOCHS = 250
FEW, FEW_EPOCHS = 100, 100  # of so few samples an epoch costs more than its steps


def _pace(count: int, steps: int) -> dict[str, Any]:
    """Batch size and epochs for so many training samples."""
    batch = max(1, min(64 if count < 20_000 else 256, count // 8))
    most = FEW_EPOCHS if count < FEW else MAX_EPOCHS
    return {"batch_size": batch, "epochs": max(4, min(most, round(steps * batch / count)))}


def map_recipe(source: Mapping[str, Any], shape: tuple[int, ...], count: int) -> Config:
    """A map of two numbers of `count` samples of this shape; source: the knobs of `Samples`."""
    picture = len(shape) == 3
    return Config(
        data="samples",
        variant="vae",
        k=2,
        hidden=(256, 128) if math.prod(shape) > 64 else (64, 32),
        lr=1e-3,
        source=dict(source),
        sockets={"beta": 1.0 if picture else 0.1},
        **_pace(count, MAP_STEPS),
    )


def nested_recipe(source: Mapping[str, Any], shape: tuple[int, ...], count: int) -> Config:
    """A model with ordered numbers, the first k of which serve as a model of k."""
    return Config(
        data="samples",
        variant="nested",
        k=max(1, min(MAX_SIZE, math.prod(shape), count - 1)),
        hidden=(256, 128),
        lr=1e-3,
        source=dict(source),
        **_pace(count, NESTED_STEPS),
    )
