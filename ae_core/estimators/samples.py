"""A detector of abnormal samples, a sample in each row, as an outlier detector of scikit-learn."""

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..anomaly.samples import QUANTILE, VARIANT, detector_recipe, errors
from ..base.errors import LatentError
from ..data import Dataset
from ..data.samples.collection import Collection
from ..data.samples.source import Samples, prepared, scaled_rows
from .training import given, seed_of, trained


class SampleDetector(OutlierMixin, BaseEstimator):
    """Squared reconstruction error under a model of normal samples, as `python -m ae_core score --data samples` has it.

    Args:
        variant, k, hidden, sockets: of the autoencoder; None: as is proposed for so many samples.
        quantile: of the scores of a held-out fifth, above which a sample is abnormal.
        epochs, batch_size, lr: of the training; None: as is proposed.
        random_state: seed of the weights and the shuffling.

    Attributes:
        model_: the trained model, a torch module.
        offset_: minus the threshold; `decision_function` is `score_samples` less it.
        held_out_: rows of X that were held out.

    A missing value, NaN, counts as its feature's mean; a sample without any value has no score, and counts as normal.
    """

    def __init__(
        self,
        variant: str = VARIANT,
        k: int | None = None,
        hidden: tuple[int, ...] | None = None,
        sockets: dict[str, Any] | None = None,
        quantile: float = QUANTILE,
        epochs: int | None = None,
        batch_size: int | None = None,
        lr: float | None = None,
        random_state: Any = 0,
    ):
        self.variant = variant
        self.k = k
        self.hidden = hidden
        self.sockets = sockets
        self.quantile = quantile
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> "SampleDetector":  # noqa: N803 (scikit-learn's name)
        """Learn what is normal from samples X (N, features), which all count as normal. Raises LatentError."""
        values = validate_data(self, X, dtype=np.float32, ensure_all_finite="allow-nan", ensure_min_samples=2)
        if not 0 < self.quantile < 1:
            raise LatentError("quantile is a share between 0 and 1.")
        ready = prepared(Collection(values[:, None], "features"))
        settings = given(
            k=self.k,
            hidden=self.hidden,
            epochs=self.epochs,
            batch_size=self.batch_size,
            lr=self.lr,
            sockets=self.sockets,
        )
        config = detector_recipe(Samples(), ready, self.variant, seed=seed_of(self.random_state), **settings)
        x = torch.from_numpy(ready.x)
        data = Dataset("samples", x[ready.train], x[ready.test], ready.range, display=ready.display)
        self.model_, self.epochs_ = trained(config, data, halve=True)
        self.mean_, self.scale_ = np.array(ready.display.centre), np.array(ready.display.spread)
        self.held_out_ = ready.test
        self.offset_ = -float(np.quantile(errors(self.model_, x[ready.test]), self.quantile))
        return self

    def score_samples(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """Minus the squared error of each sample, (N,): the lower, the more abnormal."""
        check_is_fitted(self)
        values = validate_data(self, X, dtype=np.float32, ensure_all_finite="allow-nan", reset=False)
        x = scaled_rows(values[:, None], "features", self.mean_, self.scale_)
        score = errors(self.model_, torch.from_numpy(x))
        return np.where(np.isfinite(values).any(1), -score, np.nan)

    def decision_function(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """`score_samples` less the offset: below 0 for what is abnormal."""
        decision: NDArray = self.score_samples(X) - self.offset_
        return decision

    def predict(self, X: ArrayLike) -> NDArray:  # noqa: N803
        """−1 for abnormal samples, 1 for others, (N,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
