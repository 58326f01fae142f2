"""Socket 5, penalty: what is added to the reconstruction loss."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base.options import option
from . import neighbours
from .bottleneck import Code, Sparse

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn
else:
    from ..base.lazy import nn, torch


def gaussian_kl(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL( N(mu, e^logvar) ‖ N(0, 1) ) of each dimension, in nats, (N, k): −½ (1 + log σ² − μ² − σ²) (Kingma & Welling
    2014, appendix B).

    >>> mu, logvar = torch.tensor([[0.0, 1.0]]), torch.zeros(1, 2)
    >>> gaussian_kl(mu, logvar).tolist()
    [[-0.0, 0.5]]
    """
    return -0.5 * (1 + logvar - mu.square() - logvar.exp())


@dataclass(frozen=True)
class NoPenalty:
    """Reconstruction alone. Base of all penalties."""

    needs_places = False  # whether each sample has a place on the plane that its code is pulled to

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        """Functions that the lines of `script` call."""
        return ()

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        """Each term by name, (N,), before it is weighted.

        Args:
            code: of the N samples.
            encoder: that made it.
            x_corrupted: what the encoder read, in the number format of its weights.
        """
        return {}

    def total(self, terms: dict[str, Tensor]) -> Tensor | float:
        """The weighted sum of the terms, (N,)."""
        return 0.0

    def script(self) -> str:
        """The same in lines of plain torch: they make `penalty`, (N,), of `encoder`, what it read (`x_corrupted`, or
        `x`
        where nothing is corrupted), what the bottleneck's lines made, and the names of these knobs; none add nothing.
        """
        return ""


@dataclass(frozen=True)
class KL(NoPenalty):
    """β · KL(q(z|x) ‖ N(0, I)); β = 1 is the VAE, more is the β-VAE (Higgins et al. 2017)."""

    beta: float = option(1.0, "weight of the KL term; 1 makes the loss −ELBO", low=0, high=1000)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        if code.logvar is None:
            raise ValueError("a KL term needs a Gaussian bottleneck")
        return {"kl": gaussian_kl(code.mu, code.logvar).sum(-1)}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.beta * terms["kl"]

    def script(self) -> str:
        return inspect.cleandoc("""
            # KL(q(z|x) ‖ N(0, I)) in closed form, in nats: it pulls q(z|x) towards the prior N(0, I).
            kl = -0.5 * (1 + logvar - mu.square() - logvar.exp())  # of each dimension
            penalty = beta * kl.sum(1)
        """)


@dataclass(frozen=True)
class Neighbour(KL):
    """Pulls each code to its sample's place on a layout of the data's nearest neighbours (see neighbours.py):
    √(|μ − place|² + ¼) − ½, free near the place and a constant pull far from it. Where the code is a Gaussian β · KL is
    added.

    The weight is a share of the loss that the mean sample makes, so that it means the same for all data, and falls from
    EASE times that to its value over the training: first the map, then the drawing (see `Autoencoder.pull`).
    """

    neighbour_weight: float = option(
        0.12, "weight of the pull to a sample's place, as a share of the mean sample's loss", low=0, high=100
    )
    beta: float = option(1.0, "weight of the KL term; 1 makes the loss −ELBO", low=0, high=1000)
    needs_places = True

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return neighbours.QUOTED

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        terms = {} if code.logvar is None else super().terms(code, encoder, x_corrupted)
        return terms if code.place is None else terms | {"neighbour": neighbours.distance(code.mu, code.place)}

    def total(self, terms: dict[str, Tensor]) -> Tensor | float:  # type: ignore[override]
        return super().total(terms) if "kl" in terms else 0.0

    def script(self) -> str:
        return inspect.cleandoc("""
            # Towards the sample's place: free near it, a constant pull far from it.
            penalty = pull * neighbour_weight * distance(z, place)
        """)

    def script_gaussian(self) -> str:
        """The same where the code is a Gaussian."""
        return f"{super().script()}\n{self.script().replace('penalty =', 'penalty = penalty +').replace('(z,', '(mu,')}"


def rate_kl(rate: float, activation: Tensor) -> Tensor:
    """KL( Bernoulli(rate) ‖ Bernoulli(activation) ) of each unit, in nats; activation: mean activations in 0..1, of any
    shape (Lee, Ekanadham & Ng 2007).

    >>> rate_kl(0.5, torch.tensor([0.5])).tolist()
    [0.0]
    """
    activation = activation.clamp(1e-6, 1 - 1e-6)  # a unit that is always off would cost infinitely much
    on = torch.xlogy(torch.tensor(rate), rate / activation)
    return on + torch.xlogy(torch.tensor(1 - rate), (1 - rate) / (1 - activation))


