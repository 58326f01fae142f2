"""A table that was scored: the live figure, how good the scores are, and the way back to the form."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.anomaly.comparison import comparison
from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import Findings, calibrated, findings
from ae_core.anomaly.report import verdict
from ae_core.anomaly.scoring import read_alike, scored_path
from ae_core.anomaly.storage import load_detection, load_detector, load_threshold, save_threshold
from ae_core.anomaly.thresholds import MAX_ROWS, Rule
from ae_core.base.text import plural
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import file_label
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import Checkpoint, read_checkpoint
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config
from ae_core.runs.rights import may_change

from ...components.hint import hint
from ...components.signals import name_of, pack, pack_detail, signals
from ...session.futures import show_future
from ...session.models import dimensions
from ...session.polling import follow
from ...ui import link
from ...ui.charts import BASELINE, NETWORK, QUIET, TOP_LEGEND, channel, draw
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.markdown import plain, show_error
from ..lesson.sayings import saying
from ..train.monitor import head
from . import keys, words
from .denoise import denoising
from .download import downloads
from .generate import generating
from .judging import Judging
from .link import LOOK, NORMAL, THRESHOLD, VIEW
from .open import EXAMPLE, as_settings, file_of, has_table, opened, table_of, train_again, uploader
from .others import beside_others
from .reading import show_unscored
from .textbook import textbook_plant

Rows = tuple[int, int]  # (first, one after the last)


@st.cache_resource(max_entries=4, show_spinner=words.OPENING_SCORES)
def detection_in(path: str, mtime_ns: int) -> tuple[Detection, bytes]:
    """The scores in a file, and their payload for the figure. Raises LatentError."""
    detection = load_detection(Path(path))
    return detection, pack(detection)


@dataclass(frozen=True)
class Outcome:
    """What a rule makes of a detection: the network's findings, PCA's, and the verdict in a sentence."""

    network: Findings
    pca: Findings
    says: str


@st.cache_resource(max_entries=4, show_spinner=False)
def outcome(
    folder: str,
    path: str,
    scored_ns: int,
    measured_ns: int,
    version: str,
    rule: Rule,
    _checkpoint: Checkpoint,
    _detection: Detection,
) -> Outcome:
    """Found once for each rule: the figures against labels draw hundreds of samples. folder: of the run, measured at
    `measured_ns`; path: of the scores, written at `scored_ns`; version: of what counts as usual. Raises LatentError.
    """
    both = findings(_detection, rule), findings(_detection, rule, pca=True)
    return Outcome(*both, verdict(_checkpoint, _detection, rule, both))


def _written(path: Path) -> int:
    """When a file was, in nanoseconds; 0 where it is not there."""
    return path.stat().st_mtime_ns if path.is_file() else 0


def scored(folder: Path, path: Path, bar: DeltaGenerator, problems: list[str], other: dict | None = None) -> None:
    """Everything about a table that was scored.

    folder: of the run. path: of the scores. bar: where the button goes.
    problems: where to say what does not fit in the link.
    other: settings of the source csv of the table, where it is not the run's own. Raises LatentError.
    """
    detection, blob = detection_in(str(path), _written(path))
    checkpoint = read_checkpoint(folder)
    network = checkpoint.config.row.title.lower()
    file = file_label(other["file"]) if other else file_of(folder)
    with hidden_when_presenting("which"):
        st.caption(words.WHICH.format(file=plain(file), run=plain(folder.name)))
        if other:
            st.caption(plain(compared(str(folder), str(path), detection)))
    judging = Judging(checkpoint, path, other, problems)
    key = f"signals-figure-{name_of(blob)[:8]}{link.suffix()}"  # also of scores that hear what is judged
    judging.take(key, len(detection))
    detection, blob = judging.heard(detection, blob)
    rule, view, normal = figure(detection, blob, key, network, problems, folder, judging)
    stretch_settings(rule, detection.window, folder)
    with bar:
        again(checkpoint, normal if normal != "{}:{}".format(*detection.normal) else "", other)
    written = _written(path), _written(folder / "measures.json")
    made = outcome(str(folder), str(path), *written, judging.version, rule, checkpoint, detection)
    with hidden_when_presenting("verdict"):
        st.markdown(made.says)
    found = made.network
    window, size = plural(detection.window, "row"), dimensions(detection.n_dims)
    said = saying("signals").filled(window=window, dimensions=size)
    notice(said.notice, said.question)
    with hidden_when_presenting("result"):
        judging.section(detection, rule)
        against_labels(detection, made, rule, view, network, folder)
        error_by_size(checkpoint, detection, network)
        beside_others(checkpoint, detection, rule, problems, other)
        downloads(checkpoint, detection, found, rule, other)
        denoising(checkpoint, other)
        generating(checkpoint)
        if folder.name == EXAMPLE:
            textbook_plant()


@st.cache_data(max_entries=16, show_spinner=False)
def compared(folder: str, path: str, _detection: Detection) -> str:
    """How a table that a run scores compares with the one that it was trained on. path: of the scores. Raises
    LatentError.
    """
    own = load_detector(Path(folder), read_checkpoint(Path(folder)).model()).preprocessing
    return comparison(own, _detection.values, _detection.time)


def figure(
    detection: Detection, blob: bytes, key: str, network: str, problems: list[str], folder: Path, judging: Judging
) -> tuple[Rule, Rows | None, str]:
    """The live figure; (the rule that holds now, the rows in view or None for all, the normal rows that were dragged,
    START:END, or ""). key: of the figure; folder: of the run, which the threshold belongs to.
    """
    hint("signals", saying("signals").hint, "[data-testid=threshold-slider]")
    rows, name, state = len(detection.network.score), name_of(blob), st.session_state
    values, misfits = link.read((THRESHOLD, VIEW, NORMAL, *LOOK), link.current().values, rows)
    problems += misfits
    rule, view, revision = (
        values.get("threshold", load_threshold(folder)),
        values.get("view"),
        state.get(keys.REVISION, 0),
    )
    detail = pack_detail(name, detection, *view) if view else None
    figure_slot(key, "58rem")
    look, normal = {**link.defaults(LOOK), **values}, values.get("normal")
    look = {each.key: look[each.key] for each in LOOK}
    past = state.get(key) or {}
    now = rule_said(past, rule) if counts(past, revision) else rule
    about: dict[str, Any] = {"judged": judging.shown, "kinds": judging.kinds(now)}
    about["alike"] = judging.alike(past.get("look") or look, detection, now)
    about |= {"normal": normal, "view": view, "revision": revision, "network": network, "detail": detail}
    said = signals(blob, key, rule=rule, look=look, **about)
    if state.get(keys.SEEN_REVISION, 0) != revision:
        # The page set the threshold: what the figure said before counts no more.
        state[keys.SEEN_REVISION], state[keys.PAST_THRESHOLD] = revision, said.threshold
    if counts(said, revision):
        state[keys.PAST_THRESHOLD] = None
        rule = rule_said(said, rule)
        if may_change(folder):  # what another started stays as it is
            keep_threshold(rule, folder)
    if said.view:
        first, last = int(said.view["first"]), int(said.view["last"])
        view = (first, last) if (first, last) != (0, rows) else None
    # The run's own threshold may change: what differs from the default is said in the link whichever it is.
    if said.normal:
        first, _, last = said.normal.partition(":")
        normal = (int(first), int(last))
    dragged = normal if normal != tuple(detection.normal) else None
    shown = {"threshold": rule, "view": view, "normal": dragged, **look, **(said.look or {})}
    written = link.write((THRESHOLD, VIEW, NORMAL, *LOOK), shown, rows)
    if load_threshold(folder) != Rule():
        written["threshold"] = str(rule)
    link.set_query_params(written, chosen=max((each or {}).get("chosen", 0) for each in (said.view, said.threshold)))
    return rule, view, "{}:{}".format(*normal) if normal else ""


def counts(said: Mapping[str, Any], revision: int) -> bool:
    """Whether a threshold that the figure said holds: not where the page has set another since."""
    state = st.session_state
    threshold = said.get("threshold")
    return bool(threshold and threshold != state.get(keys.PAST_THRESHOLD)) and (
        state.get(keys.SEEN_REVISION, 0) == revision
    )


def rule_said(said: Mapping[str, Any], rule: Rule) -> Rule:
    """The threshold that the figure said. rule: with the fewest rows of a stretch, and what else it does not say."""
    try:
        return replace(rule, kind=said["threshold"]["rule"], amount=float(said["threshold"]["amount"]))
    except (KeyError, TypeError, ValueError, LatentError):
        return Rule()


def stretch_settings(rule: Rule, window: int, folder: Path) -> None:
    """Fields for the shortest stretch that is flagged, and for how near two are one."""
    least, merge = rule.stretches(window)
    state = st.session_state
    state[keys.MIN_ROWS], state[keys.MERGE_ROWS] = least, merge

    def choose() -> None:
        chosen = replace(rule, min_rows=int(state[keys.MIN_ROWS]), merge_rows=int(state[keys.MERGE_ROWS]))
        keep_threshold(chosen, folder)
        link.set_query_params({"threshold": str(chosen)})
        state[keys.REVISION] = state.get(keys.REVISION, 0) + 1

    with hidden_when_presenting("stretches"), st.popover(words.STRETCH_SETTINGS, icon=":material/tune:"):
        about: dict[str, Any] = {"on_change": choose}
        st.number_input(words.MIN_ROWS, 1, MAX_ROWS, key=keys.MIN_ROWS, help=words.MIN_ROWS_HELP, **about)
        st.number_input(words.MERGE_ROWS, 1, MAX_ROWS, key=keys.MERGE_ROWS, help=words.MERGE_ROWS_HELP, **about)


def keep_threshold(rule: Rule, folder: Path) -> None:
    """A threshold that was dragged, typed or calibrated goes with the run, where that is one's own."""
    if runs().get(folder.name) != folder:
        return
    try:
        save_threshold(rule, folder)
    except LatentError as error:
        show_error(error)


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
            st.caption(progress_words(lines[0], lines[-1]))

    follow([folder], progress)
    source = json.dumps(dict(read_config(folder).source))
    show_unscored(source, opened(source)[1].stretches)


