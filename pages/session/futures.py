"""What a worker process computes for a page: a word while it works, then its result, or why there is none."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st

from ae_core import LatentError

from ..ui.markdown import show_error

FAILED = "The job failed ({error}). Try again."


def show_future(
    future: Future, waiting: str, forget: Callable[[], None], failed: str = FAILED, seconds: float = 0.5
) -> Any | None:
    """The result of a job; None while it is at work, and after one that failed.

    waiting: Markdown that is shown until then; the page runs again once the job has ended.
    forget: drops the failed future from where it is kept, so that the next run of the page asks again.
    failed: what is said of a worker that died, {error} being its kind; a LatentError says it itself.
    seconds: between two looks.
    """
    if not future.done():

        def again() -> None:
            if future.done():
                st.rerun()
            st.caption(waiting)

        st.fragment(again, run_every=seconds)()
        return None
    try:
        return future.result()
    except LatentError as error:
        show_error(error)
    except Exception as error:  # the worker's process may have died of anything
        show_error(failed.format(error=type(error).__name__))
    forget()
    return None
