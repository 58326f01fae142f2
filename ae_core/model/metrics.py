"""What is measured on held-out data once a model is trained."""

import itertools
import math
from collections.abc import Iterator, Mapping

import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Generator, Tensor

from ..base.budget import ask
from ..base.errors import LatentError
from ..data import COPIES, Dataset
from ..pca import PCA
from ..sockets.bottleneck import Ordered
from ..sockets.corruption import Clean
from ..sockets.penalty import Contraction, Sparsity, gaussian_kl, squared_jacobian
from .autoencoder import Autoencoder

BATCH = 2000
# samples whose Jacobians are averaged: a mean of squares over so many is steady enough to compare models
MAX_JACOBIANS = 500
# training codes for a linear probe: more change its accuracy by less than a tenth of a percent and take long
MAX_PROBE_CODES = 10_000
CODE_COPIES = 3  # of all codes, while they are measured: the network's, PCA's, one that is worked on
ACTIVE = 0.01  # variance of a dimension's mean above which it counts as used (Burda, Grosse & Salakhutdinov 2015)

Metrics = Mapping[str, "float | list[float]"]  # by name; a list is a curve over the dimensions kept, or over the units


def squared_error(x: Tensor, x_hat: Tensor) -> float:
    """Squared error of x_hat against x, (N, …) both: summed over a sample's values, averaged over samples, in data
    units².

    >>> squared_error(torch.zeros(2, 3), torch.tensor([[1.0, 1.0, 1.0], [0.0, 0.0, 1.0]]))
    2.0
    """
    return float((x.flatten(1) - x_hat.flatten(1)).square().sum(1).double().mean())


def _batches(x: Tensor, y: Tensor | None) -> Iterator[tuple[Tensor, Tensor | None]]:
    """x and the classes y, where there are some, a batch at a time."""
    return zip(x.split(BATCH), itertools.repeat(None) if y is None else y.split(BATCH), strict=False)


@torch.no_grad()
def codes(model: Autoencoder, x: Tensor, y: Tensor | None = None) -> Tensor:
    """model.encode in batches: (N, k)."""
    return torch.cat([model.encode(*part) for part in _batches(x, y)])


@torch.no_grad()
def reconstructions(model: Autoencoder, x: Tensor, k: int | None = None, y: Tensor | None = None) -> Tensor:
    """model.reconstruct in batches: (N, *shape)."""
    return torch.cat([model.reconstruct(part, k, labels) for part, labels in _batches(x, y)])


@torch.no_grad()
def negative_elbo(
    model: Autoencoder, x: Tensor, draws: int = 5, seed: int = 0, y: Tensor | None = None
) -> dict[str, float]:
    """−ELBO a sample, E_q[−log p(x|z)] + KL(q‖p), and its two parts, "reconstruction" and "kl" (Kingma & Welling 2014).

    Args:
        model: with a Gaussian bottleneck; LatentError for others.
        x: (N, *shape).
        draws: samples of z that the expectation is taken over, for each x.
        seed: of the draws.
        y: classes (N,), for a class-conditional model.

    In nats, and a bound, only where the loss is cross-entropy; with squared error it is the loss at β = 1.
    """
    generator = Generator().manual_seed(seed)
    rate = distortion = 0.0
    for part, labels in _batches(x, y):
        mu, logvar = model.posterior(part, labels)
        rate += float(gaussian_kl(mu, logvar).sum())
        for _ in range(draws):
            z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
            distortion += float(model.reconstruction(model.raw(z, labels), part).sum()) / draws
    return {"negative_elbo": (rate + distortion) / len(x), "reconstruction": distortion / len(x), "kl": rate / len(x)}


def binarised(x: Tensor, seed: int = 0) -> Tensor:
    """Dynamic binarisation: each value of x in 0..1 is the probability of a 1 (Salakhutdinov & Murray 2008)."""
    return torch.bernoulli(x, generator=Generator().manual_seed(seed))


