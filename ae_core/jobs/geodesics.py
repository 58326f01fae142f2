"""Geodesics of a model in a folder, for a process that keeps the model."""

import functools

import numpy as np

from ..latent.geometry import extent
from ..latent.paths import MetricGraph, OffData, geodesic, geodesic_2d
from ..model.autoencoder import Autoencoder
from ..runs.checkpoint import read_checkpoint


def metric_of(model: Autoencoder, z: np.ndarray) -> MetricGraph | OffData:
    """What a model's geodesics share: its graph over the map, or what leaving the data costs. z: held-out codes."""
    if model.k == 2:
        return MetricGraph.of(model, extent(z, model.bottleneck.gaussian), z)
    return OffData(model, z)


def between(model: Autoencoder, metric: MetricGraph | OffData, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The geodesic from code a to code b, both (k,): (T, k). metric: of `metric_of`."""
    if isinstance(metric, MetricGraph):
        return geodesic_2d(model, a, b, metric)
    return geodesic(model, a, b, off=metric)


@functools.lru_cache(maxsize=8)
def _kept(folder: str, mtime_ns: int, count: int) -> tuple[Autoencoder, MetricGraph | OffData]:
    checkpoint = read_checkpoint(folder)
    model = checkpoint.model()
    return model, metric_of(model, checkpoint.codes()["z"][:count])


def geodesic_in(folder: str, mtime_ns: int, count: int, a: tuple[float, ...], b: tuple[float, ...]) -> np.ndarray:
    """`between` for the model in a folder that was written at `mtime_ns`, by the first `count` of its codes."""
    return between(*_kept(folder, mtime_ns, count), np.array(a), np.array(b))
