"""Arithmetic, traversals and samples without a browser: what Python gives them, their links, their files."""

import csv
import io

import numpy as np
import pytest
import torch
from PIL import Image

from ae_core import LatentError
from ae_core.io.contact_sheet import GAP, png_sheet, signal_table
from ae_core.latent.attributes import ATTRIBUTES, direction, measured_codes
from ae_core.latent.geometry import in_real_manifold, kl_by_dimension, prior_samples
from pages.sections.interpolate import arithmetic, samples, traversals
from pages.session.models import load_model

from ..pages.test_pages import here  # noqa: F401
from ..support.apptest import link_of, opened, pads, said


def page(mode, **link):
    return opened("interpolate", mode=mode, **link)


def figure(at):
    (data,) = pads(at, "vectors")
    return data


@pytest.mark.parametrize("mode", ["arithmetic", "traversals", "samples"])
@pytest.mark.parametrize("model", ["mnist-vae-2d", "mnist-vae-20d", "mnist-ae-2d", "digits-nested", "sinusoids-vae-2d"])
def test_opens_with_every_kind_of_model(mode, model):
    at = page(mode, model=model)
    if mode == "arithmetic" and model == "sinusoids-vae-2d":
        assert "measured on grey-scale pictures" in said(at)
        return
    assert said(at) == ""
    assert figure(at)["mode"] == mode
    assert model in figure(at)["models"]
    assert any("Notice" in caption.value for caption in at.caption)


@pytest.mark.parametrize(
    ("mode", "link", "view"),
    [
        ("arithmetic", {}, {"base": None, "strengths": {"slant": 1.5}}),
        (
            "arithmetic",
            {"a_base": "12", "a_width": "-2.25", "a_others": "same"},
            {"base": 12, "others": "same", "share": 0},
        ),
        (
            "arithmetic",
            {"a_share": "0.5", "a_plus": "3", "a_minus": "0"},
            {"share": 0.5, "plus": 3, "minus": 0, "strengths": dict.fromkeys(arithmetic.OFFERED, 0)},
        ),
        ("traversals", {"v_base": "7", "v_z": "13:1.5,2:-3"}, {"base": 7, "moved": {"13": 1.5, "2": -3}}),
        ("samples", {"s_seed": "4", "s_t": "0.5", "s_r": "0"}, {"seed": 4, "temperature": 0.5, "radius": 0}),
        ("samples", {"s_like": ",".join(["0.25"] * 20)}, {"near": [[0.25] * 20, None]}),
    ],
)
def test_a_link_is_followed(mode, link, view):
    at = page(mode, model="mnist-vae-20d", **link)
    assert said(at) == ""
    asked = figure(at)["view"]
    assert {key: asked[key] for key in view} == view
    for key, value in link.items():
        assert link_of(at)[key] == value


def test_vectors_are_the_cores_and_change_what_they_say():
    item, found = load_model("mnist-vae-20d"), arithmetic.attribute_vectors("mnist-vae-20d", 0)
    few = np.linspace(0, len(item.codes["z"]) - 1, min(arithmetic.MAX_MEASURED, len(item.codes["z"]))).astype(int)
    z, y = item.codes["z"][few], item.codes["y"][few]
    values = measured_codes(item.model, z)
    for part in found:
        name = part["name"]
        expected = direction(z, values[name], [values[other] for other in ATTRIBUTES[name].balance], y)
        np.testing.assert_allclose(part["vector"], expected, atol=1e-5)
        spread = np.mean([values[name][y == c].var() for c in range(10)]) ** 0.5
        assert part["sigma"] == pytest.approx(spread, rel=0.05)
        # More than half of what it says, and of nothing else as much.
        moved = {other["name"]: abs(part["effect"][other["name"]]) / other["sigma"] for other in found}
        assert moved[name] > 0.5
        assert all(change < 0.5 * moved[name] for other, change in moved.items() if other != name)


def test_class_means_are_class_means():
    item, means = load_model("mnist-vae-20d"), arithmetic.class_means("mnist-vae-20d", 0)
    np.testing.assert_allclose(means[3], item.codes["z"][item.codes["y"] == 3].mean(0), atol=1e-6)


