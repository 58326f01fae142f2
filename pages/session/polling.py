"""Jobs at work, looked at again and again by everybody who watches them."""

import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ae_core.jobs.queue import jobs
from ae_core.runs.status import BUSY

from .script_thread import session_id

PERIOD = 1.0  # seconds between two looks at a job, where one visitor watches
MAX_PERIODS = 4  # between two looks, where many do


def follow(folders: list[Path], show: Callable[[], None]) -> None:
    """Show jobs, again and again while one of them is at work; when the last has ended, or one has begun again, the
    page hears of it.
    """

    def busy() -> bool:
        return any(jobs.status(folder)["state"] in BUSY for folder in folders)

    seconds = period() if busy() else None

    def again() -> None:
        show()  # first: whatever was clicked in there would be lost with a run that ends before
        if busy() != (seconds is not None) or (seconds and period() != seconds):
            st.rerun()

    # At work or not it is one fragment: a click that reaches the server after the other was drawn still finds it.
    st.fragment(again, run_every=seconds)()


def period() -> float:
    """Seconds between two looks at a job: the more visitors watch one, the longer, so that all together cost the server
    what a few do.
    """
    now = time.monotonic()
    _watchers[session_id() or ""] = now
    for session, looked in list(_watchers.items()):
        if now - looked > 2 * MAX_PERIODS * PERIOD:
            _watchers.pop(session, None)
    return PERIOD * min(MAX_PERIODS, len(_watchers))


_watchers: dict[str, float] = {}  # by session, when it last looked
