"""How a window becomes a score that shows a fault at once: the worst channel of the newest rows, how far the code lies
from normal ones, and channels that never moved and now do, over what is usual of late.

The largest channel instead of the sum: a fault begins in one channel of many, whose noise would hide it. The newest
quarter and half of a longer window instead of the whole: long enough to know what is normal, short enough to be
current. Dividing by a trailing median follows slow change; its square root lets a long fault stay one.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from ..data.csv.source import Scoring
from .calibration import WindowStats

LIMIT_QUANTILE = 0.99  # share of the normal windows whose errors and distances count as less than 1
LEAST_LIMIT = 1e-3  # of the largest channel's limit: one that hardly moves must not own the maximum for its rounding
TINY = 1e-9
NEAREST = 3  # normal codes that a distance is the mean of
BANK = 500  # normal codes that are kept: 2,000 move no mean of the benchmark's series by more than .01
DISTANCE_WEIGHT = 4.0  # of the distance beside the two errors: where the code lies counts as much as what is lost
MOVED_WEIGHT = 100.0  # of a channel that was constant on all normal rows and has another value
HISTORY = 1024  # rows before a row whose median score is the base that it is measured by
RENEWED = 16  # rows after which the base is computed anew
OFFSET = 0.1  # beside the base, so that a calm past does not make everything wild
BLOCK = 2048  # codes that are compared at a time, always as many: a row's floats do not depend on how many follow


@dataclass(frozen=True)
class NewestCalibration:
    """A model on normal rows.

    Attributes:
        limits: (C, 2) 99 % quantiles of each channel's mean squared error over the newest quarter and half of a window.
        bank: (B, k) codes of normal windows, evenly spaced, times their scale.
        distance_limit: (1,) 99 % quantile of the distance to the nearest normal codes of other windows.
        usual: (H,) raw scores of the last normal rows, which the base begins with.
        scale: (k,) how far a decoded window moves by a unit of each of its numbers: two codes are as far apart as what
            they stand for. Measured in their own units, numbers that hardly matter would count as much as the others.
    """

    limits: np.ndarray
    bank: np.ndarray
    distance_limit: np.ndarray
    usual: np.ndarray
    scale: np.ndarray

    # How many rows before a row its score looks back on, beside its window.
    history = HISTORY

    def parts(
        self, stats: WindowStats, scoring: Scoring, segment_start: np.ndarray, apart: np.ndarray | None = None
    ) -> np.ndarray:
        """Each channel's part of the score, (rows, C), NaN where no window ends. apart: as `terms` takes it."""
        return self.smoothed(self.phi(stats, scoring, apart), scoring, segment_start)

    def apart(self, stats: WindowStats) -> np.ndarray:
        """(rows,) distances of the codes to the nearest normal ones: most of what a score costs."""
        return nearest(stats.z * self.scale, self.bank)

    def phi(self, stats: WindowStats, scoring: Scoring, apart: np.ndarray | None = None) -> np.ndarray:
        """Each channel's part of one window's raw score, (rows, C). apart: as `terms` takes it."""
        errors, distance, moved = self.terms(stats, apart)
        # The error's share of each channel falls with the square, as its part of the maximum does.
        squares = np.square(errors).sum(2)
        blame = squares / np.maximum(squares.sum(1, keepdims=True), TINY)
        raw: np.ndarray = errors.max(1).sum(1)[:, None] * blame + distance[:, None] * stats.share + moved
        return raw

    def terms(self, stats: WindowStats, apart: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the raw score is made of: errors over their limits (rows, C, 2), the weighted distance to the nearest
        normal codes over its limit (rows,), and the part of each channel that never moved and now does (rows, C).

        apart: (rows,) the distances, where they are known.
        """
        assert stats.newest is not None, "these stats were made for another score"
        assert stats.moved is not None, "these stats were made for another score"
        distance = self.apart(stats) if apart is None else apart
        distance = DISTANCE_WEIGHT * distance / self.distance_limit[0]
        most = stats.moved.max(1, keepdims=True)
        moved = MOVED_WEIGHT * most * stats.moved / np.maximum(stats.moved.sum(1, keepdims=True), TINY)
        return stats.newest / self.limits, distance, moved

    def made_of(self, stats: WindowStats, apart: np.ndarray) -> np.ndarray:
        """What each row's score is made of, (rows, 4) float32: the worst channel's error, the distance to the nearest
        normal codes and channels that never moved, whose sum is divided by the last, the root of what was usual. apart:
        the distances.
        """
        errors, distance, moved = self.terms(stats, apart)
        terms = np.stack([errors.max(1).sum(1), distance, moved.sum(1)], 1)
        divisor = np.sqrt(OFFSET + trailing_median(terms.sum(1), self.usual))
        made = np.c_[terms, divisor].astype(np.float32)
        made[~np.isfinite(distance)] = np.nan
        return made

    def smoothed(self, phi: np.ndarray, scoring: Scoring, segment_start: np.ndarray) -> np.ndarray:
        """The parts of the score, (rows, C), of all windows' raw ones."""
        base = trailing_median(phi.sum(1), self.usual)
        return phi / np.sqrt(OFFSET + base)[:, None]

    @classmethod
    def fit(
        cls,
        stats: WindowStats,
        normal_rows: np.ndarray,
        segment_start: np.ndarray,
        scoring: Scoring,
        window: int,
        scale: np.ndarray,
    ) -> tuple["NewestCalibration", np.ndarray]:
        """Learned from the windows of normal rows; normal_rows: bool (rows,), those that count; scale: as it is kept.

        Returns:
            The calibration; `phi` of the normal rows, NaN elsewhere, whose distances leave out the codes of windows
            that share rows with their own: a row is not normal for being in the bank itself.
        """
        assert stats.newest is not None, "these stats were made for another score"
        used = np.flatnonzero(normal_rows & stats.finite())
        limits = np.quantile(stats.newest[used].astype(np.float64), LIMIT_QUANTILE, axis=0)
        limits = np.maximum(limits, np.maximum(LEAST_LIMIT * limits.max(0), TINY))
        kept = used[np.unique(np.linspace(0, len(used) - 1, min(BANK, len(used))).astype(int))]
        z = stats.z * scale
        bank = z[kept]
        apart = np.full(len(stats.z), np.nan)
        apart[used] = nearest(z[used], bank, used, kept, window)
        known = apart[np.isfinite(apart)]
        limit = float(np.quantile(known, LIMIT_QUANTILE)) if len(known) else 0.0
        apart[used] = np.nan_to_num(apart[used], nan=limit)
        bare = cls(limits, bank, np.array([max(limit, TINY)]), np.zeros(1), scale)
        phi = bare.phi(stats, scoring, apart)
        return dataclasses.replace(bare, usual=phi[used].sum(1)[-HISTORY:]), phi


def nearest(
    z: np.ndarray,
    bank: np.ndarray,
    rows: np.ndarray | None = None,
    bank_rows: np.ndarray | None = None,
    gap: int = 0,
) -> np.ndarray:
    """The mean distance of codes z (N, k) to their three nearest in a bank (B, k), (N,); NaN for a code that is no
    number, and where nothing is left.

    rows (N,), bank_rows (B,): where their windows end; pairs that are less than `gap` apart do not count.
    """
    distances = np.full(len(z), np.nan)
    norms = np.square(bank).sum(1)
    count = min(NEAREST, len(bank))
    for start in range(0, len(z), BLOCK):
        block = z[start : start + BLOCK]
        padded = np.zeros((BLOCK, bank.shape[1]))
        padded[: len(block)] = block
        squared = (np.square(padded).sum(1)[:, None] - 2 * padded @ bank.T + norms)[: len(block)]
        if rows is not None and bank_rows is not None:
            apart = np.abs(rows[start : start + BLOCK, None] - bank_rows)
            squared = np.where(apart < gap, np.inf, squared)
        least = np.partition(squared, count - 1, axis=1)[:, :count]
        there = np.isfinite(least)
        total = np.where(there, np.sqrt(np.maximum(np.where(there, least, 0.0), 0.0)), 0.0).sum(1)
        distances[start : start + BLOCK] = np.where(there.any(1), total / np.maximum(there.sum(1), 1), np.nan)
    distances[~np.isfinite(z).all(1)] = np.nan
    return distances


def trailing_median(raw: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """The median of the `HISTORY` raw scores before each row, (rows,), computed anew every `RENEWED` rows; before the
    first row come those that are `usual`, and a row without a score counts as their median.
    """
    before = np.resize(usual, HISTORY)
    known = np.r_[before, np.nan_to_num(raw, nan=float(np.median(before)))]
    at = np.arange(0, len(raw), RENEWED)
    views = np.lib.stride_tricks.sliding_window_view(known, HISTORY)
    median = np.empty(len(at))
    for part in np.array_split(np.arange(len(at)), max(1, len(at) // BLOCK)):
        median[part] = np.median(views[at[part]], 1)
    return np.repeat(median, RENEWED)[: len(raw)]
