"""What a person does, in a real browser: drag, touch, keys, links; and the browser's numbers against torch's."""

import itertools

import numpy as np
import pytest
import torch

from ae_core import Config, load_checkpoint, read_checkpoint
from ae_core.io.images import as_digit, read_picture
from ae_core.latent.geometry import extent
from ae_core.latent.payload import pack_encoder

from ..conftest import visited
from ..support import browser as web
from ..unit.test_pictures import file, seven

PAD, DECODED = '[data-testid="latent-pad"]', '[data-testid="decoded"]'


def where(page, index=0):
    return [float(number) for number in page.locator(PAD).nth(index).get_attribute("data-z").split(",")]


def picture(page, index=0):
    """(the grey levels on the canvas, the floats behind them)"""
    return web.picture(page.locator(DECODED).nth(index))


def drag(page, points, index=0, during=lambda: None):
    """Press on the pad at the first of these fractions, move through the others, call `during`, release."""
    box = page.locator(PAD).nth(index).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point)
        web.next_frame(page, 1)
    web.next_frame(page)
    during()
    page.mouse.up()


@pytest.fixture(scope="module")
def explore(profile, address):
    """The page as it opens, for the tests that move nothing but its dot, and need it in no place."""
    with visited(profile) as page:
        web.ready(page, address)
        web.settled(page)
        yield page


def test_the_picture_is_torchs(explore):
    page = explore
    model, seen = load_checkpoint("mnist-vae-2d"), []

    def compare():
        z = where(page)
        grey, values = picture(page)
        with torch.no_grad():
            expected = model.decode(torch.tensor([z]))[0, 0].numpy()
        assert grey.shape == (28, 28)
        assert np.abs(values - expected.ravel()).max() < 1e-5
        assert np.abs(grey / 255 - expected).max() <= 0.5 / 255 + 1e-5
        seen.append(z)

    for end in ((0.2, 0.3), (0.8, 0.7), (0.5, 0.1), (0.05, 0.95)):
        drag(page, [(0.5, 0.5), end], during=compare)
    assert len({tuple(z) for z in seen}) == 4


def test_nothing_is_sent_between_press_and_release(explore):
    page = explore
    web.settled(page)
    start = len(page.messages)
    path = [(0.5 + 0.3 * np.cos(a), 0.5 + 0.3 * np.sin(a)) for a in np.linspace(0, 6, 60)]
    drag(page, path, during=lambda: page.messages[start:] == [] or pytest.fail("a message was sent during the drag"))
    web.until(page, lambda: len(page.messages) > start)


def test_every_frame_is_fresh(explore):
    """The count that the benchmark reports; here only that the picture follows at all."""
    page = explore
    before = page.locator(PAD).first.evaluate("p => p.latentStats.frames")
    drag(page, [(0.3 + i / 100, 0.5) for i in range(40)])
    assert page.locator(PAD).first.evaluate("p => p.latentStats.frames") - before >= 20


def test_release_puts_the_place_into_the_link_and_the_link_restores_it(address, page):
    web.ready(page, address)
    drag(page, [(0.5, 0.5), (0.31, 0.62)])
    page.wait_for_function("() => location.search.includes('z=')")
    web.answered(page)
    z, (grey, _) = where(page), picture(page)
    assert page.locator(".st-key-details img").count() >= 5
    web.ready(page, address + "/?z=" + ",".join(map(str, z)))
    assert where(page) == z
    np.testing.assert_array_equal(picture(page)[0], grey)


def test_keys(explore):
    page = explore
    web.settled(page)
    drag(page, [(0.4, 0.4), (0.5, 0.5)])
    pad = page.locator(PAD).first
    pad.focus()
    start = where(page)
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1), ("ArrowDown", 1, -1)):
        before = where(page)
        with web.redrawn(page, ".lx-pad"):
            page.keyboard.press(key)
        after = where(page)
        assert (after[axis] - before[axis]) * sign > 0
        assert after[1 - axis] == before[1 - axis]
    with web.redrawn(page, ".lx-pad"):
        page.keyboard.press("Shift+ArrowRight")
    assert where(page)[0] - start[0] > 0.2
    assert "z1" in pad.get_attribute("aria-valuetext")
    with web.redrawn(page, ".lx-pad"):
        page.keyboard.press("Home")
    assert where(page) == [0, 0]
    sent = len(page.messages)
    web.released(page, lambda: page.keyboard.press("ArrowLeft"))  # it is sent a moment after the last key
    assert len(page.messages) == sent + 1


