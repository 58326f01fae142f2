"""A dedicated model for each size, trained in the background; the curve grows as they end."""

from pathlib import Path

import altair as alt
import streamlit as st

from ae_core import Config, LatentError
from ae_core.jobs.queue import jobs

from ...session.polling import follow
from ...ui.charts import chart, table
from ...ui.markdown import show_error
from . import words
from .linear import ERROR, pca_error

SIZES = (1, 2, 4, 8, 16)
RECIPE = {
    "data": "digits",
    "variant": "deep",
    "loss": "squared-error",
    "output": "identity",
    "network": "residual",
    "hidden": (256, 128),
    "epochs": 100,
    "batch_size": 64,
    "augment": 0.8,
}


def sweep_panel() -> None:
    """The button, and how far they are."""
    st.markdown(words.SWEEP_TEXT)
    label = words.SWEEP_TRAIN.format(models=len(SIZES), sizes=", ".join(map(str, SIZES)))
    if st.button(label, key="sweep-start"):
        try:
            st.session_state["sweep"] = [
                jobs.submit(Config(**RECIPE, k=k), name=f"digits-deep-sweep-{k}d") for k in SIZES
            ]
        except LatentError as error:
            show_error(error)
    if "sweep" in st.session_state:
        folders = st.session_state["sweep"]
        follow(folders, lambda: sweep_progress(folders))


def stop_all(folders: list[Path]) -> None:
    """Ask each of these jobs to stop."""
    for folder in folders:
        jobs.stop(folder)


def sweep_progress(folders: list[Path]) -> None:
    """Each job's state, and the errors of those that have begun beside PCA's."""
    states = [jobs.status(folder) for folder in folders]
    ended = sum(state["state"] in ("done", "failed", "dead", "stopped") for state in states)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(ended / len(folders), words.ENDED.format(ended=ended, count=len(folders)))
        st.button(words.STOP, key="sweep-stop", disabled=ended == len(folders), on_click=stop_all, args=(folders,))
    rows = []
    for k, folder, state in zip(SIZES, folders, states, strict=True):
        lines = jobs.lines(folder)
        error = lines[-1]["test_reconstruction"] if lines else None
        told = words.STATE.format(state=state["state"], epoch=len(lines), epochs=state["epochs"])
        rows.append((k, error, pca_error(k), told))
    curves = [(words.PCA, k, pca) for k, _, pca, _ in rows]
    curves += [(words.SWEEP_CURVE, k, error) for k, error, *_ in rows if error is not None]
    sizes = alt.X(
        "x:Q", title=words.SIZE_AXIS, scale=alt.Scale(type="log", base=2), axis=alt.Axis(grid=False, values=SIZES)
    )
    chart(curves, sizes, ERROR, dots=True)
    table(dict(zip(words.SWEEP_TABLE, zip(*rows, strict=True), strict=True)), digits=3)
