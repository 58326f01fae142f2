"""How much memory a job may take: announced by the steps that make something large, before they make it.

A page's jobs run `within` what `per_job` allows, of `LATENT_MOST_MEMORY` for the server and its workers together. A
step that is about to make something large says so with `ask`, in bytes over what the process already holds; the
functions that count them stand beside the step. Of what a step takes the next ones find what it `keeps`: a job's steps
together stay within what the job may take. Whoever has a shell has the machine: on the command line only what
would not fit into it is refused.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import limits
from .errors import LatentError

SHARE = 2 / 3  # of the machine's memory, where LATENT_MOST_MEMORY says nothing
SERVER_BYTES = 600 << 20  # what a server holds that has shown every page
WORKER_BYTES = 320 << 20  # what an idle worker holds: torch, for the most part
LEAST_BYTES = 100 << 20  # what a job may always take: with less nothing could be trained
SMALL_BYTES = 32 << 20  # not worth a question
CGROUPS = ("memory.max", "memory/memory.limit_in_bytes")  # version 2, version 1
CGROUP_ROOT = Path("/sys/fs/cgroup")


@dataclass
class Account:
    """What a job may take, and what it has announced, in bytes.

    most: that it may take; kept: of what its steps so far announced, what stays; announced: the most at once, so far.
    """

    most: int
    kept: int = 0
    announced: int = 0


_account: ContextVar[Account | None] = ContextVar("account", default=None)


class BudgetError(LatentError):
    """A step would take more memory than it may.

    Attributes:
        need, allowed: bytes.
        fits: settings of the recipe with which it would fit, by name; empty where none is known.
    """

    def __init__(self, text: str, need: int, allowed: int, fits: Mapping[str, Any] | None = None):
        super().__init__(text)
        self.need, self.allowed, self.fits = need, allowed, dict(fits or {})

    def __reduce__(self) -> Any:  # it comes back from a worker
        return BudgetError, (str(self), self.need, self.allowed, self.fits)


def machine_bytes() -> int:
    """The memory of this machine, or of the container that this process is in."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 4 << 30
    for name in CGROUPS:
        with contextlib.suppress(OSError, ValueError):  # "max" is no number
            total = min(total, int((CGROUP_ROOT / name).read_text()))
    return total


def whole() -> int:
    """Bytes that the server and its workers may take together."""
    return limits.MEMORY() * 1_000_000 or int(SHARE * machine_bytes())


def per_job(workers: int) -> int:
    """Bytes that one of as many jobs as there are workers may take over what an idle worker holds."""
    return max(LEAST_BYTES, (whole() - SERVER_BYTES) // max(workers, 1) - WORKER_BYTES)


@contextlib.contextmanager
def within(allowance: int | None) -> Iterator[Account]:
    """What runs inside may take so many bytes; None: as many as the machine has. Gives the account that is kept of
    it.
    """
    account = Account(machine_bytes() if allowance is None else allowance)
    token = _account.set(account)
    try:
        yield account
    finally:
        _account.reset(token)


def call_within(allowance: int | None, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function `within` an allowance: what a worker is sent."""
    with within(allowance):
        return function(*arguments)


def allowed() -> int:
    """Bytes that whoever asks may take over what the process holds."""
    account = _account.get()
    return machine_bytes() if account is None else max(0, account.most - account.kept)


def ask(need: float, what: str, advice: str, fits: Mapping[str, Any] | None = None, keeps: float = 0) -> None:
    """Announce that a step will take so many bytes.

    Args:
        need: in bytes, over what the process holds now.
        what: takes them, as a sentence begins: "Windows of 4,096 rows at stride 1 need".
        advice: what would fit, or what to do.
        fits: the settings that would fit, by name, for a button that sets them.
        keeps: bytes that stay until the job's end, beside what its next steps take.

    Raises:
        BudgetError: where that is more than is allowed.

    >>> with within(1_500_000_000):
    ...     ask(7.3e9, "Windows of 4,096 rows at stride 1 need", "stride 5 fits", {"stride": 5})
    Traceback (most recent call last):
    ae_core.base.budget.BudgetError: Windows of 4,096 rows at stride 1 need 7.3 GB, 1.5 GB allowed: stride 5 fits.
    """
    most = allowed()
    if need > max(most, SMALL_BYTES):
        sentence = f"{what} {in_words(need)}, {in_words(most)} allowed: {advice}."
        raise BudgetError(sentence, int(need), most, fits)
    if account := _account.get():
        account.announced = max(account.announced, account.kept + int(need))
        account.kept += int(keeps)


def in_words(size: float) -> str:
    """A number of bytes as people say it.

    >>> in_words(7.34e9), in_words(35_200_000), in_words(2_000)
    ('7.3 GB', '35 MB', '0.002 MB')
    """
    if size >= 1e9:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e6:.2g} MB"


def largest_fitting(need: Callable[[int], float], low: int, high: int) -> int | None:
    """The largest whole number from `low` to `high` with which `need`, which grows with it, is allowed; None where even
    `low` is too much.

    >>> with within(1000 << 20):
    ...     largest_fitting(lambda n: n * (1 << 20), 1, 5000)
    1000
    """
    most = max(allowed(), SMALL_BYTES)
    if need(low) > most:
        return None
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if need(middle) <= most else (low, middle - 1)
    return low
