"""Other detectors beside the run's own: the same threshold rule for all, and which of them agree on a stretch."""

import json
from typing import Any

import pandas as pd
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.detection import Detection, ModelScores
from ae_core.anomaly.others import Line, other_scores, side_by_side
from ae_core.anomaly.report import when
from ae_core.anomaly.scoring import matching
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.source import Csv
from ae_core.runs.checkpoint import Checkpoint

from ...ui import link
from ...ui.markdown import show_error
from . import keys, words
from .link import OTHERS
from .open import has_table, table_of

MOST = 20  # stretches that are listed, those with the highest scores


@st.cache_data(max_entries=4, show_spinner=words.OTHERS_COMPUTING)
def scores_of(folder: str, mtime: float, other: str, _checkpoint: Checkpoint) -> dict[str, ModelScores]:
    """Other detectors' scores of the run's own table, or of another with these settings of the source csv, JSON. Raises
    LatentError.
    """
    own = table_of(_checkpoint)
    detector, origin = matching(_checkpoint, Csv(**json.loads(other)) if other else own)
    return other_scores(detector, own.prepare(), origin.table())


def beside_others(
    checkpoint: Checkpoint,
    detection: Detection,
    rule: Rule,
    problems: list[str],
    other: dict[str, Any] | None = None,
) -> None:
    """The section, where the table that the run was trained on can be read. problems: where to say what does not fit in
    the link.
    """
    values, misfits = link.read((OTHERS,), link.current().values)
    problems += misfits
    asked = values.get(OTHERS.key, False)
    if not has_table(checkpoint):
        return
    with st.expander(words.OTHERS, expanded=asked):
        st.caption(words.OTHERS_ABOUT)
        shown = st.toggle(words.OTHERS_SHOW, value=asked, key=keys.OTHERS)
        link.set_query_params(link.write((OTHERS,), {OTHERS.key: shown}))
        if not shown:
            return
        weights = checkpoint.folder / "weights.safetensors"
        try:
            said = json.dumps(other) if other else ""
            others = scores_of(str(checkpoint.folder), weights.stat().st_mtime, said, checkpoint)
            lines = side_by_side(detection, others, checkpoint.config.row.title.lower(), rule)
        except LatentError as error:
            show_error(error)
            return
        st.dataframe(pd.DataFrame([_figures(line) for line in lines]), hide_index=True)
        if lines[0].made.intervals:
            st.dataframe(pd.DataFrame(_agreement(detection, lines)), hide_index=True)


def _figures(line: Line) -> dict[str, object]:
    """A row of the table."""
    row: dict[str, object] = {
        words.OTHERS_DETECTOR: line.name,
        words.OTHERS_FLAGGED: len(line.made.intervals),
    }
    if f := line.made.figures:
        row |= {words.OTHERS_AUC: round(f["auc_pr"], 3), words.OTHERS_VUS: round(f["vus_pr"], 3)}
        row |= {
            words.OTHERS_FOUND: f"{f['found_stretches']:.0f}/{f['labelled_stretches']:.0f}",
            words.OTHERS_FALSE: int(f["false_alarms"]),
        }
    return row


def _agreement(detection: Detection, lines: list[Line]) -> list[dict[str, str]]:
    """For each of the run's own stretches, the highest first, who flags it too."""
    stretches = lines[0].made.intervals
    highest = sorted(range(len(stretches)), key=lambda n: -stretches[n].peak)[:MOST]
    return [
        {
            words.OTHERS_STRETCH: f"{when(detection, stretches[n].start)} … {when(detection, stretches[n].end - 1)}",
            words.OTHERS_AGREE: ", ".join(line.name for line in lines[1:] if line.agrees[n]) or words.OTHERS_NOBODY,
        }
        for n in highest
    ]
