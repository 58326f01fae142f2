"""What goes wrong around a run: kill -9 at any moment, a full disk, a loss that diverges, files that are broken."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from ae_core import Config, Epoch, LatentError, load_checkpoint, load_dataset, read_checkpoint, train_run
from ae_core.runs.folder import runs
from ae_core.runs.overview import rows
from ae_core.runs.records import read_measures, read_metrics
from ae_core.runs.status import status
from ae_core.training import snapshots

from ..support.small import SMALL

KILLED = Config(data="digits", variant="vae", k=2, hidden=(32,), epochs=30, batch_size=128)
KILLS = 20


def trained(config, folder, data):
    """The epochs of a training that is written into `folder`."""
    return [event for event in train_run(config, folder, data) if isinstance(event, Epoch)]


@pytest.fixture(autouse=True)
def one_thread():
    """Small networks gain nothing by more, and lose much where the cores are busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def begun(digits, tmp_path):
    """A run that was stopped after its first epoch."""
    folder = tmp_path / "runs" / "begun"
    training = train_run(SMALL, folder, digits)
    while not isinstance(next(training), Epoch):
        pass
    training.close()
    return folder


def readable(folder: Path, told: int) -> None:
    """What must hold whenever a run was killed; told: the last epoch that its process said was made."""
    if not (folder / "config.json").exists():
        assert told == 0
        return
    assert status(folder)["state"] in ("dead", "done")
    done = status(folder)["state"] == "done"
    lines = read_metrics(folder)
    assert [line["epoch"] for line in lines] == list(range(1, len(lines) + 1))
    state = folder / "state.safetensors"
    kept = int(load_file(state)["progress"][0]) if state.exists() else KILLED.epochs if done else 0
    assert told <= kept  # an epoch that was told of is never lost
    assert kept <= len(lines) <= kept + 1
    if (folder / "weights.safetensors").exists():
        load_checkpoint(folder)
    else:
        assert kept == 0
    for epoch in snapshots.epochs(folder):
        assert len(snapshots.read(folder, epoch)["z"])
    with contextlib.suppress(LatentError):  # before the data were read it has no shape yet
        read_checkpoint(folder)


def kill_and_look(parent: Path) -> None:
    """Train in forked children that are killed, until `KILLS` were; every run is then gone on with, and ends as one
    that was left in peace.
    """
    torch.set_num_threads(1)
    data = load_dataset("digits")
    wanted = trained(KILLED, parent / "undisturbed", data)[-1].test_loss
    dice, kills, number, told = random.Random(0), 0, 0, 0
    while kills < KILLS:
        folder = parent / f"run-{number}"
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            for event in train_run(KILLED, folder, data):
                if isinstance(event, Epoch):
                    os.write(writer, bytes([event.epoch]))
            os._exit(0)
        os.close(writer)
        time.sleep(dice.uniform(0, 0.25))
        os.kill(child, signal.SIGKILL)
        how = os.waitpid(child, 0)[1]
        told = max([told, *os.read(reader, 1 << 16)])
        os.close(reader)
        kills += os.WIFSIGNALED(how)
        readable(folder, told)
        if status(folder)["state"] == "done":
            number, told = number + 1, 0
    for unfinished in parent.glob("run-*"):
        if status(unfinished)["state"] != "done":
            trained(KILLED, unfinished, data)
        assert abs(read_metrics(unfinished)[-1]["test_loss"] - wanted) <= 1e-4
        assert read_measures(unfinished) == read_measures(parent / "undisturbed")
        assert not list(unfinished.rglob(".*.safetensors.*"))
    print(f"{kills} kills in {number + 1} runs")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_kill_9_at_twenty_moments(tmp_path):
    imports = "from pathlib import Path; from tests.unit.test_faults import kill_and_look"
    code = f"{imports}; kill_and_look(Path({str(tmp_path)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert f"{KILLS} kills" in done.stdout


