"""Training in the background: a job is a run folder that another process fills, and whoever looks reads the folder.

`jobs` is the queue of this process: `from ae_core.jobs.queue import jobs`, then `jobs.submit(config)`.
"""

import contextlib
import math
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from ..anomaly import benchmark
from ..anomaly.scoring import scored_path
from ..base import budget, limits
from ..base.errors import LatentError
from ..base.locks import held, holding
from ..base.owners import common, owner
from ..data.csv.uploads import is_upload
from ..model.config import Config
from ..runs.folder import new_folder, proposed_name, runs, runs_folder, runs_of_all_owners
from ..runs.records import epochs_made, read_config, shown_metrics
from ..runs.rights import STOPPED, check_may_change, sign_stop
from ..runs.status import BUSY, LOCK, STOP, changing, status, write_status
from . import worker
from .estimates import Estimate, estimate
from .executors import Executors, call_before_pools_wait, job_bytes, pool_size
from .occupancy import jobs_at_work
from .recording import finish_run, start_folder

__all__ = ["Estimate", "JobQueue", "check_resumable", "jobs"]

WORKER_SECONDS = 10  # for a worker that was stopped to end
EXIT_SECONDS = 2.0  # that jobs have to end when the process that queued them does
STALE_SECONDS = 60  # after which a queue's lock that nobody holds is removed


class Bounds(NamedTuple):
    """What a training may take: seconds, and bytes over what an idle worker holds (None: what the machine has)."""

    seconds: float
    memory: int | None


UNBOUNDED = Bounds(math.inf, None)  # of the command line


def page_bounds() -> Bounds:
    """What a training from a page may take."""
    return Bounds(limits.SECONDS(), job_bytes())


