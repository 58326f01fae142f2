"""What stands below every variant: what codes are good for, the output's range, and when PCA is enough."""

from collections.abc import Callable

import altair as alt
import streamlit as st

from ae_core import Config, LatentError
from ae_core.data import load_dataset
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import checkpoints
from ae_core.runs.records import read_measures
from ae_core.runs.representation import kept
from ae_core.runs.status import BUSY
from ae_core.training.diagnosis import range_remark, unreachable

from ...session.polling import follow
from ...ui.charts import chart, table
from ...ui.markdown import show_error

USEFUL = ("mnist-nested-64d", "digits-nested")  # whose codes are judged, the first one that was measured
WIDE = {"amplitude_high": 3.0, "amplitude_low": 1.0}  # signals that go beyond ±1
LINEAR = {
    "samples": 60,
    "noise": 0.3,
    "frequency_low": 2.0,
    "frequency_high": 2.0,
}  # a·sin + b·cos of one frequency: two straight directions and noise
RECIPES = {
    "linear AE": {"variant": "linear", "lr": 0.02},
    "deep AE": {"variant": "deep", "hidden": (256, 128), "lr": 0.001},
}


@st.fragment
def sections() -> None:
    """The three sections; only an open one costs anything."""
    for title, draw in SECTIONS.items():
        section = st.expander(title, key=f"section-{draw.__name__}", on_change="rerun")
        if section.open:
            with section:
                draw()


def useful() -> None:
    """Classes from codes, with few numbers and few labels, beside PCA and the pixels."""
    found = None
    for name in USEFUL:
        try:
            found = kept(name) if name in checkpoints() else None
        except LatentError as error:
            show_error(error)
            return
        if found:
            break
    if not found:
        st.write(
            "Codes are small and were made without labels; a classifier on top of them needs fewer of these. It has not been measured for the models on this machine: "
            "`python -c \"from ae_core.runs.representation import keep; keep('digits-nested')\"` does it."
        )
        return
    titles = {"code": "network's code", "pca": "PCA", "raw": "pixels"}
    styles = {"network's code": ("#009e73", [1, 0]), "pixels": ("#7c8698", [2, 2])}
    share = alt.Y("y:Q", title="right, %", scale=alt.Scale(zero=False), axis=alt.Axis(grid=True))
    sizes, labels = st.columns(2)
    with sizes:
        points = [
            (titles[what], k, 100 * v)
            for what, judges in found["by_size"].items()
            for k, v in zip(found["sizes"], judges["probe"], strict=True)
        ]
        points += [("pixels", k, 100 * found["raw"]["probe"]) for k in (found["sizes"][0], found["sizes"][-1])]
        chart(
            points,
            alt.X("x:Q", title="numbers of the code kept", scale=alt.Scale(type="log", base=2)),
            share,
            styles=styles,
            title="all labels, a linear classifier",
        )
    with labels:
        points = [
            (titles[what], each, 100 * sum(v) / len(v))
            for what, judges in found["by_labels"].items()
            for each, v in zip(found["labels"], judges["neighbours"], strict=True)
        ]
        chart(
            points,
            alt.X("x:Q", title="labels a class", scale=alt.Scale(type="log")),
            share,
            dots=True,
            styles=styles,
            title="few labels, nearest neighbours",
        )
    table(
        {
            "": [titles[what] for what in found["rand"]],
            "k-means against the classes (adjusted Rand index)": list(found["rand"].values()),
            f"of the {found.get('nearest', 10)} nearest, the same class": [
                found["alike"][what] for what in found["rand"]
            ],
        },
        digits=3,
    )
    st.caption(
        f"Measured on {name}: classifiers fitted to {found['fitted']:,} training samples, asked about {found['asked']:,} held-out ones; with few labels the mean of "
        f"{found['draws']} choices of them, seed {found['seed']}."
    )


