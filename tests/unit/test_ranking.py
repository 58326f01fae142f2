"""Measures of detection: against definitions written out row by row, scikit-learn, and cases with a known answer."""

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from ae_core.anomaly.metrics import at_threshold, auc_pr, auc_pr_difference, best_level, events, vus_pr
from ae_core.anomaly.period import period_buffer
from ae_core.base.errors import LatentError


def stretches_of(label):
    """[(first, last)] of the runs of labelled rows, by hand."""
    found = []
    for row, value in enumerate(label):
        if value and row and label[row - 1]:
            found[-1] = (found[-1][0], row)
        elif value:
            found.append((row, row))
    return found


def plain_range_auc_pr(score, label, length, levels):
    """Range-AUC-PR with borders of `length` rows as Paparrizos et al. define it, a threshold and a row at a time."""
    rows, half, parts = len(score), length // 2, stretches_of(label)
    soft = [float(value) for value in label]
    for first, last in parts:
        for row in range(rows):
            away = max(first - row, row - last)
            if 0 < away <= half:
                soft[row] = min(1.0, soft[row] + math.sqrt(1 - away / length))
    joined = []
    for first, last in parts:
        if joined and joined[-1][1] + half >= first - half:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    ordered = sorted(score, reverse=True)
    area = before = 0.0
    for level in range(levels):
        threshold = ordered[int(level * (rows - 1) / (levels - 1))]
        flagged = [row for row in range(rows) if score[row] >= threshold]
        true = sum(soft[row] for row in flagged)
        # the labels that can be reached are halfway between the given ones and those that the borders' flagged rows add
        possible = (sum(label) + sum(label) + sum(soft[row] for row in flagged if not label[row])) / 2
        share = sum(any(first - half <= row <= last + half for row in flagged) for first, last in joined) / len(joined)
        recall = min(1.0, true / possible) * share
        area += (recall - before) * true / len(flagged)
        before = recall
    return area


