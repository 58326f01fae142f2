"""What happens once per server process."""

import contextlib
import ctypes
import gc
import sys

import scipy.linalg  # noqa: F401  (brings a BLAS of its own, which would else be loaded later, with threads)
import streamlit as st
import torch
from threadpoolctl import threadpool_limits

from ae_core import PCA

# Of glibc's malloc.h: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD. Each of a server's many threads would else have
# an arena of its own and keep what it freed.
THRIFTY = {-8: 2, -3: 1 << 20, -1: 1 << 20}


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Let neither one visitor's computing nor the garbage collection hold up the others.

    With torch loaded each whole collection walks some 250 ms of objects that will never die: they are frozen. That
    Streamlit asks for one after every run (streamlit#8977) is switched off in .streamlit/config.toml.
    """
    with contextlib.suppress(OSError, AttributeError):  # another system's C library
        for parameter, value in THRIFTY.items():
            ctypes.CDLL("libc.so.6").mallopt(parameter, value)
    # torch lets others go on with each operation; for its turn after it a thread would wait 5 ms for each other one
    # that computes, a thousand times in a geodesic.
    sys.setswitchinterval(0.0005)
    # One core each: visitors share the cores anyway, and when several compute at once their teams of threads wait for
    # each other, many times as long.
    torch.set_num_threads(1)  # in the threads that begin from now on, too
    threadpool_limits(1, "blas")
    PCA(torch.eye(2))  # and the linear algebra
    gc.collect()
    gc.freeze()
