"""Background jobs: they fill their folder, stop when asked, and a worker that dies is noticed."""

import os
import signal
import time

import pytest

from ae_core import Config, LatentError, jobs, read_checkpoint

LONG = Config(data="digits", variant="deep", k=2, hidden=(32,), epochs=100_000, batch_size=256)


def wait(folder, *states, seconds=30):
    """Until the job is in one of these states; gives its status."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = jobs.status(folder)
        if status["state"] in states:
            return status
        time.sleep(0.05)
    return pytest.fail(f"the job is {status}")


def test_a_job_becomes_a_run():
    folder = jobs.submit(Config(data="digits", variant="linear", k=3, epochs=3, batch_size=64))
    assert wait(folder, "done")["epoch"] == 3
    assert [line["epoch"] for line in jobs.lines(folder)] == [1, 2, 3]
    assert read_checkpoint(folder).model().k == 3


def test_names_are_never_taken_twice():
    short = Config(data="digits", variant="linear", k=2, epochs=1)
    first, second = (jobs.submit(short, name="mine") for _ in range(2))
    assert [first.name, second.name] == ["mine", "mine-2"]
    wait(first, "done")
    wait(second, "done")


def test_stop_ends_it_between_steps():
    folder = jobs.submit(LONG)
    wait(folder, "running")
    jobs.stop(folder)
    assert wait(folder, "stopped", seconds=5)
    assert read_checkpoint(folder).config == LONG


def test_a_failure_is_written_where_the_page_looks():
    folder = jobs.submit(Config(data="digits", variant="deep", batch_size=100_000))
    assert "larger than" in wait(folder, "failed")["message"]


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
