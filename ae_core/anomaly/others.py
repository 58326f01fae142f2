"""Other ways to score rows, beside a run's own: nearest windows, k-means of windows, isolation forest, z-score.

They learn from the same windows, are held against the same held-out rows and get the same threshold rule. Nothing of
them is kept: they are computed when they are asked for.
"""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.ensemble import IsolationForest

from ..data.csv.table import Table
from ..data.csv.windows import Prepared
from .detection import Detection, ModelScores
from .detector import BLOCK, Detector
from .findings import Findings, findings
from .newest import BANK, TINY, nearest
from .thresholds import Rule

MOST_WINDOWS = 2000  # that are learned from: neighbours are nearly the same
CLUSTERS = 20  # as TSB-AD's KMeansAD has them
TREES = 100

Scorer = Callable[[np.ndarray], np.ndarray]  # windows (N, C, L) to scores (N,), larger for what is less normal


def _nearest(x: np.ndarray) -> Scorer:
    """Mean distance to the three nearest normal windows."""
    bank = _evenly(_flat(x), BANK).astype(np.float64)
    return lambda windows: nearest(_flat(windows).astype(np.float64), bank)


def _k_means(x: np.ndarray) -> Scorer:
    """Distance to the nearest of twenty centres of normal windows."""
    flat = _flat(x)
    model = MiniBatchKMeans(min(CLUSTERS, len(flat)), random_state=0, n_init=3).fit(flat)
    return lambda windows: model.transform(_flat(windows)).min(1).astype(np.float64)


def _isolation_forest(x: np.ndarray) -> Scorer:
    """How few random cuts part a window from normal ones (Liu et al. 2008)."""
    model = IsolationForest(n_estimators=TREES, random_state=0).fit(_flat(x))
    return lambda windows: -model.score_samples(_flat(windows))


def _z_score(x: np.ndarray) -> Scorer:
    """The newest row's distance from the normal mean, in standard deviations, of the channel where it is largest."""
    rows = x[:, :, -1].astype(np.float64)
    mean, deviation = rows.mean(0), np.maximum(rows.std(0), TINY)
    return lambda windows: np.abs((windows[:, :, -1] - mean) / deviation).max(1)


METHODS: dict[str, Callable[[np.ndarray], Scorer]] = {
    "nearest windows": _nearest,
    "k-means of windows": _k_means,
    "isolation forest": _isolation_forest,
    "z-score": _z_score,
}


def other_scores(detector: Detector, ready: Prepared, table: Table) -> dict[str, ModelScores]:
    """The scores of a table's rows by each of `METHODS`, by name. A row's score looks at the window that ends with it.

    Args:
        detector: of a run.
        ready: the run's own table, whose training windows they learn from, and whose held-out ones thresholds.
        table: the one that is scored, with the detector's channels. Raises LatentError where one is missing.
    """
    own = detector.preprocessing
    learned = _evenly(ready.windows(ready.train, healthy=True)[0], MOST_WINDOWS)
    held_out = ready.windows(ready.test, 1, healthy=True)[0]
    scorers = {name: make(learned) for name, make in METHODS.items()}
    held = {name: score(held_out) for name, score in scorers.items()}
    table = own.matched(table)
    scores = {name: np.full(len(table), np.nan) for name in METHODS}
    for at, x in own.trailing_windows(table, BLOCK):
        for name, score in scorers.items():
            scores[name][at] = score(x)
    nothing = np.full(table.values.shape, np.nan, np.float32)
    return {name: ModelScores(nothing, score[:, None], score, held[name]) for name, score in scores.items()}


class Line(NamedTuple):
    """What one detector makes of a table.

    Attributes:
        name: of the detector.
        made: what its threshold flags.
        agrees: for each of the run's own stretches, whether this one flags a row of it.
    """

    name: str
    made: Findings
    agrees: list[bool]


def side_by_side(detection: Detection, others: dict[str, ModelScores], network: str, rule: Rule) -> list[Line]:
    """A line for the network, PCA and each of the others, with the same threshold rule. network: what it is called."""
    sides = {network: detection.network, "PCA": detection.pca, **others}
    lines: list[Line] = []
    for name, scores in sides.items():
        made = findings(dataclasses.replace(detection, network=scores), rule)
        stretches = lines[0].made.intervals if lines else made.intervals
        lines.append(Line(name, made, [bool(made.flagged[each.start : each.end].any()) for each in stretches]))
    return lines


def side_by_side_words(lines: list[Line]) -> list[str]:
    """A table of them for a terminal, and for each of the run's own stretches who agrees."""
    labelled = bool(lines[0].made.figures)
    head = f"{'detector':20} {'stretches':>9}" + (
        f" {'AUC-PR':>7} {'VUS-PR':>7} {'found':>7} {'false':>6}" if labelled else ""
    )
    says = ["Beside other detectors, with the same threshold rule:", f"  {head}"]
    for name, made, _ in lines:
        f = made.figures
        figures = ""
        if labelled and f:
            detected = f"{f['found_stretches']:.0f}/{f['labelled_stretches']:.0f}"
            figures = f" {f['auc_pr']:7.3f} {f['vus_pr']:7.3f} {detected:>7} {f['false_alarms']:6.0f}"
        says.append(f"  {name[:20]:20} {len(made.intervals):9,}{figures}")
    stretches = lines[0].made.intervals
    for n in sorted(range(len(stretches)), key=lambda n: -stretches[n].peak)[:10]:
        also = [name for name, _, agrees in lines[1:] if agrees[n]]
        rows = f"rows {stretches[n].start:,} to {stretches[n].end - 1:,}"
        says.append(f"  {rows}: {', '.join(also) or 'no other detector'} {'agrees' if len(also) < 2 else 'agree'}")
    return says


def _flat(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x.reshape(len(x), -1))


def _evenly(x: np.ndarray, most: int) -> np.ndarray:
    return x[np.unique(np.linspace(0, len(x) - 1, min(most, len(x))).astype(int))]
