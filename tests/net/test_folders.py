"""Run folders, a packed run and a stopped one, as once written: they are read, compute and go on as they did."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from ae_core import Epoch, load_dataset, read_checkpoint, train_run
from ae_core.anomaly.scoring import score_file
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.data.csv.source import Csv
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config
from ae_core.runs.status import status

HERE = Path(__file__).resolve().parent
FOLDERS = HERE / "folders"
BEFORE = json.loads((HERE / "folders.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Where the table lies that old-signals names."""
    monkeypatch.chdir(HERE)


def close(value):
    return pytest.approx(value, rel=1e-5, abs=1e-5)


def encoded(folder: Path) -> list[float]:
    """What the model makes of two held-out samples: first numbers of their codes, then some values that are decoded."""
    checkpoint = read_checkpoint(folder)
    model, x = checkpoint.model(), checkpoint.config.load().x_test[:2]
    with torch.no_grad():
        z = model.encode(x)
        return [*z.flatten()[:8].tolist(), *model.decode(z).flatten()[20:28].tolist()]


@pytest.mark.parametrize("name", ["old-vae", "old-vqvae", "old-signals", "old-stopped"])
def test_a_folder_is_read_as_it_was(name):
    before, folder = BEFORE[name], FOLDERS / name
    checkpoint = read_checkpoint(folder)
    config = checkpoint.config
    assert read_config(folder) == config
    assert (config.data, config.variant, config.k, list(config.hidden), config.epochs) == tuple(before["recipe"])
    assert checkpoint.measures == close(before["measures"])
    assert {name: curve[:3] for name, curve in checkpoint.curves.items()} == {
        name: close(curve) for name, curve in before["curves"].items()
    }
    assert [[line["epoch"], line["train_loss"], line["test_loss"]] for line in checkpoint.metrics()] == [
        close(line) for line in before["metrics"]
    ]
    assert (list(checkpoint.shape), list(checkpoint.classes), status(folder)["state"]) == (
        before["shape"],
        before["classes"],
        before["state"],
    )
    assert encoded(folder) == close(before["encoded"])
    if before["codes"]:
        codes = checkpoint.codes()
        assert list(codes["z"].shape) == before["codes"]["shape"]
        assert codes["z"].astype(float).ravel()[:6].tolist() == close(before["codes"]["first"])
        assert checkpoint.pca().variance[:3].tolist() == close(before["pca"])


def test_a_table_is_scored_as_it_was():
    before, folder = BEFORE["detection"], FOLDERS / "old-signals"
    checkpoint = read_checkpoint(folder)
    kept = load_detection(folder / DETECTION)
    again = score_file(checkpoint, Csv(**dict(checkpoint.config.source)))
    for found in (kept, again):
        assert (len(found.network.score), list(found.normal), found.window, found.n_dims) == (
            before["rows"],
            before["normal"],
            before["window"],
            before["kept"],
        )
        # What was kept has the first window's score for the rows before its last; today they are empty.
        without = before["window"] - 1 if found is again else 0
        assert int(np.isfinite(found.network.score).sum()) == before["scored"] - without
        at = [(row, score) for row, score in zip(before["at"], before["scores"], strict=True) if row >= without]
        assert len(at) >= 4
        assert [float(found.network.score[row]) for row, _ in at] == pytest.approx(
            [score for _, score in at], rel=1e-4, abs=1e-5
        )


def test_a_stopped_run_goes_on_from_its_state(tmp_path):
    before = BEFORE["resumed"]
    shutil.copytree(FOLDERS / "old-stopped", tmp_path / "run")
    (tmp_path / "run" / "stop").unlink(missing_ok=True)
    epochs = [
        event.epoch for event in train_run(read_config(tmp_path / "run"), tmp_path / "run") if isinstance(event, Epoch)
    ]
    assert epochs == [3, 4]
    done = read_checkpoint(tmp_path / "run")
    assert status(tmp_path / "run")["state"] == "done"
    assert [line["test_loss"] for line in done.metrics()] == pytest.approx(before["test_loss"], rel=1e-4)
    assert done.measures["squared_error"] == pytest.approx(before["squared_error"], rel=1e-3)


def test_a_packed_run_is_unpacked_and_packs_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    folder = unzip_run((FOLDERS / "old-vae.zip").read_bytes(), "old-vae.zip")
    assert list(runs()) == [folder.name] == ["old-vae"]
    assert encoded(folder) == close(BEFORE["old-vae"]["encoded"])
    assert read_checkpoint(folder).measures == close(BEFORE["old-vae"]["measures"])
    assert unzip_run(zip_run(read_checkpoint(folder)), "again").name == "again"


def test_shipped_checkpoints_encode_as_they_did():
    x = load_dataset("digits").x_test[:2]
    with torch.no_grad():
        for name, before in BEFORE["shipped"].items():
            assert read_checkpoint(name).model().encode(x).flatten()[:4].tolist() == close(before)
