"""Two who do something with one run at the same moment: nothing is lost of what either was told would come."""

import threading

import pytest

from ae_core import Config, LatentError, train_run
from ae_core.jobs import recording
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import runs_folder
from ae_core.runs.status import status
from ae_core.training.loop import Epoch

QUICK = Config(data="digits", variant="linear", k=2, epochs=3, batch_size=256)


@pytest.fixture
def stopped(digits):
    """A run that was stopped after its first epoch."""
    folder = runs_folder() / "mine"
    events = train_run(QUICK, folder, digits)
    next(event for event in events if isinstance(event, Epoch))
    events.close()
    assert status(folder)["state"] == "stopped"
    return folder


def test_what_is_resumed_while_it_is_measured_goes_on(stopped, monkeypatch):
    measuring, begun, resumed = recording.measuring, threading.Event(), threading.Event()

    def slowly(*arguments):
        begun.set()
        assert resumed.wait(10)
        yield from measuring(*arguments)

    monkeypatch.setattr(recording, "measuring", slowly)
    measurer = threading.Thread(target=recording.finish_run, args=(stopped,))
    measurer.start()
    assert begun.wait(30)
    jobs.resume(stopped)
    resumed.set()
    measurer.join()
    assert jobs.wait([stopped], 60)[0]["state"] == "done"


@pytest.mark.slow
def test_what_is_resumed_just_before_it_would_be_measured_goes_on(stopped, monkeypatch):
    read = recording.read_checkpoint

    def meanwhile(folder):
        monkeypatch.setattr(recording, "read_checkpoint", read)
        jobs.resume(folder)
        return read(folder)

    monkeypatch.setattr(recording, "read_checkpoint", meanwhile)
    with pytest.raises(LatentError, match="mine is at work"):
        recording.finish_run(stopped)
    assert jobs.wait([stopped], 60)[0]["state"] == "done"
