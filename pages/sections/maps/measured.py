"""What is measured of maps: read where it is kept with the model, else computed beside the server, once for all."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.jobs.lane import layouts
from ae_core.runs.maps import MeasuredMap, layout_of, load_map, measured_in

WORK: dict[str, Callable[[str], Any]] = {"measured": measured_in, "t-SNE": layout_of}


@st.cache_resource(max_entries=64, show_spinner=False)
def kept(folder: str, mtime_ns: int) -> MeasuredMap | None:
    """What is kept with a model; None where nothing is, or it cannot be read: it is measured again."""
    try:
        return load_map(folder)
    except LatentError:
        return None


@st.cache_resource(max_entries=32, show_spinner=False)
def asked(what: str, folder: str, mtime_ns: int) -> Future:
    """A name of `WORK` done for a model, asked for once: one after the other, under the ceilings of a page's work."""
    future: Future = Future()

    def work() -> None:
        try:
            future.set_result(layouts.call(WORK[what], folder))
        except BaseException as error:  # whoever waits is told
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return future
