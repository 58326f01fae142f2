"""Training in the background: a job is a run folder that another process fills, and whoever looks reads the folder.

Jobs go to an executor: a pool of worker processes on this machine (loky's, which comes with scikit-learn: its workers
do not import the main module, so a job that a web page submits does not start the web server again), or, where
`LATENT_SCHEDULER` names one, a Dask cluster that sees the same storage.
"""

import contextlib
import json
import math
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..anomaly import benchmark as textbook
from ..anomaly.scoring import score_into, scored_path
from ..base import limits
from ..base.errors import LatentError
from ..base.files import read_json
from ..base.locks import held, holding
from ..base.owners import common, owner
from ..data import data_folder
from ..data.csv.source import is_upload
from ..model.config import Config
from ..runs.folder import (
    BUSY,
    LOCK,
    STOP,
    everybodys_runs,
    new_folder,
    read_config,
    read_metrics,
    runs,
    runs_folder,
    status,
    write_status,
)
from ..training.diagnosis import range_remark, unreachable
from .recording import finish_run, start_folder, train_run

__all__ = [
    "Estimate",
    "compare_textbook",
    "estimate",
    "finish",
    "lines",
    "position",
    "resume",
    "score",
    "status",
    "stop",
    "submit",
    "wait",
    "warm",
]

POLITE = 19  # added to a worker's niceness: pages and the browser come first
PATIENCE = 10  # seconds for a scheduler to answer
IDLE = 300  # seconds after which a worker without a job ends
LEAVE = 2.0  # seconds that jobs have to end when the process that queued them does
TRIAL = 1.0  # seconds of steps for an estimate


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers() -> int:
    """Jobs that run at once in this machine's pool."""
    return min(cores(), limits.WORKERS())


def executor() -> Executor:
    """Where jobs are done: the cluster at `LATENT_SCHEDULER`, else this machine's pool, a worker a core or as few as
    `LATENT_MOST_WORKERS`.
    """
    address = os.environ.get("LATENT_SCHEDULER")
    if address:
        return _cluster(address)
    from joblib.externals.loky import get_reusable_executor

    try:
        pool = get_reusable_executor(max_workers=workers(), timeout=IDLE)
    except OSError as error:  # its locks are files in the memory that processes share
        raise LatentError(
            f"No worker can be started here ({error.strerror or error}): end other programs, or free some space in /dev/shm."
        ) from error
    _pools[:] = [pool]
    return pool


def _send(function: Callable, *arguments: Any) -> Future:
    """Let a worker do it."""
    if not os.environ.get("LATENT_SCHEDULER"):  # a cluster's workers have data folders of their own
        function, arguments = _reading, (str(data_folder().resolve()), function, *arguments)
    try:
        future = executor().submit(function, *arguments)
    except (BrokenExecutor, RuntimeError):  # it broke, or was closed, between the two
        future = executor().submit(function, *arguments)
    if _pools:
        _leave_with_main()
    return future


def _reading(data: str, function: Callable, *arguments: Any) -> Any:
    """Call a function that finds its data where whoever sent it does: a worker that is kept warm has the variables of
    the day on which it started.
    """
    os.environ["LATENT_DATA"] = data
    return function(*arguments)


def _cluster(address: str) -> Executor:
    client = _client(address)
    if client.status != "running":  # the scheduler was started anew
        _client.cache_clear()
        client = _client(address)
    # Not pure: the same recipe twice is two runs.
    return client.get_executor(pure=False)


@cache
def _client(address: str):
    try:
        from distributed import Client
    except ImportError as error:
        raise LatentError(
            "LATENT_SCHEDULER is set, but the package distributed is not installed: install it, or unset the variable."
        ) from error
    try:
        return Client(address, timeout=PATIENCE)  # TLS comes from Dask's own configuration
    except Exception as error:  # of the network, of the address, of TLS: each has its own kinds
        raise LatentError(
            f"There is no scheduler at {address} ({type(error).__name__}): start it, or unset LATENT_SCHEDULER."
        ) from error


@cache
def _queue(folder: Path, process: int) -> str:
    """The lock in the runs folder by which others see that this process, whose queue the jobs wait in, lives."""
    for old in folder.glob(".queue-*"):
        with contextlib.suppress(OSError):
            if not held(old) and time.time() - old.stat().st_mtime > 60:  # a younger one may be about to be locked
                old.unlink()
    name = f".queue-{process}-{uuid.uuid4().hex[:8]}"
    _queues.enter_context(holding(folder / name))
    return name


_queues = contextlib.ExitStack()  # held until this process ends
_pools: list[Executor] = []  # this machine's, once it was needed
_waiting: dict[str, Future] = {}  # jobs of this process by run folder
_again = ThreadPoolExecutor(1, "queued-again")  # one thread, so that the order stays
_counting = (
    threading.Lock()
)  # held from counting the jobs until one more is queued, or two visitors would share the last place


