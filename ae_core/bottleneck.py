"""Socket 3, bottleneck: what the encoder's outputs become before the decoder sees them."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor


class Code(NamedTuple):
    """What passes through the waist. z: what is decoded, (N, k); mu, logvar: q(z|x) of a Gaussian one, (N, k) each."""

    z: Tensor
    mu: Tensor
    logvar: Tensor | None = None


@dataclass(frozen=True)
class Plain:
    """z is what the encoder says."""

    gaussian = False
    per_dimension = 1  # encoder outputs for each dimension of z

    def __call__(self, h: Tensor, sample: bool, generator: Generator | None = None) -> Code:
        return Code(z=h, mu=h)


@dataclass(frozen=True)
class Gaussian:
    """The encoder gives a diagonal Gaussian; z = μ + σ·ε, ε ~ N(0, I) (Kingma & Welling 2014).

    The encoder's second half is log σ², so that any number it says is a valid variance.
    """

    gaussian = True
    per_dimension = 2

    def __call__(self, h: Tensor, sample: bool, generator: Generator | None = None) -> Code:
        mu, logvar = h.chunk(2, dim=-1)
        # e⁴⁰ is no variance that training could mean: the bound only keeps a wild start from overflowing.
        logvar = logvar.clamp(-40, 40)
        if not sample:
            return Code(mu, mu, logvar)
        noise = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
        return Code(mu + (logvar / 2).exp() * noise, mu, logvar)
