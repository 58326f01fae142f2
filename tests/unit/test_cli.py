"""The command line, as a shell would call it."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ae_core import VARIANTS, Epoch, read_checkpoint, train_run
from ae_core.base.options import knobs
from ae_core.cli import BROKEN_PIPE, main
from ae_core.data import _idx, sources
from ae_core.model.config import Config, all_knobs
from ae_core.runs.status import status

ROOT = Path(__file__).resolve().parents[2]

QUICK = ["--data", "digits", "--hidden", "16", "--epochs", "2", "--batch-size", "256"]


def test_train_runs_show(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    assert main(["train", *QUICK, "--variant", "vae", "--beta", "0.5", "--seed", "3"]) == 0
    folder = tmp_path / "digits-vae-2d-2"  # the plain name is a shipped checkpoint's
    about = json.loads((folder / "config.json").read_text())
    assert (about["config"]["sockets"], about["config"]["seed"]) == ({"beta": 0.5}, 3)
    capsys.readouterr()
    assert main(["runs"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"shipped +mnist-vae-2d ", listed)
    assert re.search(r"done +digits-vae-2d-2 .*epoch 2 of 2", listed)
    assert main(["show", "digits-vae-2d-2"]) == 0
    shown = capsys.readouterr().out
    assert "negative elbo" in shown
    assert "Worse than PCA: with 2 dimensions its squared error is" in shown  # after two epochs; as the page says
    assert main(["train", *QUICK]) == 0
    assert (tmp_path / "digits-vae-2d-3" / "codes.npz").exists()


def test_whoever_has_read_enough_of_the_list_sees_no_traceback():
    """As in `python -m ae_core runs | head -1`."""
    listing = subprocess.Popen(
        [sys.executable, "-m", "ae_core", "runs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    listing.stdout.close()
    assert listing.stderr.read() == ""
    assert listing.wait(60) == BROKEN_PIPE


@pytest.mark.slow
def test_an_interrupted_training_goes_on(tmp_path):
    command = [
        sys.executable,
        "-m",
        "ae_core",
        "train",
        "--data",
        "digits",
        "--hidden",
        "64",
        "--epochs",
        "400",
        "--out",
        str(tmp_path / "run"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    metrics = tmp_path / "run" / "metrics.jsonl"
    while process.poll() is None and not (metrics.exists() and metrics.read_text().count("\n") >= 2):
        time.sleep(0.02)
    process.kill()
    process.communicate()
    before = metrics.read_text().count("\n")
    assert 2 <= before < 400
    # The rest of it in this process, so that it is quick to see that it starts where it was and not at 0.
    first = next(
        e for e in train_run(read_checkpoint(tmp_path / "run").config, tmp_path / "run") if isinstance(e, Epoch)
    )
    assert first.epoch in (before, before + 1)


def test_a_stopped_run_is_measured_as_it_is_and_resumed(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    folder = tmp_path / "mine"
    config = Config(data="digits", variant="deep", hidden=(16,), epochs=4, batch_size=256)
    training = train_run(config, folder)
    while not isinstance(event := next(training), Epoch) or event.epoch < 2:
        pass
    (folder / "stop").touch()  # as the page does
    assert list(training) == []
    assert main(["runs"]) == 0
    assert re.search(r"stopped +mine .*epoch 2 of 4 +error – +PCA –", capsys.readouterr().out)
    assert main(["measure", "mine"]) == 0
    measured = capsys.readouterr().out
    assert re.search(r"squared error +\d", measured)
    assert f"2 epochs in {read_checkpoint(folder).metrics()[-1]['seconds']:.1f} s" in measured
    assert status(folder)["state"] == "stopped"
    assert read_checkpoint(folder).codes()["z"].shape == (360, 2)
    (folder / "stop").touch()  # of an earlier stop: it is over
    assert main(["resume", "mine"]) == 0
    assert "4 epochs in" in capsys.readouterr().out
    assert status(folder)["state"] == "done"
    list(train_run(config, tmp_path / "undisturbed"))
    assert read_checkpoint(folder).measures == read_checkpoint("undisturbed").measures
    for words, says in (
        (["resume", "mine"], "mine is done"),
        (["resume", "nothing"], "no checkpoint 'nothing'"),
        (["resume", "digits-vae-2d"], "is done"),
    ):
        assert main(words) == 2
        assert says in capsys.readouterr().err


def test_train_goes_on_with_what_was_stopped(tmp_path, capsys):
    words = ["train", *QUICK, "--variant", "deep", "--out", str(tmp_path / "run")]
    config = Config(data="digits", variant="deep", hidden=(16,), epochs=2, batch_size=256)
    training = train_run(config, tmp_path / "run")
    next(training)
    training.close()
    (tmp_path / "run" / "stop").touch()
    assert main(words) == 0
    assert status(tmp_path / "run")["state"] == "done"
    assert main(words) == 2
    assert "not empty" in capsys.readouterr().err


def test_broken_runs_are_listed_beside_the_others(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    assert main(["runs"]) == 0
    shown = capsys.readouterr()
    assert "mnist-vae-2d" in shown.out
    assert re.fullmatch(r"broken is left out: .*config\.json cannot be read.*\n", shown.err)


@pytest.mark.slow
def test_sweep_trains_each_size_once_and_shows_pca_beside(tmp_path, capsys):
    words = ["sweep", *QUICK, "--variant", "nested", "--k", "1,3", "--out", str(tmp_path)]
    assert main(words) == 0
    table = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[0] for row in table] == ["1", "3"]
    assert float(table[1][2]) < float(table[0][2])
    written = [(tmp_path / f"digits-nested-sweep-{k}d" / "measures.json").stat().st_mtime_ns for k in (1, 3)]
    assert main([*words[:-3], "1,3,4", *words[-2:]]) == 0
    assert written == [(tmp_path / f"digits-nested-sweep-{k}d" / "measures.json").stat().st_mtime_ns for k in (1, 3)]
    assert (tmp_path / "digits-nested-sweep-4d" / "codes.npz").exists()


@pytest.mark.slow
def test_sweep_over_seeds_shows_their_mean_and_sd(tmp_path, capsys):
    words = ["sweep", *QUICK, "--variant", "deep", "--k", "2", "--seed", "0,1,5", "--out", str(tmp_path)]
    assert main(words) == 0
    head, line = capsys.readouterr().out.splitlines()
    runs = [read_checkpoint(tmp_path / f"digits-deep-sweep-2d-seed-{seed}") for seed in (0, 1, 5)]
    assert [run.config.seed for run in runs] == [0, 1, 5]
    errors = [run.measures["squared_error"] for run in runs]
    assert "3 seeds" in head
    assert [float(word) for word in line.split()[:3]] == [
        2,
        pytest.approx(np.mean(errors), abs=1e-4),
        pytest.approx(np.std(errors, ddof=1), abs=1e-4),
    ]


@pytest.mark.parametrize("name", ["k", "seed"])
def test_sweep_trains_nothing_twice(tmp_path, capsys, name):
    assert main(["sweep", *QUICK, f"--{name}", "1,2,1", "--out", str(tmp_path)]) == 2
    assert f"--{name} names the same number twice: 1,2,1." in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--k", "0"], "between 1 and"),
        (["--data", "cifar"], "There is no data source"),
        (["--variant", "gan"], "There is no variant"),
        (["--complexity", "3"], "no setting 'complexity'"),
        (["--variant", "deep", "--beta", "2"], "no setting 'beta'"),
        (["--batch-size", "100000"], "larger than"),
        (["--hidden", "wide"], "commas"),
        (["--device", "cuda"], "no cuda device"),
    ],
)
def test_mistakes_are_one_sentence(arguments, says, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert main(["train", *QUICK, "--out", str(tmp_path / "run"), *arguments]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert says in error


def test_mnist_offline_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    monkeypatch.setattr(_idx._torchvision().datasets.MNIST, "mirrors", ["http://127.0.0.1:1/"])
    assert main(["train", "--data", "mnist", "--out", str(tmp_path / "run")]) == 2
    assert "could not be downloaded" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_every_knob_of_every_source_and_variant_is_an_option(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help-all"])
    text = capsys.readouterr().out
    for name in {**knobs(Config), **all_knobs()}:
        assert f"--{name.replace('_', '-')} " in text
    assert all(name in text for name in [*sources(), *VARIANTS])


@pytest.mark.parametrize("command", ["train", "sweep", "score", "read"])
def test_help_is_for_people(command, capsys):
    said = {}
    for option in ("--help", "--help-all"):
        with pytest.raises(SystemExit):
            main([command, option])
        said[option] = capsys.readouterr().out
    short, whole = (
        re.findall(r"^  (?:-h, )?--([a-z0-9-]+)", said[option], re.M) for option in ("--help", "--help-all")
    )
    assert 5 <= len(short) <= 20
    assert set(short) < set(whole)
    assert len(whole) == len(set(whole))
    assert "(default )" not in said["--help-all"]
    foreign = {"read": ("epochs", "k", "window", "beta"), "score": ("fault-share",), "train": (), "sweep": ()}
    assert not set(foreign[command]) & set(whole)
    if command == "score":
        assert "(default as suits the table)" in " ".join(said["--help"].split())  # and no k of 2 that is never used
    needed = {"read": ("day-first", "fill"), "score": ("report", "beta", "fill"), "train": ("beta", "fill", "span")}
    assert set(needed.get(command, ())) <= set(whole)


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("file", "file is a file, and a folder is needed"),
        ("file/run", "cannot be made (Not a directory)"),
        ("x" * 300, "cannot be made (File name too long)"),
        ("mistyped/folder/run", "There is no folder mistyped/folder"),
    ],
    ids=["a file", "below a file", "too long", "no such folder"],
)
@pytest.mark.parametrize("words", [["train", "--epochs", "1"], ["sweep", "--k", "1"]], ids=["train", "sweep"])
def test_where_no_folder_can_be_made_is_one_sentence_and_makes_none(words, out, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    assert main([*words, "--data", "digits", "--variant", "linear", "--out", out]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert says in error
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("redirected", "code", "says"),
    [
        (">&-", 0, ""),
        (">/dev/full", 2, "error: The output cannot be written (No space left on device)"),
        ("2>&-", 0, ""),
    ],
)
def test_a_closed_or_full_output_is_no_traceback(redirected, code, says):
    command = f"{sys.executable} -m ae_core runs {redirected}"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr.startswith(says)
    assert "Traceback" not in done.stderr


def test_no_control_character_of_a_file_reaches_the_terminal(small_run, tmp_path, capsys):
    file = tmp_path / "table.csv"
    file.write_text("a\x1b[31m,b\x9b2J\n" + "".join(f"{i % 7},{i % 5}\n" for i in range(60)))
    assert main(["read", str(file)]) == 0
    assert main(["read", str(file), "--columns", "c\x1b[0m"]) == 2
    run = shutil.copytree(small_run, tmp_path / "run")
    about = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(about | {"made_with": {"torch": "\x1b[2J\x9b2J"}}))
    assert main(["show", str(run)]) == 0
    said = "".join(capsys.readouterr())
    assert "torch \ufffd[2J\ufffd2J" in said
    assert "\x1b" not in said
    assert "\x9b" not in said