def test_double_click_goes_home(address, page):
    web.ready(page, address + "/?z=1,1")
    assert where(page) == [1, 1]
    box = page.locator(PAD).bounding_box()
    page.mouse.dblclick(box["x"] + 80, box["y"] + 80)
    web.until(page, lambda: where(page) == [0, 0])
    web.answered(page)
    assert where(page) == [0, 0]


def test_far_from_the_data_is_said(explore):
    page, root = explore, explore.locator(".lx-pad").first
    page.get_by_test_id("latent-pad").focus()
    page.keyboard.press("Home")
    web.next_frame(page)
    assert "guess" not in root.inner_text()
    drag(page, [(0.5, 0.5), (0.995, 0.005)])
    assert "guess" in root.inner_text()


def test_touch_on_a_phone(address, phone):
    web.ready(phone, address)
    overflow = phone.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    )
    assert overflow == 0
    for part in (PAD, DECODED):
        box = phone.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 844  # whole in the first screen
    box = phone.locator(PAD).first.bounding_box()
    phone.touchscreen.tap(box["x"] + 40, box["y"] + 60)
    web.next_frame(phone)
    z = where(phone)
    assert z[0] < 0 < z[1]


def test_two_pads_one_handle(address, page):
    web.ready(page, address + "/?beside=mnist-ae-2d", pads=2)
    assert page.locator(PAD).count() == 2
    models = [load_checkpoint(name) for name in ("mnist-vae-2d", "mnist-ae-2d")]

    def compare():
        for index, model in enumerate(models):
            with torch.no_grad():
                expected = model.decode(torch.tensor([where(page, index)])).flatten().numpy()
            assert np.abs(picture(page, index)[1] - expected).max() < 1e-5

    drag(page, [(0.5, 0.5), (0.7, 0.3)], index=1, during=compare)
    boxes = []
    for index, name in enumerate(("mnist-vae-2d", "mnist-ae-2d")):
        checkpoint = read_checkpoint(name)
        box = extent(checkpoint.codes()["z"], name == "mnist-vae-2d")
        boxes.append((np.array(where(page, index)) - box.low) / (box.high - box.low))
    np.testing.assert_allclose(boxes[0], boxes[1], atol=1e-3)


def test_sinusoids_on_the_pad(address, page):
    web.ready(page, address + "/?model=sinusoids-vae-2d&colour=frequency")
    model = load_checkpoint("sinusoids-vae-2d")

    def compare():
        with torch.no_grad():
            expected = model.decode(torch.tensor([where(page)])).flatten().numpy()
        np.testing.assert_allclose(page.locator(DECODED).evaluate("c => [...c.values]"), expected, atol=1e-5)

    drag(page, [(0.5, 0.5), (0.3, 0.3)], during=compare)


def test_legend_and_backdrops_are_in_the_link(address, page):
    web.ready(page, address)
    pad = page.locator(".lx-pad").first
    pad.get_by_role("radio", name="Stretch").or_(pad.get_by_role("button", name="Stretch")).first.click()
    page.wait_for_function("() => location.search.includes('backdrop=stretch')")
    pad.locator("[aria-pressed]").nth(3).click()
    page.wait_for_function("() => location.search.includes('hide=3')")
    web.answered(page)


def test_a_model_is_sent_once(address, page):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    web.ready(page, address)
    web.settled(page)
    assert sum(received) < 3_500_000
    received.clear()
    for end in (0.2, 0.8, 0.4):
        web.released(page, lambda end=end: drag(page, [(0.5, 0.5), (end, 0.5)]))
    page.locator('.st-key-explore-model [data-baseweb="select"], .st-key-explore-model [role="combobox"]').first.click()
    web.released(page, page.get_by_role("option", name="Small digits · VAE").first.click)
    page.wait_for_function("() => document.querySelector('[data-view=digits-vae-2d]')")
    page.locator('.st-key-explore-model [data-baseweb="select"], .st-key-explore-model [role="combobox"]').first.click()
    web.released(page, page.get_by_role("option", name="MNIST digits · VAE").first.click)
    page.wait_for_function("() => document.querySelector('[data-view=mnist-vae-2d]')")
    web.settled(page)
    assert max(received) < 600_000  # the digits' model; MNIST's is 2 MB and did not come again


