"""How abnormal each sample of a file is: its squared reconstruction error under a model of the normal ones.

The threshold is a quantile of the held-out normal samples' scores; what is judged is these and all abnormal samples,
never one that was trained on.
"""

import copy
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from ..base.errors import LatentError
from ..data.samples.source import Prepared, Samples, prepared
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA
from ..runs.checkpoint import Checkpoint
from .metrics import at_threshold, auc_pr

QUANTILE = 0.95  # of the held-out normal scores: what lies above is abnormal
LIMITS = (0.5, 0.999)  # of it
BATCH = 1024
DIMS = 8
VARIANT = "denoising"  # of a detector, on the page as in the shell
STEPS = 3000  # optimizer steps that a detector of few samples needs


class Judgement(NamedTuple):
    """How well a score tells held-out normal samples from all abnormal ones, shares 0..1; chance: their share."""

    accuracy: float
    precision: float
    recall: float
    auc_pr: float
    auc_roc: float
    chance: float


@dataclass(frozen=True, eq=False)
class SampleScores:
    """Scores of every sample of a file, in its order.

    network, pca: (N,) squared error summed over a sample's values, NaN for one without any value.
    train, test: rows of the normal samples that were trained on, and of those that were held out.
    abnormal: bool (N,), the samples of other classes than the normal one; None where no class is normal.
    """

    network: np.ndarray
    pca: np.ndarray
    train: np.ndarray
    test: np.ndarray
    abnormal: np.ndarray | None

    def threshold(self, score: np.ndarray, quantile: float = QUANTILE) -> float:
        """The quantile of the held-out normal samples' scores."""
        return float(np.quantile(score[self.test], quantile))

    def flagged(self, score: np.ndarray, quantile: float = QUANTILE) -> np.ndarray:
        """bool (N,): above the threshold."""
        return np.nan_to_num(score, nan=-np.inf) > self.threshold(score, quantile)

    def judge(self, score: np.ndarray, quantile: float = QUANTILE) -> Judgement | None:
        """On held-out normal and all abnormal samples; None where no class is normal, or all are."""
        if self.abnormal is None or not self.abnormal.any():
            return None
        rows = np.concatenate([self.test, np.flatnonzero(self.abnormal & np.isfinite(score))])
        truth, flagged = self.abnormal[rows], self.flagged(score, quantile)[rows]
        counts = at_threshold(flagged, truth)
        return Judgement(
            float((flagged == truth).mean()),
            counts.precision,
            counts.recall,
            auc_pr(score[rows], truth),
            float(roc_auc_score(truth, score[rows])),
            float(truth.mean()),
        )


def detector_recipe(origin: Samples, ready: Prepared, variant: str = VARIANT, **settings: object) -> Config:
    """The recipe of a detector of these samples; settings: of `Config`, that were given."""
    count, size = len(ready.train), ready.x[0].size
    batch = max(1, min(64 if count < 20_000 else 256, count // 4 or 1))
    proposed: dict[str, object] = {
        "k": max(1, min(DIMS, size - 1, count - 1)),
        "hidden": (128, 64),
        "epochs": int(np.clip(STEPS * batch / count, 10, 200)),
        "batch_size": batch,
        "lr": 1e-3,
    }
    knobs = {f.name: value for f in fields(origin) if (value := getattr(origin, f.name)) != f.default}
    return Config(data="samples", variant=variant, source=knobs, **(proposed | settings))  # type: ignore[arg-type]


def score_samples(checkpoint: Checkpoint, origin: Samples) -> SampleScores:
    """The scores of each sample of `origin` under a run that was trained on samples of the same shape.

    Its normal samples are split as for that run. Raises LatentError where the two do not fit.
    """
    collection = origin.collection()
    ready = prepared(collection, origin.normal_class)
    if ready.x.shape[1:] != checkpoint.shape:
        raise LatentError(
            f"The samples have {ready.x.shape[1:]} values, those of {checkpoint.name} {checkpoint.shape}: "
            "choose the run of these data, or train one."
        )
    x = torch.from_numpy(ready.x)
    abnormal = None
    if origin.normal_class:
        normal = np.isin(np.arange(len(collection)), np.concatenate([ready.train, ready.test]))
        assert collection.y is not None
        abnormal = (collection.y >= 0) & ~normal
    valued = np.isfinite(collection.values).reshape(len(collection), -1).any(1)
    network, pca = (np.where(valued, errors(model, x), np.nan) for model in (checkpoint.model(), checkpoint.pca()))
    return SampleScores(network, pca, ready.train, ready.test, abnormal)


@torch.no_grad()
def errors(model: Autoencoder | PCA, x: torch.Tensor) -> np.ndarray:
    """(N,) squared error of each sample of x (N, *shape), summed over its values; a network's in float64, so that a
    sample's does not depend on those beside it.
    """
    if isinstance(model, Autoencoder):
        model, x = copy.deepcopy(model).double(), x.double()
    parts = [(model.reconstruct(batch) - batch).square().flatten(1).sum(1) for batch in x.split(BATCH)]
    return torch.cat(parts).double().numpy()


@torch.no_grad()
def errors_of_values(model: Autoencoder | PCA, x: torch.Tensor) -> np.ndarray:
    """Squared error of each value of x (N, *shape): the odd part of a sample is where it is large."""
    return (model.reconstruct(x) - x).square().numpy()


def scores_csv(scores: SampleScores, quantile: float = QUANTILE) -> str:
    """A line a sample in the file's order: row (from 0), score, abnormal (1 above the threshold), held_out (1 for
    normal samples that were not trained on).
    """
    flagged = scores.flagged(scores.network, quantile)
    held = np.zeros(len(flagged), int)
    held[scores.test] = 1
    lines = [
        f"{row},{'' if np.isnan(score) else f'{score:.9g}'},{int(flag)},{out}"
        for row, (score, flag, out) in enumerate(zip(scores.network, flagged, held, strict=True))
    ]
    return "\n".join(["row,score,abnormal,held_out", *lines, ""])
