"""Rows that come one at a time have the scores of the file that they make up."""

import numpy as np
import psutil
import pytest

from ae_core import LatentError
from ae_core.anomaly.online import OnlineScorer
from ae_core.anomaly.thresholds import Rule, level, levels
from ae_core.data.csv.source import Scoring
from ae_core.data.sensors import inject, plant

from .test_detector import fitted, minutes, table_of

ROWS = 2600
pytestmark = pytest.mark.usefixtures("one_thread")
KINDS = [Scoring("newest"), Scoring("combined", 30), Scoring("error", 30), Scoring("combined", 1)]


def values_with_gaps():
    values = np.c_[inject(plant(ROWS, 3, seed=8)[0], "spike", 2000, 40, 1, 5.0), np.full(ROWS, 7.25)]
    values[1000:1003, 1] = np.nan  # bridged
    values[1200:1230, 2] = np.nan  # longer than what is bridged
    values[1500] = np.nan
    values[1700, 3] = 7.5
    values[2100, 0] = 1e30
    return values


@pytest.fixture(scope="module", params=KINDS, ids=str)
def detector(request):
    return fitted(
        table_of(plant(900, 4, seed=8)[0] * [1, 1, 1, 0] + [0, 0, 0, 7.25], minutes(900), 60.0), request.param
    )


@pytest.mark.parametrize("rule", ["quantile:0.99", "rolling:6"])
def test_one_at_a_time_is_the_file(detector, rule):
    values, times = values_with_gaps(), minutes(ROWS).copy()
    times[2300:] += np.timedelta64(3, "h")
    table, rule = table_of(values, times, 60.0), Rule.parse(rule)
    whole = detector.score(table)
    threshold = levels(whole.network.score, detector.held_out.network, rule, detector.held_out.independent)
    scorer = OnlineScorer(detector, rule)
    found = []
    for row, moment in zip(values, times, strict=True):
        if len(found) == 1201:  # in a gap: go on from what was kept
            state, scorer = scorer.state(), OnlineScorer(detector, rule)
            scorer.restore(state)
        found.append(scorer.score(row, moment))
    assert [each.row for each in found] == list(range(ROWS))
    # where an error is next to nothing, its rounding is not
    scored = np.array([each.score for each in found])
    np.testing.assert_allclose(scored, whole.network.score, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose([each.pca_score for each in found], whole.pca.score, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose([each.threshold for each in found], threshold, rtol=1e-4)
    sure = ~(np.abs(whole.network.score / threshold - 1) < 1e-4)
    flagged = whole.network.score > threshold
    np.testing.assert_array_equal(np.array([each.abnormal for each in found])[sure], flagged[sure])
    assert flagged.any()


def test_a_state_of_another_detector_is_refused(detector):
    other = fitted(table_of(plant(900, 2, seed=1)[0]), Scoring("newest"))
    with pytest.raises(LatentError, match="another detector"):
        OnlineScorer(detector, Rule()).restore(OnlineScorer(other, Rule()).state())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_thousand_rows_of_ten_channels_in_memory_that_does_not_grow():
    values = plant(100_000, 10, seed=3)[0]
    for at in (30_000, 60_000, 90_000):
        values = inject(values, "spike", at, 200, at // 10_000 % 10, 4.0)
    detector = fitted(table_of(plant(3000, 10, seed=3)[0]), Scoring("newest"), epochs=1)
    whole, rule = detector.score(table_of(values)), Rule()
    threshold = level(detector.held_out.network, rule, detector.held_out.independent)
    scorer, process, held = OnlineScorer(detector, rule), psutil.Process(), []
    found = []
    for row, each in enumerate(values):
        scored = scorer.score(each)
        found.append((scored.score, scored.abnormal))
        if row in (10_000, 99_000):
            held.append(process.memory_info().rss)
    score, abnormal = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    np.testing.assert_allclose(score, whole.network.score, rtol=1e-4)
    sure = ~(np.abs(whole.network.score / threshold - 1) < 1e-4)
    np.testing.assert_array_equal(abnormal[sure], (whole.network.score > threshold)[sure])
    assert abnormal.any()
    assert held[1] - held[0] < 30e6  # what this test holds of 89,000 rows