def test_the_data_need_not_be_there(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    kl, words = traversals.dimensions("mnist-vae-20d", 1, False)
    assert "not on this machine" in words
    item = load_model("mnist-vae-20d")
    with torch.no_grad():
        expected = kl_by_dimension(item.model, item.model.decode(torch.from_numpy(item.codes["z"])))
    np.testing.assert_allclose(kl, expected, atol=1e-4)
    assert sum(value < 0.01 for value in kl) == 20 - item.checkpoint.measures["active_units"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("mnist-vae-2d", "mnist-ae-2d"),
        ("mnist-ae-2d", "mnist-vae-2d"),
        ("mnist-vae-20d", "mnist-deep-30d"),
        ("digits-vae-2d", "digits-nested"),
        ("sinusoids-vae-2d", None),
    ],
)
def test_samples_are_held_against_the_nearest_relative(name, other):
    assert samples.matching_model(load_model(name)) == other


@pytest.mark.parametrize("name", ["mnist-vae-2d", "mnist-ae-2d", "mnist-deep-30d"])
def test_places_are_samples_of_the_prior_or_of_the_fitted_gaussian(name):
    item = load_model(name)
    codes = None if item.model.bottleneck.gaussian else item.codes["z"]
    expected = prior_samples(item.model.k, 36, 0.7, 5, codes)
    np.testing.assert_allclose(
        samples.drawn_codes(item, {"seed": 5, "temperature": 0.7}, 0),
        expected,
        rtol=1e-4,
        atol=1e-5 * np.abs(expected).max(),
    )
    centre = expected[3].astype(float).tolist()
    near = samples.drawn_codes(item, {"seed": 5, "radius": 0.0, "near": [centre]}, 0)
    np.testing.assert_array_equal(near, np.tile(expected[3], (36, 1)))
    assert (samples.drawn_codes(item, {"seed": 5, "radius": 0.4, "near": [centre]}, 0)[0] == expected[3]).all()


def test_a_sheet_has_every_picture_in_its_place():
    pictures = torch.rand(8, 1, 5, 7).numpy() * 2 - 1
    sheet = Image.open(io.BytesIO(png_sheet(pictures, 3, "a test", (-1, 1))))
    assert sheet.info["Description"] == "a test"
    grey = np.asarray(sheet) / 255 * 2 - 1
    assert grey.shape == (3 * 5 + 2 * GAP, 3 * 7 + 2 * GAP)
    for n, picture in enumerate(pictures[:, 0]):
        top, left = n // 3 * (5 + GAP), n % 3 * (7 + GAP)
        assert np.abs(grey[top : top + 5, left : left + 7] - picture).max() <= 1.01 / 255
    with pytest.raises(LatentError, match="signals are exported as a table"):
        png_sheet(np.zeros((2, 1, 9)), 3)


def test_a_table_holds_the_signals():
    signals, z = torch.randn(4, 2, 3).numpy(), torch.randn(4, 2).numpy()
    rows = list(csv.reader(io.StringIO(signal_table(signals, z).decode())))
    assert rows[0] == ["sample", "z1", "z2", "c1_x1", "c1_x2", "c1_x3", "c2_x1", "c2_x2", "c2_x3"]
    np.testing.assert_array_equal(
        np.array(rows[1:])[:, 1:].astype(np.float32), np.concatenate([z, signals.reshape(4, -1)], 1)
    )
    with pytest.raises(LatentError, match="exported as a sheet"):
        signal_table(np.zeros((2, 1, 8, 8)), z)


def test_what_resembles_what():
    real = np.random.default_rng(0).normal(size=(500, 4))
    assert in_real_manifold(real, real).all()
    assert not in_real_manifold(real + 50, real).any()
    # A made sample counts where it lies within some real one's reach, which is its distance to the 5th nearest other.
    made = np.random.default_rng(1).normal(size=(40, 4)) * 2
    apart = np.linalg.norm(real[:, None] - real, axis=2)
    reach = np.sort(apart, axis=1)[:, 5]
    np.testing.assert_array_equal(
        in_real_manifold(made, real), (np.linalg.norm(made[:, None] - real, axis=2) <= reach).any(1)
    )
