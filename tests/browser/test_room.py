"""No room is lost, and what a sentence speaks of is in sight."""

import pytest

from ..support import browser as web
from ..support.controls import SCENES
from .test_ways import come

GAP = 110  # px between two things on a page
FAR = """() => {
  const boxes = [...document.querySelectorAll('[data-testid=stMainBlockContainer] .stElementContainer')]
    .filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect())
    .filter((box) => box.height > 3 && box.width > 60).sort((a, b) => a.top - b.top);
  let [most, bottom] = [0, 0];
  for (const box of boxes) {
    if (bottom) most = Math.max(most, box.top - bottom);
    bottom = Math.max(bottom, box.bottom);
  }
  return most;
}"""


@pytest.mark.parametrize(
    "scene",
    ["explore", "bottleneck", pytest.param("interpolate-morph", marks=pytest.mark.slow), "variants-denoising-noise"],
)
def test_there_is_no_empty_space_below_a_figure(address, page, scene):
    come(page, address + SCENES[scene])
    assert page.evaluate(FAR) < GAP
    if scene.startswith("interpolate"):
        for mode in ("Four corners", "Arithmetic", "Traversals", "Samples", "Morph"):
            page.get_by_role("radio", name=mode, exact=True).click()
            page.wait_for_timeout(600)
            web.answered(page)
            web.settled(page, 1200)
            assert page.evaluate(FAR) < GAP, mode


def test_on_a_phone_train_can_be_pressed_where_the_sentence_says_so(address, phone):
    come(phone, address + SCENES["train"])
    box = phone.locator(".st-key-train-start button").bounding_box()
    assert box["y"] + box["height"] <= 844
    sentence = phone.locator(".lx-head p").bounding_box()
    assert sentence["y"] < 844


@pytest.mark.slow
def test_a_drawn_digit_is_read_and_its_verdict_is_on_the_first_screen(address, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    come(page, address + SCENES["explore-draw"])
    box = page.get_by_test_id("draw-pad").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] * 0.8, steps=8)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=drawn-place]').textContent.startsWith('read as')"
    )
    for part in ("drawn-place", "drawn-error", "go-there"):
        place = page.get_by_test_id(part).bounding_box()
        assert place["y"] + place["height"] <= 800, part
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.slow
def test_ticked_runs_are_in_sight_and_maps_share_a_scale(address, page):
    come(page, f"{address}/runs?runs=sinusoids-vae-2d,digits-vae-2d")
    top = page.locator("[data-testid=stDataFrame]").bounding_box()["y"]
    assert top < 400
    ticks = page.locator("[data-testid=stPlotlyChart] .xtick").count()
    assert ticks >= 4
    assert page.get_by_text("All maps have the same scale.").count() + page.get_by_text("scale of its own").count() == 1
