"""Tensors of one's own: a run on them says so, and no other data take their place."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
import torch

from ae_core import Config, LatentError, Training, load_checkpoint, own_dataset, read_checkpoint, train_run
from ae_core.commands.reading import describe
from ae_core.data import sources
from ae_core.jobs.recording import finish_run
from ae_core.runs.representation import save_usefulness
from ae_core.training.script import script

from ..support.small import SMALL

X = np.random.default_rng(0).normal(size=(300, 6))
MINE = own_dataset(X, name="pump")
RECIPE = Config(data="own", variant="vae", k=2, hidden=(8,), epochs=2)


def trained(config, folder, data):
    for _ in train_run(config, folder, data):
        pass
    return read_checkpoint(folder)


def test_a_run_on_own_tensors_names_none_of_the_sources(tmp_path):
    for name, config in (("own", RECIPE), ("named", dataclasses.replace(RECIPE, data="digits"))):
        checkpoint = trained(config, tmp_path / name, MINE)
        assert checkpoint.config.data == "own"
        assert checkpoint.config.source["called"] == "pump"
        assert len(checkpoint.config.source["checksum"]) == 16
        assert checkpoint.shape == (1, 6)
        assert checkpoint.measures["squared_error"] > 0
        assert "digits" not in (tmp_path / name / "config.json").read_text()
    assert tuple(load_checkpoint(tmp_path / "own").encode(MINE.x_test).shape) == (60, 2)


def test_a_source_whose_samples_were_changed_is_ones_own(digits, tmp_path):
    assert trained(dataclasses.replace(SMALL, epochs=1), tmp_path / "a", digits).config.data == "digits"
    fewer = dataclasses.replace(digits, x_train=digits.x_train[:500], y_train=digits.y_train[:500])
    assert trained(dataclasses.replace(SMALL, epochs=1), tmp_path / "b", fewer).config.data == "own"
    from ae_core import load_dataset

    changed = load_dataset("digits")
    changed.x_train.mul_(0.5)
    assert trained(dataclasses.replace(SMALL, epochs=1), tmp_path / "c", changed).config.data == "own"
    other = load_dataset("sinusoids", complexity=2)
    assert trained(Config(data="sinusoids", k=2, hidden=(8,), epochs=1), tmp_path / "d", other).config.data == "own"


def test_to_measure_it_needs_the_same_tensors_and_overwrites_nothing_otherwise(tmp_path):
    folder = tmp_path / "run"
    trained(RECIPE, folder, MINE)
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    others = own_dataset(X + 1e-3)
    for attempt in (
        lambda: finish_run(folder),
        lambda: finish_run(folder, data=others),
        lambda: save_usefulness(folder),
    ):
        with pytest.raises(LatentError, match="checksum"):
            attempt()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept
    before = json.loads((folder / "measures.json").read_text())
    (folder / "measures.json").unlink()
    finish_run(folder, data=MINE)
    assert json.loads((folder / "measures.json").read_text()) == before


def test_a_run_that_was_written_under_another_sources_name_is_not_measured_on_that(small_run, tmp_path):
    folder = tmp_path / "run"
    trained(RECIPE, folder, MINE)
    about = json.loads((folder / "config.json").read_text())
    about["config"] |= {"data": "digits", "source": {}}  # as it was recorded before
    (folder / "config.json").write_text(json.dumps(about))
    kept = (folder / "measures.json").read_bytes()
    with pytest.raises(LatentError, match="other data"):
        finish_run(folder)
    assert (folder / "measures.json").read_bytes() == kept


def test_a_paused_run_goes_on_with_the_same_tensors_alone(tmp_path):
    folder = tmp_path / "run"
    for event in train_run(RECIPE, folder, MINE):
        if hasattr(event, "train_loss"):
            break
    with pytest.raises(LatentError, match="no unfinished run of this recipe"):
        trained(RECIPE, folder, own_dataset(X * 2))
    with pytest.raises(LatentError, match="handed over"):
        trained(read_checkpoint(folder).config, folder, None)
    resumed = trained(RECIPE, folder, MINE)
    whole = trained(RECIPE, tmp_path / "whole", MINE)
    assert resumed.metrics()[-1]["test_loss"] == whole.metrics()[-1]["test_loss"]


def test_its_script_loads_them_and_no_source(tmp_path, monkeypatch, capsys):
    checkpoint = trained(RECIPE, tmp_path / "run", MINE)
    text = script(checkpoint.config, checkpoint.shape, checkpoint.range)
    assert "sklearn" not in text
    monkeypatch.chdir(tmp_path)
    torch.save({"x_train": MINE.x_train, "x_test": MINE.x_test}, "own.pt")
    exec(compile(text, "script.py", "exec"), {})
    printed = float(capsys.readouterr().out.split()[-1])
    assert printed == pytest.approx(checkpoint.metrics()[-1]["test_loss"], rel=1e-5)


def test_the_command_of_such_a_run_is_the_line_of_python(tmp_path):
    command = trained(RECIPE, tmp_path / "run", MINE).command
    names = {"train_run": lambda *given: given, "Config": Config, "data": MINE}
    config, out, data = eval(command, names)
    assert (config.variant, config.k, config.hidden, out, data) == ("vae", 2, (8,), "run", MINE)


def test_no_menu_offers_it():
    assert "own" not in list(sources())
    assert "own" in sources()


@pytest.mark.parametrize(
    ("x", "shape"),
    [
        (X, (1, 6)),
        (X.astype(np.float32)[:, None], (1, 6)),
        (pd.DataFrame(X), (1, 6)),
        (torch.zeros(20, 2, 7, dtype=torch.float64), (2, 7)),
        (np.zeros((20, 1, 4, 4), np.uint8), (1, 4, 4)),
    ],
)
def test_any_array_of_numbers_becomes_a_dataset(x, shape):
    data = own_dataset(x)
    assert data.shape == shape
    assert data.x_train.dtype == data.x_test.dtype == torch.float32
    assert len(data.x_train) + len(data.x_test) == len(x)
    rows = {tuple(row) for row in torch.cat([data.x_train, data.x_test]).flatten(1).tolist()}
    assert rows == {tuple(row) for row in np.asarray(x, np.float32).reshape(len(x), -1).tolist()}


def test_classes_may_have_names():
    data = own_dataset(X, y=["b", "a", "b"] * 100, held_out=X[:3], y_held_out=["c", "a", "b"])
    assert data.classes == ("a", "b", "c")
    assert data.y_train[:3].tolist() == [1, 0, 1]
    assert data.y_test.tolist() == [2, 0, 1]


@pytest.mark.parametrize("bad", [["a", "b"], np.zeros(3), np.zeros((0, 4)), np.zeros((1, 2, 3, 4, 5)), None])
def test_what_is_no_array_of_samples_is_said(bad):
    with pytest.raises(LatentError, match="Samples are an array"):
        own_dataset(bad)


def test_a_training_alone_takes_any_data():
    assert next(iter(Training(RECIPE, MINE)))


def test_a_run_says_what_its_floats_depend_on(tmp_path):
    folder = tmp_path / "run"
    trained(dataclasses.replace(RECIPE, seed=7, precision="bfloat16", device="cpu"), folder, MINE)
    made = json.loads((folder / "config.json").read_text())["made_with"]
    assert (made["device"], made["precision"], made["seed"]) == ("cpu", "bfloat16", 7)
    assert (made["torch"], made["numpy"]) == (torch.__version__, np.__version__)
    assert f"torch {torch.__version__}" in describe(read_checkpoint(folder))
