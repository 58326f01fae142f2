"""Sockets 2 and 4, encoder and decoder: linear, MLP, convolutional, and residual on PCA, for any input shape.

Each builder takes a `NetworkSpec` and gives (encoder, decoder). The encoder maps x (N, *shape) → (N, n_outputs), what
the bottleneck reads; the decoder maps z (N, n_inputs) → (N, *shape), before the output activation. Both are flat
`nn.Sequential`s, so that they can be written down layer by layer, for the browser and as a program.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from ..base.errors import LatentError
from ..base.text import plural, times

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from ..pca import PCA
    from .layers import Residual

    Pair = tuple[nn.Sequential, nn.Sequential]
else:
    from ..base.lazy import nn, torch

ACTIVATIONS = {  # name in a recipe → class of torch.nn
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "identity": "Identity",
}
OUTPUTS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "identity": "Identity", "clip": "Clip"}  # Clip: see layers.py

Shape = tuple[int, ...]


@dataclass(frozen=True)
class NetworkSpec:
    """What encoder and decoder are to fit.

    Args:
        shape: of a sample, (C, H, W) or (C, L).
        hidden: widths of the hidden layers from input to code (channels, for `conv`); the decoder has them reversed.
        activation: between layers, a name of ACTIVATIONS.
        n_outputs: numbers that the bottleneck reads for a sample.
        n_inputs: numbers that the decoder reads for a sample: the code, and the classes of a conditional model.
        tied: whether the decoder uses the encoder's matrix, transposed (`linear` alone).
        n_classes: one-hot numbers that a conditional encoder reads beside x: behind its values, (N, D + n_classes), or
            for `conv` as so many more channels.
        token_dim: numbers of a codebook's vector. Where `conv` halves down to a map with n_outputs / token_dim
            positions, that map is the code, a token at each position; 0: the code is no map.
    """

    shape: Shape
    hidden: Shape
    activation: str
    n_outputs: int
    n_inputs: int
    tied: bool = False
    n_classes: int = 0
    token_dim: int = 0

    @property
    def size(self) -> int:
        """Values of a sample, D."""
        return math.prod(self.shape)


def linear(spec: NetworkSpec) -> Pair:
    """One matrix each way. With squared error its optimum spans PCA's subspace (Baldi & Hornik 1989).

    Raises LatentError where there are hidden layers.
    """
    from .layers import Transposed

    if spec.hidden:
        raise LatentError("A linear autoencoder has no hidden layers: leave hidden empty.")
    down = nn.Linear(spec.size + spec.n_classes, spec.n_outputs)
    up = Transposed(down, spec.n_inputs) if spec.tied else nn.Linear(spec.n_inputs, spec.size)
    return nn.Sequential(nn.Flatten(), down), nn.Sequential(up, nn.Unflatten(1, spec.shape))


def dense(sizes: Shape, activation: str) -> list[nn.Module]:
    """Dense layers through these sizes, with the activation between them but not after the last."""
    from .layers import activation as activation_layer

    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), activation_layer(activation)]
    return layers[:-1]


def mlp(spec: NetworkSpec) -> Pair:
    """Dense layers through `hidden`, mirrored in the decoder (Hinton & Salakhutdinov 2006)."""
    down = dense((spec.size + spec.n_classes, *spec.hidden, spec.n_outputs), spec.activation)
    up = dense((spec.n_inputs, *reversed(spec.hidden), spec.size), spec.activation)
    return nn.Sequential(nn.Flatten(), *down), nn.Sequential(*up, nn.Unflatten(1, spec.shape))


def conv(spec: NetworkSpec) -> Pair:
    """Stride-2 convolutions with `hidden` channels, then one dense layer; the decoder mirrors it with transposed ones.

    Where the code is the last map (see `token_dim`) a 1-wide convolution takes the dense layer's place, so that each
    token keeps its position. Raises LatentError where the input is too small for so many halvings.
    """
    from .layers import activation

    space = len(spec.shape) - 1
    convolution: Any = (nn.Conv1d, nn.Conv2d)[space - 1]
    transposed: Any = (nn.ConvTranspose1d, nn.ConvTranspose2d)[space - 1]
    down: list[nn.Module] = []
    up: list[nn.Module] = []
    shape = spec.shape
    for level, channels in enumerate(spec.hidden):
        if min(shape[1:]) < 2:
            raise LatentError(
                f"An input of {times(spec.shape[1:])} cannot be halved {plural(len(spec.hidden), 'time')}: "
                "use fewer hidden layers."
            )
        inputs = shape[0] + (spec.n_classes if level == 0 else 0)
        down += [convolution(inputs, channels, 3, stride=2, padding=1), activation(spec.activation)]
        # A transposed 3-wide convolution gives 2n − 1 from n; one more where the size was even.
        extra = tuple(1 - n % 2 for n in shape[1:])
        double = transposed(channels, shape[0], 3, stride=2, padding=1, output_padding=extra)
        up = [activation(spec.activation), double, *up]
        shape = (channels, *((n + 1) // 2 for n in shape[1:]))
    if spec.token_dim and spec.n_outputs == spec.token_dim * math.prod(shape[1:]):
        encoder = nn.Sequential(*down, convolution(shape[0], spec.token_dim, 1), nn.Flatten())
        unflatten = nn.Unflatten(1, (spec.token_dim, *shape[1:]))
        return encoder, nn.Sequential(unflatten, transposed(spec.token_dim, shape[0], 1), *up)
    size = math.prod(shape)
    encoder = nn.Sequential(*down, nn.Flatten(), nn.Linear(size, spec.n_outputs))
    return encoder, nn.Sequential(nn.Linear(spec.n_inputs, size), nn.Unflatten(1, shape), *up)


def residual(spec: NetworkSpec) -> Pair:
    """A linear path each way with an MLP beside it; `start_from_pca` makes it PCA exactly before training begins.

    Raises LatentError where there are no hidden layers.
    """
    from .layers import Residual

    if not spec.hidden:
        raise LatentError("A residual network adds an MLP to PCA: give it hidden layers, or choose network linear.")

    def paths(*sizes: int) -> Residual:
        return Residual(nn.Linear(sizes[0], sizes[-1]), nn.Sequential(*dense(sizes, spec.activation)))

    encoder = nn.Sequential(nn.Flatten(), paths(spec.size + spec.n_classes, *spec.hidden, spec.n_outputs))
    decoder = nn.Sequential(paths(spec.n_inputs, *reversed(spec.hidden), spec.size), nn.Unflatten(1, spec.shape))
    return encoder, decoder


def start_from_pca(encoder: nn.Sequential, decoder: nn.Sequential, pca: PCA) -> None:
    """Set the linear paths of a residual pair to PCA; each dimension of the code gets variance 1, so that the MLP can
    read it.
    """
    down, up = cast("Residual", encoder[1]).linear, cast("Residual", decoder[0]).linear
    count = min(len(pca.components), up.in_features)
    axes = pca.components[:count]
    spread = pca.variance[:count].sqrt().clamp(min=1e-3 * float(pca.variance[0].sqrt()) + 1e-6)[:, None]
    with torch.no_grad():
        for weights in (down.weight, down.bias, up.weight):  # dimensions beyond the data's own stay empty
            weights.zero_()
        down.weight[:count] = axes / spread
        down.bias[:count] = -(axes / spread) @ pca.mean
        up.weight[:, :count] = (axes * spread).T
        up.bias.copy_(pca.mean)


def start_at_mean(decoder: nn.Sequential, mean: Tensor) -> None:
    """Let what a dense decoder with a sigmoid behind it draws begin as the mean sample, (*shape) in 0..1: it would else
    spend a part of its first epoch on learning that.
    """
    with torch.no_grad():
        cast("nn.Linear", decoder[-2]).bias.copy_(mean.flatten().clamp(0.001, 0.999).logit())


def current_name(weight: str) -> str:
    """The name that a weight has today: the MLP of a residual network was called "bent" in older files.

    >>> current_name("encoder.1.bent.0.weight")
    'encoder.1.mlp.0.weight'
    """
    return weight.replace(".bent.", ".mlp.")


NETWORKS: dict[str, Callable[[NetworkSpec], Pair]] = {"linear": linear, "mlp": mlp, "conv": conv, "residual": residual}
