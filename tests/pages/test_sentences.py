"""Sentences follow what is on the screen."""

import pytest

from ae_core import VARIANTS

from ..support.apptest import ROOT, link_of, opened, pads


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


def noticed(at):
    assert not at.exception
    return next(c.value for c in at.caption if "**Notice:**" in c.value)


def test_runs_speaks_of_what_is_selected():
    of_two = noticed(opened("runs"))
    assert "VAE" in of_two
    one = noticed(opened("runs", None, 60, runs="plant-nested"))
    assert "plant-nested" in one
    assert "PCA" in one
    for words in (one, noticed(opened("runs", None, 60, runs="plant-nested,digits-nested"))):
        assert "VAE" not in words
    same = noticed(opened("runs", None, 60, runs="digits-vae-2d,digits-nested"))
    assert "digits-nested has the lowest" in same
    html = " ".join(element.proto.body for element in opened("runs", None, 60, runs="plant-nested").get("html"))
    assert "finger" not in html
    assert "digit" not in html.split("lx-ask")[-1]


def test_arithmetic_opens_with_a_model_for_which_its_words_are_true():
    at = opened("interpolate", None, 60, mode="arithmetic")
    assert pads(at, "vectors")[0]["models"] == ["mnist-vae-20d"]
    assert "only 2 latent" not in noticed(at)
    at = opened("interpolate", None, 60, mode="arithmetic", model="mnist-vae-2d")
    assert pads(at, "vectors")[0]["models"] == ["mnist-vae-2d"]
    assert "2 latent" in noticed(at)


def test_variants_opens_at_the_plain_one_and_old_links_at_theirs():
    def heading(**link):
        at = opened("variants", None, 60, **link)
        assert not at.exception
        return " ".join(element.proto.body for element in at.get("html"))

    assert VARIANTS["deep"].title in heading()
    assert VARIANTS["denoising"].title in heading(figure="signal-noise", amount="0.5")
    assert link_of(opened("variants", None, 60, variant="denoising"))["variant"] == "denoising"


def test_what_an_autoencoder_is_stands_one_click_from_the_first_page():
    at = opened("explore")
    html = " ".join(element.proto.body for element in at.get("html"))
    places = [
        html.index(f'<b style="--lx-tall:{tall}">{name}')
        for name, tall in (("input", 1), ("encoder", 0.8), ("z<", 0.25), ("decoder", 0.8), ("output", 1))
    ]
    assert places == sorted(places)
    assert len(at.get("page_link")) == 8


def test_runs_that_a_link_selects_are_the_first_in_the_table():
    at = opened("runs", None, 60, runs="sinusoids-vae-2d,plant-nested")
    assert set(at.dataframe[0].value["run"][:2]) == {"sinusoids-vae-2d", "plant-nested"}
