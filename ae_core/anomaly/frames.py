"""Scoring a pandas table that is there already, in a notebook."""

from typing import TYPE_CHECKING

import numpy as np

from ..base.errors import LatentError
from ..data.csv.table import Table
from ..runs.checkpoint import Checkpoint
from .storage import load_detector, load_threshold
from .thresholds import Rule, flags, levels

if TYPE_CHECKING:
    import pandas as pd


def score_frame(checkpoint: Checkpoint, frame: "pd.DataFrame", rule: Rule | None = None) -> "pd.DataFrame":
    """What a run says of each row of a table.

    Args:
        checkpoint: a run on a table.
        frame: a column for each of the run's channels, by their names; others are left out. Where its index is of
            times, they are the rows'.
        rule: where the threshold lies; None: the run's own.

    Returns:
        With the frame's index: score, threshold, abnormal, pca_score, and each channel's part of the score under
        "NAME part"; a row without a score has NaN.

    Raises:
        LatentError: where a channel is missing or no number, or no row can be scored.
    """
    import pandas as pd

    detector = load_detector(checkpoint.folder, checkpoint.model())
    names = detector.preprocessing.names
    held = frame[[name for name in names if name in frame.columns]]
    try:
        values = held.to_numpy(np.float64)
    except (TypeError, ValueError) as error:
        raise LatentError(
            f"A channel of the frame is no number ({error}): convert it, as pd.to_numeric does."
        ) from error
    time, step = None, None
    if isinstance(frame.index, pd.DatetimeIndex):
        index = frame.index.tz_convert(None) if frame.index.tz is not None else frame.index
        time = index.to_numpy("datetime64[ns]")
        between = np.diff(time[~np.isnat(time)]).astype(np.int64)
        step = abs(float(np.median(between))) / 1e9 or None if len(between) else None
    detection = detector.score(Table(tuple(held.columns), ("",) * held.shape[1], values, time, step))
    held_out = detection.network.held_out
    rule = rule or load_threshold(checkpoint.folder)
    threshold = levels(detection.network.score, held_out, rule, detection.independent)
    columns = {
        "score": detection.network.score,
        "threshold": threshold,
        "abnormal": flags(detection.network.score, threshold),
        "pca_score": detection.pca.score,
    }
    columns |= {f"{name} part": part for name, part in zip(names, detection.network.parts.T, strict=True)}
    return pd.DataFrame(columns, index=frame.index)


def notebook(run: str, file: str) -> str:
    """Ten lines for a notebook: load a run, score a table, plot it. run: name or folder; file: of the table."""
    return f"""import pandas as pd
from ae_core import read_checkpoint
from ae_core.anomaly.frames import score_frame
from ae_core.data.csv.source import Csv

run = read_checkpoint({run!r})
table = Csv(file={file!r}).table()  # or any DataFrame with the run's channels
frame = pd.DataFrame(table.values, index=table.time, columns=list(table.names))
scores = score_frame(run, frame)  # score, threshold, abnormal, and each channel's part
scores[["score", "pca_score", "threshold"]].plot(backend="plotly", log_y=True)
"""
