"""The Interpolate page without a browser, and what it gives to take along."""

import csv
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from ae_core import LatentError, load_checkpoint, read_checkpoint
from ae_core.latent.morph import FRAMES, INK, Morph, codes_csv, frames, frames_csv, gif, grey_levels, png_strip
from ae_core.latent.paths import decoded, lerp, slerp, step_lengths

from ..support.apptest import ROOT, channelled, link_of, opened, pads, said

RNG = np.random.default_rng(0)
T = np.linspace(-0.5, 1.5, 41)


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


# ---- Where a morph is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 20])
def test_straight_and_spherical_are_the_cores(k):
    a, b = RNG.normal(size=(2, k))
    np.testing.assert_allclose(Morph(a, b).at(T), lerp(a, b, T))
    np.testing.assert_allclose(Morph(a, b, "spherical").at(T), slerp(a, b, T))


@pytest.mark.parametrize("path", ["straight", "spherical", "geodesic"])
@pytest.mark.parametrize("even", [False, True])
def test_a_morph_begins_at_a_and_ends_at_b_to_the_last_digit(path, even):
    model, codes = load_checkpoint("mnist-vae-20d"), read_checkpoint("mnist-vae-20d").codes()["z"].astype(float)
    points = np.stack([codes[0], *RNG.normal(size=(5, 20)), codes[1]])
    morph = Morph(codes[0], codes[1], path, points)
    ends = (morph.evened(model) if even else morph).at(np.array([0.0, 1.0]))
    np.testing.assert_array_equal(ends, codes[:2])


def test_a_geodesic_is_its_points_and_goes_on_beyond_its_ends():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]])
    morph = Morph(points[0], points[-1], "geodesic", points)
    np.testing.assert_allclose(morph.at([-0.5, 0.25, 0.5, 0.75, 1.5]), [[-1, 0], [0.5, 0], [1, 0], [1, 1], [1, 4]])


def test_even_steps_change_the_picture_evenly():
    model, codes = load_checkpoint("mnist-vae-2d"), read_checkpoint("mnist-vae-2d").codes()["z"].astype(float)
    plain = Morph(codes[0], codes[2])
    uneven, even = (
        step_lengths(decoded(model, morph.at(np.linspace(0, 1, 33)))) for morph in (plain, plain.evened(model))
    )
    assert uneven.max() / uneven.min() > 3
    assert even.max() / even.min() < 1.5
    same = Morph(codes[0], codes[0])  # where nothing changes there is nothing to even out
    np.testing.assert_array_equal(same.evened(model).at(T), same.at(T))


def test_what_is_no_path_is_said():
    for path, says in (("round", "one of straight"), ("geodesic", "needs its points")):
        with pytest.raises(LatentError, match=says):
            Morph(np.zeros(2), np.ones(2), path)


# ---- Files -----------------------------------------------------------------------------------------------------------


def gif_frames(data):
    image = Image.open(io.BytesIO(data))
    found = []
    for n in range(image.n_frames):
        image.seek(n)
        found.append(np.array(image.convert("RGB")))
    return image, found


@pytest.mark.parametrize("side", [8, 28])
def test_a_gif_goes_there_and_back_and_loses_nothing(side):
    pictures = RNG.random((7, 1, side, side))
    image, found = gif_frames(gif(pictures))
    factor = 224 // side
    assert image.size == (side * factor, side * factor)
    assert image.info["loop"] == 0
    assert len(found) == 12
    for n, frame in zip([0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1], found, strict=True):
        wanted = np.kron(grey_levels(pictures[n, 0]), np.ones((factor, factor), np.uint8))
        np.testing.assert_array_equal(frame, np.repeat(wanted[..., None], 3, 2))


