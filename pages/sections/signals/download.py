"""The files that a scored table gives: scores, stretches, the run, and a program."""

import dataclasses
from typing import Any

import streamlit as st

from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import Findings
from ae_core.anomaly.frames import notebook
from ae_core.anomaly.report import scores_csv, stretches_csv
from ae_core.anomaly.scoring import as_read, read_alike
from ae_core.anomaly.sheet import report
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import file_label
from ae_core.runs.archive import zip_run
from ae_core.runs.checkpoint import Checkpoint
from ae_core.training.script import script

from ...ui.download import download, download_onnx
from . import keys, words


def downloads(
    checkpoint: Checkpoint, detection: Detection, findings: Findings, rule: Rule, other: dict[str, Any] | None = None
) -> None:
    """A button for each file, which is made when it is pressed; and the command that scores another table.

    other: settings of the source csv of the table, where it is not the run's own.
    """
    own = Csv(**checkpoint.config.source)
    origin = read_alike(own, Csv(**other)) if other else own
    resampled = dataclasses.replace(origin) if origin.resample_seconds and origin.here() else None
    name = checkpoint.name
    file = file_label(other["file"] if other else str(checkpoint.config.source.get("file", ""))) or name
    with st.container(horizontal=True, key=keys.FILES):
        download(
            words.REPORT, lambda: report(checkpoint, detection, rule, file), f"{file}-report.html", words.REPORT_HELP
        )
        download(
            words.SCORES,
            lambda: scores_csv(as_read(detection, resampled) if resampled else detection, rule),
            "scores.csv",
            words.SCORES_HELP,
        )
        download(words.STRETCHES, lambda: stretches_csv(detection, findings), "stretches.csv", words.STRETCHES_HELP)
        download(words.MODEL, lambda: zip_run(checkpoint), f"{name}.zip", words.MODEL_HELP)
        download_onnx(lambda: checkpoint, name)
        download(
            words.SCRIPT,
            lambda: script(checkpoint.config, checkpoint.shape, checkpoint.range, checkpoint.classes),
            f"{name}.py",
            words.SCRIPT_HELP,
        )
    with st.expander(words.NOTEBOOK):
        st.caption(words.NOTEBOOK_ABOUT)
        st.code(notebook(name, f"{file}.csv"), language="python")
    st.caption(words.COMMAND.format(run=name, threshold=rule))