def progress_words(first: dict[str, Any], now: dict[str, Any]) -> str:
    """How far an error fell from the first epoch to the last one: one measure, which both of them have."""
    measure = next(name for name in words.MEASURES if name in first and name in now)
    return words.IN_TRAINING.format(
        name=words.MEASURES[measure], now=now[measure], epoch=now["epoch"], first=first[measure]
    )


@st.cache_resource(max_entries=50, show_spinner=False)
def asked_scores(folder: str, source: str) -> Future:
    """The scores of a table by a run, asked for once. source: settings of the csv, JSON."""
    return jobs.score(Path(folder), json.loads(source))


def score_file(folder: Path, source: dict[str, Any], bar: DeltaGenerator, problems: list[str]) -> None:
    """Another table by an earlier run: scored in the background, then shown. Raises LatentError.

    source: settings of the source csv of the table that were said; the others are as the run's own.
    """
    path = scored_path(folder, source)
    if path.is_file():
        scored(folder, path, bar, problems, other=source)
        return
    waiting = words.SCORING.format(file=plain(Path(source["file"]).name), run=plain(folder.name))
    future = asked_scores(str(folder), json.dumps(source))
    if show_future(future, waiting, asked_scores.clear, words.SCORING_FAILED) is not None:
        asked_scores.clear()
        st.rerun()


