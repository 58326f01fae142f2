"""Groups on the map: Python finds in a convex line what its triangulation holds, and the table says it."""

import csv
import io

import numpy as np
import pytest
from scipy.spatial import Delaunay

from ae_core.latent.geometry import inside
from pages.sections.explore.group import alike, members, table
from pages.session.models import load_model


@pytest.mark.parametrize("corners", [3, 5, 40])
def test_what_is_inside_lies_in_a_triangle_of_it(corners):
    random = np.random.default_rng(corners)
    turn = np.sort(random.random(corners)) * 2 * np.pi
    line = 0.5 + 0.4 * np.stack([np.cos(turn), np.sin(turn)], 1)
    places = random.random((4000, 2))
    assert np.array_equal(inside(line, places), Delaunay(line).find_simplex(places) >= 0)


def test_a_line_that_is_none_holds_nothing():
    places = np.random.default_rng(0).random((10, 2))
    for line in (np.zeros((0, 2)), np.array([[0, 0], [1, 1]]), np.zeros((7, 2))):
        assert not inside(line, places).any()


def test_the_table_has_every_sample_of_the_group():
    item = load_model("digits-vae-2d")
    everything = [0, 0, 1, 0, 1, 1, 0, 1]
    rows = members(item.codes["z"], item.box, everything, (0, 1))
    within = ((item.codes["z"] > item.box.low) & (item.codes["z"] < item.box.high)).all(1)
    assert np.array_equal(rows, np.flatnonzero(within))
    lines = list(csv.DictReader(io.StringIO(table(item, rows[:50]))))
    assert [int(line["index"]) for line in lines] == rows[:50].tolist()
    np.testing.assert_allclose([float(line["z2"]) for line in lines], item.codes["z"][rows[:50], 1], rtol=1e-5)
    assert [line["class"] for line in lines] == [str(c) for c in item.codes["y"][rows[:50]]]


@pytest.mark.parametrize("size", [1, 30, 199])
def test_others_like_these_are_the_nearest_that_are_not_of_them(size):
    x = np.random.default_rng(size).random((200, 7))
    rows = np.random.default_rng(1).permutation(200)[:size]
    others = [n for n in range(200) if n not in rows]
    away = {n: min(float(np.linalg.norm(x[n] - x[m])) for m in rows) for n in others}
    assert alike(x, rows, 5).tolist() == sorted(others, key=away.get)[:5]


def test_nobody_is_like_a_group_of_all():
    assert len(alike(np.zeros((4, 2)), np.arange(4))) == 0
