"""The textbook's plant in figures: 6 channels into 2 numbers, by PCA and by a small nested autoencoder, measured on the
spot.

See `ae_core.data.sensors.textbook`. The text learns from all 450 normal samples, calls a sample abnormal whose squared
error lies above that of 95 % of them, and counts the 50 faulty ones. What it does not say is how many false alarms come
of that: here on normal samples that neither model has seen.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data import Dataset
from ..data.sensors import shares, textbook
from ..model.config import Config
from ..pca import PCA
from ..training.loop import Training

K = 2
CAUGHT = 0.95  # of the normal errors lie below the threshold
UNSEEN = 5500  # further normal samples: the standard error of a share of 5 % is then 0.3 %
RECIPE = Config(data="sensors", variant="nested", k=K, hidden=(16,), epochs=20, batch_size=32, lr=1e-4)


@dataclass(frozen=True)
class Row:
    """One model's figures. mse: of the normal samples, in shares of the gauges' scales; variance: share that is kept;
    caught: of the `faulty` samples;
    false_alarms: share of unseen normal samples above the threshold; ratio: mean error of the faulty samples over that
    of the normal ones.
    """

    model: str
    mse: float
    variance: float
    compression: float
    caught: int
    faulty: int
    false_alarms: float
    ratio: float


def figures() -> list[Row]:
    """PCA's and the network's row; takes a second or two."""
    normal, faulty, _ = textbook()
    unseen = shares(len(normal) + len(faulty) + UNSEEN, normal.shape[1])[0][
        len(normal) + len(faulty) :
    ]  # the cycle goes on, with noise of its own
    x = _samples(normal)
    training = Training(RECIPE, Dataset("textbook", x, x[:100], None))
    for _ in training:
        pass
    rows = []
    for name, model in (("PCA", PCA(x, K)), ("nested autoencoder", training.model.eval())):
        with torch.no_grad():
            good, bad, unseen_errors = (
                (model.decode(model.encode(part)) - part).square().mean((1, 2)).numpy()
                for part in map(_samples, (normal, faulty, unseen))
            )
        level = np.quantile(good, CAUGHT)
        mse, kept, compression = float(good.mean()), float(1 - good.mean() / normal.var(0).mean()), normal.shape[1] / K
        rows.append(
            Row(
                name,
                mse,
                kept,
                compression,
                int((bad > level).sum()),
                len(bad),
                float((unseen_errors > level).mean()),
                float(bad.mean()) / mse,
            )
        )
    return rows


def _samples(values: np.ndarray) -> Tensor:
    """(N, C) as the network takes them, (N, C, 1)."""
    return torch.from_numpy(values).float()[:, :, None]
