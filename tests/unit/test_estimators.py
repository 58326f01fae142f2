"""scikit-learn's face: its own checks, every variant, and the scores of the command line, float for float."""

import csv
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from ae_core import VARIANTS, LatentError
from ae_core.anomaly.samples import errors, score_samples
from ae_core.cli import main
from ae_core.data.samples.source import Samples
from ae_core.data.sensors import inject, plant
from ae_core.estimators import Autoencoder, SampleDetector, SignalDetector
from ae_core.runs.checkpoint import read_checkpoint

QUICK = [
    Autoencoder("deep", hidden=(8,), epochs=2),
    Autoencoder(hidden=(8,), epochs=2),
    SampleDetector(hidden=(8,), epochs=1),
    SignalDetector(hidden=(8,), epochs=1),
]


@parametrize_with_checks(QUICK, expected_failed_checks=lambda each: getattr(each, "EXPECTED_FAILED_CHECKS", {}))
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_a_transformer(variant):
    x, y = load_digits(return_X_y=True)
    settings = {"sockets": {"codes": 8}} if variant == "vqvae" else {}
    k = VARIANTS[variant].dimensions or 4
    kind = Autoencoder(variant, k=k, hidden=(16,), value_range=(0, 16), epochs=2, **settings)
    fitted = clone(kind).fit(x[:300], y[:300])
    z = fitted.transform(x[:50])
    assert z.shape == (50, k)
    assert fitted.inverse_transform(z).shape == (50, 64)
    assert len(fitted.get_feature_names_out()) == k
    assert np.isfinite(fitted.score(x[:300]))
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(x[:50]), z)


def test_a_pipeline_and_a_search_over_k():
    x = pd.DataFrame(plant(300, 4, seed=0)[0], columns=["a", "b", "c", "d"])
    pipe = make_pipeline(StandardScaler(), Autoencoder("linear", epochs=60, lr=1e-2, batch_size=32))
    search = GridSearchCV(pipe, {"autoencoder__k": [1, 3]}, cv=2).fit(x)
    assert search.best_params_ == {"autoencoder__k": 3}
    fitted = search.best_estimator_[-1]
    assert search.best_estimator_[0].feature_names_in_.tolist() == list(x.columns)
    assert fitted.set_output(transform="pandas").transform(StandardScaler().fit_transform(x)).shape == (300, 3)


def test_what_cannot_be_is_said_in_a_sentence():
    x = np.random.default_rng(0).normal(size=(30, 6))
    for kind in (Autoencoder("cvae"), Autoencoder(shape=(1, 5)), Autoencoder(variant="nothing"), Autoencoder(k=0)):
        with pytest.raises(LatentError):
            kind.fit(x)


@pytest.fixture(scope="module")
def rows():
    values = inject(plant(700, 3, seed=1)[0], "spike", 600, 30, 1, 5.0)
    values[200, 1] = np.nan
    return pd.DataFrame(values, columns=["a", "b", "c"])


def test_rows_have_the_scores_of_the_command_line(rows, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    rows.to_csv(tmp_path / "rows.csv", index=False)
    options = ["--epochs", "2", "--hidden", "16", "--window", "12", "--normal", "0:500"]
    assert main(["score", str(tmp_path / "rows.csv"), "--out", str(tmp_path / "scores.csv"), *options]) == 0
    with (tmp_path / "scores.csv").open() as file:
        lines = list(csv.DictReader(file))
    detector = SignalDetector(epochs=2, hidden=(16,), window=12, normal="0:500")
    score = -detector.fit(rows).score_samples(rows)
    assert [f"{value:.7g}" for value in score if value == value] == [
        f"{float(line['score']):.7g}" for line in lines if line["score"]
    ]
    assert [value == -1 for value in detector.predict(rows)] == [line["abnormal"] == "1" for line in lines]
    assert -detector.offset_ == pytest.approx(float(lines[-1]["threshold"]), rel=1e-6)
    (run,) = (tmp_path / "runs").iterdir()
    np.testing.assert_array_equal(-SignalDetector.from_run(run).score_samples(rows), score)
    np.testing.assert_array_equal(-pickle.loads(pickle.dumps(detector)).score_samples(rows), score)


def test_times_say_where_rows_do_not_follow(rows):
    detector = SignalDetector(epochs=1, hidden=(8,), window=12, normal="0:500")
    index = pd.date_range("2024-01-01", periods=len(rows), freq="min", tz="Europe/Paris")
    late = index.where(np.arange(len(rows)) < 400, index + pd.Timedelta("2h"))
    score = detector.fit(rows.set_index(index)).score_samples(rows.set_index(late))
    assert np.isnan(score[400:411]).all()
    assert np.isfinite(score[[399, 411]]).all()


def test_samples_have_the_scores_of_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    x = plant(400, 6, seed=2)[0].astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    options = ["--data", "samples", "--kind", "features", "--epochs", "2", "--hidden", "16"]
    assert main(["score", str(tmp_path / "x.npy"), "--out", str(tmp_path / "scores.csv"), *options]) == 0
    (run,) = (tmp_path / "runs").iterdir()
    checkpoint = read_checkpoint(run)
    found = score_samples(checkpoint, Samples(**checkpoint.config.source))
    detector = SampleDetector(epochs=2, hidden=(16,)).fit(x)
    np.testing.assert_array_equal(-detector.score_samples(x), found.network)
    assert -detector.offset_ == found.threshold(found.network)


def test_a_samples_error_does_not_depend_on_those_beside_it():
    model = read_checkpoint("digits-vae-2d").model()
    import torch

    x = torch.rand(50, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(errors(model, x)[:7], errors(model, x[:7]), rtol=1e-12)
