"""What stands under the figure of a table that was scored: how good it is, the files to take along, the cleaned signal, and windows that never were."""

import dataclasses

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly import Rule
from ae_core.archive import zip_run
from ae_core.data.csv import Csv
from ae_core.detector import Detection
from ae_core.runs import Checkpoint
from ae_core.scoring import Findings, as_read, cleaned, cleaned_csv, findings, generated, scores_csv, stretches_csv, windows_csv
from ae_core.script import script

from .charts import NETWORK, ORIGINAL

FIGURES = {
    "auc_pr": ("AUC-PR", "mean precision over all thresholds, by row"),
    "vus_pr": ("VUS-PR", "the same, forgiving flags up to 100 rows early or late"),
    "precision": ("precision", "share of the flagged rows that are labelled"),
    "recall": ("recall", "share of the labelled rows that are flagged"),
}


def figures_table(found: Detection, rule: Rule) -> None:
    """Against the labels, network and PCA beside each other."""
    both = {"network": findings(found, rule), "PCA": findings(found, rule, pca=True)}
    if not both["network"].figures:
        return
    rows = [
        {
            "": name,
            **{FIGURES[key][0]: f"{made.figures[key]:.3f}" for key in FIGURES},
            "labelled stretches found": f"{made.figures['found_stretches']} of {made.figures['labelled_stretches']}",
            "false alarms": str(made.figures["false_alarms"]),
        }
        for name, made in both.items()
    ]
    st.table(pd.DataFrame(rows).set_index(""), width="content")
    st.caption("Against the file's labels, which no part of the scores has seen. " + "; ".join(f"{title}: {says}" for title, says in FIGURES.values()) + ".")


def take_along(checkpoint: Checkpoint, found: Detection, made: Findings, rule: Rule) -> None:
    """Scores, stretches, the model and a script as files."""
    origin = Csv(**checkpoint.config.source)
    resampled = dataclasses.replace(origin) if origin.every and origin.here() else None
    with st.container(horizontal=True, key="signals-files"):
        st.download_button(
            "Scores",
            lambda: scores_csv(as_read(found, resampled) if resampled else found, rule),
            "scores.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="A row for each row of the file, with its time.",
        )
        st.download_button(
            "Flagged stretches",
            lambda: stretches_csv(found, made),
            "stretches.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="Start, end, peak, and each channel's share.",
        )
        st.download_button(
            "Model",
            lambda: zip_run(checkpoint),
            f"{checkpoint.name}.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            help="The run: weights, scaling, thresholds. The Runs page takes it back.",
        )
        st.download_button(
            "Script",
            lambda: script(checkpoint.config, checkpoint.shape, checkpoint.range, checkpoint.classes),
            f"{checkpoint.name}.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
            help="A plain PyTorch program that trains the same network.",
        )
    st.caption(f"On the command line: `python -m ae_core score new.csv --checkpoint {checkpoint.name} --out scores.csv` scores another file with this run.")


@st.cache_data(max_entries=4, show_spinner="Rebuilding the signal …")
def clean_signal(name: str, written: float, _checkpoint: Checkpoint) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, str]:
    table, signal = cleaned(_checkpoint, Csv(**_checkpoint.config.source))
    return table.names, table.values, signal, cleaned_csv(table, signal)


def cleaning(checkpoint: Checkpoint) -> None:
    """The signal as the network rebuilds it, beside the raw one."""
    if not Csv(**checkpoint.config.source).here():
        return
    with st.expander("Denoise: the cleaned signal beside the raw one"):
        st.caption(
            "Each row is the mean of all windows that it lies in, as the network rebuilds them. A denoising autoencoder, trained to undo noise that was added to "
            "its input, cleans best: choose it before you train."
        )
        if not st.toggle("Show it", key="signals-clean"):
            return
        try:
            names, raw, signal, text = clean_signal(checkpoint.name, (checkpoint.folder / "weights.safetensors").stat().st_mtime, checkpoint)
        except LatentError as error:
            st.error(str(error))
            return
        channel = st.selectbox("Channel", range(len(names)), format_func=lambda i: names[i], key="signals-clean-channel")
        most = 600
        first = st.slider("From row", 0, max(1, len(raw) - most), 0, key="signals-clean-from") if len(raw) > most else 0
        part = slice(first, first + most)
        rows = np.arange(len(raw))[part]
        points = [
            (who, int(r), float(v))
            for who, values in (("raw", raw), ("cleaned", signal))
            for r, v in zip(rows, values[part, channel], strict=True)
            if np.isfinite(v)
        ]
        lines(points, {"raw": ORIGINAL, "cleaned": NETWORK}, height=240)
        st.download_button("Cleaned signal", text, "cleaned.csv", "text/csv", icon=":material/download:", on_click="ignore")


def generating(checkpoint: Checkpoint) -> None:
    """Windows sampled from the network, beside real ones."""
    with st.expander("Generate: windows that never were, beside real ones"):
        gaussian = checkpoint.config.row.bottleneck.gaussian
        st.caption(
            "Codes are drawn from the prior and decoded."
            if gaussian
            else "This network has no prior: codes are drawn from a Gaussian fitted to its own, which nothing taught it to follow. Train a variational autoencoder for better ones."
        )
        if not st.toggle("Show them", key="signals-generate"):
            return
        a, b, c = st.columns(3)
        count = int(a.number_input("windows", 1, 10_000, 6, key="signals-count"))
        temperature = float(b.slider("temperature", 0.1, 2.0, 1.0, 0.1, key="signals-temperature"))
        seed = int(c.number_input("seed", 0, 2**31 - 1, 0, key="signals-seed"))
        try:
            detector, made = generated(checkpoint, count, temperature, seed)
            origin = Csv(**checkpoint.config.source)
            ready = origin.prepare() if origin.here() else None
        except LatentError as error:
            st.error(str(error))
            return
        channel = st.selectbox("Channel", range(len(detector.names)), format_func=lambda i: detector.names[i], key="signals-made-channel")
        shown = [(f"made {n + 1}", "made", made[n, channel]) for n in range(min(6, count))]
        if ready is not None:
            real = ready.windows(ready.normal, healthy=True)[0]
            some = np.random.default_rng(seed).choice(len(real), min(6, len(real)), replace=False)
            shown += [(f"real {n + 1}", "real", x[channel]) for n, x in enumerate(ready.unscaled(real[some]))]
        data = [{"what": what, "kind": kind, "row": t, "value": float(v)} for what, kind, values in shown for t, v in enumerate(values)]
        drawn = (
            alt.Chart(alt.Data(values=data))
            .mark_line()
            .encode(
                alt.X("row:Q", title=None),
                alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
                alt.Color("kind:N", scale=alt.Scale(domain=["made", "real"], range=[NETWORK, ORIGINAL]), legend=None),
                alt.Facet("what:N", columns=6, title=None),
            )
        )
        st.altair_chart(drawn.properties(width=150, height=90))
        st.download_button("These windows", lambda: windows_csv(detector.names, made), "windows.csv", "text/csv", icon=":material/download:", on_click="ignore")


def lines(points: list[tuple[str, int, float]], colours: dict[str, str], height: int) -> None:
    """A line for each name of the points, (name, x, y)."""
    data = alt.Data(values=[{"name": name, "row": x, "value": y} for name, x, y in points])
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    drawn = (
        alt.Chart(data)
        .mark_line()
        .encode(
            alt.X("row:Q", title="row", scale=alt.Scale(nice=False, zero=False)),
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
            alt.Color("name:N", scale=scale, legend=alt.Legend(orient="top", title=None)),
        )
    )
    st.altair_chart(drawn.properties(height=height))
