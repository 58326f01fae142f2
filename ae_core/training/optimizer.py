"""Adam on one vector of weights, and the one-cycle schedule of its learning rate and momentum."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim.adam import adam


def one_cycle(progress: float, warm: float = 0.1, start: float = 0.04, end: float = 1e-4) -> float:
    """The learning rate as a share of its peak (Smith 2018): cosine up, then cosine down.

    Args:
        progress: share of the training that is done, 0..1.
        warm: share that it rises for.
        start, end: where it begins and ends, as shares of the peak.

    >>> one_cycle(0), one_cycle(0.1), one_cycle(1)
    (0.04, 1.0, 0.0001)
    """
    if progress < warm:
        low, at = start, 1 - progress / warm
    else:
        low, at = end, (progress - warm) / (1 - warm)
    return low + (1 - low) * (1 + math.cos(math.pi * at)) / 2


def one_cycle_momentum(progress: float, warm: float = 0.1, high: float = 0.95, low: float = 0.85) -> float:
    """Adam's β₁ at `progress`: it moves against the learning rate, low where steps are long (Smith 2018)."""
    return high - (high - low) * one_cycle(progress, warm, start=0.0, end=0.0)


def in_one_vector(model: nn.Module) -> nn.Parameter:
    """Lay a model's weights end to end in one vector, (W,), that they become views of.

    A step is then a few large operations instead of several for each layer; half of a small model's time is theirs.
    """
    weights = list(model.parameters())
    vector = nn.Parameter(torch.cat([weight.detach().flatten() for weight in weights]))
    for weight, part in zip(weights, views(vector.data, weights), strict=True):
        weight.data = part
    return vector


def views(vector: Tensor, weights: Sequence[Tensor]) -> list[Tensor]:
    """The pieces of a vector (W,), each in the shape of its weight."""
    pieces = vector.split([weight.numel() for weight in weights])
    return [piece.view_as(weight) for piece, weight in zip(pieces, weights, strict=True)]


class Adam:
    """Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019), on one vector.

    torch's own function makes the step: its classes of optimisers would load its compiler, a second and 70 MB in each
    process that trains. A test compares it with `torch.optim.AdamW`.

    Args:
        weights: the vector, (W,); its gradient is read from `weights.grad`.
        weight_decay: decoupled.
    """

    def __init__(self, weights: nn.Parameter, weight_decay: float):
        self.weights, self.weight_decay = weights, weight_decay
        self.state = {
            "step": torch.zeros((), device=weights.device),
            "exp_avg": torch.zeros_like(weights.data),
            "exp_avg_sq": torch.zeros_like(weights.data),
        }

    @torch.no_grad()
    def step(self, lr: float, beta1: float) -> None:
        """One step with this learning rate and momentum."""
        if self.weights.grad is None:
            raise ValueError("there is no gradient yet")
        adam(
            [self.weights],
            [self.weights.grad],
            [self.state["exp_avg"]],
            [self.state["exp_avg_sq"]],
            [],
            [self.state["step"]],
            lr=lr,
            beta1=beta1,
            beta2=0.999,
            eps=1e-8,
            weight_decay=self.weight_decay,
            decoupled_weight_decay=True,
            amsgrad=False,
            maximize=False,
            fused=True,
        )
