"""Socket 1, corrupt: what is done to x before the encoder sees it, in training and where its losses are measured, never
in `encode`.

The loss compares with the clean x, unless `targets_corrupted` says that it compares with what the encoder saw.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base.options import option

if TYPE_CHECKING:
    import torch
    from torch import Generator, Tensor
else:
    from ..base.lazy import torch


@dataclass(frozen=True)
class Clean:
    """Nothing is done. Base of all corruptions."""

    @property
    def targets_corrupted(self) -> bool:
        """Whether the loss compares with the corrupted x."""
        return False

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        """Functions that the lines of `script` call."""
        return ()

    def __call__(self, x: Tensor, generator: Generator | None = None) -> Tensor:
        """What the encoder sees of x (N, *shape), in the same shape; x itself is not changed."""
        return x

    def script(self) -> str:
        """The same in lines of plain torch: they make `x_corrupted` of `x`, with `generator` and the names of these
        knobs; none where x stays as it is.
        """
        return ""


@dataclass(frozen=True)
class Noise(Clean):
    """Values are disturbed one by one, and the loss asks for the clean ones back (Vincent, Larochelle, Bengio &
    Manzagol 2008).

    gaussian: x + σ·ε, not cut to the data's range; masking: a share becomes 0; salt-pepper: a share becomes, half and
    half, the smallest or the largest value of the batch, which for pictures are black and white.
    """

    corruption: str = option("gaussian", "what disturbs the input", choices=("gaussian", "masking", "salt-pepper"))
    amount: float = option(
        0.3, "σ of Gaussian noise, in units of the data; else the share of values that is replaced", low=0, high=1
    )
    target: str = option(
        "clean",
        "what the loss compares with; noisy reproduces the noise, which is a mistake",
        choices=("clean", "noisy"),
    )

    @property
    def targets_corrupted(self) -> bool:
        return self.target == "noisy"

    def __call__(self, x: Tensor, generator: Generator | None = None) -> Tensor:
        if self.corruption == "gaussian":
            return x + self.amount * torch.randn(x.shape, generator=generator, device=x.device)
        u = torch.rand(x.shape, generator=generator, device=x.device)
        if self.corruption == "masking":
            return x * (u >= self.amount)
        return torch.where(u < self.amount / 2, x.min(), torch.where(u < self.amount, x.max(), x))

    def script(self) -> str:
        lines = {
            "gaussian": "x_corrupted = x + amount * torch.randn(x.shape, generator=generator)",
            "masking": "x_corrupted = x * (torch.rand(x.shape, generator=generator) >= amount)",
            "salt-pepper": """
                u = torch.rand(x.shape, generator=generator)
                x_corrupted = torch.where(u < amount / 2, x.min(), torch.where(u < amount, x.max(), x))
            """,
        }
        return inspect.cleandoc(lines[self.corruption])


def hidden_patches(x: Tensor, share: float, patch: int, generator: Generator | None) -> Tensor:
    """Which values of x (N, C, H, W) or (N, C, L) are hidden: true or false, (N, 1, H, W) or (N, 1, L), whole patches
    of `patch` a side.
    """
    patches = [-(-n // patch) for n in x.shape[2:]]
    order = torch.rand(len(x), 1, *patches, generator=generator, device=x.device).flatten(1).argsort(1).argsort(1)
    # As many in each sample; where the share is no whole number of patches, one more in so many samples that it is on
    # average.
    count = (share * order.shape[1] + torch.rand(len(x), 1, generator=generator, device=x.device)).floor()
    hidden = (order < count).view(len(x), 1, *patches)
    for dimension, n in enumerate(x.shape[2:], 2):
        hidden = hidden.repeat_interleave(patch, dimension).narrow(dimension, 0, n)
    return hidden


@dataclass(frozen=True)
class Patches(Clean):
    """Whole patches of a picture, whole intervals of a signal are hidden: set to 0 (He et al. 2022). The loss asks for
    all values.
    """

    hidden_share: float = option(0.75, "share of the patches that is hidden", low=0, high=1)
    patch: int = option(4, "side of a patch", low=1, high=4096, unit="values")

    @property
    def script_dependencies(self) -> tuple[Callable, ...]:
        return (hidden_patches,)

    def __call__(self, x: Tensor, generator: Generator | None = None) -> Tensor:
        return x.masked_fill(hidden_patches(x, self.hidden_share, self.patch, generator), 0)

    def script(self) -> str:
        return "x_corrupted = x.masked_fill(hidden_patches(x, hidden_share, patch, generator), 0)"
