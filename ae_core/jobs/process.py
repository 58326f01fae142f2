"""A process that works for another one: it takes the time that others leave, and does not outlive whom it works for."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

NICENESS = 19  # added to a worker's: pages and the browser come first
GRACE_SECONDS = 3.0  # that a training has to end after a step when its server is gone
MARK = "LATENT_WORKS_FOR"  # in a worker's environment: the number of the process that it works for


class WorkerProcess:
    """This process as a worker."""

    def __init__(self) -> None:
        self._settled = False
        self._at_work: set[str] = set()  # run folders
        self.orphaned = False  # whether whom it works for is gone

    def settle(self, niceness: int = NICENESS) -> None:
        """Once in a worker, before its first job. niceness: added to its own."""
        if self._settled:
            return
        self._settled = True
        with contextlib.suppress(AttributeError, OSError):
            os.nice(niceness)
        threading.Thread(target=self._end_with, args=(os.getppid(),), daemon=True).start()

    @contextlib.contextmanager
    def at_work(self, folder: str) -> Iterator[None]:
        """Before this is over, the process ends only `GRACE_SECONDS` after whom it works for."""
        self._at_work.add(folder)
        try:
            yield
        finally:
            self._at_work.discard(folder)

    def _end_with(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        self.orphaned = True
        end = time.monotonic() + GRACE_SECONDS
        while self._at_work and time.monotonic() < end:
            time.sleep(0.05)
        os._exit(0)


this_process = WorkerProcess()


def marked() -> dict[str, str]:
    """What a worker of this process has in its environment."""
    return {MARK: str(os.getpid())}


def sweep_orphans() -> None:
    """End the workers of processes that are gone: such as were held up and could not end by themselves."""
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # another account's, or gone; no worker of ours
            said = dict(part.partition(b"=")[::2] for part in environment.read_bytes().split(b"\0"))
            works_for = int(said.get(MARK.encode(), b""))
            process = environment.parent
            parent = int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            if parent != works_for and works_for != os.getpid():
                os.kill(int(process.name), signal.SIGKILL)


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
