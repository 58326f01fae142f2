"""The program that `script` writes is the run: it is executed, and its losses are those of `Training`."""

import contextlib
import dataclasses
import io
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch

from ae_core import VARIANTS, Config, Dataset, Epoch, LatentError, Training, load_dataset
from ae_core.base.options import knobs, option
from ae_core.data import Source, source, sources
from ae_core.data._idx import idx_here, idx_script
from ae_core.data.sensors import plant_csv
from ae_core.data.shapes import SHAPES
from ae_core.model.variants import Variant
from ae_core.sockets.bottleneck import Ordered
from ae_core.sockets.corruption import Clean
from ae_core.sockets.networks import ACTIVATIONS, NETWORKS
from ae_core.sockets.penalty import NoPenalty
from ae_core.training.script import SETTINGS, script

ROOT = Path(__file__).resolve().parents[2]
ABOUT = {  # shape, range, classes
    "digits": ((1, 8, 8), (0.0, 1.0), tuple("0123456789")),
    "mnist": ((1, 28, 28), (0.0, 1.0), tuple("0123456789")),
    "fashion": ((1, 28, 28), (0.0, 1.0), tuple("0123456789")),
    "sinusoids": ((1, 64), None, ()),
    "shapes": ((1, 2), None, ()),  # of which no convolution can halve the length
}
EXACT = {"precision": "float32", "device": "cpu", "epochs": 3, "batch_size": 64, "hidden": (16, 8)}
SIGNALS = {"samples": 300, "length": 30, "noise": 0.1, "complexity": 2, "signal_seed": 5}

RECIPES = {
    **{f"{name}, as it is": {"variant": name} for name in VARIANTS},
    "linear, tied": {"variant": "linear", "tied": True, "k": 3, "seed": 7},
    "deep, augmented": {"variant": "deep", "augment": 0.7, "activation": "gelu", "epochs": 4},
    "deep, AdamW, squared error of a sigmoid": {
        "variant": "deep",
        "weight_decay": 0.1,
        "loss": "squared-error",
        "hidden": (12,),
    },
    "deep, clipped gradients, identity": {"variant": "deep", "output": "identity", "clip": 0.5},
    "deep, conv": {
        "variant": "deep",
        "network": "conv",
        "hidden": (4, 6),
        "activation": "leaky_relu",
        "output": "clip",
    },
    "deep, linear": {"variant": "deep", "network": "linear"},
    "deep, residual, not from PCA": {"variant": "deep", "network": "residual"},
    "deep, residual, clip": {"variant": "deep", "network": "residual", "output": "clip", "k": 5},
    "nested, overcomplete": {"variant": "nested", "k": 70, "sockets": {"relative": 0.5}},
    "nested, absolute, augmented": {"variant": "nested", "k": 6, "sockets": {"relative": 0}, "augment": 1.0},
    "vae, β = 4": {"variant": "vae", "sockets": {"beta": 4}, "batch_size": 100, "lr": 2e-3},
    "vae, conv of images": {"variant": "vae", "network": "conv", "hidden": (4, 6, 8)},
    "vae, residual": {"variant": "vae", "network": "residual", "loss": "squared-error"},
    "neighbour, of a Gaussian": {"variant": "neighbour", "sockets": {"posterior": "gaussian"}, "augment": 0.5},
    "neighbour, conv of squared error": {
        "variant": "neighbour",
        "network": "conv",
        "hidden": (4, 6),
        "loss": "squared-error",
    },
    "neighbour, signals": {"data": "sinusoids", "source": SIGNALS, "variant": "neighbour"},
    "sparse, kl": {"variant": "sparse", "sockets": {"sparsity": "kl"}, "k": 20},
    "sparse, topk": {"variant": "sparse", "sockets": {"sparsity": "topk"}, "k": 20},
    "signals, conv vae": {
        "data": "sinusoids",
        "source": SIGNALS,
        "variant": "vae",
        "network": "conv",
        "hidden": (4, 6),
        "k": 4,
    },
    "signals, nested": {"data": "sinusoids", "source": SIGNALS, "variant": "nested", "k": 4},
    "shapes, vae": {"data": "shapes", "variant": "vae", "source": {"samples": 200}},
    "shapes, classes": {"data": "shapes", "variant": "cvae", "source": {"shape": "moons", "samples": 200}},
    "signals, tanh": {
        "data": "sinusoids",
        "source": SIGNALS,
        "variant": "deep",
        "output": "tanh",
        "activation": "silu",
    },
}


def config_of(**values):
    return Config(**{"data": "digits", **EXACT, **values})


