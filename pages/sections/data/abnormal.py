"""Which samples are abnormal: a model of the normal ones alone, a threshold that moves, and what it then says."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core import LatentError
from ae_core.anomaly.samples import (
    LIMITS,
    VARIANT,
    SampleScores,
    detector_recipe,
    errors_of_values,
    score_samples,
    scores_csv,
)
from ae_core.data.samples.source import Prepared, Samples
from ae_core.runs.checkpoint import read_checkpoint

from ...components.register import key_part
from ...components.sample_scores import sample_scores
from ...components.sample_scores.types import SampleScoresData, SampleScoresMethod
from ...session.polling import follow
from ...ui import link
from ...ui.markdown import plain, show_error
from ...ui.packing import to_base64
from ...ui.thumbnails import strip
from . import keys, words
from .link import NORMAL, THRESHOLD
from .mapping import progress, send
from .open import ready, trained

WORST = 12


def abnormal(item: Prepared, source: dict[str, Any], normal: str, quantile: float) -> None:
    """The section. normal, quantile: as the link says."""
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
            results(str(folder), (folder / "codes.npz").stat().st_mtime_ns, own, quantile)


@st.cache_resource(max_entries=4, show_spinner=False)
def scored(folder: str, mtime_ns: int, source: str, _own: dict[str, Any]) -> SampleScores:
    return score_samples(read_checkpoint(folder), Samples(**_own))


def results(folder: str, mtime_ns: int, own: dict[str, Any], quantile: float) -> None:
    """The threshold with what it says, the gallery, and the file. quantile: of the threshold, where the link has it."""
    scores = scored(folder, mtime_ns, repr(sorted(own.items())), own)
    name = f"{Path(folder).name} {mtime_ns}"
    # A figure of its own for each: where one was let go is no threshold of another's.
    let_go = sample_scores(figure_data(scores, name, quantile), key=f"sample-scores-{key_part(name)}")
    if let_go:
        quantile = let_go["quantile"]
    link.set_query_params(link.write((THRESHOLD,), {THRESHOLD.key: quantile}))
    worst(scores, folder, own)
    st.download_button(words.SCORES, scores_csv(scores, quantile), "scores.csv", "text/csv", key="data-scores")


def figure_data(scores: SampleScores, name: str, quantile: float) -> SampleScoresData:
    """The scores as the figure takes them."""
    roles = np.zeros(len(scores.network), np.uint8)
    roles[scores.test] = 1
    if scores.abnormal is not None:
        roles[scores.abnormal] = 2
    methods: list[SampleScoresMethod] = []
    chance = None
    for method, score in ((words.NETWORK, scores.network), (words.PCA, scores.pca)):
        judged = scores.judge(score)
        chance = judged and judged.chance
        methods.append(
            {
                "name": method,
                "scores": to_base64(score, "<f8"),
                "auc_pr": judged and judged.auc_pr,
                "auc_roc": judged and judged.auc_roc,
            }
        )
    return {
        "name": name,
        "methods": methods,
        "roles": to_base64(roles),
        "quantile": quantile,
        "limits": list(LIMITS),
        "chance": chance,
    }


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
