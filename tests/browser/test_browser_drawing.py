"""A picture of one's own: drawn, uploaded, landed on the map, restored by a link."""

import itertools

import numpy as np
import pytest
import torch

from ae_core import load_checkpoint, read_checkpoint
from ae_core.io.images import as_digit, read_picture
from ae_core.latent.geometry import extent
from ae_core.latent.payload import pack_encoder

from ..support import browser as web
from ..support.pad_hands import PAD, drag, picture, where
from ..unit.test_pictures import file, seven

SEVEN = [(0.25, 0.2), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85)]


def sheet(page, address, link="/"):
    """Open the page with the sheet to draw on, and wait for the encoder."""
    web.ready(page, address + link)
    if page.get_by_test_id("draw-pad").is_hidden():
        page.get_by_test_id("open-sheet").click()
    names = (
        "() => [...document.querySelectorAll('[data-testid=decoded]')].map(c => c.closest('[data-view]').dataset.view)"
    )
    here = "name => document.querySelector(`[data-lx-received='${name}:encoder']`)"
    page.wait_for_function(f"() => ({names})().every({here})", timeout=30_000)
    web.settled(page)


def stroke(page, points=SEVEN, during=lambda: None):
    """Draw through these fractions of the sheet, call `during` after each part, lift the pen."""
    canvas = page.get_by_test_id("draw-pad")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for place in at[1:]:
        page.mouse.move(*place, steps=4)
        web.next_frame(page)
        during()
    page.mouse.up()


def landed(page, index=0):
    """What the page says of the picture: what goes in and comes out, mean and σ, and where the mark is on the map."""
    place = page.get_by_test_id("landing").nth(index)
    numbers = [
        [float(n) for n in (place.get_attribute(f"data-{name}") or "").split(",") if n]
        for name in ("mu", "sigma", "mark")
    ]
    values = [
        np.array(page.get_by_test_id(name).nth(n).evaluate("c => [...c.values]"))
        for name, n in (("drawn", 0), ("reconstruction", index))
    ]
    return (*values, *map(np.array, numbers))


