"""Scoring a DataFrame, and the ten lines that the page gives for a notebook."""

import numpy as np
import pandas as pd
import pytest

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly.frames import notebook, score_frame
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule, flags, level
from ae_core.data.sensors import example
from ae_core.runs.folder import shipped_folder


@pytest.fixture(scope="module")
def checkpoint():
    return read_checkpoint(shipped_folder("plant-nested"))


def test_a_frame_has_the_scores_that_its_file_has(checkpoint):
    detection = load_detection(checkpoint.folder / DETECTION)
    frame = pd.DataFrame(detection.values.astype(float), index=detection.time, columns=list(detection.names))
    frame["more"] = "text"
    scores = score_frame(checkpoint, frame[["more", *reversed(detection.names)]])
    assert scores.index.equals(frame.index)
    known = detection.network.score[np.isfinite(detection.network.score)]
    np.testing.assert_allclose(scores["score"].to_numpy()[-len(known) // 2 :], known[-len(known) // 2 :], rtol=1e-3)
    threshold = level(detection.network.held_out, Rule(), detection.independent)
    assert scores["threshold"].eq(threshold).all()
    np.testing.assert_array_equal(scores["abnormal"], flags(scores["score"].to_numpy(), threshold))
    parts = scores[[f"{name} part" for name in detection.names]].sum(axis=1, skipna=False)
    np.testing.assert_allclose(parts, scores["score"])


def test_what_cannot_be_scored_is_one_sentence(checkpoint):
    with pytest.raises(LatentError, match="no channel"):
        score_frame(checkpoint, pd.DataFrame({"a": [1.0] * 50}))
    names = load_detection(checkpoint.folder / DETECTION).names
    with pytest.raises(LatentError, match="no number"):
        score_frame(checkpoint, pd.DataFrame({name: ["x"] * 50 for name in names}))


def test_the_ten_lines_run_as_they_are(checkpoint, tmp_path):
    (tmp_path / "plant's.csv").write_bytes(example())
    text = notebook(str(checkpoint.folder), str(tmp_path / "plant's.csv"))
    assert len(text.splitlines()) == 10
    names = {}
    exec(compile(text, "notebook.py", "exec"), names)
    assert len(names["scores"]) == 3000
    assert names["scores"]["score"].notna().sum() > 2900
