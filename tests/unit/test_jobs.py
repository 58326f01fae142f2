"""Background jobs: they fill their folder, stop when asked, and a worker that dies is noticed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from ae_core import Config, LatentError, Training, read_checkpoint, train_run
from ae_core.data import data_folder
from ae_core.jobs.process import MARK, call_with_environment, sweep_orphans
from ae_core.jobs.queue import jobs
from ae_core.jobs.worker import ORPHANED
from ae_core.runs.folder import delete_run, rename_run, runs
from ae_core.runs.records import read_metrics
from ae_core.runs.status import BUSY

from ..conftest import wait_for

SHORT = Config(data="digits", variant="deep", k=2, hidden=(32,), epochs=25, batch_size=64)
MEDIUM = Config(data="digits", variant="deep", k=2, hidden=(32,), epochs=200, batch_size=64)  # seconds
LONG = Config(data="digits", variant="deep", k=2, hidden=(32,), epochs=100_000, batch_size=256)


@pytest.fixture(autouse=True)
def two_workers(monkeypatch):
    """However many cores there are, two jobs run and the third waits; what a test leaves running is stopped."""
    monkeypatch.setattr("ae_core.jobs.occupancy.cores", lambda: 2)
    monkeypatch.setenv("LATENT_MOST_WORKERS", "2")
    yield
    for folder in runs().values():
        jobs.stop(folder)
    assert not any(found["state"] in BUSY for found in jobs.wait(list(runs().values()), 20))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The held-out loss at the end of SHORT, trained in one go."""
    folder, before = tmp_path_factory.mktemp("undisturbed") / "run", torch.get_num_threads()
    torch.set_num_threads(1)  # as in the workers: more do harm where the cores are busy
    list(train_run(SHORT, folder))
    torch.set_num_threads(before)
    return read_metrics(folder)[-1]["test_loss"]


def state(folder):
    return jobs.status(folder)["state"]


def wait(folder, *states, seconds=60):
    """Until the job is in one of these states; gives its status."""
    return wait_for(lambda: (s := jobs.status(folder))["state"] in states and s, f"{states} of {folder.name}", seconds)


def test_a_job_becomes_a_run():
    folder = jobs.submit(Config(data="digits", variant="linear", k=3, epochs=3, batch_size=64))
    assert wait(folder, "done")["epoch"] == 3
    assert [line["epoch"] for line in jobs.lines(folder)] == [1, 2, 3]
    assert read_checkpoint(folder).model().k == 3


def test_a_warm_worker_looks_for_data_where_the_one_who_asks_does(monkeypatch, tmp_path):
    for folder in ("here", "there"):
        monkeypatch.setenv("LATENT_DATA", str(tmp_path / folder))
        assert jobs.send(data_folder).result() == tmp_path / folder


def test_a_calls_environment_is_gone_after_it(monkeypatch):
    monkeypatch.setenv("HERE_A", "before")
    monkeypatch.delenv("HERE_B", raising=False)
    within = call_with_environment(
        {"HERE_A": "1", "HERE_B": "2"}, lambda: (os.environ["HERE_A"], "HERE_B" in os.environ)
    )
    assert within == ("1", True)
    assert (os.environ["HERE_A"], "HERE_B" in os.environ) == ("before", False)
    with pytest.raises(ZeroDivisionError):
        call_with_environment({"HERE_B": "2"}, lambda: 1 / 0)
    assert "HERE_B" not in os.environ


def test_names_are_never_taken_twice():
    short = Config(data="digits", variant="linear", k=2, epochs=1)
    first, second = (jobs.submit(short, name="mine") for _ in range(2))
    assert [first.name, second.name] == ["mine", "mine-2"]
    wait(first, "done")
    wait(second, "done")


def test_stop_ends_it_between_steps():
    folder = jobs.submit(LONG)
    wait_for(lambda: jobs.lines(folder), "the first epoch")
    jobs.stop(folder)
    assert wait(folder, "stopped", seconds=5)
    assert read_checkpoint(folder).config == LONG


def test_what_was_stopped_before_its_first_step_has_nothing_to_show():
    folder = jobs.submit(LONG)
    jobs.stop(folder)
    wait(folder, "stopped")
    with pytest.raises(LatentError, match="nothing to show yet"):
        read_checkpoint(folder)
    jobs.resume(folder)
    wait_for(lambda: jobs.lines(folder), "the first epoch")