def check_landed(page, name, index=0):
    """It is what torch says, and the mark is where the map's own scale puts it."""
    checkpoint = read_checkpoint(name)
    model, (x, x_hat, mu, sigma, mark) = checkpoint.model(), landed(page, index)
    with torch.no_grad():
        code = model.code(torch.tensor(x, dtype=torch.float32).view(1, *model.shape))
        expected = model.decode(code.mu).flatten().numpy()
    np.testing.assert_allclose(mu, code.mu[0].numpy(), atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(x_hat, expected, atol=1e-4)
    if model.bottleneck.gaussian:
        np.testing.assert_allclose(sigma, (code.logvar[0] / 2).exp().numpy(), atol=1e-4, rtol=1e-4)
    else:
        assert len(sigma) == 0
    grey, _ = web.picture(page.get_by_test_id("reconstruction").nth(index))
    assert np.abs(grey.ravel() / 255 - expected).max() <= 0.5 / 255 + 1e-4
    box, size = (
        extent(checkpoint.codes()["z"], model.bottleneck.gaussian),
        page.locator(PAD).nth(index).evaluate("p => [p.clientWidth, p.clientHeight]"),
    )
    part = (mu - box.low) / (box.high - box.low)
    np.testing.assert_allclose(
        mark[:2], np.clip([part[0], 1 - part[1]], 0, 1) * size, atol=0.05
    )  # what lies outside is marked at the edge
    if model.bottleneck.gaussian:
        np.testing.assert_allclose(mark[2:], sigma / (box.high - box.low) * size, rtol=1e-3)
    error = float(((x - expected) ** 2).sum())
    assert float(page.get_by_test_id("drawn-error").nth(index).inner_text().split()[2].rstrip(",;")) == pytest.approx(
        error, rel=0.01, abs=0.006
    )


def orange(page):
    """How many of the overlay's pixels have the mark's colour, and their middle in CSS pixels."""
    return page.locator(".lx-overlay").first.evaluate("""(c) => {
      const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height),
        found = [];
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === 213 && data[i + 1] === 94 && data[i + 2] === 0 && data[i + 3] === 255)
          found.push([(i / 4) % c.width, Math.floor(i / 4 / c.width)]);
      return [
        found.length,
        ...[0, 1].map((j) => found.reduce((sum, p) => sum + p[j] + 0.5, 0) / found.length / devicePixelRatio),
      ];
    }""")


@pytest.mark.parametrize("name", ["mnist-vae-2d", pytest.param("mnist-ae-2d", marks=pytest.mark.slow)])
def test_a_drawn_digit_lands_where_torch_says_and_moves_while_one_draws(address, page, name):
    sheet(page, address, f"/?model={name}&draw=1")
    assert orange(page)[0] == 0
    before, seen = len(page.messages), []

    def look():
        check_landed(page, name)
        assert len(page.messages) == before
        mark, (count, *middle) = landed(page)[4], orange(page)
        assert count > 30
        if (abs(mark[:2] - 250) < 230).all():  # all of it inside the map
            np.testing.assert_allclose(middle, mark[:2], atol=8)  # the dot may cover a part
        seen.append(landed(page)[2])

    stroke(page, during=look)
    assert all(np.abs(a - b).max() > 0.01 for a, b in itertools.pairwise(seen))
    page.wait_for_function("() => location.search.includes('drawn=')")
    web.answered(page)
    assert len(page.messages) == before + 1


@pytest.mark.slow
def test_the_link_restores_a_drawing_and_a_click_on_its_mark_moves_the_dot(address, page, other):
    sheet(page, address)
    stroke(page)
    page.wait_for_function("() => location.search.includes('drawn=')")
    web.answered(page)
    sheet(other, page.url.replace("z=", "z=1%2C1&was="), "")
    for a, b in zip(landed(page), landed(other), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    mu, (x, y) = landed(other)[2], landed(other)[4][:2]
    box = other.locator(PAD).bounding_box()
    other.mouse.click(box["x"] + x + 5, box["y"] + y - 5)  # not quite in the middle, and still exactly there
    web.next_frame(other)
    np.testing.assert_allclose(where(other), mu, atol=6e-4)
    np.testing.assert_allclose(picture(other)[1], landed(other)[1], atol=5e-3)
    web.settled(other)
    drag(page, [(0.5, 0.5), (0.1, 0.1)])
    page.get_by_test_id("go-there").click()
    web.next_frame(page)
    np.testing.assert_allclose(where(page), mu, atol=6e-4)
    web.settled(page)


@pytest.mark.slow
def test_a_scribble_is_unknown_to_the_model_and_a_digit_is_not(address, page):
    from ae_core.data import source

    if not source("mnist").here():
        pytest.skip("mnist is not in LATENT_DATA")
    sheet(page, address)
    stroke(page)
    assert (
        "knows this" in page.get_by_test_id("drawn-error").inner_text()
        or "usual" in page.get_by_test_id("drawn-error").inner_text()
    )
    for y in (0.1, 0.3, 0.5, 0.7, 0.9):
        stroke(page, [(0.1, y), (0.9, y), (0.1, y + 0.08)])
    web.next_frame(page)
    assert "does not know this" in page.get_by_test_id("drawn-error").inner_text()
    web.settled(page)


@pytest.mark.slow
def test_an_uploaded_digit_lands_on_the_map_and_a_bad_file_is_one_sentence(address, page):
    sheet(page, address, "/?model=digits-vae-2d")
    page.get_by_role("button", name="Use a picture of a digit").click()
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "odd.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    page.get_by_text("no picture that can be read").wait_for()
    web.settled(page)
    assert page.get_by_test_id("stAlert").count() == 1
    chooser.set_input_files({"name": "seven.png", "mimeType": "image/png", "buffer": file(seven())})
    page.wait_for_function("() => location.search.includes('drawn=')")
    web.answered(page)
    check_landed(page, "digits-vae-2d")
    assert np.abs(landed(page)[0] - as_digit(read_picture(file(seven())), (8, 8)).ravel()).max() < 0.51 / 255


@pytest.mark.slow
def test_the_sheet_is_opened_cleared_and_closed_with_keys(address, page):
    web.ready(page, address + "/?model=digits-vae-2d")
    page.get_by_test_id("open-sheet").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('draw=1')")
    web.answered(page)
    stroke(page)
    page.wait_for_function("() => location.search.includes('drawn=')")
    page.get_by_test_id("clear-sheet").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => !location.search.includes('drawn=') && location.search.includes('draw=1')")
    assert len(landed(page)[2]) == 0
    assert orange(page)[0] == 0
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.testid") == "close-sheet"
    page.keyboard.press("Escape")
    assert page.get_by_test_id("draw-pad").is_hidden()
    assert page.evaluate("() => document.activeElement.dataset.testid") == "open-sheet"
    page.wait_for_function("() => !location.search.includes('draw')")
    web.answered(page)


@pytest.mark.slow
def test_a_drawing_beside_another_model_lands_on_both_maps(address, page):
    sheet(page, address, "/?beside=mnist-ae-2d&draw=1")
    stroke(page)
    web.next_frame(page)
    for index, name in enumerate(("mnist-vae-2d", "mnist-ae-2d")):
        check_landed(page, name, index)
    web.settled(page)


@pytest.mark.slow
def test_a_drawing_in_twenty_numbers(address, page):
    sheet(page, address, "/?model=mnist-vae-20d&axes=0,1&draw=1")
    stroke(page)
    web.next_frame(page)
    x, _, mu, sigma, _ = landed(page)
    assert len(mu) == len(sigma) == 20
    with torch.no_grad():
        expected, logvar = load_checkpoint("mnist-vae-20d").posterior(
            torch.tensor(x, dtype=torch.float32).view(1, 1, 28, 28)
        )
    np.testing.assert_allclose(mu, expected[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(sigma, (logvar[0] / 2).exp().numpy(), atol=1e-4)
    page.get_by_test_id("go-there").click()
    web.next_frame(page)
    np.testing.assert_allclose(where(page), mu, atol=6e-4)  # all twenty, those on the sliders too
    web.settled(page)


@pytest.mark.slow
def test_another_model_keeps_the_drawing(address, page):
    sheet(page, address)
    stroke(page)
    page.wait_for_function("() => location.search.includes('drawn=')")
    web.answered(page)
    x = landed(page)[0]
    page.locator('.st-key-explore-model [data-baseweb="select"], .st-key-explore-model [role="combobox"]').first.click()
    page.keyboard.type("VAE, 20 latent dimensions")  # the list is long, and only what is in sight of it exists
    page.get_by_role("option", name="MNIST digits · VAE, 20 latent dimensions").first.click()
    page.wait_for_function(
        """() =>
          document.querySelector('[data-view=mnist-vae-20d]') &&
          document.querySelector('[data-testid=landing]')?.dataset.mu"""
    )
    web.settled(page)
    np.testing.assert_array_equal(landed(page)[0], x)
    assert len(landed(page)[2]) == 20
    page.wait_for_url(lambda url: "drawn=" in url, timeout=15_000)


@pytest.mark.slow
def test_drawing_on_a_phone(address, phone):
    sheet(phone, address)
    assert (
        phone.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        == 0
    )
    phone.get_by_test_id("draw-pad").scroll_into_view_if_needed()
    for name in ("latent-pad", "draw-pad", "reconstruction"):  # what one does and what it does are seen at once
        box = phone.get_by_test_id(name).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 844
    box = phone.get_by_test_id("draw-pad").bounding_box()
    touch = phone.context.new_cdp_session(phone)
    for kind, x, y in (("touchStart", 0.5, 0.15), ("touchMove", 0.5, 0.5), ("touchMove", 0.5, 0.85)):
        point = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        web.next_frame(phone)
    check_landed(phone, "mnist-vae-2d")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_function("() => location.search.includes('drawn=')")


def test_the_encoder_comes_when_the_sheet_is_opened(address, page):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    web.ready(page, address)
    web.settled(page)
    assert page.locator("[data-lx-received$=':encoder']").count() == 0
    encoder = len(pack_encoder("mnist-vae-2d", load_checkpoint("mnist-vae-2d")))
    assert max(received) < 3_000_000
    assert sum(received) < 3_000_000
    received.clear()
    page.get_by_test_id("open-sheet").click()
    page.locator("[data-lx-received='mnist-vae-2d:encoder']").wait_for(state="attached")
    web.settled(page)
    assert sum(received) < encoder + 330_000  # and the figure with its script anew
    for name in ("close-sheet", "open-sheet"):
        received.clear()
        web.released(page, page.get_by_test_id(name).click)
        assert sum(received) < 330_000  # it stays in the page