def test_gif_frames_are_the_models_pictures():
    checkpoint = read_checkpoint("mnist-vae-2d")
    model, codes = checkpoint.model(), checkpoint.codes()["z"].astype(float)
    morph, t = Morph(codes[2], codes[0]), np.linspace(0, 1, FRAMES)
    _, found = gif_frames(gif(frames(model, morph, t)))
    assert len(found) == 2 * FRAMES - 2
    for n in (0, 13, FRAMES - 1):
        with torch.no_grad():
            wanted = model.decode(torch.tensor(morph.at(t[n : n + 1]), dtype=torch.float32))[0, 0].numpy()
        assert np.abs(found[n][::8, ::8, 0] / 255 - wanted).max() <= 0.5 / 255 + 1e-6


def test_a_signals_gif_holds_its_curve():
    x = np.sin(np.linspace(0, 9, 64))
    _, found = gif_frames(gif(np.stack([x, 0 * x, -x])[:, None]))
    assert len(found) == 4
    flat = np.argwhere((found[1] == INK).all(2))
    assert len(flat) > 200
    assert np.ptp(flat[:, 0]) <= 3  # a level line
    assert not np.array_equal(found[0], found[2])


def test_a_strip_holds_the_pictures_beside_each_other():
    pictures = RNG.random((3, 1, 8, 8))
    strip = np.array(Image.open(io.BytesIO(png_strip(pictures, gap=4))))
    assert strip.shape == (224, 3 * 224 + 2 * 4, 3)
    for n in range(3):
        np.testing.assert_array_equal(strip[::28, n * 228 : n * 228 + 224 : 28, 0], grey_levels(pictures[n, 0]))


def test_tables_hold_the_codes_classes_and_signals():
    codes, y = RNG.normal(size=(60, 3)), np.arange(60) % 2
    morph, t = Morph(codes[0], codes[1]), np.array([0.0, 0.25, 1.0])
    rows = list(csv.reader(io.StringIO(codes_csv(morph, t, codes, y, ("=1+1", "even")))))
    assert rows[0] == ["t", "z1", "z2", "z3", "class_of_nearest_codes", "distance_to_5th_nearest_code"]
    np.testing.assert_allclose(
        np.array([row[:4] for row in rows[1:]], float), np.column_stack([t, morph.at(t)]), rtol=1e-6
    )
    assert {row[4] for row in rows[1:]} <= {"'=1+1", "even"}  # a spreadsheet must not run it
    assert csv.reader(io.StringIO(codes_csv(morph, t))).__next__() == ["t", "z1", "z2", "z3"]
    signals = RNG.normal(size=(3, 2, 5))
    rows = list(csv.reader(io.StringIO(frames_csv(t, signals))))
    assert rows[0][:2] == ["t", "c1_x1"]
    np.testing.assert_allclose(np.array(rows[1:], float)[:, 1:], signals.reshape(3, -1), rtol=1e-5)


@pytest.mark.parametrize("samples", [np.zeros((0, 1, 8, 8)), np.zeros((8, 8))])
def test_nothing_to_export_is_said(samples):
    with pytest.raises(LatentError, match="nothing to export"):
        gif(samples)


# ---- The page --------------------------------------------------------------------------------------------------------


def interpolate(**link):
    return opened("interpolate", **link)


def figure(at):
    (data,) = [data for data in pads(at, "morph") if "figure" in data]
    return data


def test_opens_with_a_one_that_becomes_a_seven():
    at = interpolate()
    assert said(at) == ""
    data, checkpoint = figure(at), read_checkpoint("mnist-vae-2d")
    codes = checkpoint.codes()
    assert (data["figure"], data["model"], data["path"], data["t"]) == ("morph", "mnist-vae-2d", "straight", 0.5)
    for end, name in (("a", "1"), ("b", "7")):
        assert checkpoint.classes[codes["y"][data[end]["index"]]] == name
        np.testing.assert_array_equal(data[end]["z"], codes["z"][data[end]["index"]].astype(float))
    (path,) = map(json.loads, channelled(at, "path"))
    assert (path["a"], path["b"]) == (data["a"]["z"], data["b"]["z"])
    assert path["points"][0] == data["a"]["z"]
    assert path["points"][-1] == data["b"]["z"]
    table = at.table[0].value
    assert list(table["path"]) == ["straight", "geodesic"]
    assert float(table.iloc[1, 2]) <= float(table.iloc[0, 2])
    assert any("shorter" in caption.value or "less" in caption.value for caption in at.caption)
    assert link_of(at) == {}