def run(text):
    """What a program prints: [(training, held-out)] of the epochs, and the last line's loss."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "script.py", "exec"), {"__name__": "__main__"})
    *epochs, last = printed.getvalue().splitlines()
    numbers = [tuple(float(number) for number in re.findall(r"(?:training|held-out) (\S+)", line)) for line in epochs]
    return numbers, float(re.fullmatch(r"held-out loss (\S+)", last)[1])


@pytest.mark.parametrize("name", RECIPES)
def test_the_program_makes_the_run(name):
    config = config_of(**RECIPES[name])
    data = config.load()
    expected = [(e.train_loss, e.test_loss) for e in Training(config, data) if isinstance(e, Epoch)]
    text = script(config, data.shape, data.range, data.classes)
    assert "ae_core" not in text
    epochs, last = run(text)
    assert len(epochs) == config.epochs
    for found, wanted in zip(epochs, expected, strict=True):
        assert found == pytest.approx(wanted, rel=1e-3)
    assert last == epochs[-1][1]


def test_another_seed_is_another_run():
    texts = [script(config_of(seed=seed), *ABOUT["digits"]) for seed in (0, 1)]
    assert run(texts[0]) != run(texts[1])
    assert [line for line in texts[0].splitlines() if line not in texts[1].splitlines()] == [
        "seed = 0  # seed of weights, shuffling and sampling"
    ]


def test_it_runs_alone(tmp_path):
    path = tmp_path / "run.py"
    path.write_text(script(config_of(variant="vae"), *ABOUT["digits"]), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # -I: nothing but what is installed
    assert done.returncode == 0, done.stderr
    assert math.isfinite(float(done.stdout.splitlines()[-1].removeprefix("held-out loss ")))


@pytest.fixture(scope="module")
def texts():
    """Programs of every variant, network and source, where they fit, and of every activation."""
    found = {}
    for data, about in ABOUT.items():
        for row in VARIANTS:
            for network in NETWORKS:
                kept = VARIANTS[row].settings.get("network", network)  # by what makes the variant
                if kept != network or (VARIANTS[row].conditional and not about[2]):
                    continue
                if (data, network) == ("shapes", "conv"):
                    continue
                found[f"{data} {row} {network}"] = script(
                    Config(data=data, variant=row, network=network, augment=0.5 * (len(about[0]) == 3)), *about
                )
    for name in ACTIVATIONS:
        found[name] = script(Config(data="digits", activation=name, network="conv", hidden=(4, 4)), *ABOUT["digits"])
    return found


def test_programs_import_torch_and_numpy_alone(texts):
    """But for what the data themselves come with."""
    beside = {"digits": {"sklearn"}, "mnist": {"torchvision"}, "fashion": {"torchvision"}}
    for name, text in texts.items():
        imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.M)) - sys.stdlib_module_names
        allowed = beside.get(name.split()[0], {"sklearn"} if name in ACTIVATIONS else set())
        assert imported <= {"torch", "numpy"} | allowed, name


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_are_drawn_as_the_program_draws_them(shape):
    found = {"torch": torch, "Generator": torch.Generator, "math": math}
    exec(source("shapes", shape=shape, samples=50, noise=0.1, shape_seed=3).script(), found)
    data = load_dataset("shapes", shape=shape, samples=50, noise=0.1, shape_seed=3)
    assert torch.equal(found["x_train"], data.x_train)
    assert torch.equal(found["x_test"], data.x_test)
    if data.y_train is not None:
        assert torch.equal(found["y_train"], data.y_train)


def test_programs_of_every_variant_and_source_compile(texts):
    for name, text in texts.items():
        compile(text, name, "exec")
        assert "ae_core" not in text, name
        assert "{" not in re.sub(r'f"[^"\n]*"', "", text), name  # nothing was left to be filled in
        assert len(text.splitlines()) <= (330 if "neighbour_places" in text else 170), name
    assert len(script(Config(data="digits"), *ABOUT["digits"]).splitlines()) <= 95


def test_ruff_finds_programs_clean_and_laid_out(texts, tmp_path):
    for name, text in texts.items():
        (tmp_path / f"{name.replace(' ', '_')}.py").write_text(text, "utf-8")
    for command in (
        ["check", "--select=E,F,W,I,B", "--ignore=E501"],
        ["format", "--check", "--diff", "--line-length=120"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", tmp_path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_only_what_the_recipe_uses_is_there():
    plain = script(Config(data="digits", variant="deep", **EXACT), *ABOUT["digits"])
    assert not {
        "augment",
        "weight_decay",
        "beta",
        "logvar",
        "penalty",
        "pca_error",
        "AdamW",
        "Residual",
        "Tensor",
        "bfloat16",
        "GPU",
    } & set(re.findall(r"\w+", plain))
    whole = script(
        Config(data="digits", variant="vae", augment=0.5, weight_decay=0.1, precision="bfloat16"), *ABOUT["digits"]
    )
    assert {"augment", "weight_decay", "beta", "logvar", "penalty", "AdamW", "bfloat16", "GPU"} <= set(
        re.findall(r"\w+", whole)
    )
    assert set(SETTINGS) <= set(knobs(Config))


def test_a_recipe_that_makes_no_model_is_refused():
    with pytest.raises(LatentError, match="Cross-entropy"):
        script(Config(data="sinusoids", loss="cross-entropy"), *ABOUT["sinusoids"])


@pytest.mark.parametrize(("name", "kind"), [("mnist", "MNIST"), ("fashion", "FashionMNIST")])
def test_mnist_is_read_as_the_program_reads_it(name, kind):
    if not idx_here(kind):
        pytest.skip(f"{kind} is not in the data folder")
    found = {"torch": torch}
    exec(source(name).script(), found)
    data = load_dataset(name)
    assert torch.equal(found["x_train"], data.x_train)
    assert torch.equal(found["x_test"], data.x_test)


def test_images_are_read_after_their_header(monkeypatch, tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    pixels = torch.randint(256, (3, 1, 28, 28), dtype=torch.uint8)
    for half in ("train", "t10k"):
        (raw / f"{half}-images-idx3-ubyte").write_bytes(bytes(16) + pixels.numpy().tobytes())
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    found = {"torch": torch}
    exec(idx_script("MNIST"), found)
    torch.testing.assert_close(found["x_train"], pixels / 255)


@dataclasses.dataclass(frozen=True)
class Dimmed(Clean):
    depth: float = option(0.5, "share of the light that may be missing")

    def __call__(self, x, generator=None):
        return x * (1 - self.depth * torch.rand(x.shape, generator=generator))

    def script(self):
        return "x_corrupted = x * (1 - depth * torch.rand(x.shape, generator=generator))"


@dataclasses.dataclass(frozen=True)
class Small(NoPenalty):
    weight: float = option(0.1, "weight of the code's size")

    def terms(self, code, encoder, x_corrupted):
        return {"size": code.z.abs().sum(1)}

    def total(self, terms):
        return self.weight * terms["size"]

    def script(self):
        return "penalty = weight * z.abs().sum(1)"


def test_a_new_variant_is_a_row(monkeypatch):
    row = Variant("Ours", "ours", "For this test.", "nobody 2000", corrupt=Dimmed, bottleneck=Ordered, penalty=Small)
    monkeypatch.setitem(VARIANTS, "ours", row)
    config = config_of(variant="ours", sockets={"weight": 0.3}, network="residual", output="identity", k=4)
    data = config.load()
    text = script(config, data.shape, data.range)
    assert "weight = 0.3  # weight of the code's size" in text
    expected = [(e.train_loss, e.test_loss) for e in Training(config, data) if isinstance(e, Epoch)]
    for found, wanted in zip(run(text)[0], expected, strict=True):
        assert found == pytest.approx(wanted, rel=1e-3)


@dataclasses.dataclass(frozen=True)
class Ours(Source):
    """A source without lines of its own."""

    title: ClassVar = "Ours"
    about: ClassVar = "For this test."
    path: str = option("", "file")
    gap: float = option(0.0, "gap")

    def load(self, progress=None):
        assert self.path == AWKWARD
        x = torch.rand(80, 2, 8, generator=torch.Generator().manual_seed(1))
        return Dataset("test_script", x, x[:20], None)


AWKWARD = "it's \"mine\"\n{x}\\n'''.csv"


def test_a_source_without_lines_is_loaded_by_the_program(monkeypatch):
    monkeypatch.setitem(sources(), "test_script", Ours)
    config = config_of(data="test_script", source={"path": AWKWARD}, variant="deep")
    text = script(config, (2, 8), None)
    assert f"load_dataset('test_script', path={AWKWARD!r})" in text
    assert "gap" not in text
    assert run(text)[1] == pytest.approx(
        [e for e in Training(config, config.load()) if isinstance(e, Epoch)][-1].test_loss, rel=1e-3
    )


@pytest.mark.parametrize("variant", ["nested", "vae"])
def test_a_tables_program_takes_its_file_and_ends_with_scores(variant, tmp_path):
    (tmp_path / "pump.csv").write_bytes(plant_csv(400, 2, 0, (("spike", 300, 40, 0, 6.0),)))
    config = Config(
        data="csv",
        variant=variant,
        k=3,
        hidden=(8,),
        epochs=2,
        batch_size=16,
        precision="float32",
        device="cpu",
        source={"file": "elsewhere.csv", "window": 8, "normal": "0:200"},
    )
    path = tmp_path / "run.py"
    path.write_text(script(config, (2, 8), None), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, path, "pump.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    held_out, said = done.stdout.splitlines()[-2:]
    assert held_out.startswith("held-out loss ")
    scores = np.genfromtxt(tmp_path / "scores.csv", delimiter=",", names=True)
    assert scores["row"].tolist() == list(range(7, 400))
    assert 300 <= scores["row"][scores["score"].argmax()] < 347
    np.testing.assert_array_equal(scores["abnormal"] > 0, scores["score"] > scores["threshold"])
    assert said == f"threshold {scores['threshold'][0]:.6g}: {int(scores['abnormal'].sum())} of 393 rows above it"
