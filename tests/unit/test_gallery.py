"""The gallery's samples: class by class, evenly thinned, small, and what they are."""

import numpy as np

from ae_core.data.samples.collection import Collection
from ae_core.data.samples.source import prepared
from pages.sections.data import samples


def test_samples_stand_class_by_class_and_are_thinned_evenly(monkeypatch):
    y = np.arange(90) % 3
    x = np.repeat(np.arange(90, dtype=np.float32)[:, None, None], 12, 2)
    item = prepared(Collection(x, "signals", y, ("a", "b", "c")))
    rows, groups = samples.in_groups(item)
    assert [group["words"] for group in groups] == ["a · 30", "b · 30", "c · 30"]
    np.testing.assert_array_equal(y[rows], np.repeat([0, 1, 2], 30))
    monkeypatch.setattr(samples, "MOST", 30)
    rows, groups = samples.in_groups(item)
    assert [(group["count"], group["words"]) for group in groups] == [(10, f"{n} · 10 of 30 shown") for n in "abc"]
    np.testing.assert_array_equal(rows[:10], np.arange(0, 90, 9))


def test_pictures_are_means_of_squares_and_fit_the_budget(monkeypatch):
    x = np.random.default_rng(0).random((50, 3, 32, 32)).astype(np.float32)
    monkeypatch.setattr(samples, "BYTES", 50 * 3 * 16 * 16)
    small = samples.small_pictures(x)
    assert small.shape == (50, 3, 16, 16)
    np.testing.assert_allclose(small[3, 1, 5, 7] / 255, x[3, 1, 10:12, 14:16].mean(), atol=0.003)
    assert samples.small_pictures(x[:4]).shape == (4, 3, 32, 32)


def test_traces_are_their_own_values_between_the_ends_of_nearly_all():
    x = np.random.default_rng(0).normal(size=(400, 4, 140)).astype(np.float32)
    small = samples.small_traces(x)
    assert small.shape == (400, 3, 48)
    low, high = np.quantile(x[:, :3, np.linspace(0, 139, 48).round().astype(int)], (0.002, 0.998))
    wanted = ((x[7, 2, 0] - low) / (high - low)).clip(0, 1) * 255
    assert abs(small[7, 2, 0] - wanted) <= 0.51
