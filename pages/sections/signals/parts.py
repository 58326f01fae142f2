"""What stands under the figure of a table that was scored: how good it is, how few numbers describe it, the files to
take along, the cleaned signal, windows that never were, and the textbook's plant.
"""

import dataclasses
from concurrent.futures import Future

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.benchmark import CAUGHT, Row
from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import Findings, calibrated, findings
from ae_core.anomaly.report import cleaned_csv, scores_csv, stretches_csv, windows_csv
from ae_core.anomaly.scoring import as_read, cleaned, generated
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.source import Csv
from ae_core.data.sensors import textbook
from ae_core.io.tables import csv_text
from ae_core.jobs.queue import jobs
from ae_core.runs.archive import zip_run
from ae_core.runs.checkpoint import Checkpoint
from ae_core.training.script import script

from ...ui.charts import BASELINE, NETWORK, ORIGINAL, draw
from ...ui.markdown import plain, show_error
from ...ui.url_state import put
from .setup import keep, obtainable, obtained, open_file

FIGURES = {
    "auc_pr": ("AUC-PR", "mean precision over all thresholds, by row"),
    "vus_pr": ("VUS-PR", "the same, forgiving flags up to 100 rows early or late"),
    "precision": ("precision", "share of the flagged rows that are labelled"),
    "recall": ("recall", "share of the labelled rows that are flagged"),
}


def figures_table(found: Detection, made: Findings, rule: Rule, view: tuple[int, int] | None, network: str) -> None:
    """Against the labels, network and PCA beside each other; and a threshold that suits the labels in view."""
    if not made.figures:
        return
    both = {network: made, "PCA": findings(found, rule, pca=True)}
    rows = [
        {
            "": name,
            **{FIGURES[key][0]: f"{each.figures[key]:.3f}" for key in FIGURES},
            "labelled stretches found": f"{each.figures['found_stretches']} of {each.figures['labelled_stretches']}",
            "false alarms": str(each.figures["false_alarms"]),
        }
        for name, each in both.items()
    ]
    st.table(pd.DataFrame(rows).set_index(""), width="content")
    st.caption(
        "Against the file's labels, which no part of the scores has seen. "
        + "; ".join(f"{title}: {says}" for title, says in FIGURES.values())
        + "."
    )
    where = f"rows {view[0]:,} to {view[1] - 1:,}" if view else "all rows"
    if st.button(
        "Calibrate the threshold on the labels",
        icon=":material/tune:",
        key="signals-calibrate",
        help="On those in view: zoom in to choose a stretch.",
    ):
        try:
            rule, f1 = calibrated(found, view)
        except LatentError as error:
            st.warning(plain(error))
            return
        put({"threshold": str(rule)})
        st.session_state["signals-set"] = st.session_state.get("signals-set", 0) + 1
        st.session_state["signals-calibrated"] = (
            str(rule),
            f"The threshold has the best F1 by row, {f1:.3f}, against the labels of {where}",
        )
        st.rerun()
    rule_then, says = st.session_state.get("signals-calibrated", ("", ""))
    if rule_then == str(rule):
        st.caption(f"{says}. It was chosen to suit them, so judge it by other rows.")


def few_numbers(checkpoint: Checkpoint, found: Detection, network: str) -> None:
    """How few numbers describe a window: the held-out error by the size of the code, where that was measured for each."""
    curves, k = checkpoint.curves, found.n_dims
    if "error_by_size" not in curves:
        return
    size = int(np.prod(checkpoint.shape))
    left, right = st.columns([0.5, 0.5], gap="large", vertical_alignment="center")
    right.markdown(
        f"**How few numbers describe the signal?** Of the {size:,} values of a normal window {k} number{'s' * (k != 1)} keep{'s' * (k == 1)} "
        f"**{100 * curves['explained'][k - 1]:.1f} %** of the variance by PCA. The code has {checkpoint.config.k}; as many count for the scores "
        f"as keep {100 * Csv(**checkpoint.config.source).variance:.4g} % (the line): the others follow the noise, and with it the faults."
    )
    sides = {network: ("error_by_size", NETWORK, [1, 0]), "PCA": ("pca_error_by_size", BASELINE, [5, 4])}
    points = [
        {"name": name, "k": n + 1, "error": error}
        for name, (key, *_) in sides.items()
        for n, error in enumerate(curves[key])
    ]
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(sides), range=[c for _, c, _ in sides.values()]),
        legend=alt.Legend(orient="top", title=None),
    )
    dash = alt.StrokeDash(
        "name:N", scale=alt.Scale(domain=list(sides), range=[d for *_, d in sides.values()]), legend=None
    )
    x = alt.X(
        "k:Q",
        title="numbers in the code",
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
        scale=alt.Scale(domain=[1, max(2, checkpoint.config.k)]),
    )
    both = (
        alt.Chart(alt.Data(values=points))
        .mark_line()
        .encode(x, alt.Y("error:Q", title="held-out squared error", scale=alt.Scale(zero=False)), colour, dash)
    )
    kept = (
        alt.Chart(alt.Data(values=[{"k": k}])).mark_rule(strokeDash=[2, 2], strokeWidth=1.5, color="#7c8698").encode(x)
    )
    left.altair_chart((both + kept).properties(height=240))


