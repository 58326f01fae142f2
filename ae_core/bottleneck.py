"""Socket 3, bottleneck: what the encoder's outputs become before the decoder sees them."""

import inspect
import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from .options import option


class Code(NamedTuple):
    """What passes through the waist.

    z: what is decoded, (N, k); mu, logvar: q(z|x) of a Gaussian one, (N, k) each; kept: after how many numbers an ordered
    one was cut, (N,).
    """

    z: Tensor
    mu: Tensor
    logvar: Tensor | None = None
    kept: Tensor | None = None


@dataclass(frozen=True)
class Plain:
    """z is what the encoder says."""

    gaussian = False
    per_dimension = 1  # encoder outputs for each dimension of z

    def __call__(self, h: Tensor, sample: bool, generator: Generator | None = None) -> Code:
        return Code(z=h, mu=h)

    def script(self, h: str) -> str:
        """Sampling in lines of plain torch: they make `z`, and what the penalty reads, of the expression `h`, by `generator` and these knobs' names."""
        return f"z = {h}"


@dataclass(frozen=True)
class Gaussian:
    """The encoder gives a diagonal Gaussian; z = μ + σ·ε, ε ~ N(0, I) (Kingma & Welling 2014).

    The encoder's second half is log σ², so that any number it says is a valid variance.
    """

    gaussian = True
    per_dimension = 2

    def __call__(self, h: Tensor, sample: bool, generator: Generator | None = None) -> Code:
        mu, logvar = h.chunk(2, dim=-1)
        # No variance that training could mean lies beyond: the bound only keeps an outlier from overflowing.
        logvar = logvar.clamp(-30, 20)
        if not sample:
            return Code(mu, mu, logvar)
        noise = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
        return Code(mu + (logvar / 2).exp() * noise, mu, logvar)

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            mu, logvar = {h}.chunk(2, dim=1)  # q(z|x), a small Gaussian cloud for each x
            logvar = logvar.clamp(-30, 20)  # only an outlier gets there, and shall not overflow
            # A draw from the cloud; the noise comes from outside, so that the gradient reaches mu and logvar.
            z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
        """)


@dataclass(frozen=True)
class Ordered(Plain):
    """The code is cut after a random number of dimensions while training, so that the first ones learn to carry most
    (nested dropout: Rippel, Gelbart & Adams 2014). One model then serves every k.

    The cut is log-uniform on 1..K: small k, where a number more matters most, are seen as often as large ones. The loss at
    each is measured against PCA's error there: otherwise the large errors of small codes drown the fine work of large ones.
    """

    relative: float = option(1.0, "power of PCA's error at the same size by which the loss is divided", low=0, high=2)

    def __call__(self, h: Tensor, sample: bool, generator: Generator | None = None) -> Code:
        if not sample:
            return Code(z=h, mu=h)
        size = h.shape[-1]
        u = torch.rand(len(h), 1, generator=generator, device=h.device)
        kept = torch.exp(u * math.log(size + 1)).floor().clamp(1, size).long()
        return Code(z=h * (torch.arange(size, device=h.device) < kept), mu=h, kept=kept[:, 0])

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            z = {h}
            # Each code is cut after a random number of dimensions, so that the first ones learn to carry most.
            u = torch.rand(len(z), 1, generator=generator)
            kept = torch.exp(u * math.log(k + 1)).floor().clamp(1, k).long()  # log-uniform on 1..k
            z = z * (torch.arange(k) < kept)
        """)
