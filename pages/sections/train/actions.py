"""What can be done with a run: stop it, resume it, evaluate it, and go to the pages that show it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ae_core import LatentError
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.records import CHANGED, read_config
from ae_core.runs.rights import may_change

from ...session.models import slides
from ...ui.link import set_query_params
from ...ui.markdown import show_error
from . import keys, words


def what_else(folder: Path, state: str) -> None:
    """What can be done with a run that is not at work, but to resume it."""
    if (folder / "codes.npz").exists():
        pages_with(folder)
    elif state != "done" and may_change(folder) and (folder / "weights.safetensors").exists():
        evaluate(folder)


def evaluate(folder: Path) -> None:
    """A button that makes codes and measures of a run that has not come to its end."""
    if not st.button(words.EVALUATE, key=keys.FINISH, help=words.EVALUATE_HELP):
        return
    try:
        with st.spinner(words.EVALUATING):
            jobs.finish(folder).result()
    except LatentError as error:
        show_error(error)
    else:
        st.rerun()


def button(label: str, key: str, icon: str, action: Callable[[Path], None], folder: Path, help: str) -> None:
    """A button that takes another's place at once, and does what it says whatever else runs again at that moment."""
    # A widget in another's place pushes it aside, and is pushed back when the run ends: not so where each has a block
    # of its own.
    with st.container(width="content", key=f"{key}-place"):
        # A callback comes before anything is drawn: a part of the page that ends the run cannot cut the click off.
        st.button(label, key=key, icon=icon, help=help, on_click=action, args=(folder,))


def stop(folder: Path) -> None:
    """A button that stops a run; most have ended by the time that the page is drawn again."""
    button(words.STOP, keys.STOP, ":material/stop_circle:", stop_now, folder, words.STOP_HELP)


def stop_now(folder: Path) -> None:
    """Stop a run, and wait a second for it."""
    try:
        jobs.stop(folder)
    except LatentError as error:  # somebody else's
        st.session_state[keys.REFUSED] = folder, str(error)
        return
    jobs.wait([folder], 1)


def resume(folder: Path, state: str) -> None:
    """A button that resumes a run that is not at work, where it is not done."""
    if state == "done":
        return
    button(words.RESUME, keys.RESUME, ":material/play_arrow:", resume_now, folder, words.RESUME_HELP)
    if CHANGED in jobs.status(folder)["message"]:
        button(words.ANEW, keys.ANEW, ":material/restart_alt:", start_anew, folder, words.ANEW_HELP)
    refused, why = st.session_state.get(keys.REFUSED, (None, ""))
    if refused == folder:
        show_error(why)


def resume_now(folder: Path) -> None:
    """Resume a run; why that cannot be is kept for `resume`."""
    st.session_state.pop(keys.REFUSED, None)
    try:
        jobs.resume(folder)
    except LatentError as error:
        st.session_state[keys.REFUSED] = folder, str(error)


def start_anew(folder: Path) -> None:
    """Train a new run of the same recipe and show it; why that cannot be is kept for `resume`."""
    st.session_state.pop(keys.REFUSED, None)
    try:
        set_query_params({"run": jobs.submit(read_config(folder)).name, "epoch": ""})
    except LatentError as error:
        st.session_state[keys.REFUSED] = folder, str(error)


def pages_with(folder: Path) -> None:
    """Links that show this model on the other pages."""
    try:
        slide = slides(read_checkpoint(folder))
    except LatentError:
        return
    shown = {
        "explore": True,
        "interpolate": True,
        "bottleneck": slide,
        "signals": (folder / "detector.json").is_file(),
    }
    for page, label in words.PAGES.items():
        if shown[page]:
            part = "run" if page == "signals" else "model"
            st.page_link(
                f"pages/{page}.py", label=label, icon=":material/open_in_new:", query_params={part: folder.name}
            )
