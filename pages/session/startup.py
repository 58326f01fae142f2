"""What happens once per server process: how memory, threads and garbage collection are tuned for many visitors."""

import contextlib
import ctypes
import gc
import sys

import scipy.linalg  # noqa: F401  (brings a BLAS of its own, which would else be loaded later, with threads)
import streamlit as st
import torch
from threadpoolctl import threadpool_limits

from ae_core import PCA
from ae_core.jobs.queue import jobs

# Of glibc's malloc.h: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD. Each of a server's many threads would else have
# an arena of its own and keep what it freed.
MALLOC = {-8: 2, -3: 1 << 20, -1: 1 << 20}


# Seconds that a thread may compute before others have a turn (Python's own: 0.005). torch lets others go on with each
# operation; for its turn after it a thread would wait that long for each other one that computes, a thousand times in a
# geodesic.
TURN = 0.0005


@st.cache_resource(show_spinner=False)
def tune() -> None:
    """Let neither one visitor's computing nor the garbage collection hold up the others; once in a server's life."""
    _limit_memory_arenas()
    sys.setswitchinterval(TURN)
    _use_one_core_each()
    _freeze_what_never_dies()
    jobs.resume_interrupted()


def _limit_memory_arenas() -> None:
    """Nothing where the C library is another one."""
    with contextlib.suppress(OSError, AttributeError):
        for parameter, value in MALLOC.items():
            ctypes.CDLL("libc.so.6").mallopt(parameter, value)


def _use_one_core_each() -> None:
    """Visitors share the cores anyway, and when several compute at once their teams of threads wait for each other,
    many times as long.
    """
    torch.set_num_threads(1)  # in the threads that begin from now on, too
    threadpool_limits(1, "blas")
    PCA(torch.eye(2))  # so that the linear algebra begins with one thread


def _freeze_what_never_dies() -> None:
    """With torch loaded each whole collection walks some 250 ms of objects that will never die. That Streamlit asks for
    one after every run (streamlit#8977) is switched off in .streamlit/config.toml.
    """
    gc.collect()
    gc.freeze()
