"""What a person does, in a real browser: drag, touch, keys, links; and the browser's numbers against torch's."""

import numpy as np
import pytest
import torch

from ae_core import Autoencoder, Config, load_checkpoint, read_checkpoint
from ae_core.blob import pack
from ae_core.latent import extent
from ae_core.networks import ACTIVATIONS, NETWORKS

from . import browser as web

PAD, DECODED = '[data-testid="latent-pad"]', '[data-testid="decoded"]'
EVALUATOR = (web.ROOT / "pages/components/evaluator.js").read_text("utf-8")


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
        page.wait_for_timeout(20)
    page.wait_for_timeout(80)
    during()
    page.mouse.up()


def test_the_picture_is_torchs(address, page):
    web.ready(page, address)
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


def test_nothing_is_sent_between_press_and_release(address, page):
    web.ready(page, address)
    web.settled(page)
    start = len(page.messages)
    path = [(0.5 + 0.3 * np.cos(a), 0.5 + 0.3 * np.sin(a)) for a in np.linspace(0, 6, 60)]
    drag(page, path, during=lambda: page.messages[start:] == [] or pytest.fail("a message was sent during the drag"))
    page.wait_for_timeout(500)
    assert len(page.messages) > start


def test_every_frame_is_fresh(address, page):
    """The count that the benchmark reports; here only that the picture follows at all."""
    web.ready(page, address)
    before = page.locator(PAD).first.evaluate("p => p.latentStats.frames")
    drag(page, [(0.3 + i / 100, 0.5) for i in range(40)])
    assert page.locator(PAD).first.evaluate("p => p.latentStats.frames") - before >= 20


def test_release_puts_the_place_into_the_link_and_the_link_restores_it(address, page):
    web.ready(page, address)
    drag(page, [(0.5, 0.5), (0.31, 0.62)])
    page.wait_for_function("() => location.search.includes('z=')")
    web.settled(page)
    z, (grey, _) = where(page), picture(page)
    assert page.locator(".st-key-details img").count() >= 5
    page.goto("about:blank")
    web.ready(page, page.evaluate("() => 0") or address + "/?z=" + ",".join(map(str, z)))
    assert where(page) == z
    np.testing.assert_array_equal(picture(page)[0], grey)


def test_keys(address, page):
    web.ready(page, address)
    pad = page.locator(PAD).first
    pad.focus()
    start = where(page)
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1), ("ArrowDown", 1, -1)):
        before = where(page)
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        after = where(page)
        assert (after[axis] - before[axis]) * sign > 0
        assert after[1 - axis] == before[1 - axis]
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(60)
    assert where(page)[0] - start[0] > 0.2
    assert "z1" in pad.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    page.wait_for_timeout(60)
    assert where(page) == [0, 0]
    page.wait_for_timeout(700)  # the release is sent a moment after the last key
    assert "running" not in page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")


def test_double_click_goes_home(address, page):
    web.ready(page, address + "/?z=1,1")
    assert where(page) == [1, 1]
    box = page.locator(PAD).bounding_box()
    page.mouse.dblclick(box["x"] + 80, box["y"] + 80)
    page.wait_for_timeout(200)
    assert where(page) == [0, 0]


def test_far_from_the_data_is_said(address, page):
    web.ready(page, address)
    root = page.locator(".lx-pad").first
    assert "guess" not in root.inner_text()
    drag(page, [(0.5, 0.5), (0.995, 0.005)])
    assert "guess" in root.inner_text()


