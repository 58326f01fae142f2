"""The keyboard alone: choose, tick, train, stop, mix."""

import re

import pytest

from ae_core.jobs.queue import jobs

from ..support import browser as web
from ..support.access import CARD, DECODED, moves, open_page, reach


@pytest.mark.slow
def test_escape_leaves_a_pad(page, address):
    open_page(page, address, "")
    pad = page.get_by_test_id("latent-pad")
    pad.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement === document.body")


@pytest.mark.slow
def test_the_keyboard_alone_chooses_a_variant_and_moves_its_knob(page, address):
    open_page(page, address, "variants?variant=denoising")
    heading = page.locator(".lx-head h1").inner_text()
    reach(page, "st-key-variants-variant")
    page.keyboard.press("Enter")
    page.wait_for_function("h => document.querySelector('.lx-head h1').innerText !== h", arg=heading)
    web.settled(page)
    page.wait_for_selector(DECODED)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            """() =>
              !!document.activeElement.closest('.lx-var') &&
              document.activeElement.matches('input[type=range], [role=application]')"""
        ):
            break
    before = page.locator(DECODED).evaluate("e => [...e.values]")
    page.keyboard.press("ArrowRight")
    web.until(page, lambda: page.locator(DECODED).evaluate("e => [...e.values]") != before)


@pytest.mark.slow
def test_the_keyboard_alone_ticks_a_run(page, address):
    open_page(page, address, "runs")
    page.locator(CARD).wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => !!document.activeElement?.closest('[data-testid=stDataFrame]')"):
            break
    maps = page.locator("[data-testid=stPlotlyChart]").count()
    for key in ("ArrowDown", "ArrowDown", "Shift+Space"):
        page.keyboard.press(key)
    page.wait_for_function("n => document.querySelectorAll('[data-testid=stPlotlyChart]').length !== n", arg=maps)
    assert not page.locator(CARD).is_visible()


@pytest.mark.slow
def test_the_keyboard_alone_trains_and_stops(page, address, runs, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(runs))
    open_page(
        page,
        address,
        "train?data=digits&variant=vae&hidden=32,16&epochs=100000&batch_size=256",
        ".st-key-train-start button",
    )
    reach(page, "st-key-train-start")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("run="), timeout=30_000)
    try:
        page.wait_for_selector(".st-key-run-stop button", timeout=30_000)
        reach(page, "st-key-run-stop")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => /stopped/.test(document.querySelector('.st-key-run-head')?.innerText)", timeout=60_000
        )
    finally:
        for folder in runs.iterdir():
            if (folder / "config.json").exists():
                jobs.stop(folder)


@pytest.mark.slow
def test_the_keyboard_alone_mixes_four_codes(page, address):
    open_page(page, address, "interpolate?mode=corners")
    moves(page, "latent-pad", "ArrowUp", "e => e.getAttribute('aria-valuetext')")
