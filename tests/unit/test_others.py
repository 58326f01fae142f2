"""Other detectors beside a run's own: what each scores, against formulas written out, and what is said of them."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from ae_core.anomaly.others import METHODS, other_scores, side_by_side, side_by_side_words
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.source import Scoring
from ae_core.data.csv.windows import prepared
from ae_core.data.sensors import plant

from .test_detector import WINDOW, fitted, minutes, table_of

ROWS = 900
FAULT = slice(700, 740)


@pytest.fixture(scope="module")
def found():
    values = plant(ROWS, 3, seed=3)[0]
    values[FAULT, 1] += 30
    values[820, 0] = np.nan  # a value that is missing is filled behind the gap
    label = np.zeros(ROWS, bool)
    label[FAULT] = True
    table = table_of(values, minutes(ROWS), 60.0, label)
    detector = fitted(table, Scoring("newest"), epochs=0, normal="0:500")
    ready = prepared(table, WINDOW, 1, "0:500", 5)
    return detector, ready, table, other_scores(detector, ready, table)


def test_each_method_has_a_score_where_the_network_has_one(found):
    detector, _, table, others = found
    scored = np.isfinite(detector.score(table).network.score)
    assert list(others) == list(METHODS)
    for scores in others.values():
        np.testing.assert_array_equal(np.isfinite(scores.score), scored)
        assert np.isfinite(scores.held_out).all()
        assert FAULT.start <= np.nanargmax(scores.score) < FAULT.stop + WINDOW


def test_scores_are_as_written(found):
    _, ready, _, others = found
    windows, at = ready.windows((0, ROWS), 1)
    learned = ready.windows(ready.train, healthy=True)[0]
    row = 600
    window = windows[np.flatnonzero(at == row - WINDOW + 1)[0]]
    flat = learned.reshape(len(learned), -1)
    expected = NearestNeighbors(n_neighbors=3).fit(flat).kneighbors(window.reshape(1, -1))[0].mean()
    assert others["nearest windows"].score[row] == pytest.approx(expected, rel=1e-4)
    last = learned[:, :, -1]
    expected = np.abs((window[:, -1] - last.mean(0)) / last.std(0)).max()
    assert others["z-score"].score[row] == pytest.approx(expected, rel=1e-4)


def test_they_stand_side_by_side(found):
    detector, _, table, others = found
    lines = side_by_side(detector.score(table), others, "nested autoencoder", Rule("quantile", 0.95))
    assert [line.name for line in lines] == ["nested autoencoder", "PCA", *METHODS]
    own = lines[0].made.intervals
    fault = next(n for n, each in enumerate(own) if each.start < FAULT.stop and each.end > FAULT.start)
    assert all(line.agrees[fault] for line in lines)
    said = side_by_side_words(lines)
    assert len(said) == 2 + len(lines) + min(10, len(own))
    assert "AUC-PR" in said[1]
    assert any("PCA, nearest windows, k-means of windows, isolation forest, z-score agree" in line for line in said)
