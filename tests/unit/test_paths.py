"""Paths through latent space, against closed forms on decoders whose geodesics are known, and on shipped ones."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.optimize import brentq

from ae_core import LatentError, load_checkpoint, read_checkpoint
from ae_core.latent.geometry import Extent, extent, neighbour_distance, off_data_threshold
from ae_core.latent.paths import (
    MetricGraph,
    OffData,
    classes_along,
    curve_length,
    decoded,
    decoded_length,
    evenly_spaced,
    geodesic,
    geodesic_2d,
    lerp,
    slerp,
    step_lengths,
    subdivided,
)


class Sphere:
    """Longitude and latitude → the unit sphere."""

    def decode(self, z):
        longitude, latitude = z.T
        return torch.stack([latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()], dim=1)


class Stereographic:
    """k numbers → the unit sphere in k + 1 dimensions."""

    def decode(self, z):
        square = z.square().sum(1, keepdim=True)
        return torch.cat([2 * z, square - 1], dim=1) / (square + 1)


class Paraboloid:
    """(x, y) → (x, y, x² + y²)."""

    def decode(self, z):
        return torch.cat([z, z.square().sum(1, keepdim=True)], dim=1)


class Twisted:
    """(x, y) → that, and a wave that makes straight lines long."""

    def decode(self, z):
        return torch.cat([z, torch.sin(3 * z[:, :1]) * z[:, 1:]], dim=1)


def box(low, high):
    low, high = np.array(low, float), np.array(high, float)
    return Extent(low, high, (low + high) / 2)


def great_circle(model, a, b):
    x = decoded(model, np.stack([a, b])).astype(float)
    return math.acos(x[0] @ x[1])


def clairaut(inner):
    """(angle swept, length) on z = r² from the closest approach `inner` out to r = 1: r² φ' is the same all along, and
    equals `inner`.
    """

    def swept(u):  # r = inner + u²: the square root's pole at the closest approach is gone
        r = inner + u * u
        return 2 * inner / r * math.sqrt(1 + 4 * r * r) / math.sqrt(r + inner)

    def length(u):
        r = inner + u * u
        return 2 * r * math.sqrt(1 + 4 * r * r) / math.sqrt(r + inner)

    end = math.sqrt(1 - inner)
    return quad(swept, 0, end)[0], quad(length, 0, end)[0]


def test_slerp_keeps_the_norms_interpolation_and_turns_evenly():
    rng = np.random.default_rng(0)
    a, b, t = rng.normal(size=20), 2 * rng.normal(size=20), np.linspace(0, 1, 11)
    path = slerp(a, b, t)
    norm = np.linalg.norm(path, axis=1)
    np.testing.assert_allclose(norm, (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b))
    np.testing.assert_allclose(path[[0, -1]], [a, b])
    turns = np.arccos(((path[1:] * path[:-1]).sum(1) / norm[1:] / norm[:-1]).clip(-1, 1))
    np.testing.assert_allclose(turns, turns[0], rtol=1e-6)
    # Shoemake's formula for unit ends
    u, v = a / np.linalg.norm(a), b / np.linalg.norm(b)
    angle = math.acos(u @ v)
    np.testing.assert_allclose(
        slerp(u, v, t), (np.sin((1 - t) * angle)[:, None] * u + np.sin(t * angle)[:, None] * v) / math.sin(angle)
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [([1, 2, 3], [2, 4, 6]), ([1, 2, 3], [1, 2, 3]), ([0, 0, 0], [1, 0, 2]), ([1, 0, 2], [0, 0, 0]), ([1], [-2])],
)
def test_slerp_is_lerp_where_the_ends_are_parallel_or_have_no_direction(a, b):
    t = np.linspace(-0.5, 1.5, 9)
    np.testing.assert_allclose(slerp(a, b, t), lerp(a, b, t), atol=1e-12)


def test_slerp_of_opposite_ends_goes_around_the_centre():
    a, t = np.array([0.5, 2.0, -1.0]), np.linspace(0, 1, 9)
    for b in (-2 * a, -2 * a + 1e-13):
        path = slerp(a, b, t)
        np.testing.assert_allclose(np.linalg.norm(path, axis=1), (1 + t) * np.linalg.norm(a))
        np.testing.assert_allclose(path[[0, -1]], [a, b], atol=1e-9)


def test_lengths():
    turn = np.stack([np.linspace(0, 1, 200), np.zeros(200)], axis=1)
    assert decoded_length(Sphere(), turn) == pytest.approx(1, rel=1e-5)  # along the equator
    assert curve_length(turn) == pytest.approx(1)
    assert decoded_length(Sphere(), turn[[0, -1]]) == pytest.approx(2 * math.sin(0.5), rel=1e-5)
    assert decoded_length(Sphere(), turn[[0, -1]], parts=200) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(subdivided(turn[[0, 100, 199]], 2)[::2], turn[[0, 100, 199]])


@pytest.mark.parametrize(("a", "b"), [((-1.2, 0.9), (1.3, 0.8)), ((-1.4, -0.4), (1.2, 1.1)), ((0.1, -1.0), (0.2, 1.0))])
def test_a_map_of_the_sphere_has_great_circles(a, b):
    model, size = Sphere(), box((-1.6, -1.4), (1.6, 1.4))
    path = geodesic_2d(model, a, b, MetricGraph.of(model, size))
    assert decoded_length(model, path, 4) == pytest.approx(great_circle(model, a, b), rel=0.005)
    np.testing.assert_array_equal(path[[0, -1]], [a, b])
    assert decoded_length(model, path, 4) <= decoded_length(model, lerp(a, b, np.linspace(0, 1, len(path))), 4)
    change = step_lengths(decoded(model, path))
    assert change.max() / change.min() < 1.2


def test_the_grids_own_path_is_near_the_shortest():
    a, b = np.array([-1.2, 0.9]), np.array([1.3, 0.8])
    path = MetricGraph.of(Sphere(), box((-1.6, -1.4), (1.6, 1.4))).path(Sphere(), a, b)
    assert great_circle(Sphere(), a, b) <= decoded_length(Sphere(), path, 4) <= 1.04 * great_circle(Sphere(), a, b)


@pytest.mark.parametrize("inner", [0.68, 0.8, 0.95])  # nearer the top the other way around is shorter
def test_a_map_of_the_paraboloid_has_clairauts_geodesics(inner):
    swept, length = clairaut(inner)
    a, b = [(math.cos(angle), math.sin(angle)) for angle in (-swept, swept)]
    for path in (
        geodesic_2d(Paraboloid(), a, b, MetricGraph.of(Paraboloid(), box((-1.5, -1.5), (1.5, 1.5)))),
        geodesic(Paraboloid(), a, b),
    ):
        assert decoded_length(Paraboloid(), path, 4) == pytest.approx(2 * length, rel=0.005)


def test_clairauts_constant_is_the_initial_value_problems():
    # two ends 60° apart: the closest approach that sweeps half of it
    inner = brentq(lambda r: clairaut(r)[0] - math.pi / 6, 0.05, 0.999)
    a, b = (math.cos(math.pi / 6), -0.5), (math.cos(math.pi / 6), 0.5)
    path = geodesic(Paraboloid(), a, b)
    assert np.linalg.norm(path, axis=1).min() == pytest.approx(inner, abs=0.01)


def test_in_many_dimensions_the_sphere_has_great_circles():
    a, b = np.zeros(10), np.zeros(10)
    a[0], b[:2] = 2.0, (-1.0, 1.8)
    path = geodesic(Stereographic(), a, b)
    assert decoded_length(Stereographic(), path, 4) == pytest.approx(great_circle(Stereographic(), a, b), rel=0.005)
    np.testing.assert_array_equal(path[[0, -1]], [a, b])


def test_off_the_data_costs():
    """Codes around a ring: through its empty middle is shorter, around it is among the data."""
    angle = np.random.default_rng(0).uniform(0, 2 * math.pi, 3000)
    codes = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32) * np.random.default_rng(1).uniform(
        0.8, 1.2, (3000, 1)
    ).astype(np.float32)

    class Dip:
        """The straight way through the middle climbs a hill, whose flanks are short cuts off the data."""

        def decode(self, z):
            return torch.cat([z, 3 * torch.exp(-4 * z.square().sum(1, keepdim=True))], dim=1)

    a, b, size = np.array([-1.0, 0.0]), np.array([1.0, 0.0]), box((-1.5, -1.5), (1.5, 1.5))
    free, kept = (
        geodesic_2d(Dip(), a, b, MetricGraph.of(Dip(), size)),
        geodesic_2d(Dip(), a, b, MetricGraph.of(Dip(), size, codes)),
    )
    off = OffData(Dip(), codes)
    beyond = [
        float((off.excess(torch.as_tensor(path, dtype=torch.float32)) > 0).float().mean()) for path in (free, kept)
    ]
    assert beyond[0] > 0.3
    assert beyond[1] < 0.1
    straight = decoded_length(Dip(), lerp(a, b, np.linspace(0, 1, 65)), 4)
    assert decoded_length(Dip(), free, 4) <= decoded_length(Dip(), kept, 4) <= straight


def test_excess_is_the_distance_to_the_fifth_code_beyond_the_threshold():
    rng = np.random.default_rng(0)
    codes, places = rng.normal(size=(400, 3)).astype(np.float32), 2 * rng.normal(size=(30, 3)).astype(np.float32)
    off = OffData(Paraboloid(), codes)
    wanted = np.maximum(neighbour_distance(codes, places) / off_data_threshold(codes) - 1, 0)
    np.testing.assert_allclose(off.excess(torch.from_numpy(places)), wanted, atol=1e-4)


@pytest.mark.parametrize("name", ["digits-vae-2d", "sinusoids-vae-2d"])
def test_never_longer_than_the_straight_line(name):
    model, codes = load_checkpoint(name), read_checkpoint(name).codes()["z"]
    graph = MetricGraph.of(model, extent(codes, model.bottleneck.gaussian), codes, grid=32)
    rng, shorter = np.random.default_rng(0), 0
    for _ in range(4):
        a, b = codes[rng.integers(len(codes), size=2)]
        straight = lerp(a, b, np.linspace(0, 1, 33))
        for path in (
            geodesic_2d(model, a, b, graph, steps=33),
            geodesic(model, a, b, steps=33, off=graph.off),
        ):
            assert path.shape == (33, 2)
            assert decoded_length(model, path) <= decoded_length(model, straight)
            assert decoded_length(model, path, 4) <= decoded_length(model, straight, 4)
            shorter += decoded_length(model, path, 4) < 0.97 * decoded_length(model, straight, 4)
    assert shorter


def test_an_end_off_the_map_or_where_nothing_changes_still_has_a_path():
    far = geodesic_2d(Sphere(), (-3.0, 0.0), (0.5, 0.3), MetricGraph.of(Sphere(), box((-1, -1), (1, 1))))
    assert np.isfinite(far).all()

    class Still:
        def decode(self, z):
            return torch.zeros(len(z), 4) * z[:, :1]

    a, b = np.array([0.0, 0.0]), np.array([1.0, 2.0])
    np.testing.assert_allclose(
        geodesic_2d(Still(), a, b, MetricGraph.of(Still(), box((-2, -2), (2, 2))), steps=5)[[0, -1]], [a, b]
    )
    np.testing.assert_allclose(evenly_spaced(Still(), np.stack([a, b]), 3), lerp(a, b, [0, 0.5, 1]), atol=1e-9)
    np.testing.assert_array_equal(
        geodesic_2d(Sphere(), a, a, MetricGraph.of(Sphere(), box((-1, -1), (1, 1))), steps=5), np.tile(a, (5, 1))
    )


def test_evenly_spaced_frames_change_the_picture_by_the_same():
    a, b = np.array([-1.0, 2.0]), np.array([2.0, 2.0])
    for path, count in (
        (lerp(a, b, np.linspace(0, 1, 9)), 24),
        (np.stack([a, b]), 7),
        (lerp(a, b, np.linspace(0, 1, 65) ** 3), 12),
    ):
        even = evenly_spaced(Twisted(), path, count)
        change = step_lengths(decoded(Twisted(), even))
        assert even.shape == (count, 2)
        assert change.max() / change.min() < 1.02
        np.testing.assert_array_equal(even[[0, -1]], path[[0, -1]])


def test_classes_along_a_path_and_where_it_leaves_the_data():
    rng = np.random.default_rng(0)
    codes = np.concatenate([rng.normal((-3, 0), 0.5, (300, 2)), rng.normal((3, 0), 0.5, (300, 2))]).astype(np.float32)
    y = np.repeat([1, 7], 300)
    along = classes_along(lerp((-3, 0), (3, 0), np.linspace(0, 1, 31)), codes, y)
    assert (along.classes[0], along.classes[-1]) == (1, 7)
    assert len(along.changes) == 1
    change = along.changes[0]
    assert (along.classes[change - 1], along.classes[change]) == (1, 7)
    assert abs(change - 15) <= 2
    assert along.off_data[15]
    assert not along.off_data[[0, 30]].any()
    np.testing.assert_array_equal(along.off_data, along.distance > off_data_threshold(codes))


def test_of_classes_with_as_many_votes_the_nearest_wins():
    codes, y = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]]), np.array([4, 8, 8, 4, 2])
    assert classes_along(np.array([[-0.1]]), codes, y, neighbours=4).classes[0] == 4
    assert classes_along(np.array([[1.2]]), codes, y, neighbours=4).classes[0] == 8


@pytest.mark.parametrize(
    "ask",
    [
        lambda: geodesic(Sphere(), [0, 0], [0, 0, 1]),
        lambda: geodesic(Sphere(), [0, 0], [0, math.nan]),
        lambda: geodesic(Sphere(), [0, 0], [1, 1], steps=2),
        lambda: geodesic_2d(Sphere(), [0, 0, 0], [1, 1, 1], MetricGraph.of(Sphere(), box((-1, -1), (1, 1)))),
        lambda: evenly_spaced(Sphere(), np.zeros((3, 2)), 1),
        lambda: classes_along(np.zeros((3, 2)), np.zeros((4, 2)), np.zeros(3, int)),
    ],
)
def test_what_makes_no_path_is_refused_in_a_sentence(ask):
    with pytest.raises(LatentError, match=r"^[A-Z].*\.$"):
        ask()


@pytest.mark.parametrize("k", [2, 20])  # with a tree, and without
def test_a_place_that_is_none_has_no_neighbour_and_harms_no_other(k):
    codes = np.random.default_rng(0).normal(size=(50, k))

    class Zero:
        def decode(self, z):
            return torch.zeros(len(z), 3)

    places = torch.zeros(3, k)
    places[1] = torch.nan
    found = OffData(Zero(), codes).excess(places)
    assert found.isfinite().tolist() == [True, False, True]
