"""Stroke attributes on drawn strokes whose slant, width and thickness are known; latent directions on decoders whose
effect is known.
"""

import numpy as np
import pytest
import torch

from ae_core import Autoencoder, Config, LatentError
from ae_core.latent.attributes import (
    ATTRIBUTES,
    direction,
    effect,
    height,
    mass,
    measured,
    measured_codes,
    slant,
    thickness,
    width,
)

SIDE, FINE = 28, 8  # pixels of a picture, and parts of a pixel in which a stroke is drawn


def drawn(inside):
    """A picture (1, 1, 28, 28) of where inside(x, y) holds, x to the right and y up from the middle, in pixels; edges
    are grey.
    """
    at = (np.arange(SIDE * FINE) + 0.5) / FINE - SIDE / 2
    x, y = np.meshgrid(at, -at)
    return torch.tensor(inside(x, y).reshape(SIDE, FINE, SIDE, FINE).mean((1, 3)), dtype=torch.float32)[None, None]


def sheared(degrees, wide=4.0, high=18.0, at=(0.0, 0.0)):
    return drawn(
        lambda x, y: (
            (abs(x - at[0] - np.tan(np.radians(degrees)) * (y - at[1])) < wide / 2) & (abs(y - at[1]) < high / 2)
        )
    )


def ring(radius, thick):
    return drawn(lambda x, y: abs(np.hypot(x, y) - radius) < thick / 2)


@pytest.mark.parametrize("degrees", [-40, -15, 0, 10, 30])
@pytest.mark.parametrize("wide", [1.5, 4, 8])
def test_slant_is_the_shears_angle(degrees, wide):
    assert float(slant(sheared(degrees, wide))) == pytest.approx(degrees, abs=1)
    assert float(slant(sheared(degrees, wide, at=(1.7, -2.3)))) == pytest.approx(degrees, abs=1)  # wherever it stands
    assert float(slant(0.3 * sheared(degrees, wide))) == pytest.approx(degrees, abs=1)  # however faint


def test_a_digits_loop_does_not_change_its_slant():
    both = torch.maximum(ring(7, 3), sheared(0, 3))
    grid = torch.nn.functional.affine_grid(
        torch.tensor([[[1.0, np.tan(np.radians(20)), 0], [0, 1, 0]]]).float(), both.shape, align_corners=False
    )
    assert float(slant(torch.nn.functional.grid_sample(both, grid, align_corners=False))) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(("wide", "high"), [(2, 18), (6, 20), (12, 4)])
def test_a_box_has_its_own_width_height_and_mass(wide, high):
    box = sheared(0, wide, high)
    assert float(width(box)) == pytest.approx(wide, abs=1e-4)
    assert float(height(box)) == pytest.approx(high, abs=1e-4)
    assert float(mass(box)) == pytest.approx(wide * high / SIDE**2)


def test_slant_does_not_make_it_wider():
    assert float(width(sheared(25, 8))) == pytest.approx(float(width(sheared(0, 8))), rel=0.02)


@pytest.mark.parametrize("thick", [2, 3, 4, 5])
def test_thickness_is_the_strokes_own(thick):
    half = thick / 2
    capsule = drawn(lambda x, y: np.hypot(x, np.maximum(abs(y) - 8, 0)) < half)
    leaning = drawn(lambda x, y: np.hypot(0.8 * x - 0.6 * y, np.maximum(abs(0.6 * x + 0.8 * y) - 8, 0)) < half)
    for stroke in (capsule, leaning, ring(8, thick)):
        assert float(thickness(stroke)) == pytest.approx(thick, rel=0.15)


def test_thicker_is_thicker_whatever_the_form():
    for form in (lambda t: ring(7, t), lambda t: sheared(15, t), lambda t: torch.maximum(ring(6, t), sheared(0, t))):
        found = [float(thickness(form(t))) for t in (1.5, 2, 2.5, 3, 4, 5, 6)]
        assert found == sorted(found)
    assert float(thickness(ring(9, 3))) == pytest.approx(
        float(thickness(ring(5, 3))), rel=0.1
    )  # a longer stroke is no thicker one


