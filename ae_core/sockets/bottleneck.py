"""Socket 3, bottleneck: what the encoder's outputs become before the decoder sees them."""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Generator, Tensor, nn

from ..base.errors import LatentError
from ..base.options import option


class Code(NamedTuple):
    """What passes through the waist.

    z: what is decoded, (N, k); mu, logvar: q(z|x) of a Gaussian one, (N, k) each, for others mu is what `encode` gives;
    kept: after how many numbers an ordered one was cut, (N,); said: what the encoder said, where z is not that, (N, k);
    tokens: the numbers of a codebook's codes that were taken for it, (N, T).
    """

    z: Tensor
    mu: Tensor
    logvar: Tensor | None = None
    n_active: Tensor | None = None
    encoder_output: Tensor | None = None
    tokens: Tensor | None = None


@dataclass(frozen=True)
class Plain:
    """z is what the encoder says."""

    gaussian = False
    is_identity = True  # z is the encoder's output itself
    discrete = False  # the code says one of so many things, not numbers
    outputs_per_dimension = 1  # encoder outputs for each dimension of z
    token_dim = 0  # of a convolutional network's map that the code is made of; 0: the code is no map
    script_dependencies: ClassVar[tuple[Callable, ...]] = ()  # functions that `script` and `reset_rule` call

    def weights(self, k: int) -> Tensor | None:
        """The weights that a bottleneck for codes of k numbers begins with, (K, size); LatentError where k cannot be."""
        return None

    def layers(self) -> list[nn.Module]:
        """What `__call__` does to the encoder's outputs without drawing, where that is a layer: the browser's encoder
        ends with it.
        """
        return []

    def reset_dead_codes(self, weights: Tensor, h: Tensor, generator: Generator | None = None) -> None:
        """What becomes of the weights as an epoch begins; h: the encoder's outputs for some training samples, (N, k)."""

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        """h: encoder's outputs, (N, k · outputs_per_dimension); sample: draw z where it is drawn."""
        return Code(z=h, mu=h)

    def script_weights(self) -> str:
        """Lines of plain torch that make what `weights` gives, as the parameter `codebook`; none where there are none."""
        return ""

    def reset_rule(self) -> str:
        """What `reset_dead_codes` does in lines of plain torch, by `generator`, `encoder` and `x_corrupted`, the samples."""
        return ""

    def script(self, h: str) -> str:
        """Sampling in lines of plain torch: they make `z`, and what the penalty reads, of the expression `h`, by
        `generator` and these knobs' names.
        """
        return f"z = {h}"


@dataclass(frozen=True)
class Gaussian(Plain):
    """The encoder gives a diagonal Gaussian; z = μ + σ·ε, ε ~ N(0, I) (Kingma & Welling 2014).

    The encoder's second half is log σ², so that any number it says is a valid variance.
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
            mu, logvar = {h}.chunk(2, dim=1)  # q(z|x), a small Gaussian cloud for each x
            logvar = logvar.clamp(-30, 20)  # only an outlier gets there, and shall not overflow
            # A draw from the cloud; the noise comes from outside, so that the gradient reaches mu and logvar.
            z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
        """)


@dataclass(frozen=True)
class Ordered(Plain):
    """The code is cut after a random number of dimensions while training, so that the first ones learn to carry most
    (nested dropout: Rippel, Gelbart & Adams 2014). One model then serves every k.

    The cut is log-uniform on 1..K: small k, where a number more matters most, are x_corrupted as often as large ones. The loss
    at each is measured against PCA's error there: otherwise the large errors of small codes drown the fine work of
    large ones.
    """

    relative: float = option(1.0, "power of PCA's error at the same size by which the loss is divided", low=0, high=2)

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
        "l1: units that are exactly 0 or positive; kl: units from 0 to 1 that are on at a rate; topk: the largest few of a sample alone",
        choices=("l1", "kl", "topk"),
    )


def largest(h: Tensor, share: float) -> Tensor:
    """h (N, k) with all but the largest `share` of each sample's numbers set to 0, and those below 0 too; at least one
    is kept.
    """
    return h.relu() * (h >= h.topk(max(1, int(share * h.shape[1])), 1).values[:, -1:])