class JobQueue:
    """The jobs that this process has queued. It keeps no state of a job that its folder does not tell others, too."""

    def __init__(self) -> None:
        self.executors = Executors()
        self._futures: dict[str, Future[Any]] = {}  # by run folder
        self._lock_names: dict[tuple[Path, int], str] = {}  # by runs folder and process
        self._locks = contextlib.ExitStack()  # held until this process ends
        self._retry_executor = ThreadPoolExecutor(1, "queued-again")  # one thread, so that the order stays
        # Held from counting the jobs until one more is queued: else two visitors would share the last place.
        self._admission = threading.Lock()
        self._stops_at_exit = False

    # ---- what a page or the command line asks for

    def submit(self, config: Config, name: str | None = None, command: str | None = None) -> Path:
        """Queue a training for a page; returns its run folder, which exists from now on. Raises LatentError where it
        cannot be made, or a limit (see `limits`) is reached.
        """
        _check_table(config)
        limits.check_epochs(config.epochs)
        limits.check_run_count(len(runs()))
        limits.check_disk_space(runs_folder())
        self.executors.get()  # before there is a folder that nobody would fill
        with self._admission:
            _check_queue()
            folder = new_folder(name or proposed_name(config)).resolve()
            with _writing(folder):
                start_folder(folder, config, command)
                self._enqueue(folder, bounds=page_bounds())
        return folder

    def submit_all(self, folders: list[Path], configs: list[Config]) -> None:
        """Queue a training into each folder, as the command line names them; what is done there already, of the same
        recipe, stays.
        """
        self.executors.get()
        for folder, config in zip(folders, configs, strict=True):
            if (folder / "config.json").exists() and read_config(folder) == config:
                if status(folder)["state"] not in ("done", *BUSY):
                    _wait_for_end(folder)
                    self._resume(folder)
                continue
            try:
                folder.mkdir(parents=True)
                start_folder(folder, config)
            except OSError as error:
                raise LatentError(
                    f"{folder} cannot be made ({error.strerror or error}): choose another --out."
                ) from error
            self._enqueue(folder.resolve())

    def resume(self, folder: Path) -> None:
        """Queue a run that was stopped, failed or died, for a page: it goes on from its last epoch. LatentError for one
        that is done or at work, or where a limit is reached.
        """
        check_may_change(folder)
        _wait_for_end(folder)
        check_resumable(folder)
        config = read_config(folder)
        _check_table(config)
        limits.check_epochs(config.epochs)
        limits.check_disk_space(folder)
        with self._admission:
            _check_queue()
            self._resume(folder, page_bounds())

    def finish(self, folder: Path) -> "Future[None]":
        """Measure a stopped run as it is, in the background, so that it can be looked at and compared."""
        check_may_change(folder)
        _check_table(read_config(folder))
        return self._send_bounded(finish_run, folder.resolve())

    def score(self, folder: Path, source: dict[str, Any]) -> "Future[Path]":
        """Score another table, named by the knobs `source` of the source csv, with a run, in the background; gives the
        file that `load_detection` reads.
        """
        _check_table(Config(data="csv", source=source))
        return self._send_bounded(worker.score, folder.resolve(), source, scored_path(folder, source).resolve())

    def compare_textbook(self) -> "Future[list[benchmark.Row]]":
        """The figures of the textbook's plant (see `ae_core.anomaly.benchmark`), in the background."""
        return self.send(benchmark.figures)

    def estimate(self, config: Config) -> "Future[Estimate]":
        """An `Estimate` from some steps in a worker; the future raises LatentError where the recipe cannot be
        trained.
        """
        _check_table(config)
        return self._send_bounded(estimate, config.to_json())

    def stop(self, folder: Path) -> None:
        """Ask a job to end after the step it is making; one that waits is taken out of the queue."""
        check_may_change(folder)
        before = status(folder)
        if before["state"] not in BUSY:
            return
        with contextlib.suppress(OSError):
            sign_stop(folder)
            (folder / STOP).touch()
            future = self._futures.get(str(folder.resolve()))
            # A cluster's job could also be cancelled while it runs; then it is for the worker to say that it has ended.
            if before["state"] == "queued" and future is not None and future.cancel():
                write_status(folder, "stopped", epoch=before["epoch"], epochs=before["epochs"])

    def resume_interrupted(self) -> None:
        """Queue what a page had started before its server ended without a chance to say so."""
        for folder in runs_of_all_owners(runs_folder()):
            now = status(folder)
            waited = now["state"] == "dead" and now.get("resumes") is True
            if waited or (now["state"] == "stopped" and now["message"] == worker.ORPHANED):
                with contextlib.suppress(LatentError, OSError):
                    self._resume(folder, page_bounds())

    def warm(self) -> None:
        """Let the workers of this machine start and import what a job needs, so that the first one begins at once."""
        if not os.environ.get("LATENT_SCHEDULER"):
            for _ in range(pool_size()):
                self.send(worker.get_ready)

    # ---- how jobs stand

    status = staticmethod(status)
    lines = staticmethod(shown_metrics)

    @staticmethod
    def position(folder: Path) -> int:
        """Place in the queue, from 1, among everybody's; 0 for a run that does not wait."""
        own = status(folder)
        if own["state"] != "queued":
            return 0
        queued = [s.get("since", 0) for s in jobs_at_work(folder.parent).values() if s["state"] == "queued"]
        return sum(since < own.get("since", 0) for since in queued) + 1

    @staticmethod
    def wait(folders: list[Path], seconds: float = math.inf) -> list[dict[str, Any]]:
        """Until none of them is at work, or the time is over; gives their statuses."""
        end = time.monotonic() + seconds
        while True:
            statuses = [status(folder) for folder in folders]
            if not any(s["state"] in BUSY for s in statuses) or time.monotonic() > end:
                return statuses
            time.sleep(0.1)

    # ---- the queue itself

    def _resume(self, folder: Path, bounds: Bounds = UNBOUNDED) -> None:
        check_resumable(folder)
        self.executors.get()
        with _writing(folder):
            (folder / STOP).unlink(missing_ok=True)
            (folder / STOPPED).unlink(missing_ok=True)
            self._enqueue(folder.resolve(), epochs_made(folder), bounds)

    def _enqueue(self, folder: Path, epoch: int = 0, bounds: Bounds = UNBOUNDED) -> None:
        """Say in the folder that it waits, and send it to a worker. epoch: from which it goes on; bounds: of the
        training.
        """
        epochs, ticket = read_config(folder).epochs, time.time_ns()
        queue = self._lock_name(common(folder.parent))
        with changing(folder):
            about = {"resumes": True} if bounds != UNBOUNDED else {}
            write_status(folder, "queued", epoch=epoch, epochs=epochs, queue=queue, since=ticket, **about)

        def ended(future: "Future[Any]") -> None:
            if self._futures.get(str(folder)) is future:
                del self._futures[str(folder)]
            error = CancelledError() if future.cancelled() else future.exception()
            if error is not None and folder.exists():
                self._broke_off(folder, error, epoch, bounds)

        future = self.send(budget.call_within, bounds.memory, worker.train, str(folder), ticket, bounds.seconds)
        self._futures[str(folder)] = future
        future.add_done_callback(ended)

    def _send_bounded(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """As `send`, for a page: within the memory that a page's job may take."""
        return self.send(budget.call_within, page_bounds().memory, function, *arguments)

    def send(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Let a worker call a module's function, and stop that when this process ends."""
        future = self.executors.send(function, *arguments)
        if self.executors.local and not self._stops_at_exit:
            self._stops_at_exit = True
            call_before_pools_wait(self._stop_workers_at_exit)
        return future

    def _broke_off(self, folder: Path, error: BaseException, epoch: int, bounds: Bounds) -> None:
        """A worker that dies breaks the pool, which ends the others too: what waited or ran in them is queued again in
        a fresh one.
        """
        # The one whose worker died is "dead" by now; the pool ends the others after this.
        now = status(folder)
        if isinstance(error, BrokenExecutor) and now["state"] in BUSY:
            # In a thread of its own: this one is the broken pool's, which the fresh one waits for.
            self._retry_executor.submit(self._requeue, folder, bounds)
        elif now["state"] == "queued":
            message = f"The job could not be run ({type(error).__name__}): resume it."
            write_status(folder, "failed", epoch=epoch, epochs=now["epochs"], message=message)

    def _requeue(self, folder: Path, bounds: Bounds) -> None:
        """Queue a job again whose worker was ended because another one died."""
        _wait_until(lambda: not held(folder / LOCK), WORKER_SECONDS)  # until then that worker lives
        with contextlib.suppress(LatentError, OSError):
            if status(folder)["state"] in ("queued", "dead"):
                self._enqueue(folder, epochs_made(folder), bounds)

    def _lock_name(self, folder: Path) -> str:
        """The lock in the runs folder by which others see that this process, whose queue the jobs wait in, lives."""
        key = (folder, os.getpid())
        name = self._lock_names.get(key)
        if name is not None and (folder / name).exists():  # else the runs' folder was removed and made anew
            return name
        _remove_stale_locks(folder)
        name = self._lock_names[key] = f".queue-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._locks.enter_context(holding(folder / name))
        return name

    def _stop_workers_at_exit(self) -> None:
        """When this process ends, so do its jobs: the pool would else wait for all that are queued, and Ctrl-C on a web
        server for hours.
        """
        folders = [Path(folder) for folder in list(self._futures)]
        for folder in folders:
            self.stop(folder)
        self.wait(folders, EXIT_SECONDS)
        self.executors.kill_workers()


def check_resumable(folder: Path) -> None:
    """LatentError, one sentence, where there is nothing to go on with: the run is done, at work or not readable.

    One that is only being measured, as it was stopped, goes on after that.
    """
    now = status(folder)
    state = now.get("was", now["state"])
    if state in BUSY:
        raise LatentError(f"{folder.name} is at work already.")
    if state == "done":
        raise LatentError(f"{folder.name} is done: there is nothing to go on with. Start a new run with more epochs.")
    read_config(folder)


def _check_table(config: Config) -> None:
    """LatentError where somebody asks for a table that is not their own: a worker, whom nobody asks, would read it."""
    if config.data in ("csv", "samples") and owner() is not None and not is_upload(str(config.source.get("file", ""))):
        raise LatentError("The table of this run is not among yours: open the file again.")


def _check_queue() -> None:
    """LatentError where whoever asks, or everybody together, has as many jobs as may wait or run."""
    own, folders = runs_folder().resolve(), [run.parent.resolve() for run in jobs_at_work(runs_folder())]
    limits.check_queue(folders.count(own), len(folders))


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what a full disk or a folder without rights raises into one sentence."""
    try:
        yield
    except OSError as error:
        raise LatentError(f"{folder} cannot be written ({error.strerror or error}): free some space.") from error


def _wait_until(come: Callable[[], bool], seconds: float) -> bool:
    """Wait until it has come; False where that takes longer."""
    end = time.monotonic() + seconds
    while not come():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _wait_for_end(folder: Path) -> None:
    """Wait for a worker that has been stopped: what it still writes would be taken for the next one's."""

    def ended() -> bool:
        if not held(folder / LOCK):
            return True
        return status(folder)["state"] in BUSY and not (folder / STOP).exists()

    _wait_until(ended, WORKER_SECONDS)


def _remove_stale_locks(folder: Path) -> None:
    """Remove the queues' locks of processes that are gone."""
    for old in folder.glob(".queue-*"):
        with contextlib.suppress(OSError):
            # A younger one may be about to be locked.
            if not held(old) and time.time() - old.stat().st_mtime > STALE_SECONDS:
                old.unlink()


jobs = JobQueue()  # this process'
