"""The latent space as a place: how far from the data a point lies, and how much the decoder stretches there."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from ..base.errors import LatentError
from ..model.autoencoder import Autoencoder
from ..sockets.penalty import gaussian_kl

NEIGHBOURS = 5  # the distance to the 5th nearest code: a single stray code makes no neighbourhood
FAMILIAR = 0.99  # share of the codes themselves that count as "inside the data"


@dataclass(frozen=True)
class Extent:
    """The box that a map shows: low, high and centre of each dimension, (k,)."""

    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray


def extent(z: np.ndarray, gaussian: bool) -> Extent:
    """A box around the codes z (N, k), all but the outermost in a thousand, with a margin; around the prior's ±3
    standard deviations too, where there is one.

    A Gaussian code is centred at 0, where the prior is densest; a plain one at the middle of its data.
    """
    low, high = np.quantile(z, 0.001, axis=0), np.quantile(z, 0.999, axis=0)
    if gaussian:
        reach = np.maximum(np.maximum(high, -low), 3.0)
        low, high = -reach, reach
    margin = 0.05 * np.maximum(high - low, 1e-6)
    centre = np.zeros_like(low) if gaussian else np.median(z, axis=0)
    return Extent(low - margin, high + margin, centre)


def neighbour_distance(z: np.ndarray, places: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Euclidean distance from each place (M, k) to its `neighbours`-th nearest code of z (N, k): (M,)."""
    neighbours = min(neighbours, len(z))
    return NearestNeighbors(n_neighbors=neighbours).fit(z).kneighbors(places)[0][:, -1]


def off_data_threshold(z: np.ndarray, neighbours: int = NEIGHBOURS) -> float:
    """The distance to the `neighbours`-th nearest other code that 99 % of the codes stay below: beyond it is off the
    data.
    """
    if len(z) <= neighbours:
        return math.inf
    # Each code is its own nearest one, so it does not count.
    distance = NearestNeighbors(n_neighbors=neighbours + 1).fit(z).kneighbors(z)[0][:, -1]
    return float(np.quantile(distance, FAMILIAR))


def plane(box: Extent, axes: tuple[int, int], z: np.ndarray, size: int) -> np.ndarray:
    """size² places (size², k) on a map: two axes vary over the box, the others stay at z (k,). Row 0 is the top (high)."""
    across = box.low[axes[0]] + (np.arange(size) + 0.5) / size * (box.high[axes[0]] - box.low[axes[0]])
    down = box.high[axes[1]] - (np.arange(size) + 0.5) / size * (box.high[axes[1]] - box.low[axes[1]])
    places = np.tile(np.asarray(z, np.float32), (size * size, 1))
    places[:, axes[0]] = np.tile(across, size)
    places[:, axes[1]] = np.repeat(down, size)
    return places


def magnification(model: Autoencoder, places: Tensor, axes: tuple[int, int]) -> Tensor:
    """√det(JᵀJ) of the decoder at each place (M, k), (M,): how much area a patch of the map gets among the pictures.

    J is ∂x_hat/∂z along the two axes (Arvanitidis, Hansen & Hauberg 2018).
    """
    results = []
    for part in places.split(256):
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
def reencoding_error(model: Autoencoder, places: Tensor) -> Tensor:
    """‖encode(decode(z)) − z‖ at each place z (M, k), (M,): how far decoding and encoding again moves it. Near 0 where
    the map means what it shows.
    """
    return torch.cat([(model.encode(model.decode(part)) - part).norm(dim=1) for part in places.split(1024)])


@torch.no_grad()
def kl_by_dimension(model: Autoencoder, x: Tensor) -> Tensor:
    """Mean KL(q(z_i|x) ‖ N(0, 1)) of each dimension over samples x (N, *shape), in nats, (k,): how much it says; near 0
    a dead one.

    Without the data, what their codes decode to serves as x. LatentError where the code is no distribution.
    """
    return sum(gaussian_kl(*model.posterior(part)).double().sum(0) for part in x.split(2000)) / len(x)


def prior_samples(
    k: int, count: int, temperature: float = 1.0, seed: int = 0, codes: np.ndarray | None = None
) -> np.ndarray:
    """Codes drawn from the prior N(0, temperature² I), (count, k) float32.

    A plain autoencoder has no prior: with its codes (N, k) they are drawn from the Gaussian with the codes' mean and
    covariance (temperature² times that),
    which nothing has taught the codes to follow: much of it lies off the data.
    """
    if codes is not None and codes.shape[1] != k:
        raise LatentError(f"The codes have {codes.shape[1]} numbers each, not {k}.")
    noise = temperature * np.random.default_rng(seed).standard_normal((count, k))
    if codes is not None:
        # By eigenvectors: where dimensions depend on each other, or codes are fewer than dimensions, there is no
        # Cholesky root.
        values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(codes.astype(np.float64), rowvar=False, bias=True)))
        noise = codes.mean(0, dtype=np.float64) + noise * np.sqrt(values.clip(min=0)) @ vectors.T
    return noise.astype(np.float32)


def in_real_manifold(made: np.ndarray, real: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Which of the samples made (M, …) look like real ones (N, …), (M,) bool: not farther from one of them than its own
    `neighbours`-th nearest other is.

    Their share is the precision of a generator (Kynkäänniemi, Karras, Laine, Lehtinen & Aila 2019), here by the squared
    difference of the values themselves.
    """
    made, real = made.reshape(len(made), -1).astype(np.float32), real.reshape(len(real), -1).astype(np.float32)
    found = NearestNeighbors(n_neighbors=min(neighbours + 1, len(real)), algorithm="brute").fit(
        real
    )  # each is its own nearest one
    reach = found.kneighbors(real)[0][:, -1]
    return (pairwise_distances(made, real) <= reach).any(axis=1)
