"""Wrong data and wrong settings: one sentence each, neither silence nor torch's own words."""

import dataclasses
import shlex

import numpy as np
import pytest
import torch

from ae_core import PCA, Config, Dataset, LatentError, Training, load_checkpoint, own_dataset
from ae_core.cli import make_parser
from ae_core.commands.options import config_from

from ..support.small import SMALL

X, Y = torch.rand(300, 1, 4), torch.zeros(300, dtype=torch.int64)
GOOD = Dataset("mine", X[:200], X[200:], (0.0, 1.0), Y[:200], Y[200:], ("a", "b"))
NAN = X[200:].clone()
NAN[3, 0, 1] = float("nan")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"x_train": X * 255}, "outside of the range 0 to 1"),
        ({"x_test": X[200:] - 1}, "outside of the range 0 to 1"),
        ({"x_test": NAN}, "not finite"),
        ({"x_train": (X * 255).byte()}, "not float32"),
        ({"x_train": X.double()}, "not float32"),
        ({"x_train": X.numpy()}, "not a torch tensor"),
        ({"x_test": torch.rand(10, 1, 5)}, "one shape in both parts"),
        ({"x_test": X[:0]}, "no samples"),
        ({"y_train": Y[:50]}, "one a sample; there are 50"),
        ({"y_test": Y[200:] + 2}, "whole numbers from 0 to 1"),
    ],
)
def test_a_dataset_that_cannot_be_trained_on(changes, sentence):
    recipe = Config(data="own", k=2, hidden=(8,))
    assert Training(recipe, GOOD)
    with pytest.raises(LatentError, match=sentence):
        Training(recipe, dataclasses.replace(GOOD, **changes))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: m.encode(np.zeros((2, 64), np.float32)), "not ndarray"),
        (lambda m: m.encode(torch.zeros(2, 64, dtype=torch.uint8)), "not uint8"),
        (lambda m: m.encode(torch.zeros(2, 64, dtype=torch.float64)), "not float64"),
        (lambda m: m.encode(torch.zeros(2, 65)), "not samples of 65"),
        (lambda m: m.encode(torch.zeros(63)), "not 63 values without samples"),
        (lambda m: m.decode(torch.zeros(2, 2), k=-1), "0 to 2, not -1"),
        (lambda m: m.decode(torch.zeros(2, 2), k=3), "0 to 2, not 3"),
        (lambda m: m.decode(torch.zeros(2, 3)), "has 2 numbers, not 3"),
        (lambda m: PCA(torch.rand(9, 4), 0), "1 component or more"),
    ],
)
def test_a_model_says_what_it_takes(call, sentence):
    with pytest.raises(LatentError, match=sentence):
        call(load_checkpoint("digits-vae-2d"))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"variant": "nested", "network": "conv"}, "network residual: it cannot be conv"),
        ({"variant": "linear", "loss": "cross-entropy"}, "loss squared-error: it cannot be cross-entropy"),
    ],
)
def test_what_makes_a_variant_cannot_be_otherwise(settings, sentence):
    assert Config(variant=settings["variant"])
    with pytest.raises(LatentError, match=sentence):
        Config(**settings)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (X, Y[:50], "300 here, not an array of shape"),
        (X, torch.rand(300, 4), "one a sample"),
        (X, np.full(300, np.nan), "not a number"),
    ],
)
def test_classes_of_ones_own_are_one_a_sample(x, y, sentence):
    with pytest.raises(LatentError, match=sentence):
        own_dataset(x, y)


@pytest.mark.parametrize(
    "config",
    [
        dataclasses.replace(SMALL, lr=1 / 3, sockets={"beta": 1 / 3}),
        Config(data="csv", source={"file": "a.csv", "missing": "-999"}),
        Config(data="csv", source={"file": "a.csv", "missing": "-999,-9999"}),
    ],
)
def test_a_command_says_its_numbers_whole_and_reads_back(config):
    words = shlex.split(config.command("runs/x"))[3:]
    assert config_from(make_parser("train").parse_args(words)) == config
