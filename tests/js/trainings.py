"""Ten steps of torch in each socket and on each kind of data, with the random numbers that it drew, for the page's own
training to make again.
"""

import itertools
from collections.abc import Iterator
from typing import Any
from unittest import mock

import torch

from ae_core import Autoencoder, Config
from ae_core.pca import PCA
from ae_core.sockets import bottleneck, corruption
from ae_core.training.optimizer import in_one_vector

STEPS, ROWS, K = 10, 12, 3
LR, DECAY = 3e-3, 0.01
HIDDEN = (9, 7)
# Kinds of data: shape of a sample and range of its values, which decide on loss and output.
KINDS = {
    "pictures": ((1, 8, 8), (0.0, 1.0)),
    "signals": ((2, 12), (-1.0, 1.0)),
    "points": ((1, 3), None),
}
SOCKETS: list[tuple[str, dict[str, Any]]] = [
    ("deep", {}),
    ("vae", {"beta": 2.0}),
    *(("denoising", {"corruption": kind, "amount": 0.3}) for kind in ("gaussian", "masking", "salt-pepper")),
    ("masked", {"hidden_share": 0.4}),
    *(("sparse", {"sparsity": kind, "sparsity_weight": 0.3, "on_share": 0.4}) for kind in ("l1", "kl", "topk")),
    ("contractive", {"contraction": 0.2}),
    ("nested", {}),
]
# What the page calls a knob of a socket.
NAMES = {"hidden_share": "hiddenShare", "sparsity_weight": "sparsityWeight", "on_share": "onShare"}
ACTIVATIONS = ("relu", "tanh", "silu", "elu", "leaky_relu", "sigmoid")


class Recording:
    """torch, as the sockets know it, that keeps every random number that it gives in `draws`."""

    def __init__(self):
        self.draws: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    def rand(self, *shape, **how) -> torch.Tensor:
        return self._kept(torch.rand(*shape, **how))

    def randn(self, *shape, **how) -> torch.Tensor:
        return self._kept(torch.randn(*shape, **how))

    def _kept(self, numbers: torch.Tensor) -> torch.Tensor:
        self.draws.extend(numbers.flatten().tolist())
        return numbers


def trainings() -> Iterator[dict[str, Any]]:
    """Each socket on each kind of data; every activation is met by the way."""
    activations = itertools.cycle(ACTIVATIONS)
    for (variant, knobs), (kind, (shape, bounds)) in itertools.product(SOCKETS, KINDS.items()):
        # A contractive penalty's second slope of a rectifier is 0: it is to be met where it is not.
        activation = "tanh" if variant == "contractive" and kind == "pictures" else next(activations)
        yield {"kind": kind, **_training(variant, knobs, shape, bounds, activation)}


def _training(
    variant: str, knobs: dict[str, Any], shape: tuple[int, ...], bounds: tuple[float, float] | None, activation: str
) -> dict[str, Any]:
    generator = torch.Generator().manual_seed(1)
    low, high = bounds or (-2.0, 3.0)
    x = low + (high - low) * torch.rand(STEPS * ROWS, *shape, generator=generator)
    patch = {"patch": max(1, shape[-1] // 4)} if variant == "masked" else {}
    config = Config(
        data="digits", variant=variant, k=K, hidden=HIDDEN, activation=activation, sockets={**knobs, **patch}
    )
    model = Autoencoder(config, shape, bounds)
    model.prepare(x)
    weights = in_one_vector(model)
    # Where it starts as PCA the encoder's gradient is 0, but for rounding, of which Adam would take the sign.
    weights.data += 0.1 * torch.randn(weights.shape, generator=generator)
    before = weights.detach().clone()
    optimizer = torch.optim.AdamW([weights], lr=LR, weight_decay=DECAY)
    recording = Recording()
    losses, gradient = [], torch.zeros(0)
    with (
        mock.patch.object(corruption, "torch", recording),
        mock.patch.object(bottleneck, "torch", recording),
    ):
        for batch in x.split(ROWS):
            model.zero_grad()
            loss = model.losses(batch, generator)["loss"].mean()
            loss.backward()
            found = torch.cat([each.grad.flatten() for each in model.parameters() if each.grad is not None])
            gradient = gradient if len(gradient) else found
            weights.grad = found.clone()
            losses.append(float(loss.detach()))
            optimizer.step()
    return {
        "recipe": {"variant": variant, "k": K, "hidden": list(HIDDEN), "activation": activation, "seed": 0},
        "knobs": {
            "lr": LR,
            "weightDecay": DECAY,
            "clip": 1e12,
            **{NAMES.get(name, name): value for name, value in knobs.items()},
        },
        "shape": list(shape),
        "range": bounds,
        "rows": ROWS,
        "x": x.flatten().tolist(),
        "draws": recording.draws,
        "before": before.tolist(),
        "gradient": gradient.tolist(),
        "losses": losses,
        "after": weights.detach().tolist(),
    }


def components() -> dict[str, Any]:
    """PCA of some samples, and the error that it leaves with 1, 2 and 3 components."""
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(40, 6, generator=generator) @ torch.rand(6, 6, generator=generator)
    pca = PCA(x, 6)
    centred = x - pca.mean
    left = [
        float((centred - centred @ pca.components[:k].T @ pca.components[:k]).square().sum(1).mean()) for k in (1, 2, 3)
    ]
    return {"x": x.flatten().tolist(), "size": 6, "variance": pca.variance.tolist(), "errors": left}
