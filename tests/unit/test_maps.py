"""What a still map shows of many samples."""

import pytest

from pages.sections.runs.maps import MAX_POINTS, spread_over


@pytest.mark.parametrize("count", [1, 7, MAX_POINTS, MAX_POINTS + 1, 10_000])
def test_a_map_of_many_samples_keeps_both_ends(count):
    kept = spread_over(count)
    assert (kept[0], kept[-1], len(kept)) == (0, count - 1, min(count, MAX_POINTS))
