"""What a worker process does: a training, an estimate, scores. Whoever imports this has all that a job needs."""

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from ..anomaly.scoring import score_into
from ..base.errors import LatentError
from ..runs.records import read_config, read_metrics
from ..runs.status import BUSY, status, write_status
from .occupancy import threads_for
from .recording import train_run

NICENESS = 19  # added to a worker's: pages and the browser come first


class WorkerProcess:
    """This process as a worker. It takes the time that others leave, and ends with the web server, after its job."""

    def __init__(self) -> None:
        self._settled = False
        self._at_work: set[str] = set()  # run folders

    def settle(self) -> None:
        """Once in a worker, before its first job."""
        if self._settled:
            return
        self._settled = True
        with contextlib.suppress(AttributeError, OSError):
            os.nice(NICENESS)
        threading.Thread(target=self._end_with, args=(os.getppid(),), daemon=True).start()

    @contextlib.contextmanager
    def at_work(self, folder: str) -> Iterator[None]:
        """Do not end before this is over."""
        self._at_work.add(folder)
        try:
            yield
        finally:
            self._at_work.discard(folder)

    def _end_with(self, parent: int) -> None:
        while os.getppid() == parent or self._at_work:
            time.sleep(1)
        os._exit(0)


this_process = WorkerProcess()


def call_with_environment(variables: Mapping[str, str], function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function with these environment variables, which are as before afterwards."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        return function(*arguments)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def get_ready() -> None:
    """For a worker to be there, with all that a training needs: to know this function it has imported that."""
    this_process.settle()


def score(folder: Path, source: dict[str, Any], path: Path) -> Path:
    """See `score_into`."""
    this_process.settle()
    return score_into(folder, source, path)


def train(folder: str, ticket: int, seconds: float = math.inf) -> None:
    """Train a queued run, for so many seconds at most. A failure is written into the folder, where the page looks for
    it.

    ticket: `since` of the status with which it was queued. What was stopped and resumed is in the queue twice, and done
    for the later one.
    """
    this_process.settle()
    path = Path(folder)
    if not path.exists() or not _is_wanted(path, ticket, locked=False):
        return
    with this_process.at_work(folder):
        try:
            _train(path, ticket, seconds)
        except LatentError as error:
            if _is_wanted(path, ticket, locked=False):  # else its folder says so, or whoever has it will
                write_status(path, "failed", epochs=status(path)["epochs"], message=str(error))
        except Exception as error:
            message = f"The training failed with an error that is this program's fault: {type(error).__name__}."
            epochs, made = status(path)["epochs"], len(read_metrics(path))
            write_status(path, "failed", epoch=made, epochs=epochs, message=message)
            raise


def _train(path: Path, ticket: int, seconds: float) -> None:
    torch.set_num_threads(1)
    end = time.monotonic() + seconds
    late = (
        f"It was stopped after {seconds:,.0f} seconds, as long as a training may take here: resume it, and it goes on."
    )
    events = train_run(
        read_config(path),
        path,
        cancelled=lambda: late if time.monotonic() > end else "",
        wanted=lambda: _is_wanted(path, ticket, locked=True),
        threads=lambda: threads_for(path.parent),
    )
    for _ in events:
        pass


def _is_wanted(path: Path, ticket: int, locked: bool) -> bool:
    """Whether a queued run shall still be trained: not if it was stopped, deleted or is at work elsewhere, nor if it is
    dead in the queue of a process that is gone, which others have been told. locked: its lock is ours.
    """
    now = status(path)
    if now["state"] == "queued":
        return bool(now.get("since") == ticket)
    if "queue" in now:
        return False
    return now["state"] in BUSY if locked else now["state"] == "dead"  # of a worker that died
