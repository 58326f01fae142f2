"""The score of the newest rows on whatever a file holds: gaps, missing values, channels that are constant, binary or
nearly constant; the same floats in half of the file and in pieces of any size, and none infinite.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ae_core.anomaly.stream import score_next
from ae_core.data.csv.source import Scoring
from ae_core.data.sensors import plant

from .test_detector import fitted, minutes, table_of

ROWS, NORMAL = 420, 200
CHANNELS = ("cycle", "constant", "binary", "nearly constant", "late")


def channel(kind: str, dice: np.random.Generator) -> np.ndarray:
    """A channel of that kind, (ROWS,)."""
    if kind == "cycle":
        return plant(ROWS, 2, seed=int(dice.integers(1000)))[0][:, 0]
    if kind == "binary":
        return (np.arange(ROWS) // dice.integers(3, 40) % 2).astype(float)
    values = np.full(ROWS, 7.25)
    if kind == "nearly constant":
        values[dice.integers(0, ROWS, 3)] += 1e-7
    if kind == "late":  # that never moved, and then does
        values[dice.integers(NORMAL, ROWS) :] = dice.choice([8.0, 1e12, -1e300])
    return values


@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.sampled_from(CHANNELS), min_size=0, max_size=4),
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.lists(st.integers(1, 150), min_size=1, max_size=4),
)
def test_the_same_floats_in_any_pieces_and_none_infinite(kinds, seed, holes, sizes):
    dice = np.random.default_rng(seed)
    values = np.stack([channel(kind, dice) for kind in ["cycle", *kinds]], 1)
    time = minutes(ROWS)
    if holes:
        values[dice.random(values.shape) < 0.02] = np.nan
        time[dice.integers(NORMAL, ROWS) :] += np.timedelta64(3, "h")
    table = table_of(values, time, 60.0)
    detector = fitted(table, Scoring("newest"), normal=f"0:{NORMAL}", epochs=0)
    whole, half = detector.score(table), detector.score(table.rows(slice(ROWS // 2)))
    found, state, start, n = [], None, 0, 0
    while start < ROWS:
        size = sizes[n % len(sizes)]
        piece, state = score_next(detector, table.rows(slice(start, start + size)), state)
        found.append(piece)
        start, n = start + size, n + 1
    for side in ("network", "pca"):
        score = getattr(whole, side).score
        np.testing.assert_array_equal(getattr(half, side).score, score[: ROWS // 2])
        np.testing.assert_array_equal(np.concatenate([getattr(each, side).score for each in found]), score)
        assert not np.isinf(score).any()
        assert np.isfinite(score).sum() > NORMAL // 2
        assert (score[np.isfinite(score)] >= 0).all()


@pytest.mark.parametrize(("rows", "channels", "normal"), [(300, 1, 100), (300, 200, 150)])
def test_few_normal_rows_and_many_channels(rows, channels, normal):
    values = plant(rows, max(2, channels), seed=2)[0][:, :channels]
    detector = fitted(table_of(values), Scoring("newest"), normal=f"0:{normal}", window=8, epochs=0)
    for side in (found := detector.score(table_of(values))).network, found.pca:
        assert np.isfinite(side.score[7:]).all()
        assert np.isfinite(side.held_out).all()
