"""The layers that torch has not, and the activations by their names in a recipe.

The only module of the sockets that needs torch to be imported: a recipe can be read without (see base/lazy.py).
"""

from functools import cache

import torch.nn.functional as F
from torch import Tensor, nn

from .bottleneck import largest
from .networks import ACTIVATIONS, OUTPUTS


class Clip(nn.Module):
    """Values cut to 0..1. The gradient passes as if they were not, so that a value outside can come back
    (straight-through estimator: Bengio, Léonard & Courville 2013).
    """

    def forward(self, x: Tensor) -> Tensor:
        return x + (x.clamp(0, 1) - x).detach()


class Largest(nn.Module):
    """`largest` as a layer: the largest `share` of each sample's units, rectified, the others 0."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def forward(self, h: Tensor) -> Tensor:
        return largest(h, self.share)


class Transposed(nn.Module):
    """A dense layer that uses another one's weights, transposed: ``x_hat = Wᵀ z + b`` (tied weights)."""

    def __init__(self, other: nn.Linear, inputs: int):
        super().__init__()
        self.inputs = inputs
        self.bias = nn.Parameter(other.weight.new_zeros(other.in_features))
        self._other = [other]  # in a list, so that the weight is registered (and saved) once, in the encoder

    @property
    def weight(self) -> Tensor:
        """(outputs, inputs), as in nn.Linear."""
        return self._other[0].weight[: self.inputs].T

    def forward(self, z: Tensor) -> Tensor:
        return F.linear(z, self.weight, self.bias)


class Residual(nn.Module):
    """``linear(x) + mlp(x)``: a linear path and a nonlinear one beside it, whose last layer starts at zero."""

    def __init__(self, linear: nn.Linear, mlp: nn.Sequential):
        super().__init__()
        self.linear, self.mlp = linear, mlp
        for weight in mlp[-1].parameters():
            nn.init.zeros_(weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + self.mlp(x)


def activation(name: str) -> nn.Module:
    """The activation that a recipe calls `name`, of ACTIVATIONS or OUTPUTS.

    >>> activation("leaky_relu")
    LeakyReLU(negative_slope=0.01)
    """
    kind = {**ACTIVATIONS, **OUTPUTS}[name]
    return Clip() if kind == "Clip" else getattr(nn, kind)()


def activation_name(layer: nn.Module) -> str | None:
    """What a recipe calls this layer; None where it is no activation."""
    return _names().get(type(layer))


@cache
def _names() -> dict[type[nn.Module], str]:
    return {type(activation(name)): name for name in {**ACTIVATIONS, **OUTPUTS}}
