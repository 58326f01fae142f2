"""Socket 3, bottleneck: what the encoder's outputs become before the decoder reads them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..base.errors import LatentError
from ..base.options import option

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor, nn
else:
    from ..base.lazy import nn, torch


class Code(NamedTuple):
    """What passes through the bottleneck for N samples.

    Args:
        z: what is decoded, (N, k).
        mu: what `encode` gives, (N, k): the mean of q(z|x) of a Gaussian bottleneck, else z without noise.
        logvar: log variance of q(z|x), (N, k); Gaussian bottlenecks alone.
        n_active: dimensions that were kept of each code, (N,); ordered bottlenecks alone, while training.
        encoder_output: the encoder's output where z is made of it, (N, k): before the rectifier or the codebook.
        tokens: indices of the codebook's vectors that z is made of, (N, T).
        place: where each sample belongs on a neighbour map, (N, 2), where that is known.
    """

    z: Tensor
    mu: Tensor
    logvar: Tensor | None = None
    n_active: Tensor | None = None
    encoder_output: Tensor | None = None
    tokens: Tensor | None = None
    place: Tensor | None = None


@dataclass(frozen=True)
class Plain:
    """z is the encoder's output itself. Base of all bottlenecks: the others say what they do otherwise."""

    gaussian = False  # whether the code is a distribution
    is_identity = True  # whether z is the encoder's output itself
    discrete = False  # whether the code is made of tokens rather than of numbers
    outputs_per_dimension = 1  # encoder outputs for each dimension of z

    @property
    def token_dim(self) -> int:
        """Numbers of a token's vector; 0: the code is no map of tokens."""
        return 0

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        """Functions that the lines of `script` and `reset_rule` call."""
        return ()

    def weights(self, k: int) -> Tensor | None:
        """The initial weights of a bottleneck of k dimensions, (K, size), or None; LatentError where k cannot be."""
        return None

    def layers(self) -> list[nn.Module]:
        """`__call__` without noise, as layers: the browser's encoder ends with them."""
        return []

    def reset_dead_codes(self, weights: Tensor, h: Tensor, generator: Generator | None = None) -> None:
        """Change the weights as an epoch begins; h: encoder outputs of some training samples, (N, k)."""

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        """The code of encoder outputs.

        Args:
            h: encoder outputs, (N, k · outputs_per_dimension).
            sample: whether z is drawn, where it is a distribution, and cut, where it is ordered.
            generator: of the draws.
            weights: what `weights` gave, as they are now.
        """
        return Code(z=h, mu=h)

    def script_weights(self) -> str:
        """Lines of plain torch that make the parameter `codebook`, as `weights` does; none where there is none."""
        return ""

    def reset_rule(self) -> str:
        """`reset_dead_codes` in lines of plain torch, with `generator`, `encoder` and the samples `x_corrupted`."""
        return ""

    def script(self, h: str) -> str:
        """`__call__` in lines of plain torch: they make `z`, and what the penalty reads, of the expression `h`, with
        `generator` and the names of these knobs.
        """
        return f"z = {h}"


