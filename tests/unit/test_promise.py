"""A threshold's promise: few independent scores raise it, what it keeps is said, and unseen normal rows keep it."""

import dataclasses
import math

import numpy as np
import pytest

from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import promise, words
from ae_core.anomaly.storage import load_detection, save_detection
from ae_core.anomaly.thresholds import Rule, exceeded, independent_scores, level, quantile_level

from ..bench.promise import shares_above
from ..support.detections import make_detection

HELD = np.random.default_rng(0).gamma(3, size=400)


def test_few_independent_scores_raise_the_threshold():
    plain, middle = np.quantile(HELD, 0.99), np.median(HELD)
    assert quantile_level(HELD, 0.99) == plain == level(HELD, Rule())
    for count in (1, 5, 100):
        assert level(HELD, Rule(), count) == pytest.approx(middle + (plain - middle) * min(2, 1 + 2 / count**0.5))
    assert level(HELD, Rule("robust", 5), 4) == level(HELD, Rule("robust", 5))  # which promises no share


def test_what_is_promised_tends_to_the_share_itself():
    promised = [exceeded(0.99, count) for count in (1, 4, 20, 100, 10_000, math.inf)]
    assert promised == sorted(promised, reverse=True)
    assert promised[-1] == pytest.approx(0.01)
    assert promised[0] < 0.25
    assert exceeded(0.9, 4) > exceeded(0.99, 4) > exceeded(0.999, 4)
    assert independent_scores(640, 128) == 10
    assert independent_scores(3, 128) == 1


@pytest.mark.parametrize("normal", [500, 1200])
def test_unseen_rows_of_clean_files_keep_it(normal):
    found = np.array([shares_above(seed, normal, 4000) for seed in range(2)])
    assert (found[:, :2] <= found[:, 2:]).all()


def test_it_is_said_and_kept_with_the_scores(tmp_path):
    detection = dataclasses.replace(make_detection(), independent=4.3)
    save_detection(detection, tmp_path / "scores.npz")
    again = load_detection(tmp_path / "scores.npz")
    assert again.independent == 4.3
    said = words(again, findings(again, Rule()), Rule())
    assert "(they count as 4 independent scores: at most 4.5 % of unseen normal rows lie above it, 90 % sure)" in said
    assert promise(Rule(), math.inf) == promise(Rule("robust", 5), 4.0) == ""


def test_scores_of_an_older_run_keep_their_threshold(tmp_path):
    save_detection(make_detection(), tmp_path / "scores.npz")
    again = load_detection(tmp_path / "scores.npz")
    assert again.independent == math.inf
    held_out = again.network.held_out
    assert findings(again, Rule()).threshold[0] == np.quantile(held_out[np.isfinite(held_out)], 0.99)
