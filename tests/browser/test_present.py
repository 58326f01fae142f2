"""Presenting on a projector, and the pages on a phone: every scene, whole."""

import pytest

from ..support import browser as web
from ..support.apptest import ROOT
from ..support.controls import SCENES
from .test_ways import come

QUICK = ("signals",)
LARGE = ("signals", "bottleneck", "bottleneck-signal")  # read from the last row, all letters of them
PROJECTOR = {"width": 1280, "height": 720}
# What is seen of a page's words: their sizes, and whether they are whole in the window.
SEEN = """() => {
  const size = (e) => e && parseFloat(getComputedStyle(e).fontSize);
  const main = document.querySelector('[data-testid=stMain]');
  const words = [...document.querySelectorAll('.st-key-notice p, .lx-ask summary')];
  const parts = [
    ...words,
    ...document.querySelectorAll('.lx-body:not([hidden]), .lx-head h1, [data-testid=stPlotlyChart]'),
  ];
  return {
    title: size(document.querySelector('.lx-head h1')),
    words: Math.min(...words.map(size)),
    many: words.length,
    letters: Math.min(
      ...[...document.querySelectorAll('.lx-body:not([hidden]) *')]
        .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map(size),
    ),
    over: main.scrollHeight - main.clientHeight,
    beyond: parts.filter((e) => e.checkVisibility() && e.getBoundingClientRect().bottom > innerHeight + 1).length,
    figures: document.querySelectorAll('.lx-body:not([hidden]), [data-testid=stPlotlyChart]').length,
    forms: [
      ...document.querySelectorAll('[data-testid=stDataFrame], [data-testid=stFileUploader], .st-key-rest-form'),
    ].filter((e) => e.checkVisibility()).length,
  };
}"""


@pytest.mark.parametrize(
    "scene", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in SCENES]
)
def test_presented_it_is_whole_and_large(address, page, scene):
    page.set_viewport_size(PROJECTOR)
    link = SCENES[scene]
    come(page, f"{address}{link}{'&' if '?' in link else '?'}present=1")
    page.wait_for_timeout(1200)  # it is fitted when nothing more comes
    seen = page.evaluate(SEEN)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert seen["title"] >= 36
    assert seen["many"] >= 2
    assert seen["words"] >= 24
    assert seen["figures"] >= 1
    assert (seen["letters"] or 99) >= (13 if scene in LARGE else 11.9)  # no letter: null
    assert (seen["over"], seen["beyond"], seen["forms"]) == (0, 0, 0)


@pytest.mark.slow
def test_p_works_wherever_nobody_types_and_pages_are_turned(address, page):
    come(page, f"{address}/train?data=digits")
    page.locator("[data-testid=epoch-slider]").focus()
    page.keyboard.press("p")
    page.wait_for_url("**present=1**")
    page.get_by_label("The next page").click()
    page.wait_for_url("**/runs?*present=1*")
    web.settled(page)
    page.keyboard.press("PageUp")
    page.wait_for_url("**/train?*present=1*")
    web.settled(page)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "present" not in url)
    web.settled(page)
    box = page.locator(".st-key-train-hidden input")
    box.focus()
    page.keyboard.press("p")
    web.settled(page)
    assert "present" not in page.url
    box.fill("256, 128")


# Texts whose end is hidden: by themselves, or by one of the three around them (Streamlit cuts a link's sentence so).
CUT = """() =>
  [...document.querySelectorAll('[data-testid=stMain] *')]
    .filter((e) => {
      if (e.children.length || !e.checkVisibility() || !e.textContent.trim() || !e.clientWidth) return false;
      if (e.closest('.lx-lanes, .lx-table, [data-testid=stDataFrame]')) return false;
      const text = document.createRange();
      text.selectNodeContents(e);
      const end = text.getBoundingClientRect().right;
      for (let at = e, level = 0; at && level < 4; at = at.parentElement, level++)
        if (getComputedStyle(at).overflowX === 'hidden' && end > at.getBoundingClientRect().right + 1) return true;
      return false;
    })
    .map((e) => e.textContent)"""


@pytest.mark.parametrize(
    "scene", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in SCENES]
)
def test_on_a_phone_all_pages_are_in_sight_and_nothing_is_cut(address, phone, scene):
    come(phone, address + SCENES[scene])
    links = phone.locator(".st-key-page-row a").all()
    assert len(links) == len(list((ROOT / "pages").glob("[!_]*.py")))
    for link in links:
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] < 200
    assert phone.evaluate(CUT) == []
    for group in phone.locator("[data-testid=stButtonGroup] button, [data-testid=stSelectbox]").all():
        box = group.bounding_box()
        assert box is None or box["x"] + box["width"] <= 390
