"""Hints: on every page they lie on nothing that they speak of, end when that was done, and a link leaves them out."""

import pytest

from ..support.controls import SCENES
from .test_ways import come

PAGES = (
    "explore",
    "bottleneck",
    "interpolate-morph",
    "playground",
    "train",
    "runs",
    "signals",
    "variants-denoising-noise",
    "variants-vae-holes",
)
QUICK = (("page", "explore"), ("phone", "signals"))
LIES_ON = """() => {
  const hint = [...document.querySelectorAll('.lx-first')].find((e) => e.checkVisibility());
  const box = hint.getBoundingClientRect();
  const { target, clear } = hint.dataset;
  const visible = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  const spoken = [visible(target)[0], ...(clear ? visible(clear) : [])].map((e) => e.getBoundingClientRect());
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return spoken.filter((each) => over(box, each)).length;
}"""


@pytest.mark.parametrize(
    ("device", "scene"),
    [
        pytest.param(device, scene, marks=() if (device, scene) in QUICK else pytest.mark.slow)
        for device in ("page", "phone")
        for scene in PAGES
    ],
)
def test_a_hint_lies_on_nothing_that_it_speaks_of(address, request, device, scene):
    page = request.getfixturevalue(device)
    come(page, address + SCENES[scene])
    page.locator(".lx-first:visible").first.wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate(LIES_ON) == 0


def test_it_ends_when_that_was_done(address, page):
    come(page, address + SCENES["interpolate-morph"])
    hint = page.locator(".lx-first:visible")
    hint.first.wait_for()
    page.get_by_test_id("play").click()
    hint.wait_for(state="detached", timeout=5000)
    come(page, address + SCENES["interpolate-morph"])
    page.wait_for_timeout(500)
    assert hint.count() == 0


@pytest.mark.slow
def test_a_link_leaves_hints_out_on_all_pages(address, page):
    come(page, f"{address}{SCENES['bottleneck']}&hints=off")
    page.wait_for_timeout(500)
    assert page.locator(".lx-first:visible").count() == 0
    page.get_by_role("link", name="Interpolate").first.click()
    page.wait_for_selector("[data-testid=t-slider]")
    page.wait_for_timeout(800)
    assert page.locator(".lx-first:visible").count() == 0
