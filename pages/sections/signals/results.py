"""A table that was scored: the live figure, how good the scores are, and the way back to the form."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import Findings, calibrated, findings
from ae_core.anomaly.report import verdict
from ae_core.anomaly.scoring import read_alike, scored_path
from ae_core.anomaly.storage import load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.base.text import plural
from ae_core.data.csv.source import Csv
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import Checkpoint, read_checkpoint
from ae_core.runs.records import read_config

from ...components.hint import hint
from ...components.signals import name_of, pack, pack_detail, signals
from ...session.futures import show_future
from ...session.models import dimensions
from ...session.polling import follow
from ...ui import link
from ...ui.charts import BASELINE, NETWORK, QUIET
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.markdown import plain, show_error
from ..train.monitor import head
from . import keys, words
from .denoise import denoising
from .download import downloads
from .generate import generating
from .link import THRESHOLD, VIEW
from .open import EXAMPLE, as_settings, has_table, opened, table_of, train_again
from .reading import show_unscored
from .textbook import textbook_plant

Rows = tuple[int, int]  # (first, one after the last)


@st.cache_resource(max_entries=4, show_spinner=words.OPENING_SCORES)
def detection_in(path: str, mtime_ns: int) -> tuple[Detection, bytes]:
    """The scores in a file, and their payload for the figure. Raises LatentError."""
    detection = load_detection(Path(path))
    return detection, pack(detection)


def scored(folder: Path, path: Path, bar: DeltaGenerator, problems: list[str], other: dict | None = None) -> None:
    """Everything about a table that was scored.

    folder: of the run. path: of the scores. bar: where the button goes.
    problems: where to say what does not fit in the link.
    other: settings of the source csv of the table, where it is not the run's own. Raises LatentError.
    """
    detection, blob = detection_in(str(path), path.stat().st_mtime_ns if path.is_file() else 0)
    checkpoint = read_checkpoint(folder)
    network = checkpoint.config.row.title.lower()
    rule, view, normal = figure(detection, blob, network, problems)
    with bar:
        again(checkpoint, normal if normal != "{}:{}".format(*detection.normal) else "", other)
    st.markdown(verdict(checkpoint, detection, rule))
    found = findings(detection, rule)
    window, size = plural(detection.window, "row"), dimensions(detection.n_dims)
    notice(words.NOTICE.format(window=window, dimensions=size), words.QUESTION, words.ANSWER)
    with hidden_when_presenting("result"):
        against_labels(detection, found, rule, view, network)
        error_by_size(checkpoint, detection, network)
        downloads(checkpoint, detection, found, rule, other)
        denoising(checkpoint)
        generating(checkpoint)
        if folder.name == EXAMPLE:
            textbook_plant()


def figure(detection: Detection, blob: bytes, network: str, problems: list[str]) -> tuple[Rule, Rows | None, str]:
    """The live figure; (the rule that holds now, the rows in view or None for all, the normal rows that were dragged,
    START:END, or "").
    """
    hint("signals", words.HINT, "[data-testid=threshold-slider]")
    rows, name, state = len(detection.network.score), name_of(blob), st.session_state
    values, misfits = link.read((THRESHOLD, VIEW), link.current().values, rows)
    problems += misfits
    rule, view, revision = values.get("threshold", Rule()), values.get("view"), state.get(keys.REVISION, 0)
    detail = pack_detail(name, detection, *view) if view else None
    key = f"signals-figure-{name[:8]}{link.suffix()}"
    figure_slot(key, "50rem")
    said = signals(blob, key, rule, view=view, revision=revision, network=network, detail=detail)
    if state.get(keys.SEEN_REVISION, 0) != revision:
        # The page set the threshold: what the figure said before counts no more.
        state[keys.SEEN_REVISION], state[keys.PAST_THRESHOLD] = revision, said.threshold
    if said.threshold and said.threshold != state.get(keys.PAST_THRESHOLD):
        state[keys.PAST_THRESHOLD] = None
        try:
            rule = Rule(said.threshold["rule"], float(said.threshold["amount"]))
        except (KeyError, TypeError, ValueError, LatentError):
            rule = Rule()
    if said.view:
        first, last = int(said.view["first"]), int(said.view["last"])
        view = (first, last) if (first, last) != (0, rows) else None
    link.set_query_params(link.write((THRESHOLD, VIEW), {"threshold": rule, "view": view}, rows))
    return rule, view, said.normal or ""


def again(checkpoint: Checkpoint, normal: str, other: dict[str, Any] | None) -> None:
    """The way back from scores to the form, with what was chosen."""
    if not (other or has_table(checkpoint)):
        if normal:
            st.caption(words.GONE_NORMAL)
        return
    label = words.USE_NORMAL if normal else words.TRAIN_ON_FILE if other else words.CHANGE
    kind = "primary" if normal else "secondary"
    if not st.button(label, type=kind, icon=":material/model_training:", key=keys.AGAIN):
        return
    own = dict(checkpoint.config.source)
    source = as_settings(read_alike(Csv(**own), Csv(**other))) if other else own
    try:
        if not other:
            source["file"] = table_of(checkpoint).file
        train_again(source, checkpoint.config, normal or str(source.get("normal", "")))
    except LatentError as error:
        show_error(error)
        return
    st.rerun()


# ---- What is still at work


def in_training_section(folder: Path) -> None:
    """A run that is trained, looked at again and again; when it has ended the page hears of it."""

    def progress() -> None:
        head(folder, jobs.status(folder), shipped=False)
        if lines := jobs.lines(folder):
            now, first = lines[-1], lines[0]["test_loss"]
            error = now.get("test_reconstruction", now["test_loss"])
            st.caption(words.IN_TRAINING.format(now=error, epoch=now["epoch"], first=first))

    follow([folder], progress)
    source = json.dumps(dict(read_config(folder).source))
    show_unscored(source, opened(source)[1].stretches)


@st.cache_resource(max_entries=50, show_spinner=False)
def asked_scores(folder: str, source: str) -> Future:
    """The scores of a table by a run, asked for once. source: settings of the csv, JSON."""
    return jobs.score(Path(folder), json.loads(source))


def score_file(folder: Path, file: str, bar: DeltaGenerator, problems: list[str]) -> None:
    """Another table by an earlier run: scored in the background, then shown. Raises LatentError."""
    source = {"file": file}
    path = scored_path(folder, source)
    if path.is_file():
        scored(folder, path, bar, problems, other=source)
        return
    waiting = words.SCORING.format(file=plain(Path(file).name), run=plain(folder.name))
    future = asked_scores(str(folder), json.dumps(source))
    if show_future(future, waiting, asked_scores.clear, words.SCORING_FAILED) is not None:
        asked_scores.clear()
        st.rerun()


# ---- How good the scores are


def against_labels(detection: Detection, found: Findings, rule: Rule, view: Rows | None, network: str) -> None:
    """Network and PCA against the labels, where there are any; and a threshold that fits the labels in view."""
    if not found.figures:
        return
    both = {network: found, "PCA": findings(detection, rule, pca=True)}
    rows = [
        {
            "": name,
            **{heading: f"{each.figures[key]:.3f}" for key, (heading, _) in words.FIGURES.items()},
            words.FOUND_STRETCHES: words.OF.format(
                part=each.figures["found_stretches"], whole=each.figures["labelled_stretches"]
            ),
            words.FALSE_ALARMS: str(each.figures["false_alarms"]),
        }
        for name, each in both.items()
    ]
    st.table(pd.DataFrame(rows).set_index(""), width="content")
    meanings = "; ".join(f"{heading}: {meaning}" for heading, meaning in words.FIGURES.values())
    st.caption(words.AGAINST_LABELS.format(figures=meanings))
    state = st.session_state
    if st.button(words.CALIBRATE, icon=":material/tune:", key=keys.CALIBRATE, help=words.CALIBRATE_HELP):
        try:
            rule, f1 = calibrated(detection, view)
        except LatentError as error:
            st.warning(plain(error))
            return
        link.set_query_params({"threshold": str(rule)})
        where = words.ROWS_IN_VIEW.format(first=view[0], last=view[1] - 1) if view else words.ALL_ROWS
        state[keys.REVISION] = state.get(keys.REVISION, 0) + 1
        state[keys.CALIBRATED] = str(rule), words.CALIBRATED.format(f1=f1, rows=where)
        st.rerun()
    calibrated_rule, sentence = state.get(keys.CALIBRATED, ("", ""))
    if calibrated_rule == str(rule):
        st.caption(words.CALIBRATED_CAUTION.format(sentence=sentence))


def error_by_size(checkpoint: Checkpoint, detection: Detection, network: str) -> None:
    """The held-out error by the size of the code, where that was measured for each size."""
    curves, kept, k = checkpoint.curves, detection.n_dims, checkpoint.config.k
    if "error_by_size" not in curves:
        return
    left, right = st.columns([0.5, 0.5], gap="large", vertical_alignment="center")
    right.markdown(
        words.DIMENSIONS.format(
            kept=dimensions(kept),
            explained=100 * curves["explained"][kept - 1],
            size=int(np.prod(checkpoint.shape)),
            k=k,
            kept_count=kept,
            wanted=100 * Csv(**checkpoint.config.source).variance,
        )
    )
    sides = {network: ("error_by_size", NETWORK, [1, 0]), "PCA": ("pca_error_by_size", BASELINE, [5, 4])}
    points = [
        {"name": name, "k": n + 1, "error": error}
        for name, (key, *_) in sides.items()
        for n, error in enumerate(curves[key])
    ]
    colours = alt.Scale(domain=list(sides), range=[colour for _, colour, _ in sides.values()])
    dashes = alt.Scale(domain=list(sides), range=[dash for *_, dash in sides.values()])
    x = alt.X(
        "k:Q",
        title=words.DIMENSIONS_X,
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
        scale=alt.Scale(domain=[1, max(2, k)]),
    )
    lines = (
        alt.Chart(alt.Data(values=points))
        .mark_line()
        .encode(
            x,
            alt.Y("error:Q", title=words.HELD_OUT_ERROR, scale=alt.Scale(zero=False)),
            alt.Color("name:N", scale=colours, legend=alt.Legend(orient="top", title=None)),
            alt.StrokeDash("name:N", scale=dashes, legend=None),
        )
    )
    rule = (
        alt.Chart(alt.Data(values=[{"k": kept}])).mark_rule(strokeDash=[2, 2], strokeWidth=1.5, color=QUIET).encode(x)
    )
    left.altair_chart((lines + rule).properties(height=240))