@torch.no_grad()
def importance_weighted_nll(
    model: Autoencoder, x: Tensor, samples: int = 5000, seed: int = 0, batch: int = BATCH, y: Tensor | None = None
) -> tuple[float, float]:
    """(−log p(x) in nats a sample, its standard error over the samples), by importance sampling: −log 1/K Σ
    p(x|z)p(z)/q(z|x), z ~ q(z|x) (Burda, Grosse & Salakhutdinov 2016).

    The estimate is above −log p(x) on average, below −ELBO, and falls with K.

    Args:
        model: a VAE trained with cross-entropy; LatentError for others.
        x: (N, *shape), binarised by the caller, as p(x|z) is of 0 and 1.
        samples: K, codes for each x. Time is the decoder's, N · K times.
        seed: of the codes.
        batch: codes decoded at once, whatever N and K, so that memory is bounded.
        y: classes (N,), for a class-conditional model: the likelihood is then −log p(x|y).
    """
    if model.loss != "cross-entropy":
        raise LatentError("A likelihood in nats needs a model that was trained with cross-entropy.")
    generator = Generator(x.device).manual_seed(seed)
    estimates = []
    size = max(1, batch // samples)
    for part, labels in zip(x.split(size), itertools.repeat(None) if y is None else y.split(size), strict=False):
        mu, logvar = (value[:, None] for value in model.posterior(part, labels))  # (B, 1, k)
        total = torch.full((len(part),), -math.inf, dtype=torch.float64, device=x.device)
        for first in range(0, samples, batch):
            count = min(batch, samples - first)
            noise = torch.randn(len(part), count, model.k, generator=generator, device=x.device)
            z = mu + (logvar / 2).exp() * noise  # (B, S, k)
            repeated = part[:, None].expand(-1, count, *part.shape[1:]).flatten(0, 1)
            told = None if labels is None else labels.repeat_interleave(count)
            likelihood = (
                -model.reconstruction(model.raw(z.flatten(0, 1), told), repeated).view(len(part), count).double()
            )
            # log p(z) − log q(z|x): both have the same constant, log 2π a dimension
            ratio = ((noise.square() + logvar - z.square()) / 2).sum(2)
            total = torch.logaddexp(total, (likelihood + ratio).logsumexp(1))
        estimates.append(math.log(samples) - total)
    nll = torch.cat(estimates)
    return float(nll.mean()), float(nll.std() / math.sqrt(len(nll))) if len(nll) > 1 else 0.0


def neighbour_accuracy(z: Tensor, y: Tensor, z_test: Tensor, y_test: Tensor, neighbours: int = 5) -> float:
    """Accuracy of k-nearest-neighbours classification, 0..1: fitted on codes z (N, k) with classes y (N,), measured on
    z_test and y_test.
    """
    return float(KNeighborsClassifier(neighbours).fit(z.numpy(), y.numpy()).score(z_test.numpy(), y_test.numpy()))


def active_units(z: Tensor) -> int:
    """Dimensions of z (N, k) whose variance over the data is above 0.01 (Burda, Grosse & Salakhutdinov 2016)."""
    return int((z.var(0) > ACTIVE).sum())


def clamped(x_hat: Tensor, limits: tuple[float, float] | None) -> Tensor:
    """x_hat cut to the data's range (low, high), as a screen would show it; unchanged where there is none."""
    return x_hat if limits is None else x_hat.clamp(*limits)


def error_by_size(model: Autoencoder | PCA, x: Tensor, k: int, limits: tuple[float, float] | None) -> list[float]:
    """Squared error a sample of x (N, *shape) with the first 1, 2, … k dimensions of the code kept, reconstructions
    clamped to `limits` (low, high): k numbers, in data units².
    """
    with torch.no_grad():
        z = torch.cat([model.encode(part) for part in x.split(BATCH)])
        totals = [
            sum(
                float((clamped(model.decode(zs, kept), limits) - xs).square().sum())
                for xs, zs in zip(x.split(BATCH), z.split(BATCH), strict=True)
            )
            for kept in range(1, k + 1)
        ]
    return [total / len(x) for total in totals]


def probe_accuracy(z: Tensor, y: Tensor, z_test: Tensor, y_test: Tensor, count: int = MAX_PROBE_CODES) -> float:
    """Accuracy of a linear probe, 0..1: logistic regression fitted on the first `count` codes z (N, k) with classes y
    (N,), measured on z_test and y_test.
    """
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)).fit(z[:count].numpy(), y[:count].numpy())
    return float(probe.score(z_test.numpy(), y_test.numpy()))


