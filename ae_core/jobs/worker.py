"""What a worker process does: a training, an estimate, scores. Whoever imports this has all that a job needs."""

import math
import time
from pathlib import Path
from typing import Any

import torch

from ..anomaly.scoring import score_into
from ..base.errors import LatentError
from ..base.locks import held
from ..data.csv.text import reading_once
from ..runs.records import epochs_made, read_config
from ..runs.status import BUSY, LOCK, status, write_status
from .occupancy import threads_for
from .process import this_process
from .recording import train_run

ORPHANED = "It was stopped as its server ended; it goes on by itself when that is started again."
MEASURED_SECONDS = 0.05  # between two looks whether a run's measuring has ended


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
            while held(path / LOCK) and _is_wanted(path, ticket, locked=False):  # it is being measured
                time.sleep(MEASURED_SECONDS)
            _train(path, ticket, seconds)
        except LatentError as error:
            if _is_wanted(path, ticket, locked=False):  # else its folder says so, or whoever has it will
                write_status(path, "failed", epochs=status(path)["epochs"], message=str(error))
        except Exception as error:
            message = f"The training failed with an error that is this program's fault: {type(error).__name__}."
            epochs, made = status(path)["epochs"], epochs_made(path)
            write_status(path, "failed", epoch=made, epochs=epochs, message=message)
            raise


def _train(path: Path, ticket: int, seconds: float) -> None:
    torch.set_num_threads(1)
    end = time.monotonic() + seconds
    late = (
        f"It was stopped after {seconds:,.0f} seconds, as long as a training may take here: resume it, and it goes on."
    )
    orphaned = ORPHANED if math.isfinite(seconds) else True  # a page's goes on with its server
    events = train_run(
        read_config(path),
        path,
        cancelled=lambda: orphaned if this_process.orphaned else late if time.monotonic() > end else "",
        wanted=lambda: _is_wanted(path, ticket, locked=True),
        threads=lambda: threads_for(path.parent),
    )
    with reading_once():
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
