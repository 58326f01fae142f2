"""What --tensorboard writes, as TensorBoard itself reads it."""

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.cli import main
from ae_core.export.board import FOLDER, Board, pairs
from ae_core.runs.checkpoint import read_checkpoint

pytest.importorskip("tensorboard")


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder / FOLDER), {"scalars": 0, "images": 0, "tensors": 0})
    return events.Reload()


def test_train_writes_curves_figures_codes_and_reconstructions(tmp_path):
    out = tmp_path / "run"
    options = ["--variant", "vae", "--hidden", "16", "--epochs", "3", "--out", str(out), "--tensorboard"]
    assert main(["train", "--data", "digits", *options]) == 0
    events, checkpoint = read(out), read_checkpoint(out)
    for name in ("train_loss", "test_loss", "test_kl"):
        side, _, rest = name.partition("_")
        curve = events.Scalars(f"{rest}/{side}")
        assert [each.step for each in curve] == [1, 2, 3]
        np.testing.assert_allclose([each.value for each in curve], [line[name] for line in checkpoint.metrics()], 1e-6)
    for name, value in checkpoint.measures.items():
        (figure,) = events.Scalars(f"figures/{name}")
        assert figure.value == pytest.approx(value, rel=1e-6)
    assert [each.step for each in events.Images("reconstructions")] == [0, 1, 2, 3]
    (table,) = (out / FOLDER).rglob("tensors.tsv")
    z = checkpoint.codes()["z"]
    np.testing.assert_allclose(np.loadtxt(table, delimiter="\t"), z, rtol=1e-5)
    labels = table.with_name("metadata.tsv").read_text().split()
    assert labels == [checkpoint.classes[y] for y in checkpoint.codes()["y"]]


def test_signals_are_drawn_and_a_run_is_written_once(tmp_path):
    out = tmp_path / "run"
    options = ["--variant", "deep", "--hidden", "16", "--epochs", "2", "--out", str(out), "--tensorboard"]
    assert main(["train", "--data", "sinusoids", *options]) == 0
    Board(out).finish()
    events = read(out)
    assert [each.step for each in events.Scalars("loss/test")] == [1, 2]
    assert (out / FOLDER / "projector_config.pbtxt").is_file()


def test_pictures_and_signals_as_pairs():
    x = np.linspace(0, 1, 2 * 64).reshape(2, 1, 8, 8)
    picture = pairs(x, 1 - x, (0.0, 1.0))
    assert picture.shape == (64, 64, 3)
    assert picture[0, 0, 0] == 0
    assert picture[32, 0, 0] == 255
    assert pairs(np.zeros((3, 2, 50)), np.ones((3, 2, 50)), None).shape == (120, 720, 3)


def test_without_tensorboard_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LatentError, match="pip install tensorboard"):
        Board(tmp_path)


@pytest.mark.slow
def test_sweep_writes_a_board_for_each(tmp_path):
    options = ["--variant", "deep", "--hidden", "16", "--epochs", "2", "--k", "1,2", "--out", str(tmp_path)]
    assert main(["sweep", "--data", "digits", *options, "--tensorboard"]) == 0
    runs = [path for path in tmp_path.iterdir() if path.name[0] != "."]
    assert len(runs) == 2
    for run in runs:
        events, checkpoint = read(run), read_checkpoint(run)
        losses = [line["test_loss"] for line in checkpoint.metrics()]
        np.testing.assert_allclose([each.value for each in events.Scalars("loss/test")], losses, 1e-6)
        (error,) = events.Scalars("figures/squared_error")
        assert error.value == pytest.approx(checkpoint.measures["squared_error"], rel=1e-6)
        assert [each.step for each in events.Images("reconstructions")] == [0, 1, 2]
        (table,) = (run / FOLDER).rglob("tensors.tsv")
        z = checkpoint.codes()["z"]
        shown = np.loadtxt(table, delimiter="\t", ndmin=2)  # which has two columns at least: a projector draws no line
        np.testing.assert_allclose(shown[:, : z.shape[1]], z, rtol=1e-5)
