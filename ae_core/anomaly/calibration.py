"""What a model's figures are on normal rows, and how a row's figures become its score.

Two things can be abnormal about a window (Jackson & Mudholkar 1979; Yue & Qin 2001): what the network cannot rebuild
(Q, the squared error, each channel in units of its mean on normal rows) and where its code lies (T², the squared
Mahalanobis distance from the normal codes). Each is divided by its 99 % quantile on normal windows, and the two are
added: φ. The score is φ's mean over the last `smoothing_rows` rows, plus a quarter of φ itself, each again over its
99 % quantile: a lasting shift adds up, and a blow counts at once.
"""

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..data.csv.source import Scoring

LIMIT_QUANTILE = 0.99  # share of the normal windows whose Q, T² and φ count as less than 1
NEWEST_WEIGHT = 0.25  # of the newest row beside the mean over the last ones
MIN_CHANNEL_ERROR = 1e-4  # of a channel's variance: an error below it is rounding


class WindowStats(NamedTuple):
    """What a model makes of the window that ends with each row, NaN where there is none.

    Attributes:
        error: (rows, C) mean squared error of each channel, in its spreads².
        z: (rows, k) the window's code.
        share: (rows, C) of what is rebuilt, how much of its distance from the normal centre is each channel's; sums
            to 1.
        x_hat: (rows, C) the row itself as it is rebuilt, scaled.
        newest: (rows, C, 2) as error, over the newest quarter and half of the window; None where no score needs it.
        moved: (rows, C) share of the newest quarter's rows in which a channel that was constant on the training rows
            has another value; None where no score needs it.
        first: (rows, C) squared error of the window's first row; None where nobody asks.
    """

    error: np.ndarray
    z: np.ndarray
    share: np.ndarray
    x_hat: np.ndarray
    newest: np.ndarray | None = None
    moved: np.ndarray | None = None
    first: np.ndarray | None = None

    def rows(self, which: slice | np.ndarray) -> "WindowStats":
        """Those of some rows."""
        return self._replace(**{name: part[which] for name, part in self._asdict().items() if part is not None})

    def finite(self) -> np.ndarray:
        """bool (rows,): whether a window ends with the row."""
        finite: np.ndarray = np.isfinite(self.z).all(1)
        return finite


class TableStats(NamedTuple):
    """What a detector makes of a table's rows, before they become scores.

    Attributes:
        network, pca: what each makes of the window that ends with each row.
        segment_start: bool (rows,), a row that follows on none.
    """

    network: WindowStats
    pca: WindowStats
    segment_start: np.ndarray

    @property
    def models(self) -> tuple[WindowStats, WindowStats]:
        """Network and PCA, in the order in which everything of both is kept."""
        return self.network, self.pca


@dataclass(frozen=True)
class Calibration:
    """A model on normal rows.

    Attributes:
        channel: (C,) mean squared error of each channel.
        mean: (k,) of the codes.
        precision: (k, k) of the codes.
        limits: (2,) 99 % quantiles of Q and T².
        phi_limits: (2,) 99 % quantiles of φ's mean over the last rows and of φ itself.
    """

    channel: np.ndarray
    mean: np.ndarray
    precision: np.ndarray
    limits: np.ndarray
    phi_limits: np.ndarray

    # How many rows before a row its score looks back on, beside its window and what it is smoothed over.
    history = 0

    def parts(self, stats: WindowStats, scoring: Scoring, segment_start: np.ndarray) -> np.ndarray:
        """Each channel's part of the score, (rows, C), NaN where no window ends. segment_start: as `TableStats` has
        it.
        """
        return self.smoothed(self.phi(stats, scoring), scoring, segment_start)

    def smoothed(self, phi: np.ndarray, scoring: Scoring, segment_start: np.ndarray) -> np.ndarray:
        """The parts of the score, (rows, C), of all windows' φ (rows, C), NaN where no window ends."""
        if scoring.smoothing_rows == 1:
            return phi
        slow = trailing_mean(phi, scoring.smoothing_rows, segment_start)
        if scoring.score_type == "error":
            return slow
        return slow / self.phi_limits[0] + NEWEST_WEIGHT * phi / self.phi_limits[1]

    def phi(self, stats: WindowStats, scoring: Scoring) -> np.ndarray:
        """Each channel's part of one window's φ, (rows, C); of its mean squared error, where that alone is scored."""
        if scoring.score_type == "error":
            return stats.error / np.float64(stats.error.shape[1])
        q, t2 = self.q_and_t2(stats)
        return q / self.limits[0] + (t2 / self.limits[1])[:, None] * stats.share

    def q_and_t2(self, stats: WindowStats) -> tuple[np.ndarray, np.ndarray]:
        """Q by channel (rows, C), and T² (rows,)."""
        apart = stats.z - self.mean
        q = stats.error / self.channel / stats.error.shape[1]
        return q, np.einsum("nk,kl,nl->n", apart, self.precision, apart)

    @classmethod
    def fit(
        cls,
        stats: WindowStats,
        normal_rows: np.ndarray,
        segment_start: np.ndarray,
        scoring: Scoring,
        window: int = 1,
        scale: np.ndarray | None = None,
    ) -> tuple["Calibration", np.ndarray]:
        """Learned from the windows of normal rows; normal_rows: bool (rows,), those that count. Window and scale are
        what other scores look at.

        Returns:
            The calibration; `phi` of the rows.
        """
        used = normal_rows & stats.finite()
        z, k = stats.z[used].astype(np.float64), stats.z.shape[1]
        cov = np.atleast_2d(np.cov(z.T)) if len(z) > 1 else np.eye(k)
        precision = np.linalg.inv(cov + 1e-3 * max(float(np.trace(cov)) / k, 1e-12) * np.eye(k))
        channel = np.maximum(stats.error[used].mean(0, dtype=np.float64), MIN_CHANNEL_ERROR)
        bare = cls(channel, z.mean(0), precision, np.ones(2), np.ones(2))
        q, t2 = bare.q_and_t2(stats)
        bare = dataclasses.replace(bare, limits=np.array([_limit(q.sum(1)[used]), _limit(t2[used])]))
        phi = bare.phi(stats, scoring)
        both = (trailing_mean(phi, scoring.smoothing_rows, segment_start), phi)
        return dataclasses.replace(bare, phi_limits=np.array([_limit(part.sum(1)[used]) for part in both])), phi


def trailing_mean(values: np.ndarray, rows: int, segment_start: np.ndarray) -> np.ndarray:
    """The mean of each row of values (N, C) and up to rows − 1 before it, none from before the last start of a segment;
    NaN rows stay NaN and count for nothing.
    """
    finite = np.isfinite(values).all(1)
    at = np.arange(len(values))
    segment_begin = np.maximum.accumulate(np.where(segment_start, at, 0))
    left = np.minimum(at - segment_begin + 1, rows)  # rows that are still to be added
    # Sums over 1, 2, 4, … rows, put together: the difference of two running sums would forget everything after one wild
    # value.
    doubled = np.concatenate([np.where(finite[:, None], values, 0.0), finite[:, None]], 1)
    total, size = np.zeros_like(doubled), 1
    end = at.copy()
    while size <= rows:
        take = np.flatnonzero(left & size)
        total[take] += doubled[end[take]]
        end[take] -= size
        doubled[size:] += doubled[:-size].copy()
        size *= 2
    return np.where(finite[:, None], total[:, :-1] / np.maximum(total[:, -1:], 1), np.nan)


def _limit(values: np.ndarray) -> float:
    return max(float(np.quantile(values, LIMIT_QUANTILE)), 1e-12)
