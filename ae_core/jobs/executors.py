"""Where jobs are done: a pool of worker processes on this machine, or a Dask cluster."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

from ..base import budget, limits
from ..base.errors import LatentError
from ..data import data_folder
from . import occupancy
from .process import call_with_environment, marked, sweep_orphans

SCHEDULER_SECONDS = 10  # for a scheduler to answer
IDLE_SECONDS = 300  # after which a worker without a job ends


def pool_size() -> int:
    """Jobs that run at once in this machine's pool: a worker a core, or as few as `LATENT_MOST_WORKERS`."""
    return min(occupancy.cores(), limits.WORKERS())


def job_bytes() -> int:
    """Bytes that a job of a page may take over what an idle worker holds: the lane for what visitors bring counts as
    one worker more.
    """
    return budget.per_job(pool_size() + 1)


class Executors:
    """The executors of one process: what it connected to, and the pool that it started."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}  # Dask's, by the scheduler's address
        self._pool: Any = None  # loky's, once it was needed

    def get(self) -> Executor:
        """The cluster at `LATENT_SCHEDULER`, else this machine's pool. Raises LatentError where there is none."""
        address = os.environ.get("LATENT_SCHEDULER")
        if address:
            # Not pure: the same recipe twice is two runs.
            executor: Executor = self._client(address).get_executor(pure=False)
            return executor
        # loky's workers do not import the main module: a job of a web page does not start the web server again.
        from joblib.externals.loky import get_reusable_executor

        try:
            if self._pool is None:
                sweep_orphans()
            self._pool = get_reusable_executor(max_workers=pool_size(), timeout=IDLE_SECONDS, env=marked())
        except OSError as error:  # its locks are files in the memory that processes share
            raise LatentError(
                f"No worker can be started here ({error.strerror or error}): end other programs, or free some space "
                "in /dev/shm."
            ) from error
        pool: Executor = self._pool
        return pool

    @property
    def local(self) -> bool:
        """Whether this machine's pool has been needed."""
        return self._pool is not None

    def send(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Let a worker call a module's function."""
        if not os.environ.get("LATENT_SCHEDULER"):  # a cluster's workers have data folders of their own
            # A worker that is kept warm has the variables of the moment in which it started.
            variables = {"LATENT_DATA": str(data_folder().resolve())}
            function, arguments = call_with_environment, (variables, function, *arguments)
        try:
            return self.get().submit(function, *arguments)
        except (BrokenExecutor, RuntimeError):  # it broke, or was closed, between the two
            return self.get().submit(function, *arguments)

    def kill_workers(self) -> None:
        """End this machine's workers at once: the pool's own shutdown(kill_workers=True) waits for those that are just
        starting.
        """
        for process in list(getattr(self._pool, "_processes", None) or {}):  # private, of joblib 1.5
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGTERM)

    def shutdown(self) -> None:
        """End this machine's workers, and leave the schedulers."""
        if self._pool is not None:
            self._pool.shutdown(kill_workers=True)
        for client in self._clients.values():
            client.close()
        self._pool = None
        self._clients.clear()

    def _client(self, address: str) -> Any:
        client = self._clients.get(address)
        if client is None or client.status != "running":  # the scheduler was started anew
            client = self._clients[address] = _connected(address)
        return client


def _connected(address: str) -> Any:
    """Dask's client of a scheduler. Raises LatentError where that cannot be had."""
    try:
        from distributed import Client
    except ImportError as error:
        raise LatentError(
            "LATENT_SCHEDULER is set, but the package distributed is not installed: install it, or unset the variable."
        ) from error
    try:
        return Client(address, timeout=SCHEDULER_SECONDS)  # TLS comes from Dask's own configuration
    except Exception as error:  # of the network, of the address, of TLS: each has its own kinds
        raise LatentError(
            f"There is no scheduler at {address} ({type(error).__name__}): start it, or unset LATENT_SCHEDULER."
        ) from error


def call_before_pools_wait(function: Callable[[], object]) -> None:
    """Call a function when this process ends, before executors wait for their jobs.

    `threading._register_atexit` is private, but the pool uses it too, with its first job: `atexit` comes after its
    waiting. What is registered last is called first.
    """
    threading._register_atexit(function)  # type: ignore[attr-defined]