@pytest.mark.parametrize("model", ["mnist-vae-20d", "digits-vae-2d", "mnist-ae-2d", "sinusoids-vae-2d"])
def test_stands_on_every_kind_of_model(model):
    at = interpolate(model=model)
    assert said(at) == ""
    data = figure(at)
    assert data["model"] == model
    assert data["draws"] == (model != "sinusoids-vae-2d")
    assert (data["map"] is None) == (model != "mnist-vae-20d")
    assert ("spherical" in list(at.table[0].value["path"])) == (model == "mnist-vae-20d")
    assert figure(interpolate(model=model, mode="corners"))["corners"]


def test_the_projection_is_the_codes_principal_plane():
    from sklearn.decomposition import PCA

    plane, codes = (
        figure(interpolate(model="mnist-vae-20d"))["map"],
        read_checkpoint("mnist-vae-20d").codes()["z"][:5000],
    )
    pca = PCA(2).fit(codes)
    np.testing.assert_allclose(np.abs(np.array(plane["axes"]) @ pca.components_.T), np.eye(2), atol=1e-4)
    assert plane["share"] == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-3)


def test_links_restore_the_morph_and_the_corners():
    data = figure(
        interpolate(
            model="mnist-vae-20d",
            a="17",
            b="z" + ",".join(["0.25"] * 20),
            path="spherical",
            t="1.25",
            over="1",
            even="1",
        )
    )
    assert (data["a"]["index"], data["b"]["z"]) == (17, [0.25] * 20)
    assert (data["path"], data["t"], data["overshoot"], data["even"]) == ("spherical", 1.25, True, True)
    data = figure(interpolate(mode="corners", model="digits-vae-2d", corners="3,1,4,15", at="0.25,1"))
    assert (data["figure"], data["corners"], data["at"]) == ("corners", [3, 1, 4, 15], [0.25, 1])


def test_another_model_or_mode_forgets_the_place_and_finds_it_again():
    at = interpolate(a="17", t="0.25")
    at.selectbox(key="interpolate-model").select("digits-vae-2d").run()
    assert said(at) == ""
    assert figure(at)["model"] == "digits-vae-2d"
    assert set(link_of(at)) == {"model"}
    at.selectbox(key="interpolate-model").select("mnist-vae-2d").run()
    assert (figure(at)["a"]["index"], figure(at)["t"]) == (17, 0.25)
    assert link_of(at)["a"] == "17"


def test_an_uploaded_digit_becomes_the_code_that_torch_gives_it_and_a_bad_file_one_sentence():
    from ae_core.io.images import as_digit, read_picture

    from ..unit.test_pictures import file, seven

    at = interpolate(model="digits-vae-2d")
    at.file_uploader[0].upload("odd.png", b"no picture at all", "image/png").run()
    assert "no picture that can be read" in said(at)
    assert figure(at)["uploaded"] is None
    at.file_uploader[0].upload("seven.png", file(seven()), "image/png").run()
    assert said(at) == ""
    pixels = np.round(as_digit(read_picture(file(seven())), (8, 8)) * 255).astype(np.float32) / 255
    with torch.no_grad():
        wanted = load_checkpoint("digits-vae-2d").encode(torch.tensor(pixels)[None, None])[0].numpy()
    np.testing.assert_allclose(figure(at)["uploaded"]["z"], wanted, atol=1e-5)


def test_works_without_mnist(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    at = interpolate()
    assert said(at) == ""
    assert figure(at)["model"] == "mnist-vae-2d"
