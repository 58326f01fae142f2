"""What torch, numpy and ae_core say, for the tests in this folder to compare with.

python -m tests.js.fixtures FOLDER
"""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import torch

from ae_core import Autoencoder, Config, load_checkpoint
from ae_core.anomaly.samples import SampleScores
from ae_core.latent.attributes import measured
from ae_core.latent.geometry import extent
from ae_core.latent.morph import EVEN, Morph
from ae_core.latent.paths import lerp, slerp
from ae_core.latent.payload import pack_encoder, pack_model, pack_snapshots
from ae_core.sockets import corruption
from ae_core.sockets.networks import ACTIVATIONS, NETWORKS
from ae_core.training.steps import steps

from ..support.steps import evaluated
from .detections import detections
from .trainings import components, trainings

SHAPES = [(1, 28, 28), (1, 8, 8), (2, 15), (1, 64)]
OUTPUTS = ["sigmoid", "tanh", "identity", "clip"]
DECODED = 20  # places


def write(folder: Path) -> None:
    """Write models.json, with a file for each packed model beside it, paths.json, stats.json, morph.json,
    attributes.json, corruptions.json, snapshots.json, steps.json with two files a model, trainings.json,
    components.json, sample_scores.json, and detections.json with a file for each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, facts in (
        ("models", list(models(folder))),
        ("paths", list(paths())),
        ("stats", stats()),
        ("morph", morph()),
        ("attributes", list(attributes())),
        ("corruptions", list(corruptions())),
        ("snapshots", snapshots(folder)),
        ("detections", list(detections(folder))),
        ("steps", list(losses_in_steps(folder))),
        ("trainings", list(trainings())),
        ("components", components()),
        ("sample_scores", list(sample_scores())),
    ):
        (folder / f"{name}.json").write_text(json.dumps(facts))


def sample_scores() -> Iterator[dict[str, Any]]:
    """Scores of samples, some of them alike, and what a threshold says of them at several quantiles."""
    for seed in range(4):
        dice = np.random.default_rng(seed)
        score = dice.gamma(2, size=120 + seed) if seed % 2 else dice.integers(1, 6, 120).astype(float)
        score[7] = np.nan
        role = dice.integers(0, 3, len(score)).astype(np.uint8)
        role[7] = 2
        train, test = np.flatnonzero(role == 0), np.flatnonzero(role == 1)
        scores = SampleScores(score, score, train, test, role == 2)
        told = []
        for quantile in (0.5, 0.731, 0.95, 0.999):
            judged = scores.judge(score, quantile)
            assert judged is not None
            level, above = scores.threshold(score, quantile), int(scores.flagged(score, quantile).sum())
            shares = [None if np.isnan(share) else share for share in judged[:3]]
            told.append({"quantile": quantile, "level": level, "above": above, "judged": shares})
        yield {"score": [None if np.isnan(each) else each for each in score], "role": role.tolist(), "told": told}


def models(folder: Path) -> Iterator[dict[str, Any]]:
    """Packed models, what goes in, and what comes out in torch: each {name, blob, function, values, expected, atol}."""

    def case(
        name: str, blob: bytes, function: str, values: torch.Tensor, expected: torch.Tensor, atol: float = 1e-5
    ) -> dict[str, Any]:
        file = f"{name}-{function}.lex".replace("/", "-")
        (folder / file).write_bytes(blob)
        inputs, outputs = values.flatten(1).tolist(), expected.detach().flatten(1).tolist()
        return {"name": name, "blob": file, "function": function, "values": inputs, "expected": outputs, "atol": atol}

    configs = {
        f"{network} {shape}": (Config(data="digits", variant="deep", k=3, network=network, hidden=(6, 4)), shape)
        for network, shape in itertools.product(NETWORKS, SHAPES)
    }
    for activation, output in itertools.product(ACTIVATIONS, OUTPUTS):
        config = Config(
            data="digits",
            variant="deep",
            k=3,
            hidden=(20, 10),
            activation=activation,
            output=output,
            loss="squared-error",
        )
        configs[f"{activation} {output}"] = config, (1, 8, 8)
    for name, (config, shape) in configs.items():
        model = _model(config, shape)
        z = torch.randn(DECODED, 3)
        yield case(name, _packed(model), "decode", z, model.decode(z))
    for variant, network in (("vae", "mlp"), ("deep", "mlp"), ("nested", "residual")):
        model = _model(Config(data="digits", variant=variant, k=3, network=network, hidden=(20, 10)), (1, 8, 8))
        x = torch.rand(DECODED, 1, 8, 8)
        x[0] *= 1e4  # far beyond the data: the variance stays within its bounds
        code = model.code(x)
        yield case(variant, pack_encoder(variant, model), "encode", x, code.mu)
        if code.logvar is not None:
            yield case(variant, pack_encoder(variant, model), "posterior", x, torch.cat([code.mu, code.logvar], 1))
    model = load_checkpoint("mnist-vae-2d")
    z = torch.randn(200, 2, generator=torch.Generator().manual_seed(0)) * 1.5
    yield case("mnist", _packed(model), "decode", z, model.decode(z))


def _model(config: Config, shape: tuple[int, ...], limits: tuple[float, float] | None = (0.0, 1.0)) -> Autoencoder:
    model = Autoencoder(config, shape, limits).eval().requires_grad_(False)
    for weights in model.parameters():
        weights.copy_((weights * 3).half().float())  # as they travel
    return model


def _packed(model: Autoencoder) -> bytes:
    codes = {"z": np.random.default_rng(0).normal(size=(20, model.k)).astype(np.float32)}
    return pack_model("m", "m", model, codes, extent(codes["z"], True))


def paths() -> Iterator[dict[str, Any]]:
    """Ends, and the points of both paths between and beyond them."""
    random, times = np.random.default_rng(0), np.linspace(-0.5, 1.5, 21)
    ends = [
        *(random.normal(size=(2, k)) for k in (1, 2, 3, 20) for _ in range(3)),
        [[1.0, 2.0], [2.0, 4.0]],
        [[1.0, 2.0, 0.0], [-1.0, -2.0, 0.0]],
        [[0.0, 0.0], [1.0, 1.0]],
    ]
    for a, b in map(np.array, ends):
        yield {
            "a": a.tolist(),
            "b": b.tolist(),
            "times": times.tolist(),
            "straight": lerp(a, b, times).tolist(),
            "spherical": slerp(a, b, times).tolist(),
        }


def stats() -> list[dict[str, Any]]:
    """Quantiles as numpy has them."""
    random = np.random.default_rng(0)
    samples = [np.sort(random.normal(size=n)) for n in (1, 2, 7, 100)]
    q = [0, 0.1, 0.5, 0.995, 1]
    return [{"sorted": values.tolist(), "q": q, "quantiles": np.quantile(values, q).tolist()} for values in samples]


def morph() -> dict[str, Any]:
    """Even steps through the packed model "mnist": their times, and the codes at some t."""
    a, b, t = np.array([-1.5, 0.3]), np.array([1.2, -0.8]), np.array([0.0, 0.21, 0.5, 0.9, 1.0])
    evened = Morph(a, b).evened(load_checkpoint("mnist-vae-2d"))
    return {
        "blob": "mnist-decode.lex",
        "points": EVEN,
        "a": a.tolist(),
        "b": b.tolist(),
        "times": evened.times.tolist(),
        "t": t.tolist(),
        "z": evened.at(t).tolist(),
    }


def attributes() -> Iterator[dict[str, Any]]:
    """Pictures, a blank one among them, and what ae_core measures on them."""
    z = torch.randn(8, 2, generator=torch.Generator().manual_seed(1))
    pictures = load_checkpoint("mnist-vae-2d").decode(z).detach()
    for x in (*pictures, torch.rand(1, 9, 5) * 1.5 - 0.25, torch.zeros(1, 6, 6)):
        values = {name: float(value[0]) for name, value in measured(x[None].clamp(0, 1)).items()}
        yield {"shape": list(x.shape), "values": x.flatten().tolist(), "measured": values}


def corruptions() -> Iterator[dict[str, Any]]:
    """What ae_core makes of x with the random numbers that the page has for a seed."""
    x = torch.linspace(-1, 2, 500).roll(123)[None]
    for seed, kind, amount in itertools.product((0, 7), ("gaussian", "masking", "salt-pepper"), (0.0, 0.3, 1.0)):
        u = uniforms(seed, 2 * x.numel()).astype(np.float64)
        normal = np.sqrt(-2 * np.log(1 - u[::2])) * np.cos(2 * np.pi * u[1::2])  # Box & Muller 1958
        rand, randn = (torch.tensor(each, dtype=torch.float32).view_as(x) for each in (u[: x.numel()], normal))
        given = SimpleNamespace(rand=_giving(rand), randn=_giving(randn), where=torch.where)
        with mock.patch.object(corruption, "torch", given):
            corrupted = corruption.Noise(kind, amount)(x)
        yield {
            "noise": {"kind": kind, "amount": amount, "seed": seed},
            "range": [float(x.min()), float(x.max())],
            "x": x[0].tolist(),
            "corrupted": corrupted[0].tolist(),
        }


def _giving(numbers: torch.Tensor) -> Callable[..., torch.Tensor]:
    return lambda *shape, **how: numbers


def uniforms(seed: int, count: int) -> np.ndarray:
    """mulberry32's numbers 0..1, as float32: what `uniforms` of math/random.js gives."""
    state, numbers = (seed + 1) * 2654435761 % 2**32, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ state >> 15) * (state | 1) % 2**32
        t ^= (t + (t ^ t >> 7) * (t | 61)) % 2**32
        numbers.append((t ^ t >> 14) / 2**32)
    return np.array(numbers, np.float32)


