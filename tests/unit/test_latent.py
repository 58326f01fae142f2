"""The latent space as a place, against brute force, autograd and closed forms."""

import math

import numpy as np
import pytest
import torch

from ae_core import Autoencoder, Config
from ae_core.latent.geometry import (
    extent,
    magnification,
    neighbour_distance,
    off_data_threshold,
    plane,
    reencoding_error,
)


def test_neighbour_distance_is_brute_force():
    rng = np.random.default_rng(0)
    z, places = rng.normal(size=(300, 3)).astype(np.float32), rng.normal(size=(20, 3)).astype(np.float32)
    brute = np.sort(np.linalg.norm(z[None] - places[:, None], axis=2), axis=1)[:, 4]
    np.testing.assert_allclose(neighbour_distance(z, places), brute, rtol=1e-5)


def test_the_threshold_holds_99_of_100_codes():
    z = np.random.default_rng(0).normal(size=(2000, 2)).astype(np.float32)
    others = np.sort(np.linalg.norm(z[None] - z[:, None], axis=2), axis=1)[:, 5]  # column 0 is the code itself
    assert np.mean(others <= off_data_threshold(z)) == pytest.approx(0.99, abs=1e-3)
    assert neighbour_distance(z, np.array([[9.0, 9.0]])) > off_data_threshold(z)
    assert off_data_threshold(z[:3]) == math.inf


@pytest.mark.parametrize("k", [2, 4])
def test_stretch_is_the_jacobians(k):
    torch.manual_seed(0)
    model = Autoencoder(
        Config(data="digits", variant="deep", k=k, hidden=(16,), activation="tanh"), (1, 8, 8), (0.0, 1.0)
    ).eval()
    places, axes = torch.randn(7, k), (1, 0)
    for place, value in zip(places, magnification(model, places, axes), strict=True):
        jacobian = torch.autograd.functional.jacobian(lambda z: model.decode(z[None]).flatten(), place)[:, list(axes)]
        assert float(value) == pytest.approx(float(torch.linalg.det(jacobian.T @ jacobian).sqrt()), rel=1e-4)


def test_stretch_of_a_linear_decoder_is_the_same_everywhere():
    model = Autoencoder(Config(data="digits", variant="linear"), (1, 8, 8), (0.0, 1.0)).eval()
    values = magnification(model, torch.randn(5, 2), (0, 1))
    weight = model.decoder[0].weight.detach()
    torch.testing.assert_close(values, torch.linalg.det(weight.T @ weight).sqrt().expand(5))


@pytest.mark.parametrize("variant", ["vae", "deep"])
def test_drift_is_the_round_trip(variant):
    model = Autoencoder(Config(data="digits", variant=variant, k=3, hidden=(16,)), (1, 8, 8), (0.0, 1.0)).eval()
    places = torch.randn(2000, 3)
    with torch.no_grad():
        expected = [float(torch.linalg.vector_norm(model.encode(model.decode(z[None]))[0] - z)) for z in places[::97]]
    np.testing.assert_allclose(reencoding_error(model, places)[::97], expected, rtol=1e-4)


def test_plane_and_extent():
    z = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32) * [1, 5, 0.1]
    box = extent(z, gaussian=True)
    np.testing.assert_allclose(box.low, -box.high)
    assert (box.high >= 3).all()
    assert (box.centre == 0).all()
    free = extent(z + 10, gaussian=False)
    assert ((free.low < free.centre) & (free.centre < free.high)).all()
    places = plane(box, (2, 0), np.array([9.0, 7.0, 9.0]), 4)
    assert places.shape == (16, 3)
    assert (places[:, 1] == 7).all()
    assert places[0, 2] < places[3, 2]  # to the right
    assert places[0, 0] > places[12, 0]  # and down
