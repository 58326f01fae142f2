"""Work on what a visitor brings, outside the server: in niced processes of its own, which trainings never fill, each
call under a ceiling of memory and of time. What a file does to them is said in a sentence; the server goes on.
"""

import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from typing import Any, TypeVar

from ..base import budget
from ..base.budget import BudgetError
from ..base.errors import LatentError
from ..data import data_folder
from ..data.csv.source import Csv
from ..data.csv.table import Table
from .executors import IDLE_SECONDS, call_before_pools_wait, job_bytes
from .process import call_with_environment, marked, this_process

PROCESSES = 2  # so that a preview does not wait for another visitor's large file
LANE_NICENESS = 5  # before every training, behind the pages themselves: somebody waits for it
LOOK_SECONDS = 0.02  # between two looks whether somebody still waits
MOST_SECONDS = 120.0  # of a call
GRACE_SECONDS = 5.0  # that what is computing has to hear of it
SLACK, SLACK_BYTES = 1.2, 64 << 20  # of the ceiling over what is allowed: announcements are no measurements
PAGE_BYTES = 256 << 20  # of the numbers of a table that a page keeps
SIZE = "VmData:"  # in /proc/self/status: what RLIMIT_DATA counts
TOO_MUCH = (
    "This takes more than the {memory} of memory or the {seconds:,.0f} s that it may take here, and was ended: bring a "
    "part of it, or use the command line."
)

Result = TypeVar("Result")


class Lane:
    """So many processes of this server, started when they are needed."""

    def __init__(self, processes: int = PROCESSES) -> None:
        self._free: queue.SimpleQueue[Executor | None] = queue.SimpleQueue()
        for _ in range(processes):
            self._free.put(None)
        self._executors: list[Any] = []
        self._answered = False  # by a process, so far
        self._starting = threading.Lock()

    def call(
        self, function: Callable[..., Result], *arguments: Any, waiting: Callable[[], None] | None = None
    ) -> Result:
        """What a module's function gives, called in another process; waits for it.

        waiting: called again and again meanwhile; what it raises ends the waiting, and the work where it has not begun.

        Raises what that raises, and LatentError where it takes more memory or time than a page's work may.
        """
        allowance, seconds = job_bytes(), MOST_SECONDS
        variables = {"LATENT_DATA": str(data_folder().resolve())}
        executor = self._next(waiting)
        future: Future[Result] | None = None
        try:
            executor = executor or self._started()
            work = (_bounded, allowance, seconds, function, arguments)
            future = executor.submit(call_with_environment, variables, *work)
            while waiting and not future.done():
                waiting()
                wait([future], LOOK_SECONDS)
            result = future.result()
            self._answered = True
            return result
        except BrokenExecutor as error:
            executor = None  # the next call starts another
            sentence = TOO_MUCH.format(memory=budget.in_words(allowance), seconds=seconds)
            raise LatentError(sentence) from error
        finally:
            if future is not None:
                future.cancel()
            self._free.put(executor)

    def _next(self, waiting: Callable[[], None] | None) -> Executor | None:
        """A process that is free, or None for one that has yet to be started."""
        if waiting is None:
            return self._free.get()
        while True:
            waiting()
            with contextlib.suppress(queue.Empty):
                return self._free.get(timeout=LOOK_SECONDS)

    @property
    def is_warm(self) -> bool:
        """Whether a process has been started and not ended, so that a call need not wait for that."""
        return self._answered and any(getattr(executor, "_processes", None) for executor in self._executors)

    def warm(self) -> None:
        """Start a process, so that the first file is looked at at once; does not wait for it."""
        threading.Thread(target=self.call, args=(os.getpid,), daemon=True).start()

    def _started(self) -> Executor:
        from joblib.externals.loky import ProcessPoolExecutor

        with self._starting:
            if not self._executors:
                call_before_pools_wait(self._end)
            executor: Executor = ProcessPoolExecutor(max_workers=1, timeout=IDLE_SECONDS, env=marked())
            self._executors.append(executor)
            return executor

    def _end(self) -> None:
        for executor in self._executors:
            for process in list(getattr(executor, "_processes", None) or {}):  # private, of joblib 1.5
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGTERM)


def table_to_keep(origin: Csv, most: int = PAGE_BYTES) -> Table:
    """The table that a page keeps. BudgetError where it is too large for that, with what would fit."""
    table = origin.table()
    size = table.values.nbytes
    if size <= most:
        return table
    fits, advice = {}, "leave out columns, or use the command line"
    if table.time is not None and table.step:
        step = float(f"{table.step * size / most * 1.05:.3g}")
        fits, advice = {"resample_seconds": step}, f"a row every {step:g} s fits"
    what = f"{len(table):,} rows × {len(table.names):,} channels take {budget.in_words(size)}"
    raise BudgetError(f"{what}, and a page keeps {budget.in_words(most)}: {advice}.", size, most, fits)


def _bounded(allowance: int, seconds: float, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What a lane's process does."""
    this_process.settle(LANE_NICENESS)
    try:
        with _ceiling(allowance), _time_limit(seconds), budget.within(allowance):
            return function(*arguments)
    except (MemoryError, TimeoutError) as error:
        sentence = TOO_MUCH.format(memory=budget.in_words(allowance), seconds=seconds)
        raise BudgetError(sentence, allowance, allowance) from error


@contextlib.contextmanager
def _ceiling(allowance: int) -> Iterator[None]:
    """No more memory than that over what the process holds: MemoryError, or its end. Nothing where the system has no
    such limit.
    """
    try:
        import resource
        from pathlib import Path

        lines = Path("/proc/self/status").read_text().splitlines()
        now = next(int(line.split()[1]) << 10 for line in lines if line.startswith(SIZE))
    except (ImportError, OSError, StopIteration):
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (now + int(SLACK * allowance) + SLACK_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """TimeoutError after so many seconds, and the process's end a little later where nothing hears of that."""

    def ring(number: int, frame: Any) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)
        raise TimeoutError

    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


lane = Lane()  # this process', for what visitors bring
thoughts = Lane(processes=1)  # this process', for what takes a page a second: one at a time
layouts = Lane(processes=1)  # this process', for what takes a page half a minute: one at a time
