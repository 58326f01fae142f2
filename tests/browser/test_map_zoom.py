"""Zooming the map of Explore: by wheel, hand, keys, fingers and link; the dot stays where it is in the latent space."""

import numpy as np
import pytest

from ae_core import read_checkpoint
from ae_core.latent.geometry import extent

from ..support import browser as web
from ..support.pad_hands import PAD, drag, where

MODEL = "digits-vae-2d"
ROOT = ".lx-pad"


def view(page):
    """(u, v, scale) of what is in view."""
    return [float(n) for n in (page.locator(PAD).first.get_attribute("data-zoom") or "0.5,0.5,1").split(",")]


def latent(x, y, u, v, scale):
    """The code at these fractions of what is in view."""
    checkpoint = read_checkpoint(MODEL)
    box = extent(checkpoint.codes()["z"], checkpoint.model().bottleneck.gaussian)
    part = np.array([u + (x - 0.5) / scale, 1 - (v + (y - 0.5) / scale)])
    return box.low + part * (box.high - box.low)


def test_the_wheel_zooms_the_dot_is_dragged_and_the_link_says_it(address, page):
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    box = page.locator(PAD).bounding_box()
    start = where(page)
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    before = page.evaluate("scrollY")
    with web.redrawn(page, ROOT):
        page.mouse.wheel(0, -300)
    u, v, scale = view(page)
    assert scale > 1.5
    assert page.evaluate("scrollY") == before
    assert u + 0.2 / scale == pytest.approx(0.7, abs=2e-3)  # what was under the hand is there still
    assert where(page) == start
    sent = len(page.messages)
    drag(page, [(0.5, 0.5), (0.25, 0.75)], during=lambda: None)
    np.testing.assert_allclose(where(page), latent(0.25, 0.75, u, v, scale), atol=2e-2)
    assert view(page) == [u, v, scale]  # the drag was the dot's
    web.until(page, lambda: "zoom=" in page.url)
    assert len(page.messages) == sent  # all that the server could say of it is out of sight
    link, dot = page.url, where(page)
    web.ready(page, link)
    assert where(page) == dot
    assert view(page) == pytest.approx([u, v, scale], abs=1e-3)
    page.get_by_test_id("pan").click()
    drag(page, [(0.5, 0.5), (0.6, 0.4)])
    assert where(page) == dot  # the hand moved the map
    assert view(page)[0] == pytest.approx(u - 0.1 / scale, abs=3e-3)
    page.get_by_test_id("zoom-whole").click()
    assert view(page) == [0.5, 0.5, 1]


def test_keys_and_fingers_zoom_and_the_dot_stays_in_view(address, phone):
    page = phone
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    pad = page.locator(PAD)
    pad.focus()
    for _ in range(4):
        with web.redrawn(page, ROOT):
            page.keyboard.press("+")
    assert view(page)[2] == pytest.approx(1.6**4, rel=1e-3)
    start = view(page)
    for _ in range(25):
        page.keyboard.press("Shift+ArrowRight")
    web.next_frame(page)
    assert view(page)[0] > start[0]  # the map follows the dot
    page.keyboard.press("0")
    web.next_frame(page)
    assert view(page) == [0.5, 0.5, 1]
    pad.scroll_into_view_if_needed()
    box, dot = pad.bounding_box(), where(page)
    touch = page.context.new_cdp_session(page)

    def fingers(kind, *places):
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": n}
            for n, (x, y) in enumerate(places)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (0.4, 0.5))
    fingers("touchStart", (0.4, 0.5), (0.6, 0.5))
    for apart in (0.15, 0.2, 0.25, 0.3):
        fingers("touchMove", (0.5 - apart, 0.5), (0.5 + apart, 0.5))
    fingers("touchEnd")
    web.next_frame(page)
    assert view(page)[2] == pytest.approx(3, rel=0.1)
    assert where(page) == dot  # two fingers are not the dot's
