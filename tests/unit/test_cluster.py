"""Jobs on a Dask cluster: a real scheduler and two worker processes on this machine, one of which is killed."""

import os
import signal
import sys
import time
import types

import pytest

from ae_core import Config, LatentError, read_checkpoint
from ae_core.cli import main
from ae_core.jobs.queue import jobs

from ..conftest import wait_for

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Port 8787")]

SHORT = Config(data="digits", variant="deep", k=2, hidden=(32,), epochs=25, batch_size=64)


@pytest.fixture(scope="module")
def workers():
    """A scheduler with two workers, a process each; the last test ends it."""
    with pytest.MonkeyPatch.context() as patch:
        # Each process would run what a page's test has left as the main module: the app.
        patch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
        with distributed.LocalCluster(
            n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster:
            yield cluster


@pytest.fixture
def cluster(workers, monkeypatch):
    """LATENT_SCHEDULER is set; what jobs kept of it is let go afterwards."""
    monkeypatch.setenv("LATENT_SCHEDULER", workers.scheduler_address)
    yield workers
    jobs.executors.shutdown()


def test_a_job_a_sweep_and_a_worker_that_is_killed(cluster, tmp_path, capsys):
    victim = jobs.submit(SHORT, name="victim")
    wait_for(lambda: len(jobs.lines(victim)) >= 5, "the fifth epoch")
    pid = jobs.status(victim)["pid"]
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    # The scheduler gives it to the other worker, which goes on where it was.
    end = wait_for(lambda: (s := jobs.status(victim))["state"] in ("done", "failed") and s, "the end of the job")
    assert end["state"] == "done"
    assert end["pid"] != pid
    lines = jobs.lines(victim)
    assert [line["epoch"] for line in lines] == list(range(1, 26))
    assert read_checkpoint(victim).model().k == 2

    words = [
        "sweep",
        "--data",
        "digits",
        "--variant",
        "deep",
        "--hidden",
        "32",
        "--epochs",
        "25",
        "--batch-size",
        "64",
        "--k",
        "1,2",
    ]
    assert main([*words, "--out", str(tmp_path / "sweep")]) == 0
    table = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[0] for row in table] == ["1", "2"]
    assert float(table[1][1]) < float(table[0][1])
    # The same recipe and seed, undisturbed: the worker's death changed nothing.
    undisturbed = jobs.lines(tmp_path / "sweep" / "digits-deep-sweep-2d")
    assert lines[-1]["test_loss"] == pytest.approx(undisturbed[-1]["test_loss"], abs=1e-4)


def test_stop_takes_a_job_out_and_ends_one_that_runs(cluster):
    first, second, third = (
        jobs.submit(Config(data="digits", variant="deep", hidden=(32,), epochs=100_000)) for _ in range(3)
    )
    wait_for(
        lambda: [jobs.status(f)["state"] for f in (first, second, third)].count("running") == 2, "two that run", 20
    )
    waiting = next(f for f in (first, second, third) if jobs.status(f)["state"] == "queued")
    jobs.stop(waiting)
    assert jobs.status(waiting)["state"] == "stopped"
    for folder in (first, second, third):
        jobs.stop(folder)
    for folder in (first, second, third):
        wait_for(lambda f=folder: jobs.status(f)["state"] == "stopped", "the stop", 5)
    time.sleep(0.5)
    assert [jobs.status(f)["state"] for f in (first, second, third)] == ["stopped"] * 3


def test_a_scheduler_that_is_not_there_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_SCHEDULER", "tcp://127.0.0.1:9")
    monkeypatch.setattr("ae_core.jobs.executors.SCHEDULER_SECONDS", 0.5)
    with pytest.raises(LatentError, match=r"no scheduler at tcp://127\.0\.0\.1:9"):
        jobs.submit(SHORT)
    monkeypatch.setenv("LATENT_SCHEDULER", "nonsense://")
    with pytest.raises(LatentError, match="no scheduler at nonsense"):
        jobs.submit(SHORT)
    assert not (tmp_path / "runs").exists()


def test_a_scheduler_that_goes_away_loses_nothing_silently(cluster):
    runs = [jobs.submit(Config(data="digits", variant="deep", hidden=(32,), epochs=100_000)) for _ in range(3)]
    wait_for(lambda: any(jobs.status(f)["state"] == "running" for f in runs), "one that runs", 20)
    cluster.close()
    states = wait_for(
        lambda: (
            not any(s["state"] in ("queued", "running") for s in map(jobs.status, runs))
            and [jobs.status(f) for f in runs]
        ),
        "an end",
        20,
    )
    assert all(s["state"] in ("dead", "failed", "stopped") and s["message"] for s in states), states
