"""Streamlit's knowledge of which visitor's script a thread runs. Not public: the only module that asks for it."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def session_id() -> str | None:
    """The session whose script this thread runs; None in any other thread."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
