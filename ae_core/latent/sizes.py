"""How many numbers do these samples need? The smallest size whose held-out error is within one standard error of the
best (Breiman, Friedman, Olshen & Stone 1984), with how sure that is.

A held-out sample that goes through PCA whole is rebuilt the better the more numbers there are, noise included, so that
the largest size would always be best. So a part of its *values* is held out too, and foretold from the others
(bi-cross-validation: Owen & Perry 2009): beyond the size that the samples have, that gets worse.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..model.autoencoder import Autoencoder
from ..pca import PCA

MIN_HELD_OUT = 10  # samples, below which five splits take the place of one
MIN_SAMPLES = 20  # below which nothing is said
DRAWS = 400
SPLITS = 5


class Size(NamedTuple):
    """k: numbers needed; low, high: the middle 95 % of what other held-out samples would have said; error: mean squared
    error with k of them; enough: whether the best size is smaller than `most`, the largest that was tried.
    """

    k: int
    low: int
    high: int
    error: float
    enough: bool
    most: int


@torch.no_grad()
def errors_by_size(model: Autoencoder | PCA, x: Tensor, most: int) -> np.ndarray:
    """(N, most) squared error of each sample of x (N, *shape), from the first 1, 2, … numbers of its code."""
    z = model.encode(x)
    limits = getattr(model, "range", None)
    columns = []
    for k in range(1, most + 1):
        x_hat = model.decode(z, k)
        x_hat = x_hat if limits is None else x_hat.clamp(*limits)
        columns.append((x_hat - x).square().flatten(1).sum(1))
    return torch.stack(columns, 1).double().numpy()


def smallest_size(errors: np.ndarray) -> Size:
    """The size that held-out errors (N, K) ask for."""
    k = _chosen(errors)
    random = np.random.default_rng(0)
    drawn = np.array([_chosen(errors[random.integers(0, len(errors), len(errors))]) for _ in range(DRAWS)])
    low, high = np.quantile(drawn, (0.025, 0.975)).round().astype(int)
    best = int(errors.mean(0).argmin()) + 1
    return Size(k, int(low), int(high), float(errors.mean(0)[k - 1]), best < errors.shape[1], errors.shape[1])


def _chosen(errors: np.ndarray) -> int:
    means = errors.mean(0)
    best = int(means.argmin())
    allowed = means[best] + errors[:, best].std(ddof=1) / len(errors) ** 0.5
    return int(np.argmax(means <= allowed)) + 1


@torch.no_grad()
def foretold_errors(pca: PCA, x: Tensor, most: int) -> np.ndarray:
    """(N, ≤ most) squared error of each sample of x (N, *shape) whose values, a fifth at a time, are foretold from the
    others by the first 1, 2, … components.
    """
    centred = (x.flatten(1) - pca.mean).double()
    axes, size = pca.components.double(), centred.shape[1]
    order = torch.randperm(size, generator=torch.Generator().manual_seed(0))
    folds = order.chunk(min(SPLITS, size))
    most = max(1, min(most, pca.k, size - max(map(len, folds)) - 1))
    errors = torch.zeros(len(centred), most, dtype=torch.float64)
    for fold in folds:
        rest = torch.ones(size, dtype=torch.bool)
        rest[fold] = False
        for k in range(1, most + 1):
            z = torch.linalg.pinv(axes[:k, rest].T, rtol=1e-6) @ centred[:, rest].T
            errors[:, k - 1] += (centred[:, fold] - (axes[:k, fold].T @ z).T).square().sum(1)
    return errors.numpy()


def pca_size(x: Tensor, x_test: Tensor, most: int) -> Size | None:
    """The size that PCA needs, from the held-out samples, or from five splits of all where they are few; None where
    there are too few to say.
    """
    everything = torch.cat([x, x_test])
    if len(everything) < MIN_SAMPLES:
        return None
    if len(x_test) >= MIN_HELD_OUT:
        return smallest_size(foretold_errors(PCA(x, min(most, len(x) - 1)), x_test, most))
    order = torch.randperm(len(everything), generator=torch.Generator().manual_seed(0))
    folds = order.chunk(SPLITS)
    size = min(most, len(everything) - max(map(len, folds)) - 1)
    parts = []
    for fold in folds:
        rest = torch.ones(len(everything), dtype=torch.bool)
        rest[fold] = False
        parts.append(foretold_errors(PCA(everything[rest], size), everything[fold], size))
    return smallest_size(np.concatenate(parts))


def as_good_as(errors: np.ndarray, other: np.ndarray, k: int) -> int | None:
    """How many numbers of a network, whose errors are (N, K), do as well as `k` of PCA, whose errors are `other`, both
    of the same samples rebuilt whole: within one standard error of the difference; None where not even K do.
    """
    gap = errors - other[:, k - 1 : k]
    spread = gap.std(0, ddof=1) / len(gap) ** 0.5
    good = np.flatnonzero(gap.mean(0) <= spread)
    return int(good[0]) + 1 if len(good) else None
