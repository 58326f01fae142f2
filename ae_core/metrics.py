"""What is measured on held-out data once a model is trained."""

import math

import torch
import torch.nn.functional as F
from sklearn.neighbors import KNeighborsClassifier
from torch import Generator, Tensor

from .autoencoder import Autoencoder
from .bottleneck import Ordered
from .data import Dataset
from .pca import PCA
from .penalty import gaussian_kl

BATCH = 2000
ACTIVE = 0.01  # variance of a dimension's mean above which it counts as used (Burda, Grosse & Salakhutdinov 2015)


def squared_error(x: Tensor, x_hat: Tensor) -> float:
    """Squared error summed over a sample's values, averaged over samples (data units²)."""
    return float((x.flatten(1).double() - x_hat.flatten(1)).square().sum(1).mean())


@torch.no_grad()
def codes(model: Autoencoder, x: Tensor) -> Tensor:
    """model.encode in batches: (N, k)."""
    return torch.cat([model.encode(part) for part in x.split(BATCH)])


@torch.no_grad()
def reconstructions(model: Autoencoder, x: Tensor, k: int | None = None) -> Tensor:
    """model.reconstruct in batches: (N, *shape)."""
    return torch.cat([model.reconstruct(part, k) for part in x.split(BATCH)])


@torch.no_grad()
def negative_elbo(model: Autoencoder, x: Tensor, draws: int = 5, seed: int = 0) -> dict[str, float]:
    """−ELBO a sample in nats, E_q[−log p(x|z)] + KL(q‖p), the mean of `draws` samples of z, and its two parts.

    It is a bound in nats only where the loss is cross-entropy; with squared error it is the loss at β = 1.
    """
    generator = Generator().manual_seed(seed)
    rate = distortion = 0.0
    for part in x.split(BATCH):
        mu, logvar = model.posterior(part)
        rate += float(gaussian_kl(mu, logvar).sum())
        for _ in range(draws):
            z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
            distortion += float(model.reconstruction(model.decoder(z), part).sum()) / draws
    return {"negative_elbo": (rate + distortion) / len(x), "reconstruction": distortion / len(x), "kl": rate / len(x)}


def binarised(x: Tensor, seed: int = 0) -> Tensor:
    """Each value in 0..1 replaced by a coin that lands on 1 with that probability (dynamic binarisation)."""
    return torch.bernoulli(x, generator=Generator().manual_seed(seed))


def neighbour_accuracy(z: Tensor, y: Tensor, z_test: Tensor, y_test: Tensor, neighbours: int = 5) -> float:
    """Share of test codes whose `neighbours` nearest training codes vote for their class, 0..1."""
    return float(KNeighborsClassifier(neighbours).fit(z.numpy(), y.numpy()).score(z_test.numpy(), y_test.numpy()))


def active_units(z: Tensor) -> int:
    """Dimensions whose code varies over the data (variance above 0.01)."""
    return int((z.var(0) > ACTIVE).sum())


def clamped(x_hat: Tensor, limits: tuple[float, float] | None) -> Tensor:
    """x_hat within the data's range, as a screen would show it."""
    return x_hat if limits is None else x_hat.clamp(*limits)


def error_by_size(model: Autoencoder | PCA, x: Tensor, k: int, limits: tuple[float, float] | None) -> list[float]:
    """Squared error a sample with the first 1, 2, … k numbers of the code kept, reconstructions clamped to `limits`."""
    with torch.no_grad():
        z = torch.cat([model.encode(part) for part in x.split(BATCH)])
        totals = [
            sum(float((clamped(model.decode(zs, kept), limits) - xs).square().sum()) for xs, zs in zip(x.split(BATCH), z.split(BATCH), strict=True))
            for kept in range(1, k + 1)
        ]
    return [total / len(x) for total in totals]


def measure(model: Autoencoder, data: Dataset, pca: PCA) -> dict[str, float | list[float]]:
    """The figures that a finished run keeps, all on held-out samples; PCA of the same k, fitted on the training data, stands beside them.

    A list is a curve over the numbers kept, from 1.
    """
    z_test = codes(model, data.x_test)
    with torch.no_grad():
        decoded = torch.cat([model.decode(part) for part in z_test.split(BATCH)])
    figures = {
        "squared_error": squared_error(data.x_test, decoded),
        "pca_squared_error": squared_error(data.x_test, pca.reconstruct(data.x_test)),
        "active_units": active_units(z_test),
    }
    if data.range is not None:
        figures["clamped_squared_error"] = squared_error(data.x_test, clamped(decoded, data.range))
    if model.loss == "cross-entropy":
        pixels = F.binary_cross_entropy(decoded.clamp(1e-7, 1 - 1e-7), data.x_test, reduction="sum")
        figures["cross_entropy"] = float(pixels) / len(decoded)
    if model.bottleneck.gaussian:
        figures |= negative_elbo(model, data.x_test)
        if model.loss != "cross-entropy":  # then the sum is no log-likelihood bound
            del figures["negative_elbo"]
        else:
            figures["negative_elbo_binarised"] = negative_elbo(model, binarised(data.x_test))["negative_elbo"]
    if data.y_train is not None and len(data.x_train) >= 5:
        figures["neighbour_accuracy"] = neighbour_accuracy(codes(model, data.x_train), data.y_train, z_test, data.y_test)
        figures["pca_neighbour_accuracy"] = neighbour_accuracy(pca.encode(data.x_train), data.y_train, pca.encode(data.x_test), data.y_test)
    curves = {}
    if isinstance(model.bottleneck, Ordered):
        k = model.k
        curves = {f"{prefix}error_by_size": error_by_size(m, data.x_test, k, data.range) for prefix, m in (("", model), ("pca_", pca))}
        curves["explained"] = [*pca.explained()[:k].tolist(), *[1.0] * (k - pca.k)]  # beyond the data's own size nothing is left
    return {**{name: value for name, value in figures.items() if math.isfinite(value)}, **curves}
