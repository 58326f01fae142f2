"""The classifier of a person's own samples: made with their map, kept by its weights, the same in the page."""

import dataclasses

import numpy as np
import pytest
import torch

from ae_core import LatentError
from ae_core.jobs.recording import train_run
from ae_core.latent.payload import pack_classifier
from ae_core.model.sample_recipes import map_recipe
from ae_core.runs.archive import zip_run
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.classifier import FILE, is_wanted, run_classifier
from ae_core.training.classifier import MOST_BYTES, accuracy, fitting, network, save_classifier
from pages.session.classifiers import classifier_blob, verdict_field
from pages.session.models import load_model

from ..support.node import evaluated

SIZE, COUNT = 6, 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of the map of a table with three kinds of rows."""
    at = tmp_path_factory.mktemp("own")
    random, rows = np.random.default_rng(0), ["label," + ",".join(f"c{i}" for i in range(SIZE))]
    for n in range(COUNT):
        values = np.sin(np.arange(SIZE) * (1 + n % 3)) * 3 + random.normal(size=SIZE) * 0.2
        rows.append(f"{'abc'[n % 3]}," + ",".join(f"{value:.3f}" for value in values))
    (at / "kinds.csv").write_text("\n".join(rows) + "\n")
    config = map_recipe({"file": str(at / "kinds.csv"), "label": "label"}, (1, SIZE), COUNT)
    for _ in train_run(dataclasses.replace(config, epochs=2), at / "mine"):
        pass
    return at / "mine"


def test_a_map_of_samples_with_classes_has_one_that_knows_the_held_out_ones(folder):
    checkpoint = read_checkpoint(folder)
    assert checkpoint.classes == ("a", "b", "c")
    assert (folder / FILE).stat().st_size <= MOST_BYTES == 250_000
    data = checkpoint.data()
    assert accuracy(run_classifier(checkpoint), data.x_test, data.y_test) >= 0.95
    assert f"{folder.name}/{FILE}".encode() in zip_run(checkpoint)
    assert not is_wanted(checkpoint, dataclasses.replace(data, y_train=None, y_test=None))


def test_the_page_has_it_as_torch_has_it(folder, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(folder.parent))
    item = load_model("mine")
    name, blob = classifier_blob([item])
    assert name == "mine:classifier"
    model = run_classifier(item.checkpoint)
    x = item.model.decode(torch.randn(500, 2, generator=torch.Generator().manual_seed(0)) * 1.5)
    assert blob == pack_classifier(name, "samples", model, item.checkpoint.shape, item.checkpoint.classes)
    found = torch.tensor(np.array(evaluated(blob, "encode", x.flatten(1).tolist())))
    torch.testing.assert_close(found.softmax(1).float(), model(x).softmax(1), atol=1e-4, rtol=0)
    field = verdict_field(item.folder, item.mtime_ns, (0, 1), (0.0, 0.0), (0.5, 0.5, 1.0))
    assert field["classes"] == 3


def test_one_of_other_weights_is_none_and_a_damaged_one_a_sentence(folder):
    checkpoint, path, weights = read_checkpoint(folder), folder / FILE, folder / "weights.safetensors"
    whole, before = path.read_bytes(), weights.read_bytes()
    try:
        weights.write_bytes(before + b" ")
        assert run_classifier(checkpoint) is None
        weights.write_bytes(before)
        save_classifier(network(SIZE + 1, 3, (8,)), path)
        with pytest.raises(LatentError, match="classifier"):
            run_classifier(checkpoint)
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(LatentError, match="classifier"):
            run_classifier(checkpoint)
        path.unlink()
        assert run_classifier(checkpoint) is None
    finally:
        weights.write_bytes(before)
        path.write_bytes(whole)


@pytest.mark.parametrize("size", [1, 64, 784, 3000, 10_000])
def test_it_stays_within_its_limit_whatever_the_samples_are(size, tmp_path):
    hidden = fitting(size, 12)
    save_classifier(network(size, 12, hidden), tmp_path / "one.safetensors")
    assert (tmp_path / "one.safetensors").stat().st_size <= MOST_BYTES
    assert fitting(1_000_000, 12) is None