def neighbourhood_trustworthiness(x: Tensor, z: Tensor, count: int = 2000, neighbours: int = 5) -> float:
    """Trustworthiness of the codes z (N, k) of x (N, *shape), 0..1: whether near codes are near samples (Venna & Kaski
    2001). Measured on the first `count`.
    """
    neighbours = min(neighbours, (min(count, len(x)) - 1) // 2)
    return float(trustworthiness(x[:count].flatten(1).numpy(), z[:count].numpy(), n_neighbors=neighbours))


@torch.no_grad()
def denoising_error(model: Autoencoder | PCA, corrupt: Clean, x: Tensor, seed: int = 0) -> float:
    """Squared error of the reconstructions of corrupted samples against the clean x (N, *shape), summed over a sample's
    values, averaged over samples, in data units².
    """
    generator = Generator().manual_seed(seed)
    return squared_error(x, torch.cat([model.reconstruct(corrupt(part, generator)) for part in x.split(BATCH)]))


def firing_rates(z: Tensor) -> Tensor:
    """Share of the samples for which each unit of a sparse code z (N, k) is active, (k,) in 0..1: above a hundredth of
    the largest value of all.
    """
    return (z > 0.01 * z.max()).float().mean(0)


def jacobian_norm(model: Autoencoder, x: Tensor) -> float:
    """√ of the mean over x (N, *shape) of ‖∂z/∂x‖²_F, z the encoder's outputs: how far the code moves for a small step
    of the input, in code units a data unit (Rifai et al. 2011).
    """
    with torch.no_grad():
        return math.sqrt(float(squared_jacobian(model.encoder, x).mean()))


def perplexity(tokens: Tensor, codes: int) -> float:
    """e^entropy of how often each code of a codebook is used, from 1 (always the same) to `codes` (all as often);
    tokens: indices 0 to codes − 1, of any shape.

    >>> round(perplexity(torch.tensor([0, 1, 2, 3]), 4), 6)
    4.0
    """
    share = torch.bincount(tokens.flatten(), minlength=codes).double() / tokens.numel()
    return float(torch.special.entr(share).sum().exp())


def conditional_accuracy(model: Autoencoder, data: Dataset, each: int = 100, seed: int = 0) -> float:
    """Share of a class-conditional model's samples (`each` a class, z ~ N(0, I)) that a classifier assigns to the
    requested class, 0..1.

    The classifier: the 5 nearest of up to 20,000 training samples, in the data's own space.
    """
    if data.y_train is None:
        raise LatentError("A classifier needs labels, and this dataset has none.")
    y = torch.arange(model.n_classes).repeat_interleave(each)
    z = torch.randn(len(y), model.k, generator=Generator().manual_seed(seed))
    with torch.no_grad():
        made = torch.cat([model.decode(part, y=labels) for part, labels in _batches(z, y)])
    return neighbour_accuracy(data.x_train[:20_000].flatten(1), data.y_train[:20_000], made.flatten(1), y)


def _variant_metrics(model: Autoencoder, data: Dataset, pca: PCA) -> Iterator[Metrics]:
    """The metrics that only some variants have."""
    if model.corrupt.script():
        yield {
            f"{prefix}restored_squared_error": denoising_error(which, model.corrupt, data.x_test)
            for prefix, which in (("", model), ("pca_", pca))
        }
    if isinstance(model.penalty, Sparsity):
        rates = firing_rates(codes(model, data.x_test))
        yield {"active_share": float(rates.mean()), "unit_rates": rates.tolist()}
    if isinstance(model.penalty, Contraction) or (model.bottleneck.is_identity and model.config.network == "mlp"):
        norm, spread = (
            jacobian_norm(model, data.x_test[:MAX_JACOBIANS]),
            math.sqrt(float(codes(model, data.x_test).var(0).sum())),
        )
        yield {
            "jacobian_norm": norm,
            "relative_jacobian_norm": norm / max(spread, 1e-12),
        }  # the second does not change with the code's unit
    if model.codebook is not None:
        with torch.no_grad():
            tokens = torch.cat([model.tokens(part) for part in data.x_test.split(BATCH)])
        yield {"perplexity": perplexity(tokens, len(model.codebook)), "codes_used": len(tokens.unique())}
    if model.n_classes:
        yield {"asked_accuracy": conditional_accuracy(model, data)}


def ask_measuring(data: Dataset, k: int) -> None:
    """Announce what `figures` takes, over the data themselves, of a code of k numbers. Raises BudgetError."""
    ask(
        measuring_bytes(data, k),
        f"Measuring {len(data.x_test):,} held-out samples of {data.x_test[0].numel():,} values needs",
        "make the samples smaller, or fewer",
    )


def measuring_bytes(data: Dataset, k: int) -> int:
    """Reconstructions of the held-out samples, and the codes of them; of classes those of the training samples, too."""
    coded = len(data.x_test) + (0 if data.y_train is None else len(data.x_train))
    return 4 * ((COPIES - 1) * data.x_test.numel() + CODE_COPIES * coded * k)


def figures(model: Autoencoder, data: Dataset, pca: PCA) -> Iterator[Metrics]:
    """The metrics that a finished run keeps, some at a time, all on held-out samples.

    Args:
        model: trained, in eval mode.
        data: its training and held-out samples.
        pca: of the training data, with the same k; its metrics are called pca_….

    A list is a curve over the dimensions kept, from 1, or over the units. What is not a finite number is left out.
    """
    for part in _figures(model, data, pca):
        yield {name: value for name, value in part.items() if isinstance(value, list) or math.isfinite(value)}


def _figures(model: Autoencoder, data: Dataset, pca: PCA) -> Iterator[Metrics]:
    z_test, z_pca = codes(model, data.x_test, data.y_test), pca.encode(data.x_test)
    with torch.no_grad():
        decoded = torch.cat([model.decode(part, y=y) for part, y in _batches(z_test, data.y_test)])
    yield {
        "squared_error": squared_error(data.x_test, decoded),
        "pca_squared_error": squared_error(data.x_test, pca.decode(z_pca)),
        "active_units": active_units(z_test),
        "parameters": sum(p.numel() for p in model.parameters()),
    }
    if data.range is not None:
        yield {"clamped_squared_error": squared_error(data.x_test, clamped(decoded, data.range))}
    if model.loss == "cross-entropy":
        pixels = F.binary_cross_entropy(decoded.clamp(1e-7, 1 - 1e-7), data.x_test, reduction="sum")
        yield {"cross_entropy": float(pixels) / len(decoded)}
    if model.bottleneck.gaussian:
        elbo = negative_elbo(model, data.x_test, y=data.y_test)
        if model.loss != "cross-entropy":  # then the sum is no log-likelihood bound
            del elbo["negative_elbo"]
        yield elbo
        if model.loss == "cross-entropy":
            yield {
                "negative_elbo_binarised": negative_elbo(model, binarised(data.x_test), y=data.y_test)["negative_elbo"]
            }
    yield from _variant_metrics(model, data, pca)
    if len(data.x_test) >= 10:
        yield {
            "trustworthiness": neighbourhood_trustworthiness(data.x_test, z_test),
            "pca_trustworthiness": neighbourhood_trustworthiness(data.x_test, z_pca),
        }
    yield from _class_metrics(model, data, pca, z_test, z_pca)
    if isinstance(model.bottleneck, Ordered):
        k = model.k
        for prefix, which in (("", model), ("pca_", pca)):
            yield {f"{prefix}error_by_size": error_by_size(which, data.x_test, k, data.range)}
        yield {
            "explained": [*pca.explained()[:k].tolist(), *[1.0] * (k - pca.k)]
        }  # beyond the data's own size nothing is left


def _class_metrics(model: Autoencoder, data: Dataset, pca: PCA, z_test: Tensor, z_pca: Tensor) -> Iterator[Metrics]:
    """How well classes are told apart by the codes, and by PCA's; z_test, z_pca: both codes of the held-out samples."""
    y, y_test = data.y_train, data.y_test
    if y is None or y_test is None or len(y) < 5:
        return
    z, z_pca_train = codes(model, data.x_train, y), pca.encode(data.x_train)
    for prefix, fitted, held_out in (("", z, z_test), ("pca_", z_pca_train, z_pca)):
        yield {f"{prefix}neighbour_accuracy": neighbour_accuracy(fitted, y, held_out, y_test)}
        if len(y[:MAX_PROBE_CODES].unique()) > 1:
            yield {f"{prefix}probe_accuracy": probe_accuracy(fitted, y, held_out, y_test)}
