"""How good a score is at finding labelled rows: over all thresholds at once, and at one.

A row is flagged where score > level. Nothing here is point-adjusted: one flagged row never counts for a whole labelled
stretch of rows.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score

from ..base.errors import LatentError


class PointCounts(NamedTuple):
    """Rows flagged, rows labelled, rows that are both. A share of nothing is NaN."""

    flagged: int
    labelled: int
    hits: int

    @property
    def precision(self) -> float:
        """Share of the flagged rows that are labelled, 0..1."""
        return self.hits / self.flagged if self.flagged else float("nan")

    @property
    def recall(self) -> float:
        """Share of the labelled rows that are flagged, 0..1."""
        return self.hits / self.labelled if self.labelled else float("nan")


class EventCounts(NamedTuple):
    """Labelled stretches; those among them that a flagged stretch overlaps; flagged stretches; those among them that
    overlap no labelled one.
    """

    labelled: int
    found: int
    flagged: int
    false_alarms: int


def at_threshold(flagged: np.ndarray, label: np.ndarray) -> PointCounts:
    """Precision: share of the flagged rows that are labelled. Recall: share of the labelled rows that are flagged.

    flagged, label: bool (rows,). A labelled row without a score cannot be flagged, and counts as missed. LatentError
    where the two differ in length.
    """
    flagged, label = np.asarray(flagged, bool), np.asarray(label, bool)
    _same_rows(flagged, label)
    return PointCounts(int(flagged.sum()), int(label.sum()), int((flagged & label).sum()))


def events(stretches: Sequence[tuple[Any, ...]], label: np.ndarray) -> EventCounts:
    """A labelled stretch is found where a flagged one shares a row with it; a flagged stretch that shares a row with
    none is a false alarm.

    stretches: of flagged rows, each with its first row and the row after its last in front; label: bool (rows,), a run
    of labelled rows is one stretch.
    """
    label = np.asarray(label, bool)
    covered = np.zeros(len(label), bool)
    false_alarms = 0
    for start, end, *_ in stretches:
        covered[start:end] = True
        false_alarms += not label[start:end].any()
    starts, ends = _runs(label)
    detected = sum(covered[start:end].any() for start, end in zip(starts, ends, strict=True))
    return EventCounts(len(starts), int(detected), len(stretches), false_alarms)


def auc_pr(score: np.ndarray, label: np.ndarray) -> float:
    """Average precision, 0..1: each threshold's precision by row, weighted by the recall that it adds. A score of no
    use gets the share of labelled rows.

    score: float (rows,), a row with NaN is left out; rows with equal scores are flagged together; label: bool (rows,).
    It is scikit-learn's, with no interpolation. LatentError where the rows are all of one kind.
    """
    score, label = _scored(score, label)
    ranks = np.unique(score, return_inverse=True)[
        1
    ]  # only the order counts, and scikit-learn refuses an infinite score
    return float(average_precision_score(label, ranks))


def auc_pr_difference(
    one: np.ndarray, other: np.ndarray, label: np.ndarray, block: int, draws: int = 200
) -> tuple[float, float]:
    """(low, high): where 95 % of the differences `auc_pr` of one − `auc_pr` of other lie, were other stretches of the
    same file scored. Zero between them: within chance.

    A moving-block bootstrap (Künsch 1989), paired: the same stretches of `block` rows, drawn with replacement, for both
    scores. one, other: float (rows,), a row with NaN in either is left out; label: bool (rows,). LatentError where the
    rows are all of one kind.
    """
    both = np.isfinite(one) & np.isfinite(other)
    pairs = [_scored(score[both], label[both]) for score in (one, other)]
    truth, rows = pairs[0][1], len(pairs[0][1])
    size = max(1, min(block, rows // 2))
    tables = []
    for score, _ in pairs:
        order = np.argsort(-score, kind="stable")
        tied = np.append(np.diff(score[order]) != 0, True)  # rows with equal scores are flagged together
        tables.append((order, tied))
    rng, differences = np.random.default_rng(0), []
    for _ in range(draws):
        starts = rng.integers(0, rows, -(-rows // size))
        edges = np.bincount(starts, minlength=2 * rows + 1) - np.bincount(starts + size, minlength=2 * rows + 1)
        times = edges.cumsum()
        weight = (times[:rows] + times[rows : 2 * rows]).astype(
            float
        )  # a block that ends the file goes on at its start
        if not 0 < weight @ truth < weight.sum():
            continue
        first, second = (_weighted_auc_pr(weight[order], truth[order], tied) for order, tied in tables)
        differences.append(first - second)
    if not differences:
        return -1.0, 1.0
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def _weighted_auc_pr(weight: np.ndarray, truth: np.ndarray, tied: np.ndarray) -> float:
    """`auc_pr` of rows in falling order of their scores, each counted `weight` times."""
    flagged, hits = weight.cumsum()[tied], (weight * truth).cumsum()[tied]
    return float(np.diff(hits, prepend=0.0) @ (hits / np.maximum(flagged, 1e-12)) / hits[-1])


def best_level(score: np.ndarray, label: np.ndarray) -> float:
    """The level with the best F1 by row, 2 · precision · recall / (precision + recall), of flagging score > level; of
    equally good ones the highest.

    score: float (rows,), a row with NaN is left out; label: bool (rows,). The level lies just under the lowest score
    that is still flagged.
    LatentError where the rows are all of one kind: then every level, or none, is right.
    """
    score, label = _scored(score, label)
    values, rank, count = np.unique(score, return_inverse=True, return_counts=True)
    flagged = count[::-1].cumsum()[::-1]  # rows with at least that value
    hits = np.bincount(rank, label)[::-1].cumsum()[::-1]
    f1 = 2 * hits / (flagged + label.sum())
    lowest = values[np.flatnonzero(f1 == f1.max())[-1]]
    return float(
        np.nextafter(lowest, values.dtype.type(-np.inf))
    )  # in the scores' own precision, in which it will be compared


def vus_pr(score: np.ndarray, label: np.ndarray, buffer: int = 100, levels: int = 250) -> float:
    """Volume under the precision–recall surface, VUS-PR: average precision that forgives a flag some rows early or
    late, averaged over how many; 0..1.

    Paparrizos, Boniol, Palpanas, Tsay, Elmore & Franklin 2022 (PVLDB 15, 2774), as in the authors' benchmark TSB-AD
    (version "opt").
    score: float (rows,), a row with NaN is left out, and its neighbours become neighbours; label: bool (rows,). For
    each border length ℓ = 0, 1, … buffer, rows:
    - a row d ≤ ⌊ℓ/2⌋ rows outside a labelled stretch gets the soft label √(1 − d/ℓ); those of several stretches add up
    to 1 at most;
    - with TP the labels' sum over flagged rows and S the part of it in borders, precision = TP / flagged rows and
      recall = min(1, TP / (labelled rows + S/2)) · (share of the stretches with a flagged row in them or their
      borders), stretches whose borders meet being one;
    - range-AUC-PR = Σ_j (recall_j − recall_j−1) · precision_j over `levels` thresholds, placed at evenly spaced ranks
    of the score. VUS-PR is the mean over ℓ. A constant score gets the share of labelled rows plus the borders'. The
    benchmark takes the series' period as `buffer`: the lag of the highest peak in one channel's autocorrelation over
    its first 20,000 rows, or 125 where that is not 6 to 303 rows. Its default, and ours, is 100. LatentError where the
    rows are all of one kind.
    """
    score, label = _scored(score, label)
    if buffer < 0 or levels < 2:
        raise LatentError(
            f"A buffer of {buffer} rows and {levels} levels cannot be: give a buffer of 0 or more and 2 levels or more."
        )
    rows = len(score)
    cuts = np.sort(score)[::-1][np.linspace(0, rows - 1, levels).astype(int)]
    # The first of the levels that flags the row, (rows,): a sum over flagged rows is then a cumulative one over levels.
    first = np.searchsorted(-cuts, -score)
    flagged = np.bincount(first, minlength=levels).cumsum()
    hits = np.bincount(first[label], minlength=levels).cumsum()
    starts, ends = _runs(label)
    border, nearest, second = _border(label, starts, ends, buffer // 2)
    ended = np.append(first, levels)  # so that a stretch may end with the series
    total = 0.0
    for length in range(buffer + 1):
        half = length // 2
        near = np.searchsorted(nearest, half, "right")
        # √(1 − d/ℓ) is at least √½ within ⌊ℓ/2⌋ rows: two of them are more than 1, so that only the two nearest
        # stretches matter
        weight = np.where(second[:near] <= half, 1.0, np.sqrt(1 - nearest[:near] / max(length, 1)))
        soft = np.bincount(first[border[:near]], weight, levels).cumsum()
        apart = ends[:-1] - 1 + half < starts[1:] - half
        opened = np.append(max(starts[0] - half, 0), starts[1:][apart] - half)
        closed = np.append(ends[:-1][apart] + half, min(ends[-1] + half, rows))
        first_levels = np.minimum.reduceat(ended, np.stack([opened, closed], 1).ravel())[
            ::2
        ]  # the first level that flags a row of each
        share = np.bincount(first_levels, minlength=levels).cumsum() / len(first_levels)
        recall = np.minimum((hits + soft) / (hits[-1] + soft / 2), 1) * share
        total += np.diff(recall, prepend=0.0) @ ((hits + soft) / flagged)
    return float(total / (buffer + 1))


def _border(
    label: np.ndarray, starts: np.ndarray, ends: np.ndarray, reach: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The unlabelled rows within `reach` of a labelled stretch, the nearest first, and how far they are from the
    nearest and from the second nearest.
    """
    far = 4 * len(label)
    outside = np.flatnonzero(~label)
    before = np.searchsorted(starts, outside, "right")  # stretches before the row
    left, right = np.append([-far, -far], ends - 1), np.append(starts, [far, far])
    distance = np.sort(
        [outside - left[before + 1], outside - left[before], right[before] - outside, right[before + 1] - outside],
        axis=0,
    )[:2]
    order = np.argsort(distance[0], kind="stable")
    order = order[: np.searchsorted(distance[0], reach, "right", sorter=order)]
    return outside[order], *distance[:, order]


def _runs(label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the runs of True begin, and the rows after their ends."""
    edges = np.diff(label.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _same_rows(one: np.ndarray, label: np.ndarray) -> None:
    if one.shape != label.shape or one.ndim != 1:
        raise LatentError(f"{one.size} rows were scored, and {label.size} have a label: give each row its own.")


def _scored(score: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score and label of the rows that have a score."""
    score, label = np.asarray(score), np.asarray(label, bool)
    score = score.astype(np.result_type(score, np.float32), copy=False)  # whole numbers too
    _same_rows(score, label)
    scored = ~np.isnan(score)
    score, label = score[scored], label[scored]
    if not len(label):
        raise LatentError("No row here has a score to judge: choose a longer stretch.")
    if label.all() or not label.any():
        kind = "labelled" if label.any() else "unlabelled"
        raise LatentError(
            f"Scores are judged on rows of both kinds, but the {len(label)} scored rows here are all {kind}: "
            "choose a stretch with both."
        )
    return score, label
