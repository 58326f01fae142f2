"""The geometry of a latent space: distance from the data, the decoder's magnification, re-encoding error, KL."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from ..base.errors import LatentError
from ..base.text import plural
from ..model.autoencoder import Autoencoder
from ..sockets.penalty import gaussian_kl

NEIGHBOURS = 5  # the distance to the 5th nearest code: a single stray code makes no neighbourhood
IN_DATA = 0.99  # share of the codes themselves that count as inside the data


@dataclass(frozen=True)
class Extent:
    """The box that a map shows: low, high and centre of each dimension, (k,)."""

    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray


def extent(z: np.ndarray, gaussian: bool) -> Extent:
    """A box around the codes z (N, k), all but the outermost in a thousand, with a margin.

    Args:
        z: codes of held-out samples.
        gaussian: whether there is a prior: its ±3 standard deviations then lie inside too, and the centre is 0, where
            it is densest; else the centre is the codes' median.
    """
    low, high = np.quantile(z, 0.001, axis=0), np.quantile(z, 0.999, axis=0)
    if gaussian:
        reach = np.maximum(np.maximum(high, -low), 3.0)
        low, high = -reach, reach
    margin = 0.05 * np.maximum(high - low, 1e-6)
    centre = np.zeros_like(low) if gaussian else np.median(z, axis=0)
    return Extent(low - margin, high + margin, centre)


def neighbour_distance(codes: np.ndarray, z: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Euclidean distance from each point z (M, k) to its `neighbours`-th nearest of the codes (N, k): (M,)."""
    neighbours = min(neighbours, len(codes))
    return NearestNeighbors(n_neighbors=neighbours).fit(codes).kneighbors(z)[0][:, -1]


def off_data_threshold(z: np.ndarray, neighbours: int = NEIGHBOURS) -> float:
    """The 99 % quantile over the codes z (N, k) of the distance to the `neighbours`-th nearest other code, in latent
    units: a point farther than that from the codes is off the data. Infinite where there are too few codes.
    """
    if len(z) <= neighbours:
        return math.inf
    # Each code is its own nearest one, so it does not count.
    distance = NearestNeighbors(n_neighbors=neighbours + 1).fit(z).kneighbors(z)[0][:, -1]
    return float(np.quantile(distance, IN_DATA))


def plane(box: Extent, axes: tuple[int, int], z: np.ndarray, size: int) -> np.ndarray:
    """A grid of points on a map, (size², k): two axes vary over the box, the others stay at z (k,). Row 0 is on top."""
    across = box.low[axes[0]] + (np.arange(size) + 0.5) / size * (box.high[axes[0]] - box.low[axes[0]])
    down = box.high[axes[1]] - (np.arange(size) + 0.5) / size * (box.high[axes[1]] - box.low[axes[1]])
    points = np.tile(np.asarray(z, np.float32), (size * size, 1))
    points[:, axes[0]] = np.tile(across, size)
    points[:, axes[1]] = np.repeat(down, size)
    return points


def magnification(model: Autoencoder, z: Tensor, axes: tuple[int, int]) -> Tensor:
    """Magnification factor √det(JᵀJ) of the decoder at each point z (M, k), (M,), in data units² a latent unit²: the
    area
    that a unit of the map gets among the samples. J is ∂x_hat/∂z along the two axes (Bishop, Svensén & Williams 1997;
    Arvanitidis, Hansen & Hauberg 2018).
    """
    results = []
    for part in z.split(256):
        # J v as the derivative of w ↦ Jᵀw · v: two sweeps backwards. torch.func.jvp, one forwards, would load torch's
        # compiler for this: 85 MB.
        part = part.clone().requires_grad_()
        shown = model.decode(part)
        w = torch.zeros_like(shown).requires_grad_()
        (back,) = torch.autograd.grad(shown, part, w, create_graph=True)
        columns = [torch.autograd.grad(back[:, axis].sum(), w, retain_graph=True)[0].flatten(1) for axis in axes]
        u, v = columns
        gram = u.square().sum(1) * v.square().sum(1) - (u * v).sum(1).square()
        results.append(gram.clamp(min=0).sqrt())
    return torch.cat(results)


@torch.no_grad()
def reencoding_error(model: Autoencoder, z: Tensor) -> Tensor:
    """‖encode(decode(z)) − z‖ at each point z (M, k), (M,), in latent units: near 0 where the map is consistent."""
    return torch.cat([(model.encode(model.decode(part)) - part).norm(dim=1) for part in z.split(1024)])


@torch.no_grad()
def kl_by_dimension(model: Autoencoder, x: Tensor) -> Tensor:
    """Mean KL(q(z_i|x) ‖ N(0, 1)) of each dimension over samples x (N, *shape), in nats, (k,): the information that it
    carries, near 0 where it has collapsed. LatentError where the code is no distribution.

    Without the data, what their codes decode to serves as x.
    """
    total = torch.zeros(model.k, dtype=torch.float64, device=x.device)
    for part in x.split(2000):
        total += gaussian_kl(*model.posterior(part)).double().sum(0)
    return total / len(x)


def prior_samples(
    k: int, count: int, temperature: float = 1.0, seed: int = 0, codes: np.ndarray | None = None
) -> np.ndarray:
    """Codes drawn from the prior N(0, temperature² I), (count, k) float32.

    Args:
        k: dimensions of a code.
        count: codes to draw.
        temperature: standard deviation, in those of the prior.
        seed: of the draw.
        codes: (N, k), of a plain autoencoder, which has no prior: the draw is from the Gaussian with their mean and
            temperature² times their covariance. No training makes codes follow it, so much of it lies off the data.

    Raises LatentError where the codes have another number of dimensions.
    """
    if codes is not None and codes.shape[1] != k:
        raise LatentError(f"The codes have {plural(codes.shape[1], 'dimension')}, not {k}.")
    noise = temperature * np.random.default_rng(seed).standard_normal((count, k))
    if codes is not None:
        # By eigenvectors: where dimensions depend on each other, or codes are fewer than dimensions, there is no
        # Cholesky root.
        values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(codes.astype(np.float64), rowvar=False, bias=True)))
        noise = codes.mean(0, dtype=np.float64) + noise * np.sqrt(values.clip(min=0)) @ vectors.T
    return noise.astype(np.float32)


def in_real_manifold(made: np.ndarray, real: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Which of the samples made (M, …) lie within the manifold of real ones (N, …), (M,) bool: not farther from one of
    them than its own `neighbours`-th nearest other is, by the Euclidean distance of the values themselves.

    Their share is a generator's precision (Kynkäänniemi, Karras, Laine, Lehtinen & Aila 2019).
    """
    made, real = made.reshape(len(made), -1).astype(np.float32), real.reshape(len(real), -1).astype(np.float32)
    count = min(neighbours + 1, len(real))  # each is its own nearest one
    radius = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(real).kneighbors(real)[0][:, -1]
    return (pairwise_distances(made, real) <= radius).any(axis=1)


def inside(line: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Which places (N, 2) are inside a closed line of corners (C, 2), by the even-odd rule: (N,) truths.

    >>> inside(np.array([[0, 0], [1, 0], [0, 1]]), np.array([[0.2, 0.2], [0.9, 0.9]])).tolist()
    [True, False]
    """
    odd = np.zeros(len(places), bool)
    if len(line) < 3:
        return odd
    x, y = places.T
    for (ax, ay), (bx, by) in zip(line, np.roll(line, 1, axis=0), strict=True):
        crosses = (ay > y) != (by > y)
        if ay != by:
            odd ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return odd