class Largest(nn.Module):
    """`largest` as a layer."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def forward(self, h: Tensor) -> Tensor:
        return largest(h, self.share)


@dataclass(frozen=True)
class Rectified(Plain, Sparse):
    """Units that can be off: max(0, h) for l1, exactly 0 where the encoder says less; 1/(1+e⁻ʰ) for kl; for topk max(0,
    h) of the largest few, so that no more can be on (Makhzani & Frey 2013).
    """

    on_share: float = option(0.2, "with topk: share of the units that may be on for a sample", low=1e-4, high=1)

    is_identity = False

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return (largest,) if self.sparsity == "topk" else ()

    def layers(self) -> list[nn.Module]:
        return [
            {"l1": nn.ReLU, "kl": nn.Sigmoid}[self.sparsity]() if self.sparsity != "topk" else Largest(self.on_share)
        ]

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        (layer,) = self.layers()
        z = layer(h)
        return Code(z=z, mu=z, encoder_output=h)

    def script(self, h: str) -> str:
        lines = {
            "l1": f"z = {h}.relu()  # units that can be off",
            "kl": f"z = {h}.sigmoid()  # how much each unit is on",
            "topk": f"h = {h}\nz = largest(h, on_share)  # a few units for each sample, the others off",
        }
        return lines[self.sparsity]


def nearest(vectors: Tensor, codebook: Tensor) -> Tensor:
    """The number of the code in codebook (K, size) that is nearest to each of the vectors (…, size): (…), 0 to K − 1."""
    with torch.no_grad():
        return (codebook.square().sum(1) - 2 * vectors @ codebook.T).argmin(-1)  # ‖v‖² is the same for all codes


def revive(codebook: Tensor, vectors: Tensor, generator: Generator | None) -> None:
    """Put each code (K, size) that is nearest to none of the vectors (M, size) onto one of them, drawn at random: dead
    codes come back.
    """
    dead = (torch.bincount(nearest(vectors, codebook), minlength=len(codebook)) == 0).nonzero()[:, 0]
    chosen = torch.randperm(len(vectors), generator=generator, device=vectors.device)[: len(dead)]
    codebook[dead[: len(chosen)]] = vectors[chosen]


@dataclass(frozen=True)
class Codebook(Plain):
    """Vector quantisation: z is made of codes that are learned, each the one nearest to what the encoder says (van den
    Oord, Vinyals & Kavukcuoglu 2017, VQ-VAE). The gradient passes straight through.

    The k numbers of a code are T = k / code_size tokens of code_size numbers: number i of token t is z[i · T + t]. In a
    convolutional network whose last map has T places each token stands at one of them; else every token sees, and
    changes, the whole sample. As an epoch begins, codes that nobody takes are put onto outputs of the encoder.
    """

    codes: int = option(64, "vectors in the codebook", low=2, high=65536)
    code_size: int = option(
        2,
        "numbers in each vector; k is so many times the tokens, in a convolutional network the last map's places",
        low=1,
        high=4096,
    )
    is_identity = False
    discrete = True
    script_dependencies = (nearest, revive)

    @property
    def token_dim(self) -> int:
        return self.code_size

    def weights(self, k: int) -> Tensor:
        if k % self.code_size:
            raise LatentError(
                f"k is {k}, which is no whole number of codes of {self.code_size} numbers: make k a multiple of code-size."
            )
        return torch.randn(self.codes, self.code_size)

    def vectors(self, h: Tensor) -> Tensor:
        """The tokens' vectors, (N, T, code_size), of h or z, (N, k)."""
        return h.view(len(h), self.code_size, -1).transpose(1, 2)

    def flat(self, tokens: Tensor, weights: Tensor) -> Tensor:
        """z (N, k) of tokens (N, T)."""
        return weights[tokens].transpose(1, 2).flatten(1)

    def reset_dead_codes(self, weights: Tensor, h: Tensor, generator: Generator | None = None) -> None:
        revive(weights, self.vectors(h).flatten(0, 1), generator)

    def __call__(
        self, h: Tensor, sample: bool, generator: Generator | None = None, weights: Tensor | None = None
    ) -> Code:
        weights = weights.to(h.dtype)
        tokens = nearest(self.vectors(h), weights)
        e = self.flat(tokens, weights)
        return Code(z=h + (e - h).detach() if sample else e, mu=e, encoder_output=h, tokens=tokens)

    def script_weights(self) -> str:
        return "codebook = nn.Parameter(torch.randn(codes, code_size))"

    def reset_rule(self) -> str:
        return inspect.cleandoc("""
            with torch.no_grad():  # codes that nobody takes begin anew, at what the encoder says
                revive(codebook, encoder(x_corrupted).view(len(x_corrupted), code_size, -1).transpose(1, 2).flatten(0, 1), generator)
        """)

    def script(self, h: str) -> str:
        return inspect.cleandoc(f"""
            h = {h}
            tokens = nearest(h.view(len(h), code_size, -1).transpose(1, 2), codebook)  # (N, k / code_size)
            e = codebook[tokens].transpose(1, 2).flatten(1)
            z = h + (e - h).detach()  # the codes go on, and the gradient comes back as if nothing had been replaced
        """)