@dataclass(frozen=True)
class Gaussian(Plain):
    """The encoder gives a diagonal Gaussian; z = μ + σ·ε, ε ~ N(0, I) (Kingma & Welling 2014).

    The encoder's second half is log σ², so that any number it gives is a valid variance.
    """

    gaussian = True
    is_identity = False
    outputs_per_dimension = 2

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        mu, logvar = h.chunk(2, dim=-1)
        # No variance that training could mean lies beyond: the bound only keeps an outlier from overflowing.
        logvar = logvar.clamp(-30, 20)
        if not sample:
            return Code(mu, mu, logvar)
        noise = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
        return Code(mu + (logvar / 2).exp() * noise, mu, logvar)

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            mu, logvar = {h}.chunk(2, dim=1)  # of q(z|x), a Gaussian
            logvar = logvar.clamp(-30, 20)  # only an outlier gets there, and shall not overflow
            sigma = (logvar / 2).exp()
            epsilon = torch.randn(mu.shape, generator=generator)  # from outside: the gradient reaches mu and logvar
            z = mu + sigma * epsilon  # a sample of q(z|x)
        """)


@dataclass(frozen=True)
class PlainOrGaussian(Gaussian):
    """A point or a distribution, as one likes."""

    posterior: str = option(
        "none", "whether the code is a point or a Gaussian, as a VAE's", choices=("none", "gaussian")
    )

    @property
    def gaussian(self) -> bool:  # type: ignore[override]
        return self.posterior == "gaussian"

    @property
    def is_identity(self) -> bool:  # type: ignore[override]
        return not self.gaussian

    @property
    def outputs_per_dimension(self) -> int:  # type: ignore[override]
        return 2 if self.gaussian else 1

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        return super().__call__(h, sample, generator) if self.gaussian else Code(z=h, mu=h)

    def script(self, h: str) -> str:
        return super().script(h) if self.gaussian else f"z = {h}"


@dataclass(frozen=True)
class Ordered(Plain):
    """The code is cut after a random number of dimensions while training, so that the first ones learn to carry most
    (nested dropout: Rippel, Gelbart & Adams 2014). One model then serves every k.

    The cut is log-uniform on 1..K: small k, where one dimension more matters most, are trained as often as large ones.
    The loss at each is divided by PCA's error there: otherwise the large errors of small codes drown the fine work of
    large ones.
    """

    relative: float = option(1.0, "exponent of PCA's error used to normalise the loss", low=0, high=2)

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        if not sample:
            return Code(z=h, mu=h)
        size = h.shape[-1]
        u = torch.rand(len(h), 1, generator=generator, device=h.device)
        n_active = torch.exp(u * math.log(size + 1)).floor().clamp(1, size).long()
        return Code(z=h * (torch.arange(size, device=h.device) < n_active), mu=h, n_active=n_active[:, 0])

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            z = {h}
            # Each code is cut after a random number of dimensions, so that the first ones learn to carry most.
            u = torch.rand(len(z), 1, generator=generator)
            n_active = torch.exp(u * math.log(k + 1)).floor().clamp(1, k).long()  # log-uniform on 1..k
            z = z * (torch.arange(k) < n_active)
        """)


@dataclass(frozen=True)
class Sparse:
    """How a code is kept sparse; the bottleneck and the penalty must agree on it."""

    sparsity: str = option(
        "l1",
        "l1: units that are exactly 0 or positive; kl: units from 0 to 1 with a target mean activation; "
        "topk: only the largest few units of each sample are active",
        choices=("l1", "kl", "topk"),
    )


def largest(h: Tensor, share: float) -> Tensor:
    """h (N, k) with all but the largest `share` of each sample's numbers set to 0, and those below 0 too; at least one
    is kept.
    """
    return h.relu() * (h >= h.topk(max(1, int(share * h.shape[1])), 1).values[:, -1:])


@dataclass(frozen=True)
class Rectified(Plain, Sparse):
    """Units that can be off: max(0, h) for l1, exactly 0 where the encoder gives less; 1/(1+e⁻ʰ) for kl; for topk
    max(0, h) of the largest few, so that no more can be on (Makhzani & Frey 2013).
    """

    on_share: float = option(0.2, "with topk: share of the units that may be active for a sample", low=1e-4, high=1)

    is_identity = False

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return (largest,) if self.sparsity == "topk" else ()

    def layers(self) -> list[nn.Module]:
        from .layers import Largest

        if self.sparsity == "topk":
            return [Largest(self.on_share)]
        return [nn.ReLU() if self.sparsity == "l1" else nn.Sigmoid()]

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        (layer,) = self.layers()
        z = layer(h)
        return Code(z=z, mu=z, encoder_output=h)

    def script(self, h: str) -> str:
        lines = {
            "l1": f"z = {h}.relu()  # units that can be off",
            "kl": f"z = {h}.sigmoid()  # how active each unit is",
            "topk": f"h = {h}\nz = largest(h, on_share)  # a few units for each sample, the others off",
        }
        return lines[self.sparsity]