@st.cache_data(show_spinner=False)
def wide_signals() -> tuple[list[float], float]:
    """(a signal, the share of all values that a sigmoid cannot say)."""
    data = load_dataset("sinusoids", **WIDE)
    return data.x_test[0, 0].tolist(), unreachable("sigmoid", data.x_train)


def pitfall() -> None:
    """A sigmoid on data from −3 to 3, and the rule of thumb."""
    signal, share = wide_signals()
    st.markdown(
        "The output's activation must reach the data. **Sigmoid** says 0 to 1: for pixels; then each is a coin's probability, and **cross-entropy**, that coin's −log p, "
        "keeps a gradient where the sigmoid is flat. **Identity** with **squared error** is for anything without bounds. A sigmoid on signals from −3 to 3 can never be right:"
    )
    n = len(signal)
    best = [min(1.0, max(0.0, value)) for value in signal]
    points = [("the signal", i / n, v) for i, v in enumerate(signal)] + [
        ("the best that a sigmoid can say", i / n, v) for i, v in enumerate(best)
    ]
    styles = {"the signal": ("#d55e00", [1, 0]), "the best that a sigmoid can say": ("#009e73", [5, 4])}
    chart(
        points,
        alt.X("x:Q", title="t", axis=alt.Axis(grid=False)),
        alt.Y("y:Q", title="signal units"),
        height=200,
        styles=styles,
    )
    for remark in range_remark("sigmoid", share):
        st.warning(remark.text)
    knobs = "&".join(f"{name}={value:g}" for name, value in WIDE.items())
    st.markdown(
        f"[Train it all the same](train?data=sinusoids&variant=deep&output=sigmoid&loss=squared-error&{knobs}): the page warns before it begins, and `auto` is right."
    )


def pca_wins() -> None:
    """Few samples of linear data: PCA in closed form against networks that are trained on the spot."""
    st.markdown(
        f"{LINEAR['samples']} signals a·sin + b·cos of one frequency with noise: the truth is two straight directions. PCA has them in closed form. "
        "A linear network ends near it after some hundred steps; a deep one has the freedom to learn the noise of its few samples, and does."
    )
    if st.button("Train both now (some seconds, in the background)", key="pca-wins"):
        try:
            st.session_state["pca-wins-runs"] = {
                name: jobs.submit(
                    Config(
                        data="sinusoids",
                        k=2,
                        epochs=200,
                        batch_size=20,
                        seed=0,
                        source=LINEAR,
                        loss="squared-error",
                        output="identity",
                        **recipe,
                    ),
                    name=f"pca-wins-{recipe['variant']}",
                )
                for name, recipe in RECIPES.items()
            }
        except LatentError as error:
            show_error(error)
    if folders := st.session_state.get("pca-wins-runs"):
        follow(list(folders.values()), lambda: progress(folders))


def progress(folders: dict) -> None:
    """Each one's held-out error so far, beside PCA's."""
    rows, pca = [], None
    for name, folder in folders.items():
        state, lines = jobs.status(folder), jobs.lines(folder)
        if state["state"] in ("failed", "dead"):
            show_error(state["message"])
        error = lines[-1]["squared_error"] if lines and "squared_error" in lines[-1] else None
        pca = lines[-1].get("pca_squared_error", pca) if lines else pca
        words = (
            f"{state['state']}, epoch {len(lines)} of {state['epochs']}" if state["state"] in BUSY else state["state"]
        )
        rows.append((name, read_measures(folder).get("squared_error", error), words))
    rows.insert(0, ("PCA", pca, "closed form"))
    table(
        {"": [r[0] for r in rows], "held-out squared error": [r[1] for r in rows], "how": [r[2] for r in rows]},
        digits=3,
    )


SECTIONS: dict[str, Callable[[], None]] = {
    "What codes are good for": useful,
    "Squared error or cross-entropy, and the output's range": pitfall,
    "When not to: the case where PCA wins": pca_wins,
}
