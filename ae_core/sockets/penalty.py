"""Socket 5, penalty: what is added to the reconstruction loss."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from ..base.options import option
from .bottleneck import Code, Sparse


def gaussian_kl(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL( N(mu, e^logvar) ‖ N(0, 1) ) of each dimension, in nats, (N, k).

    Kingma & Welling 2014, appendix B: −½ (1 + log σ² − μ² − σ²).
    """
    return -0.5 * (1 + logvar - mu.square() - logvar.exp())


@dataclass(frozen=True)
class NoPenalty:
    """Reconstruction alone."""

    script_dependencies: ClassVar[tuple[Callable, ...]] = ()  # functions that `script` calls

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        """Each term by name, (N,), before it is weighted. encoder: what the code was made with; x_corrupted: of what, in its
        number format.
        """
        return {}

    def total(self, terms: dict[str, Tensor]) -> Tensor | float:
        """The weighted sum, (N,)."""
        return 0.0

    def script(self) -> str:
        """The same in lines of plain torch: they make `penalty`, (N,), of `encoder`, what it saw (`x_corrupted`, or `x` where
        nothing is corrupted), what the bottleneck's lines made and these knobs' names; none add nothing.
        """
        return ""


@dataclass(frozen=True)
class KL(NoPenalty):
    """β · KL(q(z|x) ‖ N(0, I)); β = 1 is the VAE, more is the β-VAE (Higgins et al. 2017)."""

    beta: float = option(1.0, "weight of the KL term; 1 makes the loss −ELBO", low=0, high=1000)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        return {"kl": gaussian_kl(code.mu, code.logvar).sum(-1)}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.beta * terms["kl"]

    def script(self) -> str:
        return inspect.cleandoc("""
            # KL(q(z|x) ‖ N(0, I)) in closed form, in nats: the cloud shall be near the origin and as wide as 1.
            kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(1)
            penalty = beta * kl
        """)


def rate_kl(rate: float, found: Tensor) -> Tensor:
    """KL( Bernoulli(rate) ‖ Bernoulli(found) ) of each unit, in nats; found: rates in 0..1 of any shape (Lee, Ekanadham
    & Ng 2007).
    """
    found = found.clamp(1e-6, 1 - 1e-6)  # a unit that is always off would cost infinitely much
    return torch.xlogy(torch.tensor(rate), rate / found) + torch.xlogy(torch.tensor(1 - rate), (1 - rate) / (1 - found))


@dataclass(frozen=True)
class Sparsity(NoPenalty, Sparse):
    """Few units shall be on. l1: Σ|z_j| (Olshausen & Field 1996); kl: Σ_j KL(rate ‖ mean of unit j over the batch), in
    nats (Lee, Ekanadham & Ng 2007);
    topk: as the bottleneck itself lets no more pass, Σ_j KL(N(m_j, v_j) ‖ N(0, 1)) of the mean and variance over the
    batch of what unit j is told, in nats. So each is among the largest now and then; without it more than half of them
    die, and never come back (Makhzani & Frey 2013 say how).
    """

    rate: float = option(0.05, "with kl: how much a unit shall be on, on average", low=1e-4, high=0.9999)
    sparsity_weight: float = option(0.1, "weight of the sparsity term", low=0, high=10_000)

    def terms(self, code: Code, encoder: nn.Sequential, x_corrupted: Tensor) -> dict[str, Tensor]:
        if self.sparsity == "topk":
            return {
                "sparsity": gaussian_kl(
                    code.encoder_output.mean(0), (code.encoder_output.var(0, unbiased=False) + 1e-6).log()
                )
                .sum()
                .expand(len(code.z))
            }
        if self.sparsity == "l1":
            return {"sparsity": code.z.abs().sum(1)}
        return {"sparsity": rate_kl(self.rate, code.z.mean(0)).sum().expand(len(code.z))}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.sparsity_weight * terms["sparsity"]

    def script(self) -> str:
        if self.sparsity == "topk":
            return inspect.cleandoc("""
                # What each unit is told shall have mean 0 and variance 1 over the batch: each is then among the largest now and then, and none dies.
                mean, variance = h.mean(0), h.var(0, unbiased=False) + 1e-6
                kl = -0.5 * (1 + variance.log() - mean.square() - variance)  # of two Gaussians, in nats
                penalty = sparsity_weight * kl.sum().expand(len(z))
            """)
        if self.sparsity == "l1":
            return "penalty = sparsity_weight * z.sum(1)  # L1: every number that is not 0 costs something"
        return inspect.cleandoc("""
            # How much each unit is on in this batch is held against the rate that it shall have: KL of two coins, in nats.
            found = z.mean(0).clamp(1e-6, 1 - 1e-6)
            kl = rate * (rate / found).log() + (1 - rate) * ((1 - rate) / (1 - found)).log()
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
        h, back = torch.func.vjp(encoder, x)
        rows = torch.eye(h.shape[1], dtype=h.dtype, device=h.device)
        return sum(back(row.expand_as(h))[0].flatten(1).square().sum(1) for row in rows)
    h, slopes = x.flatten(1), []
    for layer in layers[:-1]:
        if isinstance(layer, nn.Linear):
            h = layer(h)
        else:
            h, slope = torch.func.jvp(layer, (h,), (torch.ones_like(h),))
            slopes.append(slope[:, None])  # (N, 1, width)
    jacobian = torch.eye(layers[-1].out_features, dtype=x.dtype, device=x.device)  # (k, k), then (N, k, width)
    for layer in reversed(layers[1:]):
        jacobian = jacobian @ layer.weight if isinstance(layer, nn.Linear) else jacobian * slopes.pop()
    first = layers[0].weight
    return (jacobian @ (first @ first.T) * jacobian).sum((-2, -1)).expand(len(x))


@dataclass(frozen=True)
class Contraction(NoPenalty):
    """λ · ‖∂z/∂x‖²_F: the code shall not move when x does, but for what the reconstruction needs (Rifai et al. 2011)."""

    contraction: float = option(0.1, "weight of the Jacobian's squared norm", low=0, high=10_000)
    script_dependencies = (squared_jacobian,)

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
        return {
            "codebook": (code.encoder_output.detach() - code.mu).square().sum(1),
            "commitment": (code.encoder_output - code.mu.detach()).square().sum(1),
        }

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return terms["codebook"] + self.commitment * terms["commitment"]

    def script(self) -> str:
        return inspect.cleandoc("""
            # The codes move to the encoder's outputs, and the encoder, more slowly, stays near the codes.
            penalty = (h.detach() - e).square().sum(1) + commitment * (h - e.detach()).square().sum(1)
        """)