def nearest(vectors: Tensor, codebook: Tensor) -> Tensor:
    """The index of the code in codebook (K, size) that is nearest to each of the vectors (…, size): (…), 0 to K − 1."""
    with torch.no_grad():
        return (codebook.square().sum(1) - 2 * vectors @ codebook.T).argmin(-1)  # ‖v‖² is the same for all codes


def revive(codebook: Tensor, vectors: Tensor, generator: Generator | None) -> None:
    """Reset dead codes: each code (K, size) that is nearest to none of the vectors (M, size) is put onto one of them,
    drawn at random.
    """
    dead = (torch.bincount(nearest(vectors, codebook), minlength=len(codebook)) == 0).nonzero()[:, 0]
    chosen = torch.randperm(len(vectors), generator=generator, device=vectors.device)[: len(dead)]
    codebook[dead[: len(chosen)]] = vectors[chosen]


@dataclass(frozen=True)
class Codebook(Plain):
    """Vector quantisation: z is made of learned vectors, each the one nearest to the encoder's output (van den Oord,
    Vinyals & Kavukcuoglu 2017, VQ-VAE). The gradient passes straight through.

    The k numbers of a code are T = k / code_size tokens of code_size numbers: number i of token t is z[i · T + t]. In a
    convolutional network whose last map has T positions each token stands at one of them; else every token depends on,
    and changes, the whole sample. As an epoch begins, codes that no sample uses are put onto encoder outputs.
    """

    codes: int = option(64, "vectors in the codebook", low=2, high=65536)
    code_size: int = option(
        2,
        "numbers in each vector; k = tokens × code size (conv: a token at each position of the last map)",
        low=1,
        high=4096,
    )
    is_identity = False
    discrete = True

    @property
    def token_dim(self) -> int:
        return self.code_size

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return (nearest, revive)

    def weights(self, k: int) -> Tensor:
        if k % self.code_size:
            raise LatentError(f"k is {k}, not a multiple of code-size, {self.code_size}: change one of the two.")
        return torch.randn(self.codes, self.code_size)

    def vectors(self, h: Tensor) -> Tensor:
        """The tokens' vectors, (N, T, code_size), of h or z, (N, k)."""
        return h.view(h.shape[0], self.code_size, -1).transpose(1, 2)

    def flat(self, tokens: Tensor, weights: Tensor) -> Tensor:
        """z (N, k) of tokens (N, T)."""
        return weights[tokens].transpose(1, 2).flatten(1)

    def reset_dead_codes(self, weights: Tensor, h: Tensor, generator: Generator | None = None) -> None:
        revive(weights, self.vectors(h).flatten(0, 1), generator)

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        if weights is None:
            raise ValueError("a codebook needs its vectors")
        weights = weights.to(h.dtype)
        tokens = nearest(self.vectors(h), weights)
        e = self.flat(tokens, weights)
        return Code(z=h + (e - h).detach() if sample else e, mu=e, encoder_output=h, tokens=tokens)

    def script_weights(self) -> str:
        return "codebook = nn.Parameter(torch.randn(codes, code_size))"

    def reset_rule(self) -> str:
        return inspect.cleandoc("""
            with torch.no_grad():  # dead codes, which no sample uses, are put onto outputs of the encoder
                vectors = encoder(x_corrupted).view(len(x_corrupted), code_size, -1).transpose(1, 2).flatten(0, 1)
                revive(codebook, vectors, generator)
        """)

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            h = {h}
            tokens = nearest(h.view(len(h), code_size, -1).transpose(1, 2), codebook)  # (N, k / code_size)
            e = codebook[tokens].transpose(1, 2).flatten(1)
            z = h + (e - h).detach()  # straight-through: the gradient passes as if nothing had been replaced
        """)