@pytest.mark.slow
def test_what_is_stopped_and_resumed_before_its_worker_has_looked_is_trained_once():
    for _ in range(5):
        folder = jobs.submit(LONG)
        jobs.stop(folder)
        wait(folder, "stopped", seconds=5)
        jobs.resume(folder)
        wait_for(lambda: jobs.lines(folder), "the first epoch")  # noqa: B023
        wait(folder, "running")
        jobs.stop(folder)
        wait(folder, "stopped", seconds=5)
        jobs.resume(folder)  # at once: its worker may not have left yet
        wait(folder, "running")
        assert [line["epoch"] for line in jobs.lines(folder)] == list(range(1, len(jobs.lines(folder)) + 1))
        jobs.stop(folder)


def test_a_failure_is_written_where_the_page_looks():
    folder = jobs.submit(Config(data="digits", variant="deep", batch_size=100_000))
    assert "larger than" in wait(folder, "failed")["message"]


@pytest.mark.slow
def test_a_worker_that_is_killed_is_noticed_and_the_next_job_runs():
    folder = jobs.submit(LONG)
    while not jobs.lines(folder):
        time.sleep(0.05)
    os.kill(jobs.status(folder)["pid"], signal.SIGKILL)
    assert "gone" in wait(folder, "dead", seconds=5)["message"]
    assert jobs.lines(folder)
    after = jobs.submit(Config(data="digits", variant="linear", k=2, epochs=1))
    wait(after, "done")


def test_a_folder_that_cannot_be_made_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "file"))
    with pytest.raises(LatentError, match="LATENT_RUNS"):
        jobs.submit(LONG)


@pytest.mark.slow
def test_what_waited_and_what_ran_beside_outlive_a_killed_worker(undisturbed):
    beside = jobs.submit(LONG)
    wait_for(
        lambda: jobs.lines(beside), "the job beside"
    )  # before the short one has begun, or that one may have ended by then
    killed, waiting = jobs.submit(SHORT), jobs.submit(SHORT)
    wait_for(lambda: len(jobs.lines(killed)) >= 3, "the third epoch")
    assert state(waiting) == "queued"
    before = jobs.status(beside)["pid"], len(jobs.lines(beside))
    os.kill(jobs.status(killed)["pid"], signal.SIGKILL)
    assert "resume" in wait(killed, "dead", seconds=5)["message"]
    # The pool ends with the worker, and with it the job beside: that one is no culprit, and goes on by itself.
    wait_for(
        lambda: jobs.status(beside).get("pid", before[0]) != before[0] and len(jobs.lines(beside)) > before[1],
        "the job beside",
    )
    assert [line["epoch"] for line in jobs.lines(beside)[: before[1] + 1]] == list(range(1, before[1] + 2))
    wait(waiting, "done")
    assert state(killed) == "dead"
    jobs.stop(beside)
    jobs.resume(killed)
    wait(killed, "done")
    for folder in (killed, waiting):
        assert jobs.lines(folder)[-1]["test_loss"] == pytest.approx(undisturbed, abs=1e-4)


SUBMIT = """
import sys, time
from ae_core.jobs import occupancy
from tests.unit.test_jobs import LONG, MEDIUM, SHORT, jobs
occupancy.cores = lambda: 2
first = {"LONG": LONG, "MEDIUM": MEDIUM}[sys.argv[1]]
folders = [jobs.submit(config) for config in (first, first, SHORT, SHORT)]
while not all(jobs.lines(folder) for folder in folders[:2]):
    time.sleep(0.02)
print(*folders, sep="\\n", flush=True)
if sys.argv[2] == "stay":
    time.sleep(100)
"""


@pytest.mark.slow
def test_a_web_server_that_is_killed_leaves_runs_that_can_be_resumed(undisturbed):
    server = subprocess.Popen([sys.executable, "-c", SUBMIT, "MEDIUM", "stay"], stdout=subprocess.PIPE, text=True)
    folders = [Path(server.stdout.readline().strip()) for _ in range(4)]
    server.kill()
    server.wait()
    server.stdout.close()
    assert set(folders) <= set(runs().values())
    found = [jobs.status(folder) for folder in folders]
    assert [s["state"] for s in found[2:]] == ["dead", "dead"]
    assert all("queue it waited in is gone" in s["message"] for s in found[2:])
    wait_for(
        lambda: not any(Path(f"/proc/{s['pid']}").exists() for s in found[:2]), "the end of the orphaned workers", 20
    )
    for folder in folders[:2]:  # each after the step that it was making
        assert wait(folder, "stopped", "done")["message"] in (ORPHANED, "")
    jobs.resume_interrupted()  # as the next server does
    for folder in folders:
        wait(folder, "done")
    for folder in folders[2:]:
        assert jobs.lines(folder)[-1]["test_loss"] == pytest.approx(undisturbed, abs=1e-4)