def without_scores(folder: Path, bar: DeltaGenerator, problems: list[str]) -> None:
    """A run that came back without the scores of its table, in a zip: they are made again where the table is there,
    else another file is asked for. Raises LatentError.
    """
    checkpoint = read_checkpoint(folder)
    if has_table(checkpoint):
        score_file(folder, as_settings(table_of(checkpoint)), bar, problems)
        return
    st.info(words.NO_SCORES.format(run=plain(folder.name), file=plain(file_of(folder))), icon=":material/upload_file:")
    uploader(folder.name)


# ---- How good the scores are


def against_labels(
    detection: Detection, made: Outcome, rule: Rule, view: Rows | None, network: str, folder: Path
) -> None:
    """Network and PCA against the labels, where there are any; and a threshold that fits the labels in view."""
    if not made.network.figures:
        return
    both = {network: made.network, "PCA": made.pca}
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
            fitted, f1 = calibrated(detection, view)
            rule = replace(fitted, min_rows=rule.min_rows, merge_rows=rule.merge_rows)
        except LatentError as error:
            st.warning(plain(error))
            return
        keep_threshold(rule, folder)
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
            kept="the first latent dimension" if kept == 1 else f"the first {dimensions(kept)}",
            explain="explains" if kept == 1 else "explain",
            explained=100 * curves["explained"][kept - 1],
            size=int(np.prod(checkpoint.shape)),
            k=k,
            those="it" if kept == 1 else f"the first {kept}",
            wanted=100 * Csv(**checkpoint.config.source).variance,
        )
    )
    sides = {network: ("error_by_size", NETWORK, [1, 0]), "PCA": ("pca_error_by_size", BASELINE, [5, 4])}
    points = [
        {"name": name, "k": n + 1, "error": error}
        for name, (key, *_) in sides.items()
        for n, error in enumerate(curves[key])
    ]
    colours = {"domain": list(sides), "range": [colour for _, colour, _ in sides.values()]}
    dashes = {"domain": list(sides), "range": [dash for *_, dash in sides.values()]}
    x = channel(
        "k",
        title=words.DIMENSIONS_X,
        axis={"tickMinStep": 1, "format": "d", "grid": False},
        scale={"domain": [1, max(2, k)]},
    )
    lines = {
        "mark": "line",
        "encoding": {
            "x": x,
            "y": channel("error", title=words.HELD_OUT_ERROR, scale={"zero": False}),
            "color": channel("name", "nominal", scale=colours, legend=TOP_LEGEND),
            "strokeDash": channel("name", "nominal", scale=dashes, legend=None),
        },
    }
    rule = {
        "data": {"values": [{"k": kept}]},
        "mark": {"type": "rule", "strokeDash": [2, 2], "strokeWidth": 1.5, "color": QUIET},
        "encoding": {"x": x},
    }
    with left:
        draw({"layer": [lines, rule], "height": 240}, points)