@cache
def _leave_with_main() -> None:
    """When this process ends, so do its jobs: the pool would else wait for all that are queued, and Ctrl-C on a web
    server for hours.
    """

    def leave() -> None:
        ours = [Path(folder) for folder in list(_waiting)]
        for folder in ours:
            stop(folder)
        wait(ours, LEAVE)
        for pool in _pools:
            for worker in list(
                pool._processes or {}
            ):  # its own shutdown(kill_workers=True) waits for those that are just starting
                with contextlib.suppress(OSError):
                    os.kill(worker, signal.SIGTERM)

    # Private, but the pool uses it too, with its first job: atexit comes after its waiting. What is registered last is
    # called first.
    threading._register_atexit(leave)


def submit(config: Config, name: str | None = None, command: str | None = None) -> Path:
    """Queue a training for a page; returns its run folder, which exists from now on. Raises LatentError where it cannot
    be made, or a limit (see `limits`) is reached.
    """
    _check_table(config)
    limits.check_epochs(config.epochs)
    limits.check_run_count(len(runs()))
    limits.check_disk_space(runs_folder())
    executor()  # before there is a folder that nobody would fill
    with _counting:
        _check_queue()
        folder = new_folder(name or f"{config.data}-{config.variant}-{config.k}d").resolve()
        try:
            start_folder(folder, config, command)
            _enqueue(folder, seconds=limits.SECONDS())
        except OSError as error:
            raise LatentError(f"{folder} cannot be written ({error.strerror or error}): free some space.") from error
    return folder


def _check_table(config: Config) -> None:
    """LatentError where somebody asks for a table that is not their own: a worker, whom nobody asks, would read it."""
    if config.data == "csv" and owner() is not None and not is_upload(str(config.source.get("file", ""))):
        raise LatentError("The table of this run is not among yours: open the file again.")


def _check_queue() -> None:
    """LatentError where whoever asks, or everybody together, has as many jobs as may wait or run."""
    mine, busy = runs_folder().resolve(), [folder.parent.resolve() for folder in at_work(runs_folder())]
    limits.check_queue(busy.count(mine), len(busy))


def at_work(folder: Path) -> dict[Path, dict[str, Any]]:
    """The jobs that wait or are at work where the runs of `folder` lie, whoever has them, and how they stand."""
    said = {run: status(run) for run in everybodys_runs(folder) if _said_busy(run)}
    return {run: found for run, found in said.items() if found["state"] in BUSY}


def _said_busy(run: Path) -> bool:
    """Whether a run's status says that it waits or is at work: of many thousands, most have ended long ago, and are not
    read again.
    """
    try:
        found = (run / "status.json").stat()
        return _busy_then(
            run, found.st_mtime_ns, found.st_ino
        )  # two that are written within a tick of the clock are two files
    except OSError:
        return False


@lru_cache(maxsize=100_000)
def _busy_then(run: Path, written: int, file: int) -> bool:
    try:
        found = read_json(run / "status.json")
    except LatentError:
        return False
    return isinstance(found, dict) and found.get("state") in BUSY


def fill(folders: list[Path], configs: list[Config]) -> None:
    """Queue a training into each folder, as the command line names them; what is done there already, of the same
    recipe, stays.
    """
    executor()
    for folder, config in zip(folders, configs, strict=True):
        if (folder / "config.json").exists() and read_config(folder) == config:
            if status(folder)["state"] not in ("done", *BUSY):
                _let_end(folder)
                _resume(folder)
            continue
        try:
            folder.mkdir(parents=True)
            start_folder(folder, config)
        except OSError as error:
            raise LatentError(f"{folder} cannot be made ({error.strerror or error}): choose another --out.") from error
        _enqueue(folder.resolve())


def resume(folder: Path) -> None:
    """Queue a run that was stopped, failed or died, for a page: it goes on from its last epoch. LatentError for one
    that is done or at work, or where a limit is reached.
    """
    _let_end(folder)
    check_resumable(folder)
    config = read_config(folder)
    _check_table(config)
    limits.check_epochs(config.epochs)
    limits.check_disk_space(folder)
    with _counting:
        _check_queue()
        _resume(folder, limits.SECONDS())


def _resume(folder: Path, seconds: float = math.inf) -> None:
    check_resumable(folder)
    executor()
    try:
        (folder / STOP).unlink(missing_ok=True)
        _enqueue(folder.resolve(), len(read_metrics(folder)), seconds)
    except OSError as error:
        raise LatentError(f"{folder} cannot be written ({error.strerror or error}): free some space.") from error


