"""Encoder and decoder networks for any input shape: linear, MLP, convolutional and residual on PCA.

Each builder is `(shape, hidden, activation, outputs, k, tied, labels, place) -> (encoder, decoder)`:
encoder maps x (N, *shape) → (N, outputs), what the bottleneck reads; decoder maps z (N, k) → (N, *shape), before the
output activation. A decoder is a flat `nn.Sequential`, so that it can be written down for the browser layer by layer.
labels: numbers that the encoder is told beside x: behind its values, (N, D + labels), or for `conv` as so many more
channels.
place: where `conv` halves down to a map with that many times fewer places than `outputs`, that map is the code (0:
never).
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..base.errors import LatentError
from ..pca import PCA


class Clip(nn.Module):
    """Values cut to 0..1. The gradient passes as if they were not, so that a value outside can come back."""

    def forward(self, x: Tensor) -> Tensor:
        return x + (x.clamp(0, 1) - x).detach()


ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "identity": nn.Identity,
}

OUTPUTS: dict[str, type[nn.Module]] = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "identity": nn.Identity, "clip": Clip}

Shape = tuple[int, ...]
Pair = tuple[nn.Sequential, nn.Sequential]


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


def linear(
    shape: Shape, hidden: Shape, activation: str, outputs: int, k: int, tied: bool, labels: int = 0, place: int = 0
) -> Pair:
    """One matrix each way. With squared error its optimum spans PCA's subspace (Baldi & Hornik 1989)."""
    if hidden:
        raise LatentError("A linear autoencoder has no hidden layers: leave hidden empty.")
    size = math.prod(shape)
    down = nn.Linear(size + labels, outputs)
    up = Transposed(down, k) if tied else nn.Linear(k, size)
    return nn.Sequential(nn.Flatten(), down), nn.Sequential(up, nn.Unflatten(1, shape))


def dense(sizes: Shape, activation: str) -> list[nn.Module]:
    """Dense layers through these sizes, with the activation between them but not after the last."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
    return layers[:-1]


def mlp(
    shape: Shape, hidden: Shape, activation: str, outputs: int, k: int, tied: bool, labels: int = 0, place: int = 0
) -> Pair:
    """Dense layers through `hidden`, mirrored in the decoder."""
    size = math.prod(shape)
    down = dense((size + labels, *hidden, outputs), activation)
    up = dense((k, *reversed(hidden), size), activation)
    return nn.Sequential(nn.Flatten(), *down), nn.Sequential(*up, nn.Unflatten(1, shape))


def conv(
    shape: Shape, hidden: Shape, activation: str, outputs: int, k: int, tied: bool, labels: int = 0, place: int = 0
) -> Pair:
    """Stride-2 convolutions with `hidden` channels, then one dense layer; the decoder mirrors it with transposed ones.

    Where the code is the last map (see `place`) a 1-wide convolution takes the dense layer's place, so that each token
    stays where it is.
    """
    space = len(shape) - 1
    convolution, transposed = ((nn.Conv1d, nn.ConvTranspose1d), (nn.Conv2d, nn.ConvTranspose2d))[space - 1]
    act = ACTIVATIONS[activation]
    down, up, at = [], [], shape
    for channels in hidden:
        if min(at[1:]) < 2:
            raise LatentError(
                f"{len(hidden)} halvings are too many for an input of {'×'.join(map(str, shape[1:]))}: use fewer hidden layers."
            )
        half = (channels, *((n + 1) // 2 for n in at[1:]))
        down += [convolution(at[0] + labels * (at == shape), channels, 3, stride=2, padding=1), act()]
        # A transposed 3-wide convolution gives 2n − 1 from n; one more where the size was even.
        extra = tuple(1 - n % 2 for n in at[1:])
        up = [act(), transposed(channels, at[0], 3, stride=2, padding=1, output_padding=extra), *up]
        at = half
    if place and outputs == place * math.prod(at[1:]):
        encoder = nn.Sequential(*down, convolution(at[0], place, 1), nn.Flatten())
        return encoder, nn.Sequential(nn.Unflatten(1, (place, *at[1:])), transposed(place, at[0], 1), *up)
    size = math.prod(at)
    encoder = nn.Sequential(*down, nn.Flatten(), nn.Linear(size, outputs))
    return encoder, nn.Sequential(nn.Linear(k, size), nn.Unflatten(1, at), *up)


class Residual(nn.Module):
    """``linear(x) + mlp(x)``: a linear path and a nonlinear one beside it, whose last layer starts at zero."""

    def __init__(self, linear: nn.Linear, mlp: nn.Sequential):
        super().__init__()
        self.linear, self.mlp = linear, mlp
        nn.init.zeros_(mlp[-1].weight)
        nn.init.zeros_(mlp[-1].bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + self.mlp(x)


def residual(
    shape: Shape, hidden: Shape, activation: str, outputs: int, k: int, tied: bool, labels: int = 0, place: int = 0
) -> Pair:
    """A linear path each way with an MLP beside it; `start_from_pca` makes it PCA exactly before training begins."""
    if not hidden:
        raise LatentError("A residual network bends PCA with hidden layers: give it some, or choose network linear.")

    def paths(*sizes: int) -> Residual:
        return Residual(nn.Linear(sizes[0], sizes[-1]), nn.Sequential(*dense(sizes, activation)))

    size = math.prod(shape)
    encoder = nn.Sequential(nn.Flatten(), paths(size + labels, *hidden, outputs))
    return encoder, nn.Sequential(paths(k, *reversed(hidden), size), nn.Unflatten(1, shape))


@torch.no_grad()
def start_from_pca(encoder: nn.Sequential, decoder: nn.Sequential, pca: PCA) -> None:
    """Set the linear paths of a residual pair to PCA; each number of the code gets variance 1, so that the MLP can
    read it.
    """
    count = min(len(pca.components), decoder[0].linear.in_features)
    spread = pca.variance[:count].sqrt().clamp(min=1e-3 * float(pca.variance[0].sqrt()) + 1e-6)[:, None]
    down, up, axes = encoder[1].linear, decoder[0].linear, pca.components[:count]
    for weights in (down.weight, down.bias, up.weight):  # dimensions beyond the data's own stay empty
        weights.zero_()
    down.weight[:count] = axes / spread
    down.bias[:count] = -(axes / spread) @ pca.mean
    up.weight[:, :count] = (axes * spread).T
    up.bias.copy_(pca.mean)


def current_name(weight: str) -> str:
    """The name that a weight has today: the MLP of a residual network was called "bent" in older files.

    >>> current_name("encoder.1.bent.0.weight")
    'encoder.1.mlp.0.weight'
    """
    return weight.replace(".bent.", ".mlp.")


NETWORKS: dict[str, Callable[..., Pair]] = {"linear": linear, "mlp": mlp, "conv": conv, "residual": residual}
