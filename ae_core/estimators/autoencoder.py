"""An autoencoder as a transformer of scikit-learn."""

import copy
import math
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor

from ..base.errors import LatentError
from ..data import OWN, Dataset
from ..model import autoencoder as core
from ..model.config import Config
from ..model.variants import VARIANTS
from .training import seed_of, trained

BLOCK = 4096  # samples that are looked at in one go


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Any variant, for tables with a sample in each row.

    Args:
        variant: kind of autoencoder, a name in `VARIANTS`.
        k: size of the code.
        hidden: sizes of the hidden layers, mirrored in the decoder.
        network: mlp, conv, residual or linear, as `Config` has it.
        sockets: the variant's own options, e.g. {"beta": 4}.
        shape: of a sample, (C, L) or (C, H, W); None: (1, features).
        value_range: (low, high) of bounded values, which are taken as they are; None: each feature is standardised.
        epochs, batch_size, lr: of the training.
        validation_fraction: share of the samples that is held out, to see the loss on.
        keep: the weights of the last epoch, or of the best on the held-out samples.
        device: where it trains.
        random_state: seed of weights, shuffling and the held-out samples.

    Attributes:
        model_: the trained model, a torch module.
        mean_, scale_: (features,) that samples are standardised by.
        epochs_: losses of each epoch.
        classes_: of a class-conditional variant, what y held.

    Codes are computed in float64, so that a sample's do not depend on those beside it. Raises LatentError, which is a
    ValueError, where the recipe does not fit the data.

    >>> from sklearn.datasets import load_iris
    >>> x = load_iris().data
    >>> Autoencoder("deep", k=2, hidden=(8,), epochs=2).fit_transform(x).shape
    (150, 2)
    """

    def __init__(
        self,
        variant: str = "vae",
        k: int = 2,
        hidden: tuple[int, ...] = (64, 32),
        network: str = "mlp",
        sockets: dict[str, Any] | None = None,
        shape: tuple[int, ...] | None = None,
        value_range: tuple[float, float] | None = None,
        epochs: int = 20,
        batch_size: int = 128,
        lr: float = 1e-3,
        validation_fraction: float = 0.1,
        keep: str = "last",
        device: str = "auto",
        random_state: Any = 0,
    ):
        self.variant = variant
        self.k = k
        self.hidden = hidden
        self.network = network
        self.sockets = sockets
        self.shape = shape
        self.value_range = value_range
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.validation_fraction = validation_fraction
        self.keep = keep
        self.device = device
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> "Autoencoder":  # noqa: N803 (scikit-learn's name)
        """Train on samples X (N, features); y (N,): their classes, read by a class-conditional variant alone."""
        values = validate_data(self, X, dtype=(np.float64, np.float32), ensure_min_samples=2)
        seed = seed_of(self.random_state)
        shape = tuple(self.shape or (1, values.shape[1]))
        if math.prod(shape) != values.shape[1]:
            raise LatentError(f"Samples of shape {shape} have {math.prod(shape)} values, not {values.shape[1]}.")
        if not 0 < self.validation_fraction < 1:
            raise LatentError("validation_fraction is a share between 0 and 1.")
        order = np.random.default_rng(seed).permutation(len(values))
        count = min(len(values) - 1, max(1, round(self.validation_fraction * len(values))))
        test, train = np.sort(order[:count]), np.sort(order[count:])
        self._learn_scale(values[train].astype(np.float64))
        x = torch.from_numpy(self._scaled(values).astype(np.float32)).view(-1, *shape)
        labels = None
        if self._conditional:
            if y is None:
                raise LatentError("This variant is class-conditional, and no classes were given: it requires y.")
            self.classes_, index = np.unique(np.asarray(y), return_inverse=True)
            labels = torch.from_numpy(index.astype(np.int64))
        config = Config(
            data=OWN,
            variant=self.variant,
            k=self.k,
            hidden=tuple(self.hidden),
            network=self.network,
            sockets=self.sockets or {},
            epochs=self.epochs,
            batch_size=min(self.batch_size, len(train)),
            lr=self.lr,
            keep=self.keep,
            device=self.device,
            seed=seed,
        )
        data = Dataset(
            OWN,
            x[train],
            x[test],
            None if self.value_range is None else (float(self.value_range[0]), float(self.value_range[1])),
            None if labels is None else labels[train],
            None if labels is None else labels[test],
            () if labels is None else tuple(map(str, self.classes_)),
        )
        self.model_, self.epochs_ = trained(config, data)
        self.n_iter_ = len(self.epochs_)
        self._n_features_out = self.model_.k
        return self

    def transform(self, X: ArrayLike, y: ArrayLike | None = None) -> NDArray:  # noqa: N803
        """The codes (N, k) of samples X (N, features); of a Gaussian code the mean. y (N,): their classes, where they
        are read and known.
        """
        check_is_fitted(self)
        values = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        x, labels = self._tensor(values), self._labels(y)
        model = self._double()
        z = _in_blocks(lambda a, b: model.encode(x[a:b], _part(labels, a, b)), len(x))
        return z.numpy().astype(values.dtype)

    def inverse_transform(self, X: ArrayLike, y: ArrayLike | None = None) -> NDArray:  # noqa: N803
        """Samples (N, features), in the units that they were given in, decoded from codes X (N, m); of fewer than k
        numbers the others are 0, as an ordered code is cut.
        """
        check_is_fitted(self)
        z = np.asarray(X)
        if z.ndim != 2 or not 0 < z.shape[1] <= self.model_.k or z.dtype.kind not in "fiu":
            raise LatentError(f"Codes are numbers (N, {self.model_.k}), not of shape {z.shape}.")
        full = torch.zeros(len(z), self.model_.k, dtype=torch.float64)
        full[:, : z.shape[1]] = torch.from_numpy(z.astype(np.float64))
        model, labels = self._double(), self._labels(y)
        x = _in_blocks(lambda a, b: model.decode(full[a:b], y=_part(labels, a, b)), len(full)).flatten(1).numpy()
        x = x * self.scale_ + self.mean_
        return x.astype(np.float32) if z.dtype == np.float32 else x

    def score(self, X: ArrayLike, y: ArrayLike | None = None) -> float:  # noqa: N803
        """The share of the variance about the training mean that the reconstruction keeps: 1 is perfect, 0 no better
        than the mean; of standardised features where they are standardised.
        """
        check_is_fitted(self)
        values = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        x, labels = self._tensor(values), self._labels(y if self._conditional else None)
        model = self._double()
        x_hat = _in_blocks(lambda a, b: model.reconstruct(x[a:b], y=_part(labels, a, b)), len(x))
        centre = torch.zeros(()) if self.value_range is None else torch.from_numpy(self._middle).view(self.model_.shape)
        return 1 - float((x_hat - x).square().sum()) / max(float((x - centre).square().sum()), 1e-12)

    @property
    def _conditional(self) -> bool:
        return self.variant in VARIANTS and VARIANTS[self.variant].conditional

    def _learn_scale(self, values: NDArray) -> None:
        """mean_ and scale_ of the training samples (N, features)."""
        self._middle, spread = values.mean(0), values.std(0)
        if self.value_range is not None:
            self.mean_, self.scale_ = np.zeros_like(spread), np.ones_like(spread)
            return
        self.mean_ = self._middle
        self.scale_ = np.where(spread > 1e-9 * np.maximum(np.abs(self.mean_), 1e-30), spread, 1.0)

    def _scaled(self, values: NDArray) -> NDArray:
        scaled: NDArray = (values.astype(np.float64) - self.mean_) / self.scale_
        return scaled

    def _tensor(self, values: NDArray) -> Tensor:
        """float64 (N, *shape)."""
        return torch.from_numpy(self._scaled(values)).view(-1, *self.model_.shape)

    def _labels(self, y: ArrayLike | None) -> Tensor | None:
        if y is None or not self._conditional:
            return None
        known = np.asarray(y)
        index = np.searchsorted(self.classes_, known).clip(max=len(self.classes_) - 1)
        if not (self.classes_[index] == known).all():
            raise LatentError(f"Classes are among those that it was trained on: {', '.join(map(str, self.classes_))}.")
        return torch.from_numpy(index.astype(np.int64))

    def _double(self) -> core.Autoencoder:
        return copy.deepcopy(self.model_).double()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        tags.target_tags.required = self._conditional
        return tags


def _part(labels: Tensor | None, first: int, last: int) -> Tensor | None:
    return None if labels is None else labels[first:last]


@torch.no_grad()
def _in_blocks(compute: Any, count: int) -> Tensor:
    """What `compute(first, last)` gives of the rows of all blocks."""
    return torch.cat([compute(start, start + BLOCK) for start in range(0, count, BLOCK)])