@pytest.mark.slow
def test_a_code_of_four_numbers(page, tmp_path, digits):
    """k > 2: two dimensions on the pad, the others on sliders."""
    from ae_core import train_run

    config = Config(data="digits", variant="vae", k=4, hidden=(32,), epochs=2)
    for _ in train_run(config, tmp_path / "four", digits):
        pass
    with web.forked({"LATENT_RUNS": str(tmp_path)}) as address:
        web.ready(page, address + "/?model=four&z=0.1,0.2,0.3,0.4")
        assert where(page) == [0.1, 0.2, 0.3, 0.4]
        web.released(page, lambda: drag(page, [(0.5, 0.5), (0.6, 0.6)]))
        z = where(page)
        assert z[2:] == [0.3, 0.4]
        assert z[:2] != [0.1, 0.2]
        page.locator('.lx-pad input[type="range"]').first.focus()
        web.released(page, lambda: page.keyboard.press("ArrowRight"))
        moved = where(page)
        assert moved[2] > z[2]
        with torch.no_grad():
            expected = load_checkpoint(tmp_path / "four").decode(torch.tensor([moved])).flatten().numpy()
        assert np.abs(picture(page)[1] - expected).max() < 1e-5
        web.settled(page)
        web.park(page)  # before its server goes


def test_each_page_keeps_its_own_model(address, page):
    web.ready(page, address + "/?model=digits-vae-2d")
    for link, part in (("Bottleneck", "model="), ("Explore", "model=digits-vae-2d")):
        web.released(page, page.get_by_role("link", name=link).first.click)
        page.locator(PAD if link == "Explore" else "[data-testid=bottleneck-slider]").first.wait_for()
        assert (part in page.url) == (link == "Explore")
    assert page.locator(PAD).first.get_attribute("aria-label").startswith("Map of the latent space of Small digits")


# ---- A picture of one's own
# -----------------------------------------------------------------------------------------------

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
    return page.locator(".lx-overlay").first.evaluate("""c => {
      const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height), found = [];
      for (let i = 0; i < data.length; i += 4) if (data[i] === 213 && data[i + 1] === 94 && data[i + 2] === 0 && data[i + 3] === 255) found.push([i / 4 % c.width, Math.floor(i / 4 / c.width)]);
      return [found.length, ...[0, 1].map(j => found.reduce((sum, p) => sum + p[j] + 0.5, 0) / found.length / devicePixelRatio)];
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
        "() => document.querySelector('[data-view=mnist-vae-20d]') && document.querySelector('[data-testid=landing]')?.dataset.mu"
    )
    web.settled(page)
    np.testing.assert_array_equal(landed(page)[0], x)
    assert len(landed(page)[2]) == 20
    page.wait_for_url(lambda url: "drawn=" in url, timeout=15_000)


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
    assert sum(received) < encoder + 300_000
    for name in ("close-sheet", "open-sheet"):
        received.clear()
        web.released(page, page.get_by_test_id(name).click)
        assert sum(received) < 300_000  # it stays in the page


@pytest.mark.parametrize("link", [pytest.param("model=digits-vae-2d", marks=pytest.mark.slow), "model=mnist-vae-20d"])
def test_the_consistency_layer_is_chosen_and_explained(address, page, link):
    web.ready(page, f"{address}/?{link}")
    page.locator(".lx-pad").first.get_by_role("radio", name="Consistency").click()
    page.wait_for_function("() => location.search.includes('backdrop=consistency')")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=caption]').textContent.includes('encode(decode(z))')"
    )
    web.settled(page)
    caption = page.get_by_test_id("caption").inner_text()
    assert "prior σ" in caption
    assert page.locator("[data-testid=caption] .lx-scale").is_visible()