@dataclass(frozen=True)
class Sparsity(NoPenalty, Sparse):
    """Few units shall be active.

    l1: Σ|z_j| (Olshausen & Field 1996).
    kl: Σ_j KL(rate ‖ mean activation of unit j over the batch), in nats (Lee, Ekanadham & Ng 2007).
    topk: the bottleneck itself lets no more pass; Σ_j KL(N(m_j, v_j) ‖ N(0, 1)) of the batch's mean and variance of
    unit j's input, in nats, keeps each among the largest now and then. Without it more than half of the units die, and
    never come back (Makhzani & Frey 2013 say how).
    """

    rate: float = option(0.05, "with kl: target mean activation of a unit", low=1e-4, high=0.9999)
    sparsity_weight: float = option(0.1, "weight of the sparsity term", low=0, high=10_000)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        if self.sparsity == "l1":
            return {"sparsity": code.z.abs().sum(1)}
        if self.sparsity == "kl":
            return {"sparsity": rate_kl(self.rate, code.z.mean(0)).sum().expand(len(code.z))}
        if code.encoder_output is None:
            raise ValueError("topk needs a bottleneck that rectifies")
        mean, variance = code.encoder_output.mean(0), code.encoder_output.var(0, unbiased=False) + 1e-6
        return {"sparsity": gaussian_kl(mean, variance.log()).sum().expand(len(code.z))}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.sparsity_weight * terms["sparsity"]

    def script(self) -> str:
        if self.sparsity == "topk":
            return inspect.cleandoc("""
                # The input of each unit shall have mean 0 and variance 1 over the batch: each is then among the
                # largest now and then, and none dies.
                mean, variance = h.mean(0), h.var(0, unbiased=False) + 1e-6
                kl = -0.5 * (1 + variance.log() - mean.square() - variance)  # of two Gaussians, in nats
                penalty = sparsity_weight * kl.sum().expand(len(z))
            """)
        if self.sparsity == "l1":
            return "penalty = sparsity_weight * z.sum(1)  # L1: every number that is not 0 has its price"
        return inspect.cleandoc("""
            # KL between the target mean activation of a unit and its mean in this batch, as Bernoulli rates, in nats.
            mean = z.mean(0).clamp(1e-6, 1 - 1e-6)
            kl = rate * (rate / mean).log() + (1 - rate) * ((1 - rate) / (1 - mean)).log()
            penalty = sparsity_weight * kl.sum().expand(len(z))
        """)


def squared_jacobian(encoder: nn.Sequential, x: Tensor) -> Tensor:
    """‖∂encoder(x)/∂x‖²_F of each sample, (N,), exactly and differentiably (Rifai, Vincent, Muller, Glorot & Bengio
    2011).

    Through dense layers the k rows of the Jacobian are carried back at once: a product with W a layer, with the
    activation's slope between; the first layer's W (width, D) enters by W Wᵀ alone. Through any other layer each output
    is differentiated on its own, k passes back.
    """
    if len(x) > 256:  # k · width numbers a sample: of so many at once they would fill the memory
        return torch.cat([squared_jacobian(encoder, part) for part in x.split(256)])
    layers = [layer for layer in encoder if not isinstance(layer, nn.Flatten)]
    if not all(isinstance(layer, nn.Linear) or not list(layer.parameters()) for layer in layers):
        h, pull_back, *_ = torch.func.vjp(encoder, x)
        norms = h.new_zeros(len(x))
        for row in torch.eye(h.shape[1], dtype=h.dtype, device=h.device):
            norms = norms + pull_back(row.expand_as(h))[0].flatten(1).square().sum(1)
        return norms
    h, slopes = x.flatten(1), []
    for layer in layers[:-1]:
        if isinstance(layer, nn.Linear):
            h = layer(h)
        else:
            h, slope, *_ = torch.func.jvp(layer, (h,), (torch.ones_like(h),))
            slopes.append(slope[:, None])  # (N, 1, width)
    weights = [layer.weight for layer in layers if isinstance(layer, nn.Linear)]
    jacobian = torch.eye(len(weights[-1]), dtype=x.dtype, device=x.device)  # (k, k), then (N, k, width)
    for layer in reversed(layers[1:]):
        jacobian = jacobian @ layer.weight if isinstance(layer, nn.Linear) else jacobian * slopes.pop()
    return (jacobian @ (weights[0] @ weights[0].T) * jacobian).sum((-2, -1)).expand(len(x))


@dataclass(frozen=True)
class Contraction(NoPenalty):
    """λ · ‖∂z/∂x‖²_F: the code is to vary with x only as the reconstruction needs (Rifai et al. 2011)."""

    contraction: float = option(0.1, "weight of the Jacobian's squared norm", low=0, high=10_000)

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return (squared_jacobian,)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        return {"jacobian": squared_jacobian(encoder, x_corrupted).float()}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.contraction * terms["jacobian"]

    def script(self) -> str:
        return "penalty = contraction * squared_jacobian(encoder, x)"


@dataclass(frozen=True)
class Commitment(NoPenalty):
    """‖sg[h] − e‖² + γ·‖h − sg[e]‖²: codes e move to the encoder's outputs h, and these stay near them; sg passes no
    gradient (van den Oord, Vinyals & Kavukcuoglu 2017).
    """

    commitment: float = option(0.25, "weight of the term that keeps the encoder near the codes", low=0, high=100)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        h = code.encoder_output
        if h is None:
            raise ValueError("a commitment term needs a codebook")
        return {
            "codebook": (h.detach() - code.mu).square().sum(1),
            "commitment": (h - code.mu.detach()).square().sum(1),
        }

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return terms["codebook"] + self.commitment * terms["commitment"]

    def script(self) -> str:
        return inspect.cleandoc("""
            # The codes move to the encoder's outputs, and the encoder, more slowly, stays near the codes.
            penalty = (h.detach() - e).square().sum(1) + commitment * (h - e.detach()).square().sum(1)
        """)
