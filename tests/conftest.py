"""Shared by all tests: one thread for torch, no data or runs but the tests' own, and a small trained run."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")

import pytest
import torch

from ae_core import Config, load_dataset, train_run

SMALL = Config(data="digits", variant="vae", k=2, hidden=(32, 16), epochs=3, batch_size=64)


@pytest.fixture(autouse=True)
def own_runs(monkeypatch, tmp_path):
    """Runs of a test are its own."""
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))


@pytest.fixture(scope="session")
def digits():
    return load_dataset("digits")


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, digits):
    """The folder of a finished small VAE on the digits. Do not change it: copy it."""
    folder = tmp_path_factory.mktemp("run") / "small"
    for _ in train_run(SMALL, folder, digits):
        pass
    return folder


@pytest.fixture(autouse=True)
def same_random_numbers():
    torch.manual_seed(0)
