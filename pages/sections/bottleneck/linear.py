"""A linear autoencoder, trained in the background on the spot, converges to PCA's error and subspace."""

import json
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import PCA, Config, LatentError
from ae_core.data import load_dataset
from ae_core.jobs.queue import jobs
from ae_core.model.metrics import squared_error

from ...session.polling import follow
from ...ui import link
from ...ui.charts import channel, chart
from ...ui.markdown import show_error
from . import words
from .link import LINEAR

ROUND = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
ERROR = channel("y", title=words.ERROR_AXIS, scale={"type": "log", "nice": False}, axis={"values": ROUND})


def linear_panel(notes: DeltaGenerator) -> dict[str, Any]:
    """The knobs, the button, and what it has come to. Returns what the link says of the knobs."""
    size, tie = (link.link_value("bottleneck", parameter, notes) for parameter in LINEAR)
    st.markdown(words.LINEAR_TEXT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        k = st.slider(words.KEPT, 1, 16, key=size, width=260)
        tied = st.toggle(words.TIED, key=tie, help=words.TIED_HELP)
        if st.button(words.LINEAR_TRAIN, key="linear-start"):
            config = Config(data="digits", variant="linear", k=k, tied=tied, epochs=120, batch_size=64, lr=0.05)
            try:
                st.session_state["linear"] = jobs.submit(config)
            except LatentError as error:
                show_error(error)
    if "linear" in st.session_state:
        folder = st.session_state["linear"]
        follow([folder], lambda: linear_progress(folder))
    return {"linear_k": k, "tied": tied}


@st.cache_data
def pca_error(k: int) -> float:
    """PCA's held-out squared error on the small digits."""
    digits = load_dataset("digits")
    return squared_error(digits.x_test, PCA(digits.x_train, k).reconstruct(digits.x_test))


def linear_progress(folder: Path) -> None:
    """The curves so far."""
    state, lines = jobs.status(folder), jobs.lines(folder)
    if state["state"] in ("failed", "dead"):
        show_error(state["message"])
        return
    if not lines:
        st.write(words.STARTING)
        return
    k = json.loads((folder / "config.json").read_text())["config"]["k"]
    pca, last = pca_error(k), lines[-1]
    with st.container(horizontal=True):
        for (label, about), value in (
            (words.LINEAR_ERROR, f"{last['test_loss']:.4f}"),
            (words.PCA_ERROR, f"{pca:.4f}"),
            (words.ANGLE, f"{last['principal_angle']:.2f}°"),
        ):
            st.metric(label, value, help=about)
        st.metric(words.EPOCH, words.EPOCHS.format(epoch=int(last["epoch"]), epochs=state["epochs"]))
    epoch = channel("x", title=words.EPOCH, scale={"domain": [0, state["epochs"]]}, axis={"grid": False})
    errors, angles = st.columns(2)
    with errors:
        curve = [(words.LINEAR_CURVE, line["epoch"], line["test_loss"]) for line in lines]
        chart([*curve, (words.PCA, 0, pca), (words.PCA, state["epochs"], pca)], epoch, ERROR)
    with angles:
        curve = [(words.ANGLE[0], line["epoch"], line["principal_angle"]) for line in lines]
        chart(curve, epoch, channel("y", title=words.ANGLE_AXIS))
