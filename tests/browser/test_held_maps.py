"""Maps of the same samples, held against each other: they turn into each other in the page, a sample is followed."""

import numpy as np
import pytest

from ae_core import read_checkpoint
from ae_core.runs.maps import load_map
from pages.sections.maps.aligned import in_square, over

from ..support import browser as web

MODEL = "digits-neighbour-2d"
SURFACE = "[data-testid=morph-surface]"
PLACES = "() => [...document.querySelector('[data-testid=morph-map]').places]"
AT = "document.querySelector('[data-testid=morph-map]')?.at"


def opened(page, url, rests):
    """Open a page whose maps are on, and wait until this one lies there."""
    page.goto(url)
    page.wait_for_function(f"at => {AT} === at", arg=rests, timeout=90_000)
    web.settled(page, 0)


def test_a_map_turns_into_the_next_and_nothing_is_sent(address, page):
    web.overhear(page)
    opened(page, f"{address}/?model={MODEL}&maps=1", 0)
    assert np.allclose(np.reshape(page.evaluate(PLACES), (-1, 2)), in_square(load_map(MODEL).pca), atol=1e-5)
    sent = len(page.messages)
    page.get_by_test_id("morph-maps").get_by_role("radio", name="neighbour AE").click()
    page.wait_for_function(f"{AT} > 0 && {AT} < 2")  # it glides
    page.wait_for_function(f"{AT} === 2")
    wanted = over(read_checkpoint(MODEL).codes()["z"], load_map(MODEL).pca)
    assert np.allclose(np.reshape(page.evaluate(PLACES), (-1, 2)), wanted, atol=1e-5)
    web.until(page, lambda: "map=2" in page.url)
    assert len(page.messages) == sent
    assert "neighbour AE: 360 held-out samples" in page.get_by_test_id("morph-words").inner_text()


def test_a_sample_is_followed_by_hand_and_by_keys_and_kept_by_the_link(address, page):
    web.overhear(page)
    opened(page, f"{address}/?model={MODEL}&maps=1&map=1", 1)
    surface = page.locator(SURFACE)
    surface.scroll_into_view_if_needed()
    x, y = page.evaluate(PLACES)[20:22]
    box = surface.bounding_box()
    to = (0.5 + x / 2.16, 0.5 - y / 2.16)
    surface.click(position={"x": to[0] * box["width"], "y": to[1] * box["height"]})
    page.locator(".st-key-followed .lx-strip figure").first.wait_for()
    web.answered(page)
    assert "sample=10" in page.url
    assert page.locator(".st-key-followed .lx-strip figure").count() == 4  # as recorded, PCA, VAE, neighbours
    surface.focus()
    page.keyboard.press("PageDown")
    page.wait_for_function(f"{AT} === 0")
    words = page.get_by_test_id("morph-words")
    web.until(page, lambda: "of its 5 nearest on VAE" in words.inner_text())
    assert "Sample 10 (" in surface.get_attribute("aria-label")
    web.until(page, lambda: "map=" not in page.url)
    said = words.inner_text()
    opened(page, page.url, 0)
    assert words.inner_text() == said
    surface.focus()
    web.released(page, lambda: page.keyboard.press("ArrowRight"))
    assert "sample=" in page.url
    assert "sample=10&" not in f"{page.url}&"
    web.released(page, lambda: page.keyboard.press("Escape"))
    assert "sample=" not in page.url


@pytest.mark.slow
def test_who_wants_no_motion_sees_none(address, page):
    page.emulate_media(reduced_motion="reduce")
    opened(page, f"{address}/?model={MODEL}&maps=1", 0)
    page.evaluate(
        """() => {
          window.ways = new Set();
          const look = () => {
            window.ways.add(document.querySelector('[data-testid=morph-map]').at);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    page.get_by_test_id("morph-maps").get_by_role("radio", name="VAE").click()
    page.wait_for_function(f"{AT} === 1")
    page.wait_for_timeout(100)
    assert page.evaluate("[...window.ways]") == [0, 1]


@pytest.mark.slow
def test_tsne_comes_where_the_link_asks_for_it_and_runs_are_held_against_each_other(address, page):
    """scikit-learn's, computed beside the server; a run of other samples is left out, which is said."""
    opened(page, f"{address}/runs?runs={MODEL},digits-vae-2d,sinusoids-vae-2d&maps=1&tsne=1&map=3&sample=3", 3)
    names = page.get_by_test_id("morph-maps").get_by_role("radio").all_inner_texts()
    assert sorted(names) == ["PCA", "VAE", "neighbour AE", "t-SNE"]
    assert names[-1] == "t-SNE"
    assert page.get_by_text("Left out here, as they have other samples or another k: sinusoids-vae-2d").is_visible()
    assert page.locator("table").filter(has_text="trustworthiness").locator("th").filter(has_text="t-SNE").count() == 1
    assert "map=3" in page.url
