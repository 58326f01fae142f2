"""Where else a table looks as it does in a stretch: the nearest stretches of as many rows.

A stretch is told by what is unusual about it, in units of the signal: how far its codes lie from the nearest normal
ones, and how its rows differ from how they are rebuilt, each as the mean over its rows. What is usual, such as the
phase of a cycle, is taken out by that: two faults of one kind are near each other wherever in the cycle they come.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..base.budget import BudgetError, ask, in_words
from ..base.errors import LatentError
from ..data.csv.source import Csv
from ..data.csv.table import Table
from ..runs.checkpoint import Checkpoint, read_checkpoint
from .calibration import WindowStats
from .detector import Detector, Progress, silent
from .newest import BLOCK, NEAREST, NewestCalibration
from .scoring import matching
from .storage import load_detector

COUNT = 10
MADE_OF = 6  # times their bytes: together, smoothed, and as scores with parts
MOST = 1000


class Similar(NamedTuple):
    """A stretch that is like another.

    Attributes:
        start, end: first row, row after the last.
        distance: in spreads of the channels, 0 for what is the same.
    """

    start: int
    end: int
    distance: float


def unusual(detector: Detector, table: Table, progress: Progress = silent) -> np.ndarray:
    """What is unusual about each row, (rows, k + C), NaN where no window ends.

    The first k numbers are how far the row's code lies from the mean of its nearest normal ones, in units of what is
    decoded, or, where a run keeps no normal codes, from their mean in its standard deviations; then come the channels'
    differences from how they are rebuilt, in spreads.

    table: with the detector's channels, in its order.
    """
    stats = detector.window_stats(table, progress).network
    return unusual_rows(detector, table.values, stats.z.astype(np.float64), stats.x_hat)


def unusual_rows(detector: Detector, values: np.ndarray, z: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """`unusual` of rows whose windows are known.

    values: (rows, C), NaN for what is missing; z: (rows, k) codes of the windows that end there; x_hat: (rows, C) how
    those rebuild the row, scaled; NaN where none ends.
    """
    own, calibration = detector.preprocessing, detector.calibrations[0]
    values = np.where(own.spread > 0, (values - own.centre) / np.where(own.spread > 0, own.spread, 1), 0.0)
    if isinstance(calibration, NewestCalibration):
        z = z * calibration.scale
        z = z - _nearest_mean(z, calibration.bank)
    else:
        z = (z - calibration.mean) * np.sqrt(np.diag(calibration.precision))
    # A value that is missing is as it is rebuilt: nothing is known against it.
    apart = np.where(np.isfinite(values), values - x_hat, 0.0)
    apart[~np.isfinite(x_hat).all(1)] = np.nan
    size = np.sqrt(own.window)  # a code tells of a window's rows together, a difference of one row
    return np.concatenate([z / size, np.clip(apart, -1e3, 1e3)], 1)


class Seen:
    """Gathers what is unusual about each row of a file that is scored in pieces, as `score_in_pieces` tells of them."""

    def __init__(self, checkpoint: Checkpoint):
        self._detector = load_detector(checkpoint.folder, checkpoint.model())
        self._blocks: list[np.ndarray] = []

    def __call__(self, table: Table, stats: WindowStats) -> None:
        rows = unusual_rows(self._detector, table.values, stats.z.astype(np.float64), stats.x_hat)
        self._blocks.append(rows.astype(np.float32))

    def features(self) -> np.ndarray:
        """(rows, k + C) float32, as `unusual` gives them; gathered once. Raises BudgetError where what is made of them
        would take more memory than there is.
        """
        ask_for(self._blocks)
        blocks, self._blocks = self._blocks, []
        return np.concatenate(blocks)


def ask_for(features: Iterable[np.ndarray]) -> None:
    """Announce what is made of features, (rows, k + C) or blocks of them. Raises BudgetError where that would take more
    memory than there is.
    """
    blocks = [features] if isinstance(features, np.ndarray) else list(features)
    count, size = sum(map(len, blocks)), sum(block.nbytes for block in blocks)
    advice = "give --events of a part of the file alone, which --first reads"
    ask(MADE_OF * size, f"What follows from events of {count:,} rows needs", advice)


def unusual_in(folder: Path, origin: Csv, most: int | None = None) -> np.ndarray:
    """`unusual` of a table by the run in a folder, for a process outside the server. Raises LatentError, BudgetError
    where it has more than `most` bytes.
    """
    detector, origin = matching(read_checkpoint(folder), origin)
    table = detector.preprocessing.matched(origin.table())
    size = 8 * len(table) * ((detector.n_dims or detector.model.k) + len(table.names))
    if most is not None and size > most:
        raise BudgetError(
            f"What is unusual about {len(table):,} rows takes {in_words(size)}, and a page keeps {in_words(most)}: use "
            "python -m ae_core score --events.",
            size,
            most,
        )
    return unusual(detector, table)


def _nearest_mean(z: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """The mean of the three codes of a bank (B, k) that are nearest to each of z (N, k), (N, k)."""
    means = np.full(z.shape, np.nan)
    norms, count = np.square(bank).sum(1), min(NEAREST, len(bank))
    for start in range(0, len(z), BLOCK):
        block = np.nan_to_num(z[start : start + BLOCK])
        near = np.argpartition(norms - 2 * block @ bank.T, count - 1, axis=1)[:, :count]
        means[start : start + BLOCK] = bank[near].mean(1)
    return means


def similar(features: np.ndarray, start: int, end: int, window: int, count: int = COUNT) -> list[Similar]:
    """The stretches of as many rows that are most like the rows start … end − 1, nearest first.

    None overlaps the stretch itself or another one, nor is nearer to it than half a window: the windows that end there
    still hold its rows.

    Args:
        features: (rows, d), as `unusual` gives them.
        start, end: first row, row after the last.
        window: rows of a window.
        count: how many at most.

    Raises:
        LatentError: where no row of the stretch could be scored.
    """
    rows = end - start
    known = np.isfinite(features).all(1)
    if not known[start:end].any():
        raise LatentError("No row of this stretch has a score: choose one behind the first window, or without gaps.")
    sums = np.r_[np.zeros((1, features.shape[1])), np.cumsum(np.where(known[:, None], features, 0.0), 0)]
    counts = np.r_[0, np.cumsum(known)]
    there = counts[rows:] - counts[:-rows]
    means = (sums[rows:] - sums[:-rows]) / np.maximum(there, 1)[:, None]
    distance = np.sqrt(np.square(means - means[start]).sum(1))
    distance[2 * there < rows] = np.inf
    apart = rows + window // 2
    nearest: list[Similar] = []
    distance[max(0, start - apart + 1) : start + apart] = np.inf
    while len(nearest) < min(count, MOST):
        at = int(distance.argmin())
        if not np.isfinite(distance[at]):
            break
        nearest.append(Similar(at, at + rows, float(distance[at])))
        distance[max(0, at - apart + 1) : at + apart] = np.inf
    return nearest
