"""A dedicated model for each size, trained in the background; the curve grows as they end."""

from pathlib import Path

import streamlit as st

from ae_core import Config, LatentError
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import Checkpoint

from ...session.models import of_file
from ...session.polling import follow
from ...ui.charts import channel, chart, table
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


def sweep_panel(own: Checkpoint | None = None) -> None:
    """The button, and how far they are. own: a nested model of a person's own samples, on which they train then."""
    st.markdown(words.SWEEP_TEXT if own is None else words.SWEEP_OWN)
    sizes = [k for k in SIZES if own is None or k <= own.config.k]
    took = words.SWEEP_TOOK if own is None else ""
    label = words.SWEEP_TRAIN.format(models=len(sizes), sizes=", ".join(map(str, sizes)), took=took)
    key = "sweep" if own is None else f"sweep-{own.name}"
    if st.button(label, key="sweep-start"):
        name = "digits" if own is None else of_file(own.config)
        try:
            st.session_state[key] = [jobs.submit(_recipe(k, own), name=f"{name}-deep-sweep-{k}d") for k in sizes]
        except LatentError as error:
            show_error(error)
    if key in st.session_state:
        folders = st.session_state[key]
        errors = [pca_error(k) if own is None else own.curves["pca_error_by_size"][k - 1] for k in sizes]
        follow(folders, lambda: sweep_progress(sizes, folders, errors))


def _recipe(k: int, own: Checkpoint | None) -> Config:
    """A model of k dimensions; of a person's own samples one as its nested model, trained for that size alone."""
    if own is None:
        return Config(**RECIPE, k=k)
    common = ("data", "source", "hidden", "epochs", "batch_size", "lr")
    return Config(variant="deep", loss="squared-error", k=k, **{name: getattr(own.config, name) for name in common})


def stop_all(folders: list[Path]) -> None:
    """Ask each of these jobs to stop."""
    for folder in folders:
        jobs.stop(folder)


def sweep_progress(sizes: list[int], folders: list[Path], pca_errors: list[float]) -> None:
    """Each job's state, and the errors of those that have begun beside PCA's."""
    states = [jobs.status(folder) for folder in folders]
    ended = sum(state["state"] in ("done", "failed", "dead", "stopped") for state in states)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(ended / len(folders), words.ENDED.format(ended=ended, count=len(folders)))
        st.button(words.STOP, key="sweep-stop", disabled=ended == len(folders), on_click=stop_all, args=(folders,))
    rows = []
    for k, folder, state, pca in zip(sizes, folders, states, pca_errors, strict=True):
        lines = jobs.lines(folder)
        error = lines[-1]["test_reconstruction"] if lines else None
        told = words.STATE.format(
            state=state["state"], epoch=int(lines[-1]["epoch"]) if lines else 0, epochs=state["epochs"]
        )
        rows.append((k, error, pca, told))
    curves = [(words.PCA, k, pca) for k, _, pca, _ in rows]
    curves += [(words.SWEEP_CURVE, k, error) for k, error, *_ in rows if error is not None]
    across = channel(
        "x", title=words.SIZE_AXIS, scale={"type": "log", "base": 2}, axis={"grid": False, "values": sizes}
    )
    chart(curves, across, ERROR, dots=True)
    table(dict(zip(words.SWEEP_TABLE, zip(*rows, strict=True), strict=True)), digits=3)
