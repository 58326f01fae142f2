"""A file that changes while it is at work: what trains, scores and writes has read it once; a resumed run says so."""

import numpy as np
import pytest

from ae_core import Config, LatentError, read_checkpoint, train_run
from ae_core.cli import main
from ae_core.commands import scoring
from ae_core.jobs.queue import jobs
from ae_core.jobs.recording import finish_run
from ae_core.runs.folder import runs, runs_folder
from ae_core.runs.status import status
from ae_core.training.loop import Epoch
from pages.sections.train import keys

from ..support.apptest import opened

QUICK = ("--epochs", "1", "--hidden", "8", "--k", "2", "--window", "10")


def rows(count, seed=0):
    values = np.random.default_rng(seed).normal(size=(count, 2)).cumsum(0) * 0.1
    return "a,b\n" + "".join(f"{a:.6f},{b:.6f}\n" for a, b in values)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "log.csv"
    file.write_text(rows(600))
    return file


def score(file, *more):
    """What `score` writes."""
    out = file.with_name("scores.csv")
    assert main(["score", str(file), "--out", str(out), *more]) == 0
    return out.read_text()


def test_rows_that_are_appended_meanwhile_play_no_part(file, monkeypatch):
    alone = score(file, *QUICK)
    follow = scoring.follow

    def appended(*arguments):
        with file.open("a") as log:
            log.write("900,-900\n" * 600)
        follow(*arguments)

    monkeypatch.setattr(scoring, "follow", appended)
    assert score(file, *QUICK) == alone
    assert file.read_text().count("\n") == 1201


def test_a_file_that_is_replaced_meanwhile_is_not_scored_in_its_place(file, monkeypatch):
    score(file, *QUICK)
    (run,) = runs()
    alone = score(file, "--checkpoint", run)
    score_file = scoring.score_file

    def replaced(*arguments):
        file.write_text(rows(6000, seed=1))
        return score_file(*arguments)

    monkeypatch.setattr(scoring, "score_file", replaced)
    assert score(file, "--checkpoint", run) == alone


def test_a_large_file_that_is_replaced_meanwhile_is_said(file, monkeypatch, capsys):
    score(file, *QUICK)
    (run,) = runs()
    monkeypatch.setattr(scoring, "LARGE", 1000)
    comparison = scoring.comparison

    def replaced(*arguments):
        file.write_text(rows(6000, seed=1))
        return comparison(*arguments)

    monkeypatch.setattr(scoring, "comparison", replaced)
    assert main(["score", str(file), "--checkpoint", run, "--out", str(file.with_name("out.csv"))]) == 2
    assert "was replaced by another file while it was read: score it again" in capsys.readouterr().err
    assert not file.with_name("out.csv").exists()


@pytest.mark.parametrize("data", [pytest.param("csv", marks=pytest.mark.slow), "samples"])
def test_a_resumed_run_notices_that_its_data_have_changed(data, file):
    source = {"file": str(file)} | ({"window": 10} if data == "csv" else {"kind": "features"})
    config = Config(data=data, source=source, variant="deep", k=2, hidden=(8,), epochs=3, batch_size=32)
    folder = runs_folder() / "mine"
    events = train_run(config, folder)
    next(event for event in events if isinstance(event, Epoch))
    events.close()
    before = file.read_text()
    file.write_text(before.replace(before.splitlines()[300], "5,5"))
    for again in (lambda: list(train_run(config, folder)), lambda: finish_run(folder)):
        with pytest.raises(LatentError, match="mine was trained on other values than its file holds now: put the"):
            again()
    jobs.resume(folder)
    (now,) = jobs.wait([folder], 60)
    assert (now["state"], now["epoch"]) == ("failed", 1)
    assert "other values than its file holds now" in now["message"]
    at = opened("train", run="mine")
    assert not at.exception
    at.button(key=keys.ANEW).click().run()
    (anew,) = set(runs().values()) - {folder}
    assert jobs.wait([anew], 60)[0]["state"] == "done"
    file.write_text(before)
    jobs.resume(folder)
    assert jobs.wait([folder], 60)[0]["state"] == "done"
    assert read_checkpoint(folder).measures
    assert status(folder)["state"] == "done"
