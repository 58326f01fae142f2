"""A detector of abnormal moments, a moment in each row, as an outlier detector of scikit-learn."""

import dataclasses
import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..anomaly.detection import Detection
from ..anomaly.detector import Detector, HeldOut
from ..anomaly.recipe import recipe_of
from ..anomaly.storage import load_detector, load_threshold
from ..anomaly.stream import score_next
from ..anomaly.thresholds import RULES, Rule, flags, level, levels
from ..base.errors import LatentError
from ..data.csv.resample import breaks, filled
from ..data.csv.source import Csv, dataset
from ..data.csv.table import Table
from ..data.csv.windows import Prepared, robust
from ..runs.checkpoint import read_checkpoint
from .training import given, seed_of, trained

ORDERED = "rows are moments: a row's score looks at the window of rows that ends with it, so their order counts"
FIRST = "the first rows, with which no window ends, have no score (NaN) and count as normal"


TINY = 60  # rows, below which no stretch can be proposed, and no window held out


class SignalDetector(OutlierMixin, BaseEstimator):
    """What `python -m ae_core score FILE` does, with its scores, float for float: rows are moments, in their order.

    Args:
        variant, k, hidden, sockets: of the autoencoder; None: as is proposed for so many rows.
        window, stride: rows of a window, and from one training window to the next; 0: proposed.
        normal: stretches that are normal, START:END in rows, with commas between; "": proposed.
        max_gap_steps: longest gap that is filled by a straight line.
        score_type, smoothing_rows, variance: how a window becomes a score, as `Csv` has it.
        threshold: rule and amount, as in `Rule.parse`.
        epochs, batch_size, lr: of the training; None: as is proposed.
        random_state: seed of the weights and the shuffling.

    Attributes:
        detector_: what was learned.
        offset_: minus the threshold (of the rule rolling, minus the level that it begins with).

    A DataFrame's names are kept, and a DatetimeIndex says where rows do not follow on each other; NaN is a missing
    value. A row with which no window ends, at the beginning and behind a gap, has no score: NaN, and counts as normal.
    Of fewer than 60 rows nothing can be held out: all are taken as normal, in windows of one row, and learned from.
    Raises LatentError, which is a ValueError, where too little is left to learn from.
    """

    # Checks of scikit-learn's `check_estimator` that a detector of ordered rows cannot pass, and why.
    EXPECTED_FAILED_CHECKS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "check_methods_subset_invariance": ORDERED,
            "check_methods_sample_order_invariance": ORDERED,
            "check_outliers_train": FIRST,
        }
    )

    def __init__(
        self,
        variant: str = "nested",
        k: int | None = None,
        hidden: tuple[int, ...] | None = None,
        sockets: dict[str, Any] | None = None,
        window: int = 0,
        stride: int = 0,
        normal: str = "",
        max_gap_steps: int = 5,
        score_type: str = "newest",
        smoothing_rows: int = 64,
        variance: float = 0.7,
        threshold: str = f"quantile:{RULES['quantile']:g}",
        epochs: int | None = None,
        batch_size: int | None = None,
        lr: float | None = None,
        random_state: Any = 0,
    ):
        self.variant = variant
        self.k = k
        self.hidden = hidden
        self.sockets = sockets
        self.window = window
        self.stride = stride
        self.normal = normal
        self.max_gap_steps = max_gap_steps
        self.score_type = score_type
        self.smoothing_rows = smoothing_rows
        self.variance = variance
        self.threshold = threshold
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.random_state = random_state

    @classmethod
    def from_run(cls, name_or_folder: str | os.PathLike) -> "SignalDetector":
        """The detector of a run, or of a shipped checkpoint, fitted as it is. Raises LatentError."""
        checkpoint = read_checkpoint(name_or_folder)
        detector, rule = load_detector(checkpoint.folder, checkpoint.model()), load_threshold(checkpoint.folder)
        origin = Csv(**checkpoint.config.source)
        names = ("stride", "normal", "max_gap_steps", "score_type", "smoothing_rows", "variance")
        said = {name: getattr(origin, name) for name in names}
        window = detector.preprocessing.window
        estimator = cls(checkpoint.config.variant, checkpoint.config.k, window=window, threshold=str(rule), **said)
        estimator.n_features_in_ = len(detector.preprocessing.names)
        estimator.feature_names_in_ = np.array(detector.preprocessing.names, object)
        return estimator._keep(detector, rule)

    def fit(self, X: ArrayLike, y: Any = None) -> "SignalDetector":  # noqa: N803 (scikit-learn's name)
        """Learn what is normal from rows X (N, channels), from the stretches that are normal."""
        rule = Rule.parse(self.threshold)
        table = self._table(X, reset=True)
        scoring = given(score_type=self.score_type, smoothing_rows=self.smoothing_rows, variance=self.variance)
        reading = given(window=self.window, stride=self.stride, normal=self.normal, max_gap_steps=self.max_gap_steps)
        origin = Csv(**reading, **scoring)
        table = origin.finished(table)
        settings = given(
            k=self.k,
            hidden=self.hidden,
            epochs=self.epochs,
            batch_size=self.batch_size,
            lr=self.lr,
            sockets=self.sockets,
        )
        ready = _tiny(table, origin) if len(table) < TINY and not self.normal else origin.prepare(table)
        seed = seed_of(self.random_state)
        config = recipe_of(ready, {**reading, **scoring}, self.variant, seed=seed, **settings)
        model, self.epochs_ = trained(config, dataset(ready, "csv"), halve=True)
        return self._keep(Detector.fit(model, ready, origin.max_gap_steps, origin.scoring()), rule)

    def _keep(self, detector: Detector, rule: Rule) -> "SignalDetector":
        self.detector_, self.rule_ = detector, rule
        self.offset_ = -level(detector.held_out.network, rule, detector.held_out.independent)
        return self

    def detect(self, X: ArrayLike) -> Detection:  # noqa: N803
        """All that is known of the rows: scores, each channel's part of them, PCA's beside."""
        check_is_fitted(self)
        table = Csv(max_gap_steps=self.max_gap_steps).finished(self._table(X, reset=False))
        known = self.detector_.held_out
        held_out = HeldOut(known.network, known.pca, independent=known.independent)
        detector = dataclasses.replace(self.detector_, held_out=held_out)
        return score_next(detector, table)[0]

    def score_samples(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """Minus the anomaly score of each row, (N,); NaN where no window ends."""
        score: NDArray = -self.detect(X).network.score
        return score

    def decision_function(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """The threshold less the anomaly score, (N,): below 0 for what is abnormal, NaN where no window ends."""
        score = self.detect(X).network.score
        return self._levels(score) - score

    def predict(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """−1 for abnormal rows, 1 for others, (N,)."""
        score = self.detect(X).network.score
        return np.where(flags(score, self._levels(score)), -1, 1)

    def _levels(self, score: NDArray) -> NDArray:
        held_out = self.detector_.held_out
        return levels(score, held_out.network, self.rule_, held_out.independent)

    def _table(self, X: Any, reset: bool) -> Table:  # noqa: N803
        """The rows as a table; their times are those of a DatetimeIndex."""
        index: Any = getattr(X, "index", None)
        values = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2 if reset else 1, reset=reset
        )
        names = getattr(self, "feature_names_in_", [f"x{n}" for n in range(values.shape[1])])
        time = step = None
        if getattr(getattr(index, "dtype", None), "kind", "") == "M":
            stamps = index.tz_convert("UTC").tz_localize(None) if getattr(index, "tz", None) is not None else index
            time = np.asarray(stamps, "datetime64[ns]")
            between = np.abs(np.diff(time).astype(np.int64))
            step = float(np.median(between[between > 0])) / 1e9 if (between > 0).any() else None
        return Table(tuple(map(str, names)), ("",) * values.shape[1], values, time, step)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _tiny(table: Table, origin: Csv) -> Prepared:
    """A table of a few rows, all of which are normal, trained on, and held against."""
    table = filled(table, origin.max_gap_steps)
    if not np.isfinite(table.values).any(0).all():
        raise LatentError("A channel has no value at all: leave it out.")
    every = (0, len(table))
    cuts = breaks(table, origin.max_gap_steps)
    return Prepared(table, cuts, *robust(table.values), 1, 1, every, every, every, (every,))
