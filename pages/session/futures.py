"""What a worker process computes for a page: a word while it works, then its result, or why there is none."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.base.budget import BudgetError

from ..ui.markdown import show_error
from ..ui.settings import setting_label

FIT, FIT_KEY = "Set {settings}", "fit-into-memory"
FAILED = "The job failed ({error}). Try again."


def show_future(
    future: Future,
    waiting: str,
    forget: Callable[[], None],
    failed: str = FAILED,
    seconds: float = 0.5,
    fit: Callable[[dict[str, Any]], None] | None = None,
) -> Any | None:
    """The result of a job; None while it is at work, and after one that failed.

    waiting: Markdown that is shown until then; the page runs again once the job has ended.
    forget: drops the failed future from where it is kept, so that the next run of the page asks again.
    failed: what is said of a worker that died, {error} being its kind; a LatentError says it itself.
    seconds: between two looks.
    fit: sets settings with which a job that would take too much memory fits, when a button is pressed.
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
        if fit and isinstance(error, BudgetError) and error.fits:
            fit_button(error.fits, fit)
    except Exception as error:  # the worker's process may have died of anything
        show_error(failed.format(error=type(error).__name__))
    forget()
    return None


def fit_button(fits: dict[str, Any], fit: Callable[[dict[str, Any]], None]) -> None:
    """A button that sets what would fit into the memory that a job may take."""
    said = ", ".join(f"{setting_label(name).lower()} to {value:,}" for name, value in fits.items())
    st.button(FIT.format(settings=said), key=FIT_KEY, icon=":material/compress:", on_click=fit, args=(fits,))