def case(seed, rows=60):
    """A score, of no use to good, and labels: scattered rows or stretches, at the ends too, with ties at every other
    seed.
    """
    rng = np.random.default_rng(seed)
    if seed % 3 == 0:
        label = rng.random(rows) < 0.3
    else:
        label = np.zeros(rows, bool)
        for first in rng.integers(rows, size=seed % 4 + 1):
            label[first : first + rng.integers(1, 9)] = True
    label[0], label[-1] = seed % 5 == 0, seed % 7 == 0
    label[rows // 2 : rows // 2 + 2] = True, False
    score = rng.normal(size=rows) + seed % 4 * 0.7 * label
    return score.round() if seed % 2 else score, label


@pytest.mark.parametrize("seed", range(16))
def test_vus_pr_is_the_mean_of_the_plain_definition(seed):
    score, label = case(seed)
    for buffer, levels in ((0, 25), (1, 60), (7, 25), (20, 30)):
        plain = sum(
            plain_range_auc_pr(score.tolist(), label.tolist(), length, levels) for length in range(buffer + 1)
        ) / (buffer + 1)
        assert vus_pr(score, label, buffer, levels) == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize("buffer", [0, 10, 100, 1000])
def test_vus_pr_of_a_perfect_and_of_a_constant_score(buffer):
    label = np.zeros(2000, bool)
    label[900:950] = True
    assert vus_pr(label * 1.0, label, buffer) == pytest.approx(1)
    borders = [
        2 * sum(math.sqrt(1 - away / length) for away in range(1, length // 2 + 1)) for length in range(buffer + 1)
    ]
    assert vus_pr(np.ones(2000), label, buffer) == pytest.approx((50 + np.mean(borders)) / 2000)


def test_without_a_border_vus_pr_is_average_precision_on_one_stretch():
    label = np.arange(300) // 40 == 3
    score = np.random.default_rng(0).normal(size=300) + label
    assert vus_pr(score, label, 0, levels=300) == pytest.approx(average_precision_score(label, score))


def test_vus_pr_forgives_a_late_flag_and_average_precision_does_not():
    label, score = np.zeros(1000, bool), np.zeros(1000)
    label[500:520], score[515:535] = True, 1
    far = np.roll(score, 300)
    assert vus_pr(score, label) > auc_pr(score, label) + 0.2
    assert vus_pr(far, label) < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_only_order_counts_and_time_may_run_backwards(seed):
    score, label = case(seed, 400)
    for measure in (auc_pr, vus_pr):
        assert measure(np.exp(score), label) == pytest.approx(measure(score, label))
        assert measure(score[::-1], label[::-1]) == pytest.approx(measure(score, label))
        infinite = np.where(score == score.max(), np.inf, score)
        assert measure(infinite, label) == pytest.approx(measure(score, label))


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_is_scikit_learns(seed):
    score, label = case(seed)
    assert auc_pr(score, label) == pytest.approx(average_precision_score(label, score))


@pytest.mark.parametrize("measure", [auc_pr, vus_pr, best_level])
def test_a_row_without_a_score_is_left_out(measure):
    score, label = case(1)
    gaps = np.insert(score, [5, 30, 60], np.nan)
    assert measure(gaps, np.insert(label, [5, 30, 60], [True, False, True])) == measure(score, label)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(4))
def test_no_level_is_better_than_the_best_and_no_higher_one_as_good(seed, kind):
    score, label = case(seed, 30)
    score = score.astype(kind)
    best = best_level(score, label)
    reached = f1_score(label, score > best)
    every = {level: f1_score(label, score > level, zero_division=0.0) for level in [-1e9, *np.unique(score).tolist()]}
    assert reached == pytest.approx(max(every.values()))
    assert all(f1 < reached - 1e-12 for level, f1 in every.items() if level > best)


@pytest.mark.parametrize(
    ("label", "lowest"),
    [
        ([1, 1, 0, 0], 3.0),
        ([1, 0, 1, 0], 2.0),  # one flagged: 2/(1 + 2), three: 4/(3 + 2)
        ([1, 0, 0, 1], 4.0),  # one flagged: 2/(1 + 2), all four: 4/(4 + 2), as good
        ([0, 0, 0, 1], 1.0),
    ],
)
def test_of_equally_good_levels_the_highest_is_taken(label, lowest):
    assert best_level(np.array([4, 3, 2, 1]), np.array(label)) == np.nextafter(lowest, 0)


@pytest.mark.parametrize("seed", range(4))
def test_precision_and_recall_by_row_are_scikit_learns(seed):
    score, label = case(seed)
    flagged = score > 0.4
    found = at_threshold(flagged, label)
    assert found == (flagged.sum(), label.sum(), (flagged & label).sum())
    assert found.precision == pytest.approx(precision_score(label, flagged))
    assert found.recall == pytest.approx(recall_score(label, flagged))


def test_a_share_of_nothing_is_not_a_number():
    nothing, all_rows = np.zeros(5, bool), np.ones(5, bool)
    assert math.isnan(at_threshold(nothing, all_rows).precision)
    assert at_threshold(nothing, all_rows).recall == 0
    assert math.isnan(at_threshold(all_rows, nothing).recall)


def test_events_are_counted_by_overlap():
    label = np.zeros(100, bool)
    for first, end in ((0, 5), (20, 30), (40, 45), (95, 100)):
        label[first:end] = True
    #         touches only the end   two in one    ends just before  begins just after  the last row of all
    flagged = [(4, 8, "more"), (29, 41, "more"), (60, 95, "more"), (45, 50, "more"), (99, 100, "more")]
    assert events(flagged, label) == (4, 4, 5, 2)
    assert events(flagged[2:4], label) == (4, 0, 2, 2)
    assert events([], label) == (4, 0, 0, 0)
    assert events(flagged, np.zeros(100, bool)) == (0, 0, 5, 5)


@pytest.mark.parametrize("measure", [auc_pr, vus_pr, best_level])
@pytest.mark.parametrize(
    ("score", "label"),
    [
        (np.ones(9), np.zeros(9, bool)),
        (np.ones(9), np.ones(9, bool)),
        (np.full(9, np.nan), np.arange(9) < 3),
        (np.ones(9), np.arange(8) < 3),
        ([], []),
    ],
)
def test_bad_input_gets_one_sentence(measure, score, label):
    with pytest.raises(LatentError) as caught:
        measure(score, label)
    assert str(caught.value).count(".") == 1


def test_a_surface_needs_a_border_and_levels():
    score, label = case(1)
    for wrong in ({"buffer": -1}, {"levels": 1}):
        with pytest.raises(LatentError, match="buffer of 0 or more"):
            vus_pr(score, label, **wrong)
    with pytest.raises(LatentError, match="60 rows were scored"):
        at_threshold(score > 0, label[1:])


def test_a_difference_between_two_scores_has_its_chance():
    rng = np.random.default_rng(0)
    label = np.zeros(4000, bool)
    for start in range(200, 4000, 400):
        label[start : start + 40] = True
    signal = rng.normal(size=4000) + 2 * label
    near, useless = signal + 0.05 * rng.normal(size=4000), rng.normal(size=4000)
    low, high = auc_pr_difference(signal, near, label, 100)
    assert low < 0 < high
    low, high = auc_pr_difference(signal, useless, label, 100)
    assert low > 0.2
    assert low < auc_pr(signal, label) - auc_pr(useless, label) < high
    assert auc_pr_difference(signal, signal, label, 100) == (0.0, 0.0)
    missing = np.where(np.arange(4000) % 7 == 0, np.nan, useless)
    assert auc_pr_difference(signal, missing, label, 100)[0] > 0.2


def plain_buffer(values):
    """The benchmark's rule, a lag and a product at a time."""
    values = [float(value) for value in values[:20_000]]
    mean = sum(values) / len(values)
    apart = [value - mean for value in values]
    power = sum(value * value for value in apart)
    if not power:
        return 125
    at = [
        sum(a * b for a, b in zip(apart, apart[lag:], strict=False)) / power
        for lag in range(min(400, len(values) - 1) + 1)
    ][3:]
    peaks = [i for i in range(1, len(at) - 1) if at[i] > at[i - 1] and at[i] > at[i + 1]]
    if not peaks:
        return 125
    best = max(peaks, key=lambda i: at[i])
    return best + 3 if 3 <= best <= 300 else 125


@pytest.mark.parametrize("seed", range(12))
def test_the_buffer_is_the_series_own_period(seed):
    rng = np.random.default_rng(seed)
    period, rows = rng.integers(4, 120), rng.integers(20, 500)
    values = np.sin(2 * np.pi * np.arange(rows) / period) + rng.normal(0, 0.1 + seed % 3, rows)
    if seed == 11:
        values = np.ones(rows)
    assert period_buffer(values) == plain_buffer(values)
