"""The sample behind a point of Explore's map: shown where a hand rests, or pinned, as recorded beside as decoded."""

import numpy as np
import pytest
import torch

from ae_core import load_dataset
from pages.session.models import load_model

from ..support import browser as web
from ..support.pad_hands import PAD

MODEL = "digits-vae-2d"
VALUES = "canvas => [...canvas.values]"


def place(page, item, n):
    """Where a sample's point is on the screen."""
    box = page.locator(PAD).bounding_box()
    z, (low, high) = item.codes["z"][n], (item.box.low, item.box.high)
    u, v = (z - low) / (high - low)
    return float(box["x"] + u * box["width"]), float(box["y"] + (1 - v) * box["height"])


def shown(page, name):
    return np.array(page.get_by_test_id(name).evaluate(VALUES))


def lonely(item):
    """The sample whose point has the most room around it, inside the map."""
    z = item.codes["z"]
    away = np.linalg.norm(z[:, None] - z, axis=2) + 1e9 * np.eye(len(z))
    inside = ((z > item.box.low * 0.6) & (z < item.box.high * 0.6)).all(1)
    return int((away.min(1) * inside).argmax())


def test_a_hand_that_rests_on_a_point_sees_its_sample(address, page):
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    item, x = load_model(MODEL), load_dataset("digits").x_test
    n = lonely(item)
    sent = len(page.messages)
    page.mouse.move(*place(page, item, n))
    card = page.get_by_test_id("peek")
    card.wait_for()
    with torch.no_grad():
        made = item.model.decode(torch.from_numpy(item.codes["z"][n : n + 1])).flatten().numpy()
    assert np.allclose(shown(page, "peek-made"), made, atol=2e-3)
    page.get_by_test_id("peek-recorded").wait_for(timeout=30_000)
    assert np.allclose(shown(page, "peek-recorded"), x[n].flatten().numpy(), atol=1 / 255)
    assert f"{n}: {item.codes['y'][n]}" in card.inner_text()
    web.answered(page)
    assert len(page.messages) == sent + 1  # the samples were asked for, once
    page.mouse.move(*place(page, item, (n + 1) % 360))
    page.mouse.move(5, 5)
    web.until(page, card.is_hidden)
    assert len(page.messages) == sent + 1


@pytest.mark.slow
def test_the_nearest_sample_is_pinned_and_the_link_keeps_it(address, page):
    web.ready(page, f"{address}/?model={MODEL}&z=0.5,-0.5")
    web.settled(page)
    item, x = load_model(MODEL), load_dataset("digits").x_test
    n = int(np.linalg.norm(item.codes["z"] - np.array([0.5, -0.5]), axis=1).argmin())
    pin = page.get_by_test_id("pin")
    web.released(page, pin.click)
    web.until(page, lambda: f"pin={n}" in page.url)
    web.ready(page, page.url)
    page.get_by_test_id("peek-recorded").wait_for(timeout=30_000)
    assert np.allclose(shown(page, "peek-recorded"), x[n].flatten().numpy(), atol=1 / 255)
    assert pin.get_attribute("aria-pressed") == "true"
    web.settled(page)
    web.released(page, pin.click)
    web.until(page, lambda: "pin=" not in page.url)
    assert page.get_by_test_id("peek").is_hidden()