def test_a_worker_of_a_process_that_is_gone_is_swept():
    orphan = subprocess.Popen(["sleep", "60"], env={MARK: "999999999"})
    mine = subprocess.Popen(["sleep", "60"], env={MARK: str(os.getpid())})
    sweep_orphans()
    assert orphan.wait(10) == -signal.SIGKILL
    assert mine.poll() is None
    mine.kill()
    mine.wait()


@pytest.mark.slow
def test_a_web_server_that_ends_stops_its_jobs():
    server = subprocess.run(
        [sys.executable, "-c", SUBMIT, "LONG", "leave"], stdout=subprocess.PIPE, text=True, timeout=60
    )
    folders = [Path(line) for line in server.stdout.splitlines()]
    assert server.returncode == 0
    assert [state(folder) for folder in folders] == ["stopped"] * 4
    assert len(jobs.lines(folders[0])) == jobs.status(folders[0])["epoch"]


def test_the_queue_has_an_order_and_can_be_left():
    first, second = jobs.submit(LONG), jobs.submit(LONG)
    wait_for(lambda: jobs.lines(first) and jobs.lines(second), "two that run")
    quick = Config(data="digits", variant="linear", k=2, epochs=1)
    queue = [jobs.submit(quick) for _ in range(4)]
    assert [jobs.position(folder) for folder in (first, second, *queue)] == [0, 0, 1, 2, 3, 4]
    jobs.stop(queue[1])
    assert state(queue[1]) == "stopped"
    assert [jobs.position(folder) for folder in queue] == [1, 0, 2, 3]
    began = time.monotonic()
    jobs.stop(first)
    wait(first, "stopped")
    assert time.monotonic() - began < 1.5
    left = [queue[0], queue[2], queue[3]]
    for folder in left:
        wait(folder, "done")
    ended = [(folder / "status.json").stat().st_mtime_ns for folder in left]
    assert ended == sorted(ended)
    assert (state(queue[1]), jobs.lines(queue[1])) == ("stopped", [])
    assert state(second) == "running"
    jobs.resume(queue[1])
    wait(queue[1], "done")


def test_resume_goes_on_and_refuses_what_cannot(undisturbed):
    folder = jobs.submit(SHORT)
    wait_for(lambda: len(jobs.lines(folder)) >= 3, "the third epoch")
    with pytest.raises(LatentError, match="at work already"):
        jobs.resume(folder)
    for change in (lambda: rename_run(folder.name, "other"), lambda: delete_run(folder.name)):
        with pytest.raises(LatentError, match="is at work"):
            change()
    jobs.stop(folder)
    made = wait(folder, "stopped")["epoch"]
    assert not (folder / "stop").exists()
    jobs.finish(folder).result()
    assert state(folder) == "stopped"
    assert len(read_checkpoint(folder).codes()["z"]) == 360
    assert read_checkpoint(folder).measures["squared_error"] == pytest.approx(
        jobs.lines(folder)[-1]["squared_error"], rel=1e-2
    )
    jobs.resume(folder)
    assert jobs.status(folder)["epoch"] == made  # the bar does not jump back while it waits
    wait(folder, "done")
    assert jobs.lines(folder)[-1]["test_loss"] == pytest.approx(undisturbed, abs=1e-4)
    with pytest.raises(LatentError, match="is done"):
        jobs.resume(folder)
    jobs.stop(folder)
    assert state(folder) == "done"


def test_a_name_never_leads_out_of_the_runs(tmp_path):
    for name in ("../x", ".hidden", "a" * 200, "a/b", "a\\0b"):
        with pytest.raises(LatentError, match="up to 80 letters"):
            jobs.submit(LONG, name=name)
    assert [path.name for path in tmp_path.iterdir()] in ([], ["runs"])
    assert not runs()


def test_an_estimate_is_near_and_its_errors_are_sentences():
    config = Config(data="digits", variant="deep", k=2, hidden=(256,), epochs=12, batch_size=64)
    training = Training(config, config.load())
    began = time.thread_time()
    for _ in training:
        pass
    real = (time.thread_time() - began) / config.epochs  # of one core alone: others' work beside it tells nothing
    found = jobs.estimate(config).result()
    assert found.epoch / 2.5 < real < found.epoch * 2.5
    assert found.total == pytest.approx(12 * found.epoch)
    assert (found.samples, found.remarks, found.device) == (1437, [], "one core")
    assert found.parameters == sum(weight.numel() for weight in training.model.parameters())
    with pytest.raises(LatentError, match="larger than"):
        jobs.estimate(Config(data="digits", batch_size=5000)).result()
    reach = (
        jobs.estimate(Config(data="sinusoids", variant="deep", hidden=(16,), output="sigmoid", loss="squared-error"))
        .result()
        .remarks
    )
    assert [remark.kind for remark in reach] == ["range"]
