"""Streamlit's knowledge of which visitor's script a thread runs. Not public: the only module that asks for it."""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import get_run_yield_check


def session_id() -> str | None:
    """The session whose script this thread runs; None in any other thread."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def give_way() -> None:
    """End this run here where the page has been left, or is to run again; for what waits without showing anything."""
    if check := get_run_yield_check():
        check()
