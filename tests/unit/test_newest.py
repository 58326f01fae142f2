"""The score of a window's newest rows: what it is made of, against formulas written out; old runs keep theirs."""

import dataclasses

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from sklearn.neighbors import NearestNeighbors

from ae_core.anomaly import newest
from ae_core.anomaly.storage import load_detection, load_detector, save_detection, save_detector
from ae_core.anomaly.stream import score_next
from ae_core.data.csv.source import Csv, Scoring
from ae_core.data.sensors import plant
from ae_core.model.config import Config

from .test_detector import WINDOW, fitted, minutes, table_of

ROWS = 900


@pytest.fixture(scope="module")
def values():
    return np.c_[plant(ROWS, 3, seed=3)[0], np.full(ROWS, 7.25)]


@pytest.fixture(scope="module")
def detector(values):
    return fitted(table_of(values, minutes(ROWS), 60.0), Scoring("newest"), epochs=0)


def test_the_terms_are_as_written(detector, values):
    """Errors of the newest quarter and half, each channel, over their quantiles; mean distance to the three nearest."""
    table = table_of(values, minutes(ROWS), 60.0)
    stats, calibration = detector.window_stats(table).pca, detector.calibrations[1]
    errors, distance, moved = calibration.terms(stats)
    own = detector.preprocessing
    x = np.divide(values - own.centre, own.spread, out=np.zeros_like(values), where=own.spread > 0)
    row = 500
    window = x[row - WINDOW + 1 : row + 1].T.astype(np.float32)
    mean, axes = detector.pca.mean.numpy().ravel(), detector.pca.components.numpy().reshape(-1, window.size)
    if axes.shape[1] != window.size:
        axes = axes.T
    code = (window.ravel() - mean) @ axes.T
    x_hat = (mean + code @ axes).reshape(window.shape)
    for part, count in enumerate((WINDOW // 4, WINDOW // 2)):
        expected = np.square(x_hat - window)[:, -count:].mean(1)
        np.testing.assert_allclose(stats.newest[row, :, part], expected, rtol=1e-3, atol=1e-8)
        np.testing.assert_allclose(errors[row, :, part] * calibration.limits[:, part], expected, rtol=1e-3, atol=1e-8)
    code = stats.z[[row]] * calibration.scale
    near = NearestNeighbors(n_neighbors=3).fit(calibration.bank).kneighbors(code)[0].mean()
    assert distance[row] == pytest.approx(newest.DISTANCE_WEIGHT * near / calibration.distance_limit[0], rel=1e-5)
    assert not moved[np.isfinite(stats.z).all(1)].any()


def test_a_rows_parts_make_up_its_score(detector, values, tmp_path):
    table = table_of(values, minutes(ROWS), 60.0)
    found = detector.score(table)
    save_detection(found, tmp_path / "scores.npz")
    terms = load_detection(tmp_path / "scores.npz").terms
    assert terms.shape == (ROWS, 4)
    np.testing.assert_allclose(terms[:, :3].sum(1) / terms[:, 3], found.network.score, rtol=1e-4)
    assert np.isnan(terms[: WINDOW - 1]).all()


def test_the_base_is_the_median_before_the_row():
    dice = np.random.default_rng(0)
    raw, usual = dice.gamma(2, size=3000), dice.gamma(2, size=700)
    base = newest.trailing_median(raw, usual)
    known = np.r_[np.resize(usual, newest.HISTORY), raw]
    for row in (0, 15, 16, 100, 1023, 2999):
        at = row // newest.RENEWED * newest.RENEWED
        assert base[row] == np.median(known[at : at + newest.HISTORY])


def test_a_channel_that_never_moved_and_now_does_is_the_worst(detector, values):
    later = values.copy()
    later[600:620, 3] = 7.5
    found = detector.score(table_of(later, minutes(ROWS), 60.0))
    for model in (found.network, found.pca):
        assert 600 <= np.nanargmax(model.score) < 620 + WINDOW
        assert model.parts[605].argmax() == 3
        assert model.score[605] > 10 * np.nanquantile(model.held_out, 0.99)


@pytest.mark.parametrize("sizes", [(2600,), (1300, 1300), (7, 1041, 1, 1551)])
def test_pieces_of_a_long_file_have_the_scores_of_one_go(sizes):
    values = plant(2600, 2, seed=8)[0]
    table = table_of(values)
    detector = fitted(table, Scoring("newest"), normal="0:900", epochs=0)
    whole, state, parts, start = detector.score(table), None, [], 0
    for size in sizes:
        found, state = score_next(detector, table.rows(slice(start, start + size)), state)
        parts.append(found)
        start += size
    assert start == len(values)
    for side in ("network", "pca"):
        pieces = np.concatenate([getattr(each, side).score for each in parts])
        np.testing.assert_array_equal(pieces, getattr(whole, side).score)


def test_one_bad_channel_of_many_is_not_drowned():
    """The largest channel, not the sum: a fault in one of forty stands as far out as in one of four."""
    found = {}
    for channels in (4, 40):
        values = np.random.default_rng(1).normal(size=(ROWS, channels))
        detector = fitted(table_of(values), Scoring("newest"), epochs=0)
        values[700:712, 2] += 6
        score = detector.score(table_of(values)).pca
        found[channels] = np.nanmax(score.score[700:712]) / np.nanquantile(score.score[: 700 - WINDOW], 0.99)
        assert score.parts[705].argmax() == 2
    assert found[40] > 0.4 * found[4] > 1


def test_no_score_is_infinite_whatever_the_channels(values):
    odd = np.c_[values, np.arange(ROWS) % 2, np.where(np.arange(ROWS) == 300, 1.0, 0.0)]
    detector = fitted(table_of(odd), Scoring("newest"), epochs=0)
    odd[700] = [1e300, -1e300, 0, 1e12, 5, 9]
    for model in (detector.score(table_of(odd)).network, detector.score(table_of(odd)).pca):
        assert np.isfinite(model.score[WINDOW - 1 :]).all()
        assert (model.parts[WINDOW - 1 :] >= 0).all()


def test_codes_are_as_far_apart_as_what_they_stand_for(detector, values):
    """PCA's axes have length one; a network that begins as PCA, with codes in units of their own, measures the same."""
    network, pca = detector.calibrations
    np.testing.assert_allclose(pca.scale, 1, rtol=1e-4)
    stats = detector.window_stats(table_of(values, minutes(ROWS), 60.0))
    ours, theirs = (each.terms(part)[1][WINDOW - 1 :] for each, part in zip((network, pca), stats.models, strict=True))
    np.testing.assert_allclose(ours, theirs, rtol=0.02)


def test_a_run_without_scales_keeps_its_scores(detector, tmp_path):
    plain = [dataclasses.replace(each, scale=np.ones_like(each.scale)) for each in detector.calibrations]
    save_detector(dataclasses.replace(detector, calibrations=tuple(plain)), tmp_path)
    tensors = load_file(tmp_path / "detector.safetensors")
    save_file({name: t for name, t in tensors.items() if "code_scale" not in name}, tmp_path / "detector.safetensors")
    again = load_detector(tmp_path, detector.model)
    assert all((each.scale == 1).all() for each in again.calibrations)


def test_it_is_kept_with_the_run(detector, values, tmp_path):
    save_detector(detector, tmp_path)
    again = load_detector(tmp_path, detector.model)
    assert again.scoring == detector.scoring
    for one, other in zip(detector.calibrations, again.calibrations, strict=True):
        for field in dataclasses.fields(one):
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_an_older_recipe_means_the_score_that_it_was_made_with():
    old = Config.from_json({"data": "csv", "source": {"file": "a.csv"}})
    assert old.source["score_type"] == "combined"
    new = Config(data="csv", source={"file": "a.csv"})
    assert new.source["score_type"] == Csv.score_type == "newest"
    assert Config.from_json(new.to_json()) == new
    assert "--score-type newest" in new.command("run")
