"""Thresholds against NumPy and closed forms, the rolling rule against a slow loop, stretches and blame against sums
written out.
"""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from ae_core.anomaly.thresholds import (
    LIMITS,
    RULES,
    SIGMA,
    Alarms,
    Rule,
    expected_alarms,
    flags,
    intervals,
    level,
    levels,
    rolling,
)
from ae_core.base.errors import LatentError

NAN = float("nan")


def test_rules_are_read_and_written():
    assert Rule.parse("quantile:0.95") == Rule("quantile", 0.95)
    for kind, amount in RULES.items():
        assert Rule.parse(kind) == Rule(kind, amount) == Rule.parse(str(Rule(kind, amount)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("loud", "one of quantile, robust, rolling"),
        ("", "one of quantile, robust, rolling"),
        ("quantile:", "a rule and a number"),
        ("quantile:most", "a rule and a number"),
        ("quantile:99", "between 0.5 and 0.9999"),
        ("quantile:1", "between 0.5 and 0.9999"),
        ("robust:0", "between 1 and 50"),
        ("robust:nan", "between 1 and 50"),
        ("rolling:inf", "between 1 and 50"),
        ("rolling:-3", "between 1 and 50"),
        ("x" * 999, "one of quantile"),
    ],
)
def test_a_bad_threshold_is_one_sentence(text, says):
    with pytest.raises(LatentError, match=says) as error:
        Rule.parse(text)
    assert str(error.value).count("\n") == 0
    assert len(str(error.value)) < 200


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 1e6) | st.just(NAN), min_size=1, max_size=80),
    st.sampled_from([Rule("quantile", 0.5), Rule("quantile", 0.9), Rule("robust", 4.0)]),
)
def test_levels_of_finite_scores_are_numpys(values, rule):
    held = np.array(values)
    known = held[np.isfinite(held)]
    if not len(known):
        with pytest.raises(LatentError, match="No normal row could be scored"):
            level(held, rule)
        return
    middle = np.median(known)
    expected = (
        np.quantile(known, min(rule.amount, 1 - 1 / len(known)))
        if rule.kind == "quantile"
        else middle + rule.amount * 1.4826 * np.median(np.abs(known - middle))
    )
    if rule.kind == "quantile" and rule.amount > 1 - 1 / len(known):  # on the tail behind the last of them
        assert level(held, rule) >= expected
    else:
        assert level(held, rule) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_array_equal(levels(np.zeros(7), held, rule), np.full(7, level(held, rule)))


def test_the_levels_of_a_gaussian():
    held = np.random.default_rng(0).normal(3, 2, 400_000)
    assert level(held, Rule("quantile", 0.975)) == pytest.approx(3 + 1.959964 * 2, abs=0.02)
    assert level(held, Rule("robust", 4.0)) == pytest.approx(3 + 4 * 2, abs=0.06)


def plain_rolling(score, held, history):
    """The rule a row at a time, in lists."""
    held = [v for v in held if np.isfinite(v)]
    before = [held[i % len(held)] for i in range(history)]
    usual, step = float(np.median(before)), max(1, history // 32)
    found = []
    for row in range(len(score)):
        if row % step == 0:
            past = (before + [usual if np.isnan(v) else v for v in score[:row]])[-history:]
            middle = float(np.median(past))
            kept = (middle, SIGMA * float(np.median([abs(v - middle) for v in past])))
        found.append(kept)
    return np.array(found).reshape(-1, 2).T


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 100) | st.just(NAN), max_size=150),
    st.lists(st.floats(0, 10) | st.just(NAN), min_size=1, max_size=40),
    st.sampled_from([1, 8, 40, 96]),
)
def test_rolling_is_the_slow_loop(score, held, history):
    held = [*held, 1.0]
    np.testing.assert_allclose(
        rolling(np.array(score), np.array(held), history), plain_rolling(score, held, history), rtol=1e-12, atol=1e-12
    )


def test_rolling_of_many_rows_is_that_of_their_beginning():
    """It is computed in blocks, and looks back alone."""
    score = np.random.default_rng(1).gamma(2, 1, 70_000)
    held = score[:700]
    whole = levels(score, held, Rule.parse("rolling"))
    for rows in (1, 16, 511, 512, 513, 33_000, 69_999):
        np.testing.assert_array_equal(levels(score[:rows], held, Rule.parse("rolling")), whole[:rows])


def test_rolling_follows_a_drift_that_a_fixed_level_flags_and_still_sees_a_blow():
    rng = np.random.default_rng(2)
    score = 1 + 0.1 * rng.standard_normal(6000) + np.linspace(0, 2.0, 6000)
    held = 1 + 0.1 * rng.standard_normal(900)
    score[5000:5010] += 3
    assert flags(score, level(held, Rule())).mean() > 0.1
    moving = flags(score, levels(score, held, Rule.parse("rolling")))
    assert moving[5000:5010].all()
    assert moving.sum() <= 20