def snapshots(folder: Path) -> dict[str, Any]:
    """A chunk of two epochs, and what is in it."""
    maps, pictures = torch.rand(2, 5, 2).numpy(), torch.rand(2, 3, 1, 4, 4).numpy()
    (folder / "snapshots.lex").write_bytes(pack_snapshots("run", 1, [3, 7], maps, pictures))
    return {
        "run": "run",
        "chunk": 1,
        "epochs": [3, 7],
        "maps": maps.reshape(2, -1).tolist(),
        "pictures": pictures.reshape(2, -1).tolist(),
    }


def losses_in_steps(folder: Path) -> Iterator[dict[str, Any]]:
    """Losses of variational autoencoders as the lines of their programs compute them."""
    pictures, signals = ((1, 8, 8), (0.0, 1.0)), ((2, 15), None)
    for name, (shape, limits), network, beta in (
        ("pictures", pictures, "mlp", 4.0),
        ("saturated", pictures, "mlp", 1.0),  # its sigmoids round to 0 and 1
        ("signals", signals, "mlp", 0.05),
        ("without a hidden layer", signals, "residual", 1.0),
    ):
        hidden, sockets = (20, 10), {"beta": beta}
        config = Config(data="digits", variant="vae", k=3, network=network, hidden=hidden, sockets=sockets)
        model = _model(config, shape, limits)
        if name == "saturated":
            last = next(module for module in model.decoder[::-1] if hasattr(module, "bias"))
            last.bias.copy_(torch.linspace(-60, 60, 64).half().float())
        files = {part: f"steps-{name}-{part}.lex".replace(" ", "-") for part in ("model", "encoder")}
        (folder / files["model"]).write_bytes(_packed(model))
        (folder / files["encoder"]).write_bytes(pack_encoder("m", model))
        for _ in range(3):
            x, epsilon = torch.rand(1, *shape), torch.randn(1, 3)
            made = evaluated(steps(model), model, x, epsilon)
            yield {
                "name": name,
                **files,
                "recipe": {"beta": beta, "loss": model.loss},
                "x": x.flatten().tolist(),
                "epsilon": epsilon.flatten().tolist(),
                "made": {key: value.flatten().tolist() for key, value in made.items()},
            }


if __name__ == "__main__":
    write(Path(sys.argv[1]))
