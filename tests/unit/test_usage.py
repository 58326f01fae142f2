"""The program with this package that a page shows: it is run, and trains the same model again."""

import contextlib
import io
import re

import pytest

from ae_core import VARIANTS, Config, train_run
from ae_core.export.usage import usage
from ae_core.runs.checkpoint import read_checkpoint

RECIPES = {
    "digits": {"data": "digits", "variant": "vae", "sockets": {"beta": 2.0}, "hidden": (16,), "batch_size": 64},
    "signals": {"data": "sinusoids", "variant": "nested", "k": 3, "hidden": (8,), "source": {"samples": 300}},
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_program_trains_the_same_model_and_uses_it(recipe, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    config = Config(epochs=2, device="cpu", **RECIPES[recipe])
    for _ in train_run(config, tmp_path / "runs" / "mine"):
        pass
    run = read_checkpoint("mine")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(usage(run), "usage", "exec"), {})
    again = read_checkpoint("mine-again")
    assert again.config == run.config
    assert [line["test_loss"] for line in again.metrics()] == [line["test_loss"] for line in run.metrics()]
    error = float(re.search(r"squared error (\S+)", said.getvalue())[1])
    assert error == pytest.approx(run.measures["squared_error"], rel=1e-4)


@pytest.mark.parametrize("name", ["mnist-vae-2d", "mnist-cvae-2d", "mnist-vqvae", "plant-nested", "mnist-linear-32d"])
def test_shipped_recipes_are_said_whole(name):
    run = read_checkpoint(name)
    (call,) = re.findall(r"config = (Config\(.*?^\))", usage(run), re.S | re.M)
    assert eval(call, {"Config": Config}) == run.config
    assert run.config.variant in VARIANTS
