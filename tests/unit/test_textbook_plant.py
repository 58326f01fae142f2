"""A plant of a textbook: 6 channels into 2, 450 normal rows and 50 faulty ones, by shares of the gauges' scales."""

import dataclasses

import numpy as np
import pandas as pd
import torch
from sklearn.decomposition import PCA

from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.cli import main
from ae_core.data import Dataset
from ae_core.data.csv.source import Scoring
from ae_core.data.csv.windows import robust, scale
from ae_core.data.sensors import shares, textbook
from ae_core.model.config import Config
from ae_core.training.loop import Training

from .test_detector import fitted, table_of
from .test_score import score_of


def by_hand(x, faulty):
    """(MSE, variance kept, of PCA in 2 numbers)."""
    pca = PCA(2).fit(x)
    return ((pca.inverse_transform(pca.transform(x)) - x) ** 2).mean(), pca.explained_variance_ratio_.sum()


def test_the_textbooks_plant_in_its_own_scale():
    normal, faulty, _ = textbook()
    mse, kept = by_hand(normal, faulty)
    assert (f"{mse:.6f}", f"{100 * kept:.1f}", normal.shape[1] / 2) == ("0.008770", "78.2", 3.0)
    x = torch.from_numpy(normal).float()[:, :, None]
    config = Config(data="csv", variant="nested", k=2, hidden=(16,), epochs=20, batch_size=32, lr=1e-4)
    training = Training(config, Dataset("textbook", x, x[:100], None))
    for _ in training:
        pass
    model = training.model.eval()
    with torch.no_grad():
        fresh = shares(6000, 6, 0)[0][500:]  # normal rows that nobody has seen: a noise of its own, the cycle going on
        good, bad, unseen = (
            ((model.reconstruct(t) - t) ** 2).mean((1, 2)).numpy()
            for t in (torch.from_numpy(v).float()[:, :, None] for v in (normal, faulty, fresh))
        )
    level = np.quantile(good, 0.95)
    assert (bad > level).all()
    assert bad.mean() > 4.5 * good.mean()
    assert abs((unseen > level).mean() - 0.05) < 0.02
    assert good.mean() <= 0.00878  # it starts as PCA


def test_the_textbooks_plant_as_a_table():
    """By the detector, each channel in its own spreads: the same 50 rows are caught."""
    normal, faulty, names = textbook()
    values = np.concatenate([normal, faulty])
    table = dataclasses.replace(table_of(values), names=names)
    detector = fitted(table, Scoring("error", smoothing_rows=1), window=1, normal="0:450", epochs=10, k=2)
    found = detector.score(table)
    pca = PCA(2).fit(scale(normal[:360], *robust(normal[:360])))
    z = scale(values, *robust(normal[:360]))
    np.testing.assert_allclose(
        found.pca.score, ((pca.inverse_transform(pca.transform(z)) - z) ** 2).mean(1), rtol=1e-3, atol=1e-5
    )
    assert detector.pca.k == 2
    level = np.quantile(found.network.score[:450], 0.95)
    assert (found.network.score[450:] > level).all()
    unseen = detector.score(dataclasses.replace(table_of(shares(6000, 6, 0)[0][500:]), names=names)).network.score
    assert abs((unseen > level).mean() - 0.05) < 0.02


def test_the_plants_row_through_a_file(tmp_path, capsys):
    """The textbook's 6 channels into 2, one row a window: all faulty rows above the 95th percentile of the normal ones,
    false alarms around 5 %.
    """
    normal, faulty, names = textbook()
    pd.DataFrame(np.concatenate([normal, faulty]), columns=list(names)).to_csv(tmp_path / "plant.csv", index=False)
    pd.DataFrame(shares(4000, 6, 0)[0][500:], columns=list(names)).to_csv(tmp_path / "more.csv", index=False)
    words = [
        "--normal",
        "0:450",
        "--window",
        "1",
        "--k",
        "2",
        "--scores",
        "error",
        "--memory",
        "1",
        "--variance",
        "0.72",
        "--threshold",
        "quantile:0.95",
    ]
    assert (
        main(["score", str(tmp_path / "plant.csv"), "--out", str(tmp_path / "out.csv"), *words, "--epochs", "20"]) == 0
    )
    score = score_of(tmp_path / "out.csv")
    run = next((tmp_path / "runs").iterdir())
    assert load_detection(run / DETECTION).n_dims == 2
    level = np.quantile(score[:450], 0.95)
    assert (score[450:] > level).all()
    assert (
        main(["score", str(tmp_path / "more.csv"), "--checkpoint", str(run), "--out", str(tmp_path / "more-out.csv")])
        == 0
    )
    assert abs((score_of(tmp_path / "more-out.csv") > level).mean() - 0.05) < 0.02
