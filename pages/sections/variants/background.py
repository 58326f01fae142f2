"""What stands below every variant: what codes are good for, the output's range, and when PCA is enough."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import Config, LatentError
from ae_core.data import load_dataset
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import checkpoints
from ae_core.runs.records import read_measures
from ae_core.runs.representation import load_usefulness
from ae_core.runs.status import BUSY
from ae_core.training.diagnosis import range_remark, unreachable

from ...session.polling import follow
from ...ui.charts import NETWORK, ORIGINAL, QUIET, channel, chart, table
from ...ui.markdown import show_error
from . import keys, words

JUDGED = ("mnist-nested-64d", "digits-nested")  # whose codes are judged, the first one that was measured
WIDE = {"amplitude_high": 3.0, "amplitude_low": 1.0}  # signals that go beyond ±1
# a·sin + b·cos of one frequency: two straight directions and noise
LINEAR = {"samples": 60, "noise": 0.3, "frequency_low": 2.0, "frequency_high": 2.0}
COMMON = {"data": "sinusoids", "k": 2, "epochs": 200, "batch_size": 20, "seed": 0, "source": LINEAR}
COMMON |= {"loss": "squared-error", "output": "identity"}
RECIPES = {
    words.LINEAR_AE: {"variant": "linear", "lr": 0.02},
    words.DEEP_AE: {"variant": "deep", "hidden": (256, 128), "lr": 0.001},
}


@st.fragment
def sections() -> None:
    """The three sections; only an open one costs anything."""
    for name, (title, draw) in SECTIONS.items():
        section = st.expander(title, key=keys.section(name), on_change="rerun")
        if section.open:
            with section:
                draw()


# ---- What codes are good for


def _measured() -> tuple[str, dict[str, Any]] | None:
    """(the model, what was measured of its codes). Raises LatentError."""
    for name in JUDGED:
        if name in checkpoints() and (measures := load_usefulness(name)):
            return name, measures
    return None


def useful() -> None:
    """Classes from codes, with few dimensions and few labels, next to PCA and the pixels."""
    try:
        judged = _measured()
    except LatentError as error:
        show_error(error)
        return
    if not judged:
        st.write(words.USEFUL_NOT_MEASURED)
        return
    name, measures = judged
    titles = {"code": words.CODES, "pca": words.PCA, "raw": words.PIXELS}
    left, right = st.columns(2)
    sizes = measures["sizes"]
    points = [
        (titles[what], k, 100 * accuracy)
        for what, judges in measures["by_size"].items()
        for k, accuracy in zip(sizes, judges["probe"], strict=True)
    ]
    points += [(words.PIXELS, k, 100 * measures["raw"]["probe"]) for k in (sizes[0], sizes[-1])]
    with left:
        accuracy_chart(points, *words.USEFUL_SIZES, {"type": "log", "base": 2})
    points = [
        (titles[what], count, 100 * sum(accuracies) / len(accuracies))
        for what, judges in measures["by_labels"].items()
        for count, accuracies in zip(measures["labels"], judges["neighbours"], strict=True)
    ]
    with right:
        accuracy_chart(points, *words.USEFUL_LABELS, {"type": "log"}, dots=True)
    neighbours = words.NEIGHBOURS.format(nearest=measures.get("nearest", 10))
    table(
        {
            "": [titles[what] for what in measures["rand"]],
            words.RAND: list(measures["rand"].values()),
            neighbours: [measures["alike"][what] for what in measures["rand"]],
        },
        digits=3,
    )
    st.caption(
        words.USEFUL_CAPTION.format(
            model=name,
            fitted=measures["fitted"],
            tested=measures["asked"],
            draws=measures["draws"],
            seed=measures["seed"],
        )
    )


def accuracy_chart(
    points: list[tuple[str, float, float]], across: str, title: str, scale: dict[str, Any], dots: bool = False
) -> None:
    """A line for each of codes, PCA and pixels; points: (which, x, accuracy in %)."""
    share = channel("y", title=words.USEFUL_SHARE, scale={"zero": False}, axis={"grid": True})
    styles = {words.CODES: (NETWORK, [1, 0]), words.PIXELS: (QUIET, [2, 2])}
    chart(points, channel("x", title=across, scale=scale), share, dots=dots, styles=styles, title=title)


# ---- The output's range


@st.cache_data(show_spinner=False)
def wide_signals() -> tuple[list[float], float]:
    """(a signal, the share of all values that a sigmoid cannot output)."""
    data = load_dataset("sinusoids", **WIDE)
    return data.x_test[0, 0].tolist(), unreachable("sigmoid", data.x_train)


def output_range() -> None:
    """A sigmoid on data from −3 to 3, and the rule of thumb."""
    signal, share = wide_signals()
    st.markdown(words.RANGE_TEXT)
    best = [min(1.0, max(0.0, value)) for value in signal]
    points = [
        (name, i / len(signal), value)
        for name, values in ((words.SIGNAL, signal), (words.BEST_SIGMOID, best))
        for i, value in enumerate(values)
    ]
    chart(
        points,
        channel("x", title="t", axis={"grid": False}),
        channel("y", title=words.SIGNAL_UNITS),
        height=200,
        styles={words.SIGNAL: (ORIGINAL, [1, 0]), words.BEST_SIGMOID: (NETWORK, [5, 4])},
    )
    for remark in range_remark("sigmoid", share):
        st.warning(remark.text)
    settings = "&".join(f"{name}={value:g}" for name, value in WIDE.items())
    address = f"train?data=sinusoids&variant=deep&output=sigmoid&loss=squared-error&{settings}"
    st.markdown(words.RANGE_TRY.format(link=address))


# ---- When PCA wins


def pca_wins() -> None:
    """Few samples of linear data: PCA in closed form against networks that are trained on the spot."""
    st.markdown(words.PCA_WINS_TEXT.format(samples=LINEAR["samples"]))
    if st.button(words.TRAIN_BOTH, key=keys.TRAIN_BOTH):
        try:
            st.session_state[keys.TRAINED_BOTH] = {
                name: jobs.submit(Config(**COMMON, **recipe), name=f"pca-wins-{recipe['variant']}")
                for name, recipe in RECIPES.items()
            }
        except LatentError as error:
            show_error(error)
    if folders := st.session_state.get(keys.TRAINED_BOTH):
        follow(list(folders.values()), lambda: progress(folders))


def progress(folders: dict[str, Path]) -> None:
    """The held-out error of each so far, next to PCA's."""
    rows, pca = [], None
    for name, folder in folders.items():
        state, lines = jobs.status(folder), jobs.lines(folder)
        if state["state"] in ("failed", "dead"):
            show_error(state["message"])
        last = lines[-1] if lines else {}
        pca = last.get("pca_squared_error", pca)
        error = read_measures(folder).get("squared_error", last.get("squared_error"))
        told = state["state"]
        if told in BUSY:
            told = words.STATE.format(state=told, epoch=int(last.get("epoch", 0)), epochs=state["epochs"])
        rows.append((name, error, told))
    names, errors, states = zip((words.PCA, pca, words.CLOSED_FORM), *rows, strict=True)
    table({"": list(names), words.HELD_OUT_ERROR: list(errors), words.HOW: list(states)}, digits=3)


SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "useful": (words.USEFUL, useful),
    "range": (words.RANGE, output_range),
    "pca-wins": (words.PCA_WINS, pca_wins),
}
