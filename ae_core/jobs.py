"""Training in the background: a job is a run folder that another process fills, and whoever looks reads the folder.

Jobs go to a pool of worker processes on this machine, loky's, which comes with scikit-learn: its workers do not import the
main module, so a job that a web page submits does not start the web server again.
"""

import os
import threading
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

from .config import Config
from .errors import LatentError
from .runs import free_name, read_json, read_metrics, runs_folder, start_folder, train_run, write_status

STOP = "stop"  # a file of this name in the run folder asks the training to end


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pool() -> Executor:
    """This machine's workers, one a core; they are started when first needed and end when idle."""
    from joblib.externals.loky import get_reusable_executor

    return get_reusable_executor(max_workers=cores(), timeout=300)


def submit(config: Config, name: str | None = None, executor: Executor | None = None) -> Path:
    """Queue a training; returns its run folder, which exists from now on. Raises LatentError where it cannot be made."""
    folder = runs_folder() / free_name(name or f"{config.data}-{config.variant}-{config.k}d")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise LatentError(f"No run can be kept in {folder.parent} ({error.strerror or error}): set LATENT_RUNS to a folder that can be written.") from error
    start_folder(folder, config)
    _enqueue(config, folder, executor)
    return folder


def _enqueue(config: Config, folder: Path, executor: Executor | None) -> None:
    def ended(future: Future) -> None:
        """A worker that dies breaks the pool, and what waited in it is lost with it: it is queued again in a fresh one."""
        error = future.exception()
        if error is None or status(folder)["state"] != "queued":
            return
        if isinstance(error, BrokenExecutor) and executor is None:
            # In a thread of its own: this one is the broken pool's, which the fresh one waits for.
            threading.Thread(target=_enqueue, args=(config, folder, None)).start()
        else:
            write_status(folder, "failed", epochs=config.epochs, message=f"The job could not be run: {error}")

    (executor or pool()).submit(work, config.to_json(), str(folder)).add_done_callback(ended)


def work(config: dict, folder: str) -> None:
    """What a worker does. A failure is written into the folder, where the page looks for it."""
    import torch

    torch.set_num_threads(1)  # as many jobs as cores may run beside this one
    asked = Path(folder) / STOP
    try:
        for _ in train_run(Config.from_json(config), folder, cancelled=asked.exists):
            pass
    except LatentError as error:
        write_status(Path(folder), "failed", message=str(error))


def lines(folder: Path) -> list[dict]:
    """The epochs that a job has finished so far, as in metrics.jsonl."""
    return read_metrics(folder)


def stop(folder: Path) -> None:
    """Ask a job to end after the step it is making."""
    (folder / STOP).touch()


def status(folder: Path) -> dict:
    """{"state", "epoch", "epochs", "message"}: queued, running, stopped, done, failed, or dead where its worker is gone."""
    try:
        found = read_json(folder / "status.json")
    except LatentError:
        return {"state": "dead", "epoch": 0, "epochs": 0, "message": "The run's status cannot be read."}
    if found.get("state") == "running" and not _alive(found.get("pid")):
        return {**found, "state": "dead", "message": "Its worker process is gone."}
    return found


def _alive(pid: int | None) -> bool:
    try:
        os.kill(int(pid), 0)
    except (OSError, TypeError, ValueError):
        return False
    return True
