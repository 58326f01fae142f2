"""Which samples are abnormal: a model of the normal ones alone, a threshold that moves, and what it then says."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
import torch

from ae_core import LatentError
from ae_core.anomaly.samples import VARIANT, SampleScores, detector_recipe, errors_of_values, score_samples, scores_csv
from ae_core.data.samples.source import Prepared, Samples
from ae_core.runs.checkpoint import read_checkpoint

from ...session.polling import follow
from ...ui import link
from ...ui.markdown import plain, show_error
from ...ui.thumbnails import strip
from . import keys, words
from .link import NORMAL
from .mapping import progress, send
from .open import ready, trained

WORST = 12
BINS = 40


def abnormal(item: Prepared, source: dict[str, Any], normal: str) -> None:
    """The section."""
    classes = item.collection.classes
    options = ["", *classes]
    chosen = st.selectbox(
        words.NORMAL,
        options,
        index=options.index(normal) if normal in options else 0,
        format_func=lambda name: name or words.NORMAL_NONE,
        key=keys.setting(f"normal-{source['file']}"),
        width=320,
    )
    if chosen != normal:
        link.set_query_params({NORMAL.name: chosen})
    own = {**source, "normal_class": chosen} if chosen else source
    runs = trained(own, (VARIANT,))
    if not runs and st.button(words.DETECT, key=keys.DETECT, icon=":material/troubleshoot:"):
        try:
            send(detector_recipe(Samples(**own), ready(own)), "detector")
        except LatentError as error:
            show_error(error)
        runs = trained(own, (VARIANT,))
    for folder in runs.values():
        follow([folder], lambda folder=folder: progress([folder], words.DETECTING))
        if (folder / "codes.npz").is_file():
            results(str(folder), (folder / "codes.npz").stat().st_mtime_ns, own)


@st.cache_resource(max_entries=4, show_spinner=False)
def scored(folder: str, mtime_ns: int, source: str, _own: dict[str, Any]) -> SampleScores:
    return score_samples(read_checkpoint(folder), Samples(**_own))


def results(folder: str, mtime_ns: int, own: dict[str, Any]) -> None:
    """Threshold, histogram, figures, gallery and file."""
    scores = scored(folder, mtime_ns, repr(sorted(own.items())), own)
    quantile = st.slider(words.QUANTILE, 0.5, 0.999, 0.95, 0.001, format="percent", key=keys.QUANTILE)
    flagged = scores.flagged(scores.network, quantile)
    level = scores.threshold(scores.network, quantile)
    st.markdown(words.THRESHOLD.format(flagged=int(flagged.sum()), count=len(flagged), level=level))
    histogram(scores)
    figures(scores, quantile)
    worst(scores, folder, own)
    st.download_button(words.SCORES, scores_csv(scores, quantile), "scores.csv", "text/csv", key="data-scores")


def histogram(scores: SampleScores) -> None:
    """Scores of held-out normal samples and of the others, on a log scale."""
    others = np.ones(len(scores.network), bool) if scores.abnormal is None else scores.abnormal
    others = others & np.isfinite(scores.network)
    if scores.abnormal is None:
        others[np.concatenate([scores.train, scores.test])] = False
    values = np.log10(np.maximum(scores.network, 1e-9))
    parts = {words.HISTOGRAM["held"]: values[scores.test], words.HISTOGRAM["rest"]: values[others]}
    together = np.concatenate(list(parts.values()))
    edges = np.linspace(together.min(), together.max() + 1e-6, BINS + 1)
    frame = pd.DataFrame({name: np.histogram(each, edges)[0] for name, each in parts.items()})
    frame.index = pd.Index([f"{10**edge:.3g}" for edge in edges[:-1]], name=words.HISTOGRAM["score"])
    st.bar_chart(frame, height=220, stack=True, x_label=words.HISTOGRAM["score"], y_label=words.HISTOGRAM["count"],
                 sort=False)  # fmt: skip


def figures(scores: SampleScores, quantile: float) -> None:
    """How well network and PCA tell, where the truth is known."""
    rows = {}
    for name, score in ((words.NETWORK, scores.network), (words.PCA, scores.pca)):
        if judged := scores.judge(score, quantile):
            texts = [f"{v:.1%}" for v in judged[:3]] + [f"{v:.3f}" for v in judged[3:5]]
            rows[name] = dict(zip(words.TABLE, texts, strict=True))
            chance = judged.chance
    if rows:
        st.table(pd.DataFrame(rows).T, width="content")
        st.caption(words.CHANCE.format(chance=chance))


def worst(scores: SampleScores, folder: str, own: dict[str, Any]) -> None:
    """The samples with the highest scores, the part of each that the model rebuilds worst marked."""
    item = ready(own)
    order = np.argsort(-np.nan_to_num(scores.network, nan=-np.inf))[:WORST]
    odd = errors_of_values(read_checkpoint(folder).model(), torch.from_numpy(item.x[order]))
    y, classes = item.collection.y, item.collection.classes
    captions = [
        (f"{classes[y[n]]} · " if y is not None and y[n] >= 0 else "") + words.SCORE.format(score=scores.network[n])
        for n in order
    ]
    st.markdown(f"**{plain(words.WORST)}**")
    strip(item.x[order], captions, marked=odd)
