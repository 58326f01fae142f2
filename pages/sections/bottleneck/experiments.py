"""The smaller figures below the bottleneck slider: bytes, the linear autoencoder, a model for each size."""

import json
from pathlib import Path

import altair as alt
import numpy as np
import streamlit as st
import torch

from ae_core import PCA, Config, LatentError
from ae_core.data import load_dataset
from ae_core.io.compression import code_bytes, jpeg, png, rounded_codes
from ae_core.jobs.queue import jobs
from ae_core.model.metrics import clamped, squared_error

from ...session.models import Nested
from ...session.polling import follow
from ...ui.charts import chart, table
from ...ui.markdown import show_error

SIZES = (1, 2, 4, 8, 16)
ROUND = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
ERROR = alt.Y(
    "y:Q", title="held-out squared error", scale=alt.Scale(type="log", nice=False), axis=alt.Axis(values=ROUND)
)


def bytes_table(item: Nested, picture: np.ndarray, k: int, bits: int) -> None:
    """What the picture on the screen, (H, W) in 0..1, costs as numbers, as PNG and as JPEG."""
    x = torch.from_numpy(picture.astype(np.float32))[None, None]
    whole = png(picture)
    rows = [
        ("the pixels, a byte each", picture.size, 0.0),
        (f"PNG, {whole.header} of it header", whole.size, whole.error),
    ]
    z_network = item.codes["z"]
    coders = (
        ("network", item.model, z_network.std(0), z_network.mean(0)),
        ("PCA", item.pca, item.pca.variance.sqrt().numpy(), np.zeros(item.pca.k)),
    )
    for title, coder, spread, middle in coders:
        with torch.no_grad():
            z = coder.encode(x).numpy()
            if bits < 32:
                z = rounded_codes(z, bits, spread, middle).astype(np.float32)
            x_hat = clamped(coder.decode(torch.from_numpy(z), k), item.model.range)
        rows.append((f"{title}, {k} numbers of {bits} bits", code_bytes(k, bits), float((x_hat - x).square().sum())))
    error = rows[2][2]
    best = jpeg(picture, error)
    what = "JPEG with no more error than the network" if best.error <= error else "JPEG at its best"
    rows.insert(2, (f"{what}, {best.header} of it header", best.size, best.error))
    table(
        {
            "the picture above": [r[0] for r in rows],
            "bytes": [r[1] for r in rows],
            "squared error": [r[2] for r in rows],
        },
        digits=2,
    )
    weight = sum(p.numel() for p in item.model.decoder.parameters()) * 2 / 1e6
    st.caption(
        f"A code is small because the decoder, {weight:.1f} MB that both sides must have, already knows such pictures. PNG and JPEG know nothing of them and work for any."
    )


def linear_panel() -> None:
    """A linear autoencoder, trained in the background on the spot, falls to PCA's error and turns into its subspace."""
    st.markdown(
        "Take every bend out of an autoencoder, and its best is PCA (Baldi & Hornik 1989): the same error and the same subspace, though not the same axes. "
        "It is the sanity check for every other one: a deep network that does worse than PCA is broken. Here it is trained on the small digits."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        k = st.slider("numbers kept", 1, 16, 4, key="linear-k", width=260)
        tied = st.toggle("tied weights", key="linear-tied", help="The decoder uses the encoder's matrix, transposed.")
        if st.button("Train a linear autoencoder (some 6 seconds)", key="linear-start"):
            config = Config(data="digits", variant="linear", k=k, tied=tied, epochs=120, batch_size=64, lr=0.05)
            try:
                st.session_state["linear"] = jobs.submit(config)
            except LatentError as error:
                show_error(error)
    if "linear" in st.session_state:
        folder = st.session_state["linear"]
        follow([folder], lambda: linear_progress(folder))


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
        st.write("A worker process is starting …")
        return
    k = json.loads((folder / "config.json").read_text())["config"]["k"]
    pca, last = pca_error(k), lines[-1]
    with st.container(horizontal=True):
        st.metric(
            "error, linear autoencoder",
            f"{last['test_loss']:.4f}",
            help="squared error summed over 64 pixels, mean of 360 held-out digits",
        )
        st.metric("error, PCA", f"{pca:.4f}", help="the same, the best that a linear one can do on the training data")
        st.metric(
            "largest principal angle",
            f"{last['principal_angle']:.2f}°",
            help="between the two subspaces; at 0° they are the same",
        )
        st.metric("epoch", f"{len(lines)} of {state['epochs']}")
    epoch = alt.X("x:Q", title="epoch", scale=alt.Scale(domain=[0, state["epochs"]]), axis=alt.Axis(grid=False))
    errors, angles = st.columns(2)
    with errors:
        found = [("linear autoencoder", line["epoch"], line["test_loss"]) for line in lines]
        chart([*found, ("PCA", 0, pca), ("PCA", state["epochs"], pca)], epoch, ERROR)
    with angles:
        chart(
            [("largest principal angle", line["epoch"], line["principal_angle"]) for line in lines],
            epoch,
            alt.Y("y:Q", title="largest angle, degrees"),
        )


def sweep_panel() -> None:
    """A dedicated model for each size, as background work; the curve grows as they end."""
    st.markdown(
        "One model for all sizes is a compromise: a model trained for one size alone may do better at it. Train some on the small digits: "
        "when they have ended they stand as ◇ in the curve of the small digits above. "
        "On the command line: `python -m ae_core sweep --data digits --variant deep --k 1,2,4,8,16`."
    )
    if st.button(f"Train {len(SIZES)} models, k = {', '.join(map(str, SIZES))} (some 20 seconds)", key="sweep-start"):
        recipe = {
            "data": "digits",
            "variant": "deep",
            "loss": "squared-error",
            "output": "identity",
            "network": "residual",
        }
        try:
            st.session_state["sweep"] = [
                jobs.submit(
                    Config(**recipe, k=k, hidden=(256, 128), epochs=100, batch_size=64, augment=0.8),
                    name=f"digits-deep-sweep-{k}d",
                )
                for k in SIZES
            ]
        except LatentError as error:
            show_error(error)
    if "sweep" in st.session_state:
        folders = st.session_state["sweep"]
        follow(folders, lambda: sweep_progress(folders))


def stop_all(folders: list[Path]) -> None:
    for folder in folders:
        jobs.stop(folder)


def sweep_progress(folders: list[Path]) -> None:
    """Each job's state, and the errors of those that have begun beside PCA's."""
    states = [jobs.status(folder) for folder in folders]
    ended = sum(state["state"] in ("done", "failed", "dead", "stopped") for state in states)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(ended / len(folders), f"{ended} of {len(folders)} have ended")
        st.button("Stop", key="sweep-stop", disabled=ended == len(folders), on_click=stop_all, args=(folders,))
    rows = []
    for k, folder, state in zip(SIZES, folders, states, strict=True):
        lines = jobs.lines(folder)
        rows.append(
            (
                k,
                lines[-1]["test_reconstruction"] if lines else None,
                pca_error(k),
                f"{state['state']}, epoch {len(lines)} of {state['epochs']}",
            )
        )
    curves = [("PCA", k, pca) for k, _, pca, _ in rows] + [
        ("a network for each size", k, error) for k, error, *_ in rows if error is not None
    ]
    sizes = alt.X(
        "x:Q", title="numbers kept", scale=alt.Scale(type="log", base=2), axis=alt.Axis(grid=False, values=SIZES)
    )
    chart(curves, sizes, ERROR, dots=True)
    names = ("numbers kept", "network", "PCA", "state")
    table(dict(zip(names, zip(*rows, strict=True), strict=True)), digits=3)