def _until(come: Callable[[], bool], seconds: float) -> bool:
    """Wait until it has come; False where that takes longer."""
    end = time.monotonic() + seconds
    while not come():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _let_end(folder: Path) -> None:
    """Wait for a worker that has been stopped: what it still writes would be taken for the next one's."""
    _until(
        lambda: not held(folder / LOCK) or (status(folder)["state"] in BUSY and not (folder / STOP).exists()), PATIENCE
    )


def check_resumable(folder: Path) -> None:
    """LatentError, one sentence, where there is nothing to go on with: the run is done, at work or not readable."""
    state = status(folder)["state"]
    if state in BUSY:
        raise LatentError(f"{folder.name} is at work already.")
    if state == "done":
        raise LatentError(f"{folder.name} is done: there is nothing to go on with. Start a new run with more epochs.")
    read_config(folder)


def finish(folder: Path) -> Future:
    """Measure a stopped run as it is, in the background, so that it can be looked at and compared."""
    _check_table(read_config(folder))
    return _send(finish_run, folder.resolve())


def score(folder: Path, source: dict[str, Any]) -> Future:
    """Score another table, named by the knobs `source` of the source csv, with a run, in the background; gives the file
    that `scoring.load` reads.
    """
    _check_table(Config(data="csv", source=source))
    return _send(_score, folder.resolve(), source, scored_path(folder, source).resolve())


def compare_textbook() -> Future:
    """The figures of the textbook's plant (see `ae_core.textbook`), in the background."""
    return _send(textbook.figures)


def _score(folder: Path, source: dict[str, Any], path: Path) -> Path:
    _be_polite()
    return score_into(folder, source, path)


def stop(folder: Path) -> None:
    """Ask a job to end after the step it is making; one that waits is taken out of the queue."""
    before = status(folder)
    if before["state"] not in BUSY:
        return
    with contextlib.suppress(OSError):
        (folder / STOP).touch()
        waiting = _waiting.get(str(folder.resolve()))
        # A cluster's job could also be cancelled while it runs; then it is for the worker to say that it has ended.
        if before["state"] == "queued" and waiting is not None and waiting.cancel():
            write_status(folder, "stopped", epoch=before["epoch"], epochs=before["epochs"])


def lines(folder: Path) -> list[dict]:
    """The epochs that a job has finished so far, as in metrics.jsonl."""
    return read_metrics(folder)


def position(folder: Path) -> int:
    """Place in the queue, from 1, among everybody's; 0 for a run that does not wait."""
    mine = status(folder)
    if mine["state"] != "queued":
        return 0
    others = [s.get("since", 0) for s in at_work(folder.parent).values() if s["state"] == "queued"]
    return sum(since < mine.get("since", 0) for since in others) + 1


def wait(folders: list[Path], seconds: float = float("inf")) -> list[dict]:
    """Until none of them is at work, or the time is over; gives how they stand."""
    end = time.monotonic() + seconds
    while True:
        found = [status(folder) for folder in folders]
        if not any(s["state"] in BUSY for s in found) or time.monotonic() > end:
            return found
        time.sleep(0.1)


def warm() -> None:
    """Let the workers of this machine start and import what a job needs, so that the first one begins at once."""
    if not os.environ.get("LATENT_SCHEDULER"):
        for _ in range(workers()):
            _send(_get_ready)


class Estimate(NamedTuple):
    """What a few steps say of a training before it starts: seconds an epoch and in all, on what, weights, and what
    would go wrong.
    """

    epoch: float
    total: float
    place: str  # "one core", "3 cores", "cuda"
    parameters: int
    samples: int
    remarks: list


def estimate(config: Config) -> Future:
    """An `Estimate` from some steps in a worker; the future raises LatentError where the recipe cannot be trained."""
    _check_table(config)
    return _send(_estimate, config.to_json())


@lru_cache(maxsize=2)
def _data(recipe: str):
    return Config.from_json(json.loads(recipe)).load()


def _estimate(recipe: dict) -> Estimate:
    import torch

    from ..training.loop import Step, Training

    _be_polite()
    torch.set_num_threads(share(runs_folder()))
    config = Config.from_json(recipe)
    data = _data(json.dumps({"data": config.data, "source": dict(config.source)}))
    training = Training(config, data)
    threads, device = torch.get_num_threads(), training.device.type
    place = device if device != "cpu" else "one core" if threads == 1 else f"{threads} cores"
    # A core's own time: a worker steps back behind whatever else is busy just now, a hundredfold, and a training
    # outlasts that.
    clock = time.thread_time if place == "one core" else time.perf_counter
    began, since, steps = clock(), time.perf_counter(), 0
    for event in training:
        took = time.perf_counter() - since
        if isinstance(event, Step):
            steps += 1
            if steps == 3:  # the first ones are slower: kernels are chosen, memory is taken
                began, since = clock(), time.perf_counter()
            elif steps > 3 and took > TRIAL:
                break
        elif event.epoch >= 2 and took > TRIAL / 4:
            break
    step = (clock() - began) / (steps - 3 if steps > 3 else steps)
    test = clock()
    training.evaluate()
    epoch = step * training.steps + clock() - test
    found = range_remark(training.model.output, unreachable(training.model.output, data.x_train))
    return Estimate(
        epoch,
        epoch * config.epochs,
        place,
        sum(p.numel() for p in training.model.parameters()),
        len(data.x_train),
        found,
    )