@contextlib.contextmanager
def room(size: int):
    """No file may grow beyond `size` bytes: writing fails as it does on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 100, 1500, 12_000])  # nothing, not a status, no snapshot, no weights or state
def test_a_full_disk_ends_a_training_in_one_sentence(size, begun, digits, small_run, tmp_path):
    other = shutil.copytree(small_run, tmp_path / "runs" / "other")
    before = {path: path.read_bytes() for path in other.rglob("*") if path.is_file()}
    folder, made = begun, []
    weights = load_file(folder / "weights.safetensors")
    with room(size), pytest.raises(LatentError, match="cannot be written") as error:
        made.extend(event for event in train_run(SMALL, folder, digits) if isinstance(event, Epoch))
    assert made == []
    assert "\n" not in str(error.value)
    assert status(folder)["state"] == (
        "failed" if size >= 1500 else "dead" if size else "stopped"
    )  # what stood there, where the reason has no room
    assert [line["epoch"] for line in read_metrics(folder)] in ([1], [1, 2])
    found = load_checkpoint(folder).state_dict()
    if size < 12_000:  # there, the next weights still had room, and the state had none
        assert all(torch.equal(found[name], value.float()) for name, value in weights.items())
    assert before == {path: path.read_bytes() for path in other.rglob("*") if path.is_file()}
    # There is room again: it goes on, and ends as the other did.
    assert [event.epoch for event in trained(SMALL, folder, digits)] == [2, 3]
    assert read_measures(folder) == read_measures(other)


def test_a_full_disk_at_the_beginning_and_at_the_end(digits, tmp_path):
    with room(0), pytest.raises(LatentError, match="cannot be written"):
        trained(SMALL, tmp_path / "first", digits)
    folder = tmp_path / "runs" / "last"
    training = train_run(SMALL, folder, digits)
    while not (isinstance(event := next(training), Epoch) and event.epoch == SMALL.epochs):
        pass
    with room(1000), pytest.raises(LatentError, match="cannot be written"):
        list(training)
    assert status(folder)["state"] == "failed"
    assert trained(SMALL, folder, digits) == []
    assert status(folder)["state"] == "done"
    trained(SMALL, tmp_path / "first", digits)
    assert status(tmp_path / "first")["state"] == "done"


def test_a_learning_rate_at_its_limit_is_said_to_diverge(digits, tmp_path):
    config = Config(
        data="digits",
        variant="deep",
        hidden=(64,) * 5,
        epochs=10,
        lr=10,
        loss="squared-error",
        output="identity",
        clip=1e12,
    )
    with pytest.raises(LatentError, match="diverged in epoch 1: lower the learning rate"):
        trained(config, tmp_path / "run", digits)
    assert status(tmp_path / "run")["state"] == "failed"
    assert "diverged" in status(tmp_path / "run")["message"]
    with pytest.raises(LatentError, match="no weights yet"):
        load_checkpoint(tmp_path / "run")


def test_the_last_good_weights_outlive_a_divergence(begun, digits):
    good = load_file(begun / "weights.safetensors")
    state = load_file(begun / "state.safetensors")
    save_file(
        {name: value * 1e20 if name.startswith("model.") else value for name, value in state.items()},
        begun / "state.safetensors",
    )
    with pytest.raises(LatentError, match="diverged in epoch 2"):
        trained(SMALL, begun, digits)
    assert (status(begun)["state"], status(begun)["epoch"]) == ("failed", 1)
    assert "diverged" in status(begun)["message"]
    found = load_checkpoint(begun).state_dict()
    assert all(torch.equal(found[name], value.float()) for name, value in good.items())


HARM = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "random": lambda path: path.write_bytes(random.Random(1).randbytes(path.stat().st_size)),
    "other JSON": lambda path: path.write_text(
        '{"state": 3, "epoch": [], "z": 1e999, "squared_error": ' + "9" * 400 + "}\n"
    ),
    "a list": lambda path: path.write_text("[1, 2]"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_run_with_a_broken_file_never_hides_the_others(harm, small_run, tmp_path):
    parent = tmp_path / "runs"
    shutil.copytree(small_run, parent / "sound")
    names = [
        str(path.relative_to(small_run)) for path in small_run.rglob("*") if path.is_file() and path.name != ".lock"
    ]
    for number, name in enumerate(names):
        folder = shutil.copytree(small_run, parent / f"broken-{number}")
        HARM[harm](folder / name)
    found, sentences = rows()
    assert "sound" in {row.name for row in found}
    assert len([row for row in found if not row.shipped]) + len(sentences) >= len(runs())
    assert all("\n" not in sentence for sentence in sentences)
    for number, _name in enumerate(names):
        folder = parent / f"broken-{number}"
        assert status(folder)["state"] in ("done", "dead")
        read_metrics(folder)
        for look in (
            load_checkpoint,
            lambda f: read_checkpoint(f).codes(),
            lambda f: read_checkpoint(f).pca(),
            lambda f: (read_checkpoint(f).measures, read_checkpoint(f).curves),
            lambda f: snapshots.read(f),
            lambda f: [snapshots.read(f, epoch) for epoch in snapshots.epochs(f)],
        ):
            with contextlib.suppress(LatentError):
                look(folder)


def test_single_altered_bytes_raise_nothing_else(small_run, tmp_path):
    dice = random.Random(2)
    readers = {
        "weights.safetensors": load_checkpoint,
        "codes.npz": lambda f: read_checkpoint(f).codes(),
        "pca.safetensors": lambda f: read_checkpoint(f).pca(),
        "snapshots/000002.safetensors": lambda f: snapshots.read(f, 2),
        "config.json": load_checkpoint,
    }
    folder = shutil.copytree(small_run, tmp_path / "run")
    for name, read in readers.items():
        sound = (folder / name).read_bytes()
        for _ in range(120):
            broken = bytearray(sound)
            for _ in range(dice.choice((1, 1, 4))):
                broken[dice.randrange(min(len(broken), dice.choice((64, 700, 10**9))))] = dice.randrange(256)
            (folder / name).write_bytes(broken)
            with contextlib.suppress(LatentError):
                read(folder)
        (folder / name).write_bytes(sound)


def test_a_status_that_is_not_ours_is_dead_and_can_be_gone_on_with(begun, digits):
    folder = begun
    for text in (
        "",
        "{}",
        '{"state": "flying"}',
        '{"state": "queued", "queue": "\\u0000", "since": 1}',
        '{"state": "queued", "queue": ""}',
    ):
        (folder / "status.json").write_text(text)
        assert status(folder)["state"] == "dead"
    assert [event.epoch for event in trained(SMALL, folder, digits)] == [2, 3]
    (folder / "status.json").unlink()
    assert (status(folder)["state"], status(folder)["epoch"]) == ("done", 3)
    before = (folder / "weights.safetensors").read_bytes()
    with pytest.raises(LatentError, match="not empty"):
        trained(SMALL, folder, digits)
    assert before == (folder / "weights.safetensors").read_bytes()


def test_a_damaged_pca_is_made_anew_and_a_damaged_state_is_said(begun, digits):
    folder = begun
    state = (folder / "state.safetensors").read_bytes()
    for damage in (b"", state[:-5], b"\xff" * 100):
        (folder / "state.safetensors").write_bytes(damage)
        with pytest.raises(LatentError, match=r"state\.safetensors is damaged"):
            trained(SMALL, folder, digits)
        assert json.loads((folder / "status.json").read_text())["state"] == "failed"
    (folder / "state.safetensors").write_bytes(state)
    (folder / "pca.safetensors").write_bytes(b"")
    assert [event.epoch for event in trained(SMALL, folder, digits)] == [2, 3]
