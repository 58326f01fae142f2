"""Threads that fit the work: small products are done sooner by one thread than by a team that waits for its slowest."""

import time
from collections.abc import Callable

import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from torch import Tensor

SMALL_SECONDS = 1e-3  # of one thread for a batch, below which no team is tried
TRIES = 5  # of which the quickest counts
PAYS = 0.75  # of one thread's time: what a team must stay below

_most: int | None = None


def begin_with_one() -> None:
    """One thread for torch and linear algebra from now on, until `fit_threads` finds that more pay."""
    most_threads()
    torch.set_num_threads(1)
    threadpool_limits(1)


def most_threads() -> int:
    """As many threads as the work may have: those of torch before `begin_with_one`."""
    global _most
    _most = max(_most or 1, torch.get_num_threads())
    return _most


@torch.no_grad()
def fit_threads(work: Callable[[Tensor], object], x: Tensor, most: int) -> int:
    """Let torch use as many threads as pay for a batch, one or `most`, by trying; returns how many.

    What is small has one thread on every machine, so that its floats are the same on a page and on the command line.

    Args:
        work: what is done with a batch again and again, on the CPU; on another device nothing is changed.
        x: a batch (N, *shape), as it will be given.
        most: threads that may be used.
    """
    if x.device.type != "cpu":
        return torch.get_num_threads()
    torch.set_num_threads(1)
    alone = _seconds(work, x)
    threads = 1
    if most > 1 and alone > SMALL_SECONDS:
        torch.set_num_threads(most)
        threads = most if _seconds(work, x) < PAYS * alone else 1
    torch.set_num_threads(threads)
    return threads


def _seconds(work: Callable[[Tensor], object], x: Tensor) -> float:
    work(x)  # kernels are chosen, memory is taken
    took = []
    for _ in range(TRIES):
        begin = time.perf_counter()
        work(x)
        took.append(time.perf_counter() - begin)
    return min(took)