def textbook_plant() -> None:
    """The figures of a plant that many introductions begin with, measured on the spot in a worker."""
    with st.expander("The textbook plant: 6 channels in 2 numbers"):
        normal, faulty, names = textbook()
        st.caption(
            f"{len(normal)} normal samples of {len(names)} channels, and {len(faulty)} with a spike of the {names[0]} and a drop of the {names[1]}. Both models learn from the "
            f"normal ones; a sample above {100 * CAUGHT:.0f} % of their errors is called abnormal. False alarms are counted on normal samples that neither has seen."
        )
        if not st.toggle("Measure it", key="signals-textbook"):
            return
        if st.button("Open it as a table", icon=":material/table:", key="signals-textbook-open"):
            rows = ([*(f"{v:.6g}" for v in row), int(n >= len(normal))] for n, row in enumerate(np.r_[normal, faulty]))
            if name := keep(csv_text([*names, "anomaly"], rows).encode(), "textbook.csv"):
                open_file(
                    name,
                    f"0:{len(normal)}",
                    {"read-window": 1, "read-score_type": "error", "read-smoothing_rows": 1, "train-with-k": 2},
                )
                st.rerun()
        future = measured_textbook()

        def wait() -> None:
            if future.done():
                st.rerun()
            st.caption("A worker is training the small network …")

        if not future.done():
            st.fragment(wait, run_every=0.5)()
        elif future.exception():
            measured_textbook.clear()
            st.error("The worker came to no end: switch it off and on again.")
        else:
            st.table(pd.DataFrame([as_told(row) for row in future.result()]).set_index(""), width="content")


@st.cache_resource(show_spinner=False)
def measured_textbook() -> Future:
    return jobs.compare_textbook()


def as_told(row: Row) -> dict[str, str]:
    """A row's figures for a table, by their headings."""
    return {
        "": row.model,
        "squared error, mean": f"{row.mse:.6f}",
        "variance kept": f"{100 * row.variance:.1f} %",
        "compression": f"{row.compression:g}:1",
        "faulty ones caught": f"{row.caught} of {row.faulty}",
        "false alarms": f"{100 * row.false_alarms:.1f} %",
        "error, faulty / normal": f"{row.ratio:.2f}",
    }


def take_along(checkpoint: Checkpoint, found: Detection, made: Findings, rule: Rule) -> None:
    """Scores, stretches, the model and a script as files."""
    origin = Csv(**checkpoint.config.source)
    resampled = dataclasses.replace(origin) if origin.resample_seconds and origin.here() else None
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
    st.caption(
        f"On the command line: `python -m ae_core score new.csv --checkpoint {checkpoint.name} --out scores.csv` scores another file with this run."
    )


@st.cache_data(max_entries=4, show_spinner="Rebuilding the signal …")
def clean_signal(
    folder: str, written: float, _checkpoint: Checkpoint
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, str]:
    table, signal = cleaned(_checkpoint, obtained(_checkpoint))
    return table.names, table.values, signal, cleaned_csv(table, signal)


def cleaning(checkpoint: Checkpoint) -> None:
    """The signal as the network rebuilds it, beside the raw one."""
    if not obtainable(checkpoint):
        return
    with st.expander("Denoise: the cleaned signal beside the raw one"):
        st.caption(
            "Each row is the mean of all windows that it lies in, as the network rebuilds them. A denoising autoencoder, trained to undo noise that was added to "
            "its input, cleans best: choose it before you train."
        )
        if not st.toggle("Show it", key="signals-clean"):
            return
        try:
            names, raw, signal, text = clean_signal(
                str(checkpoint.folder), (checkpoint.folder / "weights.safetensors").stat().st_mtime, checkpoint
            )
        except LatentError as error:
            show_error(error)
            return
        channel = st.selectbox(
            "Channel", range(len(names)), format_func=lambda i: names[i], key="signals-clean-channel"
        )
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
        st.download_button(
            "Cleaned signal", text, "cleaned.csv", "text/csv", icon=":material/download:", on_click="ignore"
        )


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
            ready = obtained(checkpoint).prepare() if obtainable(checkpoint) else None
        except LatentError as error:
            show_error(error)
            return
        channel = st.selectbox(
            "Channel",
            range(len(detector.preprocessing.names)),
            format_func=lambda i: detector.preprocessing.names[i],
            key="signals-made-channel",
        )
        shown = [(f"made {n + 1}", "made", made[n, channel]) for n in range(min(6, count))]
        if ready is not None:
            real = ready.windows(ready.normal, healthy=True)[0]
            some = np.random.default_rng(seed).choice(len(real), min(6, len(real)), replace=False)
            shown += [(f"real {n + 1}", "real", x[channel]) for n, x in enumerate(ready.unscaled(real[some]))]
        data = [
            {"what": what, "kind": kind, "row": t, "value": float(v)}
            for what, kind, values in shown
            for t, v in enumerate(values)
        ]
        drawn = (
            alt.Chart()
            .mark_line()
            .encode(
                alt.X("row:Q", title=None),
                alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
                alt.Color("kind:N", scale=alt.Scale(domain=["made", "real"], range=[NETWORK, ORIGINAL]), legend=None),
                alt.Facet("what:N", columns=6, title=None),
            )
        )
        draw(drawn.properties(width=150, height=90), data)
        st.download_button(
            "These windows",
            lambda: windows_csv(detector.preprocessing.names, made),
            "windows.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def lines(points: list[tuple[str, int, float]], colours: dict[str, str], height: int) -> None:
    """A line for each name of the points, (name, x, y)."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    drawn = (
        alt.Chart()
        .mark_line()
        .encode(
            alt.X("row:Q", title="row", scale=alt.Scale(nice=False, zero=False)),
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
            alt.Color("name:N", scale=scale, legend=alt.Legend(orient="top", title=None)),
        )
    )
    draw(drawn.properties(height=height), [{"name": name, "row": x, "value": y} for name, x, y in points])
