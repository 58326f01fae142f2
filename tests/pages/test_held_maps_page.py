"""Maps held against each other where data are missing, links are odd, or there is no map; a line around nothing."""

import pytest

from pages.sections.explore import words as explore
from pages.sections.maps import words

from ..support.apptest import link_of, opened, pads, said


@pytest.fixture(autouse=True)
def machine(monkeypatch, tmp_path):
    """Without MNIST and without runs."""
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))


def captions(at):
    return " ".join(element.value for element in at.caption)


def test_what_is_kept_with_the_models_is_shown_where_the_samples_are_not():
    at = opened("", model="mnist-vae-2d", maps="1", sample="7")
    assert said(at) == ""
    (figure,) = pads(at, "map_morph")
    assert [each["title"] for each in figure["maps"]] == [words.PCA, "AE", "VAE", "neighbour AE", "neighbour VAE"]
    assert figure["count"] == 10_000
    assert words.NO_DATA.format(what=words.NO_DATA_TSNE) in captions(at)
    assert at.toggle(key="explore-tsne").disabled
    assert list(at.table[0].value.columns)[-1] == "neighbour VAE"
    assert link_of(at) == {"maps": "1", "sample": "7"}  # the model is the one that comes first


def test_a_link_that_asks_for_no_map_and_no_sample_gets_a_note():
    at = opened("", model="digits-vae-2d", maps="1", map="99", sample="-3", origin="x")
    note = said(at)
    assert all(f"{name} must be a whole number" in note for name in ("map", "sample", "origin"))
    assert pads(at, "map_morph")[0]["map"] == 0
    assert link_of(at) == {"model": "digits-vae-2d", "maps": "1"}


def test_runs_that_are_no_maps_get_a_sentence():
    at = opened("runs", runs="digits-nested", maps="1")
    assert words.NONE in captions(at)
    assert not pads(at, "map_morph")


def test_a_line_around_nothing_gets_a_sentence():
    at = opened("", model="digits-vae-2d", lasso="0.001,0.001,0.002,0.001,0.002,0.002")
    assert explore.GROUP_EMPTY in captions(at)
    assert said(at) == ""