def test_touch_on_a_phone(address, chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = context.new_page()
    web.ready(page, address)
    overflow = page.evaluate("() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }")
    assert overflow == 0
    for part in (PAD, DECODED):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 844  # whole in the first screen
    box = page.locator(PAD).first.bounding_box()
    page.touchscreen.tap(box["x"] + 40, box["y"] + 60)
    page.wait_for_timeout(100)
    z = where(page)
    assert z[0] < 0 < z[1]
    context.close()


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
    web.settled(page)


def test_a_model_is_sent_once(address, page):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    web.ready(page, address)
    web.settled(page)
    assert sum(received) < 3_500_000
    received.clear()
    for end in (0.2, 0.8, 0.4):
        drag(page, [(0.5, 0.5), (end, 0.5)])
        page.wait_for_timeout(600)
        web.settled(page)
    page.locator('.st-key-explore-model [data-baseweb="select"], .st-key-explore-model [role="combobox"]').first.click()
    page.get_by_role("option", name="Small digits · VAE").first.click()
    page.wait_for_timeout(1500)
    web.settled(page)
    page.locator('.st-key-explore-model [data-baseweb="select"], .st-key-explore-model [role="combobox"]').first.click()
    page.get_by_role("option", name="MNIST digits · VAE").first.click()
    page.wait_for_timeout(1500)
    web.settled(page)
    assert max(received) < 600_000  # the digits' model; MNIST's is 2 MB and did not come again


def test_a_code_of_four_numbers(chromium, tmp_path, digits):
    """k > 2: two dimensions on the pad, the others on sliders."""
    from ae_core import train_run

    config = Config(data="digits", variant="vae", k=4, hidden=(32,), epochs=2)
    for _ in train_run(config, tmp_path / "four", digits):
        pass
    with web.app({"LATENT_RUNS": str(tmp_path)}) as address:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        web.ready(page, address + "/?model=four&z=0.1,0.2,0.3,0.4")
        assert where(page) == [0.1, 0.2, 0.3, 0.4]
        drag(page, [(0.5, 0.5), (0.6, 0.6)])
        page.wait_for_timeout(300)
        z = where(page)
        assert z[2:] == [0.3, 0.4]
        assert z[:2] != [0.1, 0.2]
        page.locator('.lx-pad input[type="range"]').first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
        moved = where(page)
        assert moved[2] > z[2]
        with torch.no_grad():
            expected = load_checkpoint(tmp_path / "four").decode(torch.tensor([moved])).flatten().numpy()
        assert np.abs(picture(page)[1] - expected).max() < 1e-5
        page.close()


def evaluate(page, model, places):
    """The evaluator's decodes, (N, D), of the packed model."""
    import base64

    torch.manual_seed(0)
    codes = {"z": np.random.default_rng(0).normal(size=(20, model.k)).astype(np.float32)}
    blob = base64.b64encode(pack("m", "m", model, codes, extent(codes["z"], True))).decode()
    script = EVALUATOR + "\nreturn ((b, zs) => { const m = parseModel(Uint8Array.from(atob(b), c => c.charCodeAt(0))); return zs.map(z => [...m.decode(z)]) })"
    return np.array(page.evaluate(f"([b, zs]) => (() => {{{script}}})()(b, zs)", [blob, places.tolist()]))


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 8, 8), (2, 15), (1, 64)])
@pytest.mark.parametrize("network", NETWORKS)
def test_evaluator_equals_torch_on_every_network(chromium, network, shape):
    check_evaluator(chromium, Config(data="digits", variant="deep", k=3, network=network, hidden=(6, 4)), shape)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["sigmoid", "tanh", "identity", "clip"])
def test_evaluator_equals_torch_on_every_activation(chromium, activation, output):
    check_evaluator(
        chromium, Config(data="digits", variant="deep", k=3, hidden=(20, 10), activation=activation, output=output, loss="squared-error"), (1, 8, 8)
    )


def check_evaluator(chromium, config, shape):
    torch.manual_seed(0)
    model = Autoencoder(config, shape, (0.0, 1.0)).eval().requires_grad_(False)
    for weights in model.parameters():
        weights.copy_((weights * 3).half().float())
    page = chromium.new_page()
    places = torch.randn(20, 3)
    np.testing.assert_allclose(evaluate(page, model, places.numpy()), model.decode(places).flatten(1).numpy(), atol=1e-5, rtol=1e-5)
    page.close()


def test_evaluator_equals_torch_on_200_places_of_mnist(chromium):
    model = load_checkpoint("mnist-vae-2d")
    page = chromium.new_page()
    places = torch.randn(200, 2, generator=torch.Generator().manual_seed(0)) * 1.5
    assert np.abs(evaluate(page, model, places.numpy()) - model.decode(places).flatten(1).numpy()).max() < 1e-5
    page.close()


def test_each_page_keeps_its_own_model(address, page):
    web.ready(page, address + "/?model=digits-vae-2d")
    for link, part in (("Bottleneck", "model="), ("Explore", "model=digits-vae-2d")):
        page.get_by_role("link", name=link).first.click()
        page.wait_for_timeout(1500)
        web.settled(page)
        assert (part in page.url) == (link == "Explore")
    assert page.locator(PAD).first.get_attribute("aria-label").startswith("Map of the latent space of Small digits")