def test_measured_together_as_alone_and_a_blank_picture_has_nothing():
    x = torch.cat([sheared(20), ring(6, 3), torch.zeros(1, 1, SIDE, SIDE)])
    together = measured(x)
    assert list(together) == list(ATTRIBUTES)
    for name, values in together.items():
        np.testing.assert_allclose(values, [float(ATTRIBUTES[name].of(one)[0]) for one in x.split(1)])
        assert values[-1] == 0
        assert set(ATTRIBUTES[name].balance) < set(ATTRIBUTES)
    with pytest.raises(LatentError, match="grey pictures"):
        measured(torch.zeros(2, 1, 64))


class Drawer:
    """A decoder of boxes: z = (shear, half the width, half the height), each about 0 and of size 1, with soft edges."""

    def decode(self, z):
        at = torch.arange(SIDE) - (SIDE - 1) / 2
        shear, wide, high = (part[:, None, None] for part in (0.15 * z[:, 0], 3 + 0.5 * z[:, 1], 8 + z[:, 2]))
        x, y = at[None, None, :], -at[None, :, None]
        return (((wide - (x - shear * y).abs()) * 2).sigmoid() * ((high - y.abs()) * 2).sigmoid())[:, None]


def correlated_codes(count=3000):
    """Codes of `Drawer` where wide ones lean right and are low, and class 1 is wider than class 0."""
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=count)
    lean, other = rng.normal(size=(2, count))
    wide = 0.7 * lean + 0.5 * rng.normal(size=count) + 1.5 * y
    return np.stack([lean, wide, 0.8 * other - 0.5 * wide], axis=1).astype(np.float32), y


@pytest.mark.parametrize("name", ["slant", "width", "height"])
def test_a_balanced_direction_changes_one_attribute_and_leaves_the_others(name):
    codes, y = correlated_codes()
    values = measured_codes(Drawer(), codes)
    others = [other for other in ("slant", "width", "height") if other != name]
    within = {n: np.sqrt(np.mean([v[y == label].var() for label in (0, 1)])) for n, v in values.items()}

    def change(vector):
        return {n: v / within[n] for n, v in effect(Drawer(), codes, vector).items()}

    plain, balanced = (
        change(direction(codes, values[name])),
        change(direction(codes, values[name], [values[n] for n in others], y)),
    )
    assert balanced[name] == pytest.approx(1, abs=0.15)
    assert max(abs(balanced[n]) for n in others) < 0.1
    assert max(abs(plain[n]) for n in others) > 0.3


def test_directions_of_a_linear_world_are_exact():
    """Where attributes are linear in the code, the balanced vector moves its own by one standard deviation and no
    other.
    """
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(20_000, 4)) @ rng.normal(size=(4, 4))
    a, b = rng.normal(size=(2, 4))
    vector = direction(codes, codes @ a, [codes @ b])
    assert vector @ a == pytest.approx((codes @ a).std(), rel=0.03)
    assert vector @ b == pytest.approx(0, abs=0.03 * (codes @ b).std())
    assert direction(codes, codes @ a) @ a == pytest.approx((codes @ a).std(), rel=0.03)


def test_a_class_does_not_leak_into_a_balanced_direction():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], 500)
    codes = rng.normal(size=(1500, 2)) + 5 * y[:, None] * [0, 1]
    attribute = codes[:, 0] + y  # class 2 has more of it
    assert abs(direction(codes, attribute)[1]) > 1
    np.testing.assert_allclose(direction(codes, attribute, y=y), [1, 0], atol=0.1)


def test_effect_measures_what_is_added():
    found = effect(Drawer(), correlated_codes()[0], np.array([0, 1.0, 0]))
    assert found["width"] == pytest.approx(1, abs=0.15)  # half a pixel on either side, less as the edges are soft
    assert found["slant"] == pytest.approx(0, abs=0.3)
    assert found["mass"] == pytest.approx(16 / SIDE**2, rel=0.15)


def test_what_gives_no_direction_is_refused():
    codes = np.random.default_rng(0).normal(size=(100, 2))
    for attribute, balance in (
        (np.ones(100), []),
        (codes[:, 0], [codes[:, 0]]),
        (codes[:50, 0], []),
        (codes[:, 0], [codes[:9, 1]]),
    ):
        with pytest.raises(LatentError, match=r"^[A-Z].*\.$"):
            direction(codes, attribute, balance)
    with pytest.raises(LatentError, match="grey pictures"):
        effect(
            Autoencoder(Config(data="sinusoids", variant="vae", k=2, hidden=(8,)), (1, 64), (-1.0, 1.0)),
            codes,
            np.ones(2),
        )
