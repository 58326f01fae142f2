"""Which jobs are at work where runs lie, and how many threads are left for one more."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..base.errors import LatentError
from ..base.files import read_json
from ..base.locks import held
from ..runs.folder import runs_of_all_owners
from ..runs.status import BUSY, LOCK, status

MAX_STATUSES = 100_000  # files whose state is remembered


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def jobs_at_work(folder: Path) -> dict[Path, dict[str, Any]]:
    """The jobs that wait or are at work where the runs of `folder` lie, whoever has them, and their status."""
    statuses = {run: status(run) for run in runs_of_all_owners(folder) if _says_busy(run)}
    return {run: its_status for run, its_status in statuses.items() if its_status["state"] in BUSY}


def threads_for(folder: Path) -> int:
    """Threads for a job: the cores, one of them left to pages and browser, divided among the jobs at work where the
    runs of `folder` lie, whoever has them.
    """
    at_work = sum(held(run / LOCK) for run in runs_of_all_owners(folder) if _says_busy(run))
    return max(1, (cores() - 1) // max(1, at_work))


def _says_busy(run: Path) -> bool:
    """Whether a run's status says that it waits or is at work: of many thousands, most have ended long ago, and are not
    read again.
    """
    try:
        file = (run / "status.json").stat()
    except OSError:
        return False
    # Two files that are written within a tick of the clock have different inodes.
    return _said_busy(run, file.st_mtime_ns, file.st_ino)


@lru_cache(maxsize=MAX_STATUSES)
def _said_busy(run: Path, mtime_ns: int, inode: int) -> bool:
    try:
        content = read_json(run / "status.json")
    except LatentError:
        return False
    return isinstance(content, dict) and content.get("state") in BUSY