def _enqueue(folder: Path, epoch: int = 0, seconds: float = math.inf) -> None:
    base = common(folder.parent)
    epochs, queue = read_config(folder).epochs, _queue(base, os.getpid())
    if not (base / queue).exists():  # the runs' folder was removed and made anew
        _queue.cache_clear()
        queue = _queue(base, os.getpid())
    ticket = time.time_ns()
    write_status(folder, "queued", epoch=epoch, epochs=epochs, queue=queue, since=ticket)

    def ended(future: Future) -> None:
        """A worker that dies breaks the pool, which ends the others too: what waited or ran in them is queued again in
        a fresh one.
        """
        if _waiting.get(str(folder)) is future:
            del _waiting[str(folder)]
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None or not folder.exists():
            return
        state = status(folder)[
            "state"
        ]  # the one whose worker died is "dead" by now; the pool ends the others after this
        if isinstance(error, BrokenExecutor) and state in BUSY:
            # In a thread of its own: this one is the broken pool's, which the fresh one waits for.
            _again.submit(_once_more, folder, seconds)
        elif state == "queued":
            write_status(
                folder,
                "failed",
                epoch=epoch,
                epochs=epochs,
                message=f"The job could not be run ({type(error).__name__}): resume it.",
            )

    future = _send(work, str(folder), ticket, seconds)
    _waiting[str(folder)] = future
    future.add_done_callback(ended)


def _once_more(folder: Path, seconds: float) -> None:
    """Queue a job again whose worker was ended because another one died."""
    _until(lambda: not held(folder / LOCK), PATIENCE)  # until then that worker lives
    with contextlib.suppress(LatentError, OSError):
        if status(folder)["state"] in ("queued", "dead"):
            _enqueue(folder, len(read_metrics(folder)), seconds)


def work(folder: str, ticket: int, seconds: float = math.inf) -> None:
    """What a worker does, for so many seconds at most. A failure is written into the folder, where the page looks for
    it.

    ticket: `since` of the status with which it was queued. What was stopped and resumed is in the queue twice, and done
    for the later one.
    """
    import torch

    from ..training.loop import Epoch

    _be_polite()
    path = Path(folder)

    def wanted(ours: bool) -> bool:
        """Not if stopped, deleted or at work elsewhere; or dead in the queue of a process that is gone, which others
        have been told. ours: the lock is.
        """
        found = status(path)
        if found["state"] == "queued":
            return found.get("since") == ticket
        return "queue" not in found and (
            found["state"] in BUSY if ours else found["state"] == "dead"
        )  # of a worker that died

    if not path.exists() or not wanted(False):
        return
    _training.add(folder)
    try:
        torch.set_num_threads(share(path.parent))
        looked, end = time.monotonic(), time.monotonic() + seconds
        late = f"It was stopped after {seconds:,.0f} seconds, as long as a training may take here: resume it, and it goes on."
        for event in train_run(
            read_config(path),
            path,
            cancelled=lambda: late if time.monotonic() > end else "",
            wanted=lambda: wanted(True),
        ):
            if isinstance(event, Epoch) and time.monotonic() - looked > 1:
                torch.set_num_threads(share(path.parent))
                looked = time.monotonic()
    except LatentError as error:
        if wanted(False):  # else its folder says so, or whoever has it will
            write_status(path, "failed", epochs=status(path)["epochs"], message=str(error))
    except Exception as error:
        message = f"The training broke off with an error that is this program's fault: {type(error).__name__}."
        write_status(path, "failed", epoch=len(read_metrics(path)), epochs=status(path)["epochs"], message=message)
        raise
    finally:
        _training.discard(folder)


def share(folder: Path) -> int:
    """Threads for a job: the cores, one of them left to pages and browser, divided among the jobs at work where the
    runs of `folder` lie, whoever has them.
    """
    return max(1, (cores() - 1) // max(1, sum(held(run / LOCK) for run in everybodys_runs(folder) if _said_busy(run))))


def _get_ready() -> None:
    """For a worker to be there, with all that a training needs: to know this function it has imported that."""
    _be_polite()


@cache
def _be_polite() -> None:
    """Once in a worker: it takes the time that others leave, and ends with the web server, after its job."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(POLITE)

    def end_with(parent: int) -> None:
        while os.getppid() == parent or _training:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()


_training: set[str] = set()  # run folders that this worker is at work on