def test_a_row_without_a_score_is_not_flagged():
    np.testing.assert_array_equal(flags(np.array([NAN, 1.0, 2.0, np.inf]), 1.0), [False, False, True, True])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=60), st.integers(1, 9))
def test_stretches_are_runs_and_blame_is_shared_out(rows, merge):
    flagged = np.array([row[0] for row in rows])
    parts = np.array([row[1:] for row in rows]) + 0.01
    score = parts.sum(1)
    found = intervals(score, flagged, parts, merge)
    joined = []
    for row in np.flatnonzero(flagged):  # a gap of fewer rows than `merge` joins
        if joined and row - joined[-1][1] - 1 < merge:
            joined[-1][1] = row
        else:
            joined.append([row, row])
    assert [(s.start, s.end - 1) for s in found] == [tuple(ends) for ends in joined]
    for s in found:
        assert s.peak == score[s.at] == score[s.start : s.end].max()
        assert s.shares.sum() == pytest.approx(1, abs=1e-12)
        np.testing.assert_allclose(s.shares, parts[s.start : s.end].sum(0) / parts[s.start : s.end].sum())


def test_stretches_over_rows_without_a_score():
    score = np.array([3.0, NAN, 2.0, 0.0])
    parts = np.stack([score, 0 * score], 1)
    (only,) = intervals(score, flags(score, 1.0), parts, merge=2)
    assert (only.start, only.end, only.peak, only.at, only.shares.tolist()) == (0, 3, 3.0, 0, [1.0, 0.0])
    assert intervals(score, np.zeros(4, bool), parts) == []


def test_alarms_are_counted_on_held_out_rows():
    score = np.zeros(2000)
    score[[100, 1000, 1001, 1500, 1999]] = 1
    found = intervals(score, flags(score, 0.5), score[:, None])
    assert len(found) == 4
    assert expected_alarms(found, (1000, 2000), None).rate() == 3.0
    assert expected_alarms(found, (1000, 2000), 60.0).rate() == pytest.approx(3 * 1440 / 1000)
    assert expected_alarms([], (5, 5), None).rate() == 0


def test_few_alarms_are_too_few_to_tell_and_many_have_their_bounds():
    few = "1 alarm in 35 min of held-out normal data (too short to tell how many a day)"
    assert Alarms(1, 35, 60.0).words() == few
    many = Alarms(17, 1440, 60.0)
    low, high = scipy.stats.chi2.ppf(0.05, 2 * 17) / 2, scipy.stats.chi2.ppf(0.95, 2 * 18) / 2
    assert many.between() == (pytest.approx(low, rel=0.01), pytest.approx(high, rel=0.01))
    assert many.words() == "17 alarms a day expected (90 % sure: 11 to 25)"
    assert Alarms(17, 2000, None).words() == "8.5 alarms in 1,000 rows expected (90 % sure: 5.4 to 13)"


def test_a_threshold_can_lie_above_the_largest_normal_score():
    held = np.random.default_rng(0).exponential(size=300)
    shares = [0.9, 0.99, 1 - 1 / 300, 0.999, 0.9999]
    found = [level(held, Rule("quantile", share)) for share in shares]
    assert found == sorted(found)
    np.testing.assert_allclose(found[:3], np.quantile(held, shares[:3]))
    assert found[-1] > held.max()
    assert abs(found[-1] - -np.log(1e-4)) < 2  # the exponential's own quantile


def test_limits_hold_the_usual_amounts():
    assert RULES.keys() == LIMITS.keys()
    assert all(LIMITS[kind][0] <= amount <= LIMITS[kind][1] for kind, amount in RULES.items())


def test_short_stretches_and_neighbours_are_settings():
    score = np.zeros(200)
    score[[10, *range(50, 54), *range(58, 61), *range(120, 130)]] = 2.0
    flagged = flags(score, 1.0)

    def ends(merge, least):
        return [(s.start, s.end) for s in intervals(score, flagged, score[:, None], merge, least)]

    assert ends(1, 1) == [(10, 11), (50, 54), (58, 61), (120, 130)]
    assert ends(8, 1) == [(10, 11), (50, 61), (120, 130)]
    assert ends(8, 2) == [(50, 61), (120, 130)]
    assert ends(8, 8) == [(120, 130)]  # 7 flagged rows, whatever lies between
    assert Rule.parse("quantile:0.9").stretches(64) == (8, 64)
    assert Rule.parse("quantile:0.9:3:20").stretches(64) == (3, 20)
    assert str(Rule.parse("quantile:0.9:3:20")) == "quantile:0.9:3:20"
    assert Rule.parse("quantile").stretches(1) == (1, 1)
    for wrong in ("quantile:0.9:x", "quantile:0.9:1:2:3", "quantile:0.9:-1"):
        with pytest.raises(LatentError):
            Rule.parse(wrong)
