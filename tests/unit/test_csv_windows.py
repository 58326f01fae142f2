"""Filling, cutting, resampling, windows and the normal stretch."""

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.data.csv.resample import filled, pieces, resampled
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import dominant_period, prepared, starts, windows

NAN = float("nan")


def plain(values, time=None, label=None):
    values = np.asarray(values, float)
    if time is not None:
        time = np.datetime64("2024-01-01", "ns") + (np.asarray(time) * 1e9).astype("timedelta64[ns]")
    return Table(
        tuple(f"c{j}" for j in range(values.shape[1])),
        ("",) * values.shape[1],
        values,
        time,
        1.0 if time is not None else None,
        label,
    )


def test_filling_cutting_and_resampling():
    values = np.arange(12, dtype=float)[:, None] * [1, -2]
    holed = values.copy()
    holed[3:5] = holed[8:12, 1] = holed[0, 0] = NAN
    done = filled(plain(holed), 2).values
    np.testing.assert_allclose(done[1:8], values[1:8])
    assert np.isnan(done[0, 0])
    assert np.isnan(done[8:, 1]).all()
    assert np.isnan(filled(plain(holed), 1).values[3:5]).all()
    time = [0, 1, 2, 5, 6, 100, 101, 102, 50, 51, 52, 53]
    cut = pieces(plain(values, time), 5)
    assert [len(p) for p in cut] == [5, 3, 4]
    np.testing.assert_allclose(np.concatenate([p.values for p in cut]), values)
    empty = values.copy()
    empty[4:8] = NAN
    assert [len(p) for p in pieces(plain(empty), 3)] == [4, 4]
    assert [len(p) for p in pieces(plain(empty), 4)] == [12]
    even = resampled(plain(values[:6], [0, 1, 2, 3, 9, 10]), 1.0)
    np.testing.assert_allclose(even.values[:, 0], [0, 1, 2, 3, *[NAN] * 5, 4, 5])
    coarse = resampled(plain(values, np.arange(12), np.arange(12) == 5), 4.0)
    assert coarse.step == 4
    np.testing.assert_allclose(coarse.values[1:3, 0], [4.0, 8.0], atol=0.5)
    assert coarse.label.sum() == 1
    fine = resampled(plain(values, np.arange(12)), 0.5)
    np.testing.assert_allclose(fine.values[:, 0], np.arange(0, 11.5, 0.5))
    with pytest.raises(LatentError, match="time column"):
        resampled(plain(values), 1.0)
    with pytest.raises(LatentError, match="rows"):
        resampled(plain(values, np.arange(12)), 1e-9)


def test_windows_are_slices_without_holes():
    values = np.random.default_rng(0).normal(size=(50, 3))
    values[20, 1] = NAN
    cuts = np.zeros(50, bool)
    cuts[35] = True
    at = starts(values, 6, 2, cuts)
    expected = [i for i in range(0, 45, 2) if not np.isnan(values[i : i + 6]).any() and not (i < 35 < i + 6)]
    assert at.tolist() == expected
    x = windows(values, 6, 2, cuts)
    assert x.shape == (len(at), 3, 6)
    np.testing.assert_array_equal(x, np.stack([values[i : i + 6].T for i in at]))
    assert windows(values, 60, 1).shape == (0, 3, 60)


@pytest.mark.parametrize("period", [12, 37, 96])
def test_the_dominant_period(period):
    t, noise = np.arange(1500), np.random.default_rng(0).normal(size=(1500, 2))
    wave = np.stack([np.sin(2 * np.pi * t / period), np.sin(2 * np.pi * t / period) ** 3], 1)
    assert abs(dominant_period(wave + 0.3 * noise + t[:, None] / 300) - period) <= 1
    assert dominant_period(noise) == 0
    assert dominant_period(np.ones((100, 2))) == 0
    assert dominant_period(noise[:5]) == 0


def test_preparing_learns_the_scaling_on_the_training_stretch_alone():
    values = np.random.default_rng(0).normal(5, 2, (1000, 3))
    values[:, 2] = 0.1
    values[800:] += 100
    ready = prepared(plain(values), window=20, stride=3, normal="100:700")
    assert (ready.normal, ready.train, ready.test) == ((100, 700), (100, 580), (580, 700))
    np.testing.assert_allclose(ready.centre[:2], np.median(values[100:580, :2], 0))
    assert ready.spread[2] == 0
    assert not ready.scaled()[:, 2].any()
    np.testing.assert_allclose(
        ready.scaled()[100:580, :2].std(0), 1, rtol=0.06
    )  # a Gaussian's spread is its standard deviation
    wild = values.copy()
    wild[200, 0] = 1e6
    np.testing.assert_allclose(
        prepared(plain(wild), window=20, stride=3, normal="100:700").spread, ready.spread, rtol=0.02
    )  # it sets no scale
    x, at = ready.windows((0, 1000), 50)
    np.testing.assert_allclose(ready.unscaled(x)[:, :2], np.stack([values[i : i + 20, :2].T for i in at]), rtol=1e-4)
    assert prepared(plain(values)).normal == (0, 600)


def test_normal_is_what_the_label_says_is_normal():
    label = np.zeros(400, bool)
    label[50:60] = True
    values = np.random.default_rng(0).normal(size=(400, 2))
    values[label] += 1000
    ready = prepared(plain(values, label=label), window=10, stride=1)
    assert np.abs(ready.centre).max() < 1
    x, at = ready.windows(ready.train, healthy=True)
    assert np.abs(x).max() < 10
    assert not any(label[i : i + 10].any() for i in at)


def test_normal_in_rows_and_times():
    table = plain(np.random.default_rng(0).normal(size=(100, 1)), np.arange(100) * 3600.0)
    for text, expected in {
        "": (0, 60),
        "10:50": (10, 50),
        ":50": (0, 50),
        "50:": (50, 100),
        "50:5000": (50, 100),
        "2024-01-01 05:00:2024-01-02 00:00:00": (5, 25),
        "2024-01-02:": (24, 100),
    }.items():
        assert prepared(table, normal=text).normal == expected, text
    for text, says in {
        "banana": "START:END",
        "50:40": "No row",
        "2030-01-01:": "No row of the file",
        "2024-13-01:": "START:END",
        "0:5": "at least 10",
    }.items():
        with pytest.raises(LatentError, match=says):
            prepared(table, normal=text)
    with pytest.raises(LatentError, match="no time column"):
        prepared(plain(np.zeros((50, 1))), normal="2024-01-01:")
