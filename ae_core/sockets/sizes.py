"""How many numbers a network has and makes, from its spec alone: nothing is built, so that a typing error costs nothing."""

import math
from itertools import pairwise
from typing import NamedTuple

from .networks import NetworkSpec, Shape


class NetworkSize(NamedTuple):
    """weights: numbers that are trained, of encoder and decoder; activations: numbers that a sample becomes on its way
    through both.
    """

    weights: int
    activations: int


def network_size(network: str, spec: NetworkSpec) -> NetworkSize:
    """The size of what `NETWORKS[network]` would build.

    >>> spec = NetworkSpec(shape=(1, 28, 28), hidden=(512, 256), activation="relu", n_outputs=4, n_inputs=2)
    >>> network_size("mlp", spec).weights
    1068820
    """
    inputs = spec.size + spec.n_classes
    if network == "conv":
        return _conv(spec)
    down, up = (inputs, *spec.hidden, spec.n_outputs), (spec.n_inputs, *reversed(spec.hidden), spec.size)
    if network == "linear":
        matrix = 0 if spec.tied else spec.n_inputs * spec.size
        return NetworkSize(_dense((inputs, spec.n_outputs)) + matrix + spec.size, spec.n_outputs + 2 * spec.size)
    weights, activations = _dense(down) + _dense(up), inputs + 2 * sum(down[1:]) + 2 * sum(up)
    if network == "residual":
        weights += _dense((inputs, spec.n_outputs)) + _dense((spec.n_inputs, spec.size))
        activations += 2 * (spec.n_outputs + spec.size)
    return NetworkSize(weights, activations)


def _dense(sizes: Shape) -> int:
    """Weights and biases of dense layers through these sizes."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def _conv(spec: NetworkSpec) -> NetworkSize:
    """As `networks.conv` builds it; of an input that is too small for so many halvings, which that refuses, up to
    there.
    """
    taps = 3 ** (len(spec.shape) - 1)
    shape, weights, activations = spec.shape, 0, spec.size
    for level, channels in enumerate(spec.hidden):
        if min(shape[1:]) < 2:
            break
        inputs = shape[0] + (spec.n_classes if level == 0 else 0)
        weights += (inputs * taps + 1) * channels + channels * shape[0] * taps + shape[0]
        activations += 2 * math.prod(shape)
        shape = (channels, *((n + 1) // 2 for n in shape[1:]))
        activations += 2 * math.prod(shape)
    size = math.prod(shape)
    if spec.token_dim and spec.n_outputs == spec.token_dim * math.prod(shape[1:]):
        ends = (shape[0] + 1) * spec.token_dim + (spec.token_dim + 1) * shape[0]
    else:
        ends = _dense((size, spec.n_outputs)) + _dense((spec.n_inputs, size))
    return NetworkSize(weights + ends, activations + size + spec.n_outputs)
