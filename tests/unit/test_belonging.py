"""What belongs together stays together: codes, figures, detector, scores and film are those of the weights beside."""

import shutil

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from ae_core import Config, LatentError, read_checkpoint, train_run
from ae_core.anomaly.storage import DETECTION, load_detection, load_detector
from ae_core.base.belonging import MADE_FROM_WEIGHTS
from ae_core.jobs.recording import finish_run
from ae_core.runs.film import of_these_weights
from ae_core.training.loop import Epoch

SIGNALS = "time,a,b\n" + "".join(f"{i},{i % 20},{(i * 7) % 20}\n" for i in range(600))


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(SIGNALS)
    source = {"file": str(file), "window": 10, "normal": "0:600"}
    return Config(data="csv", source=source, variant="deep", k=2, hidden=(8,), epochs=6, batch_size=32)


def until(events, epoch):
    """Go on with a training until this epoch is made, and stop it there."""
    for event in events:
        if isinstance(event, Epoch) and event.epoch == epoch:
            break
    events.close()


def test_what_was_measured_of_earlier_weights_goes_with_them(table, tmp_path):
    folder = tmp_path / "run"
    until(train_run(table, folder), 2)
    finish_run(folder)
    codes = read_checkpoint(folder).codes()["z"]
    assert load_detection(folder / DETECTION)
    until(train_run(table, folder), 4)
    assert not [name for name in MADE_FROM_WEIGHTS if (folder / name).exists()]
    assert read_checkpoint(folder).measures == {}
    finish_run(folder)
    assert not np.array_equal(read_checkpoint(folder).codes()["z"], codes)
    assert load_detector(folder, read_checkpoint(folder).model())


def test_what_was_made_from_other_weights_is_not_shown(table, tmp_path):
    folder = tmp_path / "run"
    until(train_run(table, folder), 2)
    finish_run(folder)
    shutil.copytree(folder, tmp_path / "kept")
    until(train_run(table, folder), 5)
    for name in (*MADE_FROM_WEIGHTS, "snapshots/000002.safetensors"):  # as half a copy leaves them
        if (tmp_path / "kept" / name).exists():
            shutil.copy(tmp_path / "kept" / name, folder / name.replace("000002", "000005"))
    run = read_checkpoint(folder)
    assert run.measures == {}
    assert run.curves == {}
    with pytest.raises(LatentError, match="The codes of run were made from other weights than it has now"):
        run.codes()
    with pytest.raises(LatentError, match="was learned with other weights"):
        load_detector(folder, run.model())
    with pytest.raises(LatentError, match="score the file again"):
        load_detection(folder / DETECTION)
    assert not of_these_weights(folder)
    assert of_these_weights(tmp_path / "kept")


def test_what_earlier_versions_kept_without_a_checksum_is_taken_as_it_is(small_run, tmp_path):
    folder = shutil.copytree(small_run, tmp_path / "old")
    weights = load_file(folder / "weights.safetensors")
    arrays = dict(np.load(folder / "codes.npz"))
    assert str(arrays.pop("weights"))
    np.savez(folder / "codes.npz", **arrays)
    save_file({name: value + 1 for name, value in weights.items()}, folder / "weights.safetensors")
    assert len(read_checkpoint(folder).codes()["z"]) == 360
