"""What a map keeps of its samples' neighbourhoods, and how much of it shows what is no sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

NEIGHBOURS = 5
BLOCK = 500  # rows of distances at once: of 10,000 samples 20 MB
MOST_REAL = 20_000  # of MNIST's digits: three times as many move a share by less than a percent
USUAL = 0.95  # of decoded samples are nearer to a real one than what counts as off the data


class Kept(NamedTuple):
    """How far near places are near samples, and the other way round, both 0..1 (Venna & Kaski 2001).

    Args:
        trustworthiness: 1 where all nearest on the map are nearest among the samples.
        continuity: 1 where all nearest among the samples are nearest on the map.
    """

    trustworthiness: float
    continuity: float


def _squared(a: Tensor, b: Tensor) -> Tensor:
    """|a − b|² of rows a (M, D) and b (N, D), (M, N), but for float32's rounding."""
    return (a.square().sum(1)[:, None] - 2 * a @ b.T + b.square().sum(1)).clamp(min=0)


def _beyond(distances: Tensor, near: Tensor) -> float:
    """How much farther down than the k-th place the samples near (B, k) stand in the lists of nearest that distances
    (B, N) are, in all.
    """
    limits, count = distances.gather(1, near), near.shape[1]
    places = [(distances < limit[:, None]).sum(1) + 1 for limit in limits.T]
    return float(sum((place - count).clamp(min=0).sum() for place in places))


@torch.no_grad()
def kept_neighbours(x: Tensor, *maps: Tensor, neighbours: int = NEIGHBOURS) -> list[Kept]:
    """What each of several maps (N, k) keeps of the neighbourhoods of samples x (N, …), by the Euclidean distance of
    the values themselves; of fewer neighbours where there are not twice as many samples.

    Of 10,000 samples of 784 values it takes some ten seconds and 100 MB.
    """
    count = len(x)
    neighbours = min(neighbours, (count - 1) // 2)
    spaces = [each.flatten(1).float() for each in (x, *maps)]
    spaces = [each - each.mean(0) for each in spaces]
    lost = [[0.0, 0.0] for _ in maps]
    for part in torch.arange(count).split(BLOCK):
        distances = [_squared(each[part], each) for each in spaces]
        for each in distances:
            each[torch.arange(len(part)), part] = torch.inf  # nobody is its own neighbour
        near = [each.topk(neighbours, largest=False)[1] for each in distances]
        for total, there, nearest in zip(lost, distances[1:], near[1:], strict=True):
            total[0] += _beyond(distances[0], nearest)
            total[1] += _beyond(there, near[0])
    worst = count * neighbours * (2 * count - 3 * neighbours - 1) / 2
    return [Kept(1 - trust / worst, 1 - continuity / worst) for trust, continuity in lost]


def own_neighbour_accuracy(places: np.ndarray, y: np.ndarray, neighbours: int = NEIGHBOURS) -> float:
    """Share of places (N, k) whose class y (N,) most of their nearest others have, 0..1; of a tie the least class."""
    count = min(neighbours, len(places) - 1)
    near = NearestNeighbors(n_neighbors=count).fit(places).kneighbors(return_distance=False)  # without itself
    votes = np.zeros((len(y), int(y.max()) + 1), np.int64)
    for column in near.T:
        votes[np.arange(len(y)), y[column]] += 1
    return float((votes.argmax(1) == y).mean())


def _nearest(made: Tensor, real: Tensor) -> Tensor:
    """Squared distance of each of made (M, D) from the nearest of real (N, D), (M,)."""
    return torch.cat(
        [torch.stack([_squared(part, some).amin(1) for some in real.split(10_000)]).amin(0) for part in made.split(200)]
    )


@torch.no_grad()
def off_data_share(decode: Callable[[Tensor], Tensor], places: Tensor, z: Tensor, x: Tensor) -> float:
    """Share of the places (M, k) of a map whose picture is farther from any real sample x (N, …) than USUAL of the
    pictures of held-out samples' codes z (K, k) are, 0..1. Of many real samples the first MOST_REAL are asked.
    """
    x = x[:MOST_REAL]
    mean = x.flatten(1).mean(0)
    real = x.flatten(1) - mean
    usual, there = (
        _nearest(torch.cat([decode(part).flatten(1) for part in codes.split(1000)]) - mean, real)
        for codes in (z, places)
    )
    return float((there > usual.quantile(USUAL)).float().mean())
