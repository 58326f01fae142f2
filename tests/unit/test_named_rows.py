"""A flagged stretch is told by the rows that it is about, and not by how long its score remembers them."""

import dataclasses

import numpy as np
import pytest

from ae_core.anomaly.findings import findings
from ae_core.anomaly.named_rows import LEAST, UNIT, limits, named_rows, own_errors, row_errors, squared_errors
from ae_core.anomaly.report import stretches_csv, summary
from ae_core.anomaly.storage import load_detection, load_detector, save_detection, save_detector
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.reading import read_table
from ae_core.data.sensors import plant_csv

from .test_detector import fitted

FAULTS = (("spike", 1700, 60, 1, 4.0), ("drop", 2000, 100, 2, 4.0), ("drift", 2300, 90, 0, 8.0))


@pytest.fixture(scope="module")
def scored():
    """A plant with three faults, scored by a network that is PCA still."""
    table = read_table(plant_csv(2600, 3, 4, FAULTS))
    detector = fitted(table, window=32, normal="0:1500", epochs=0)
    return detector.model, detector, detector.score(table)


def test_faults_begin_and_end_where_they_were_made(scored):
    told = [each.told for each in findings(scored[2], Rule("quantile", 0.999)).intervals]
    for kind, first, length, *_ in FAULTS:
        near = [rows for rows in told if rows[0] < first + length and rows[1] > first]
        assert len(near) == 1, kind
        begun, ended = near[0]
        assert ended == first + length
        assert begun - first in range(-1, 2 if kind != "drift" else 30)  # a drift begins unseen
    late = [each.end for each in findings(scored[2], Rule("quantile", 0.999)).intervals]
    assert min(abs(end - 1760) for end in late) > 8  # as the score has it


def test_files_and_words_name_both(scored, tmp_path):
    model, detector, detection = scored
    made = findings(detection, Rule("quantile", 0.999))
    line = next(line.split(",") for line in stretches_csv(detection, made).splitlines() if ",1700," in line)
    heading = stretches_csv(detection, made).splitlines()[0].split(",")
    rows = dict(zip(heading, line, strict=True))
    (stretch,) = (each for each in made.intervals if each.told[0] == 1700)
    assert (int(rows["first_row"]), int(rows["last_row"]), int(rows["rows"])) == (1700, 1759, 60)
    assert (int(rows["flagged_first_row"]), int(rows["flagged_last_row"])) == (stretch.start, stretch.end - 1)
    assert any("2024-01-02 04:20:00 … 2024-01-02 05:19:00  1 h," in says for says in summary(detection, made, Rule()))
    save_detector(detector, tmp_path)
    save_detection(detection, tmp_path / "detection.npz")
    back = load_detector(tmp_path, model)
    np.testing.assert_array_equal(back.preprocessing.row_limits, detector.preprocessing.row_limits)
    np.testing.assert_array_equal(load_detection(tmp_path / "detection.npz").row_error, detection.row_error)


def test_a_run_from_before_tells_stretches_by_their_score(scored, tmp_path):
    model, detector, detection = scored
    older = dataclasses.replace(detector.preprocessing, row_limits=None)
    save_detector(dataclasses.replace(detector, preprocessing=older), tmp_path)
    save_detection(dataclasses.replace(detection, row_error=None), tmp_path / "detection.npz")
    assert load_detector(tmp_path, model).preprocessing.row_limits is None
    back = load_detection(tmp_path / "detection.npz")
    made = findings(back, Rule())
    assert made.intervals
    assert all(each.told == (each.start, each.end) for each in made.intervals)
    assert "above the threshold" not in " ".join(summary(back, made, Rule()))


def test_the_largest_sum_is_found():
    random = np.random.default_rng(0)
    for _ in range(200):
        errors = np.minimum(random.gamma(1, 0.8 * UNIT, 40), 255).astype(np.uint8)
        over = errors.astype(int) - UNIT
        best = max((int(over[a:b].sum()), a, b) for a in range(40) for b in range(a + 1, 41))
        found = named_rows(errors, 39, 40, 40)
        if best[0] < LEAST:
            assert found is None
        else:
            assert found is not None
            assert over[slice(*found)].sum() == best[0]
    assert named_rows(np.full(9, 255, np.uint8), 4, 9, 9, before=3) == (3, 9)  # another stretch ends there


def test_one_row_in_twenty_of_normal_ones_is_above_the_limit():
    squared = np.square(np.random.default_rng(1).normal(0, [1.0, 5.0, 0.0], (4000, 3)))
    over = row_errors(squared, limits(squared)) > UNIT
    assert 0.03 < over.mean() < 0.07


def test_a_constant_channel_that_moves_is_as_wild_as_any():
    centre, spread = np.array([1.0, 7.0]), np.array([2.0, 0.0])
    values, x_hat = np.array([[1.0, 7.0], [1.0, 8.0], [np.nan, 7.0]]), np.zeros((3, 2))
    assert row_errors(squared_errors(values, x_hat, centre, spread), np.ones(2)).tolist() == [0, 255, 0]


def test_a_row_counts_by_the_better_of_its_two_windows():
    """Two windows of three rows end with rows 2 and 3; a gap follows."""
    errors = np.array([[9, 9], [9, 9], [50, 40], [60, 7], [9, 9]], np.uint8)
    scored = np.array([False, False, True, True, False])
    assert own_errors(errors, scored, 3).tolist() == [40, 7, 50, 60, 0]
