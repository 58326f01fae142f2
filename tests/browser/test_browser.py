"""What a person does, in a real browser: drag, touch, keys, links; and the browser's numbers against torch's."""

import numpy as np
import pytest
import torch

from ae_core import Config, load_checkpoint, read_checkpoint
from ae_core.latent.geometry import extent

from ..conftest import visited
from ..support import browser as web
from ..support.pad_hands import DECODED, PAD, drag, picture, where


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


def test_nothing_is_sent_until_what_only_the_server_knows_comes_into_sight(address, page):
    web.ready(page, address)
    web.settled(page)
    details = page.locator(".st-key-details")
    start = len(page.messages)
    assert details.bounding_box()["y"] > page.viewport_size["height"]
    path = [(0.5 + 0.3 * np.cos(a), 0.5 + 0.3 * np.sin(a)) for a in np.linspace(0, 6, 60)]
    before, said = page.url, details.inner_text()
    drag(page, path)
    page.wait_for_function("before => location.href !== before", arg=before)  # the page writes its link alone
    page.wait_for_timeout(300)
    assert page.messages[start:] == []
    assert details.inner_text() == said
    details.evaluate("element => element.scrollIntoView({ block: 'end' })")  # with the map above it
    web.until(page, lambda: len(page.messages) == start + 1)
    web.until(page, lambda: details.inner_text() != said)
    drag(page, [(0.5, 0.9), (0.6, 0.95)])  # now with every release
    web.until(page, lambda: len(page.messages) == start + 2)


def test_a_page_is_left_as_it_was_let_go_though_nothing_was_sent(address, page):
    web.ready(page, address)
    web.settled(page)
    drag(page, [(0.5, 0.5), (0.31, 0.62)])
    z = where(page)
    page.get_by_role("link", name="Bottleneck").first.click()
    page.get_by_test_id("bottleneck-slider").wait_for()
    page.get_by_role("link", name="Explore").first.click()
    page.locator(PAD).first.wait_for()
    web.until(page, lambda: where(page) == z)


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
    web.released(page, lambda: page.keyboard.press("ArrowLeft"))  # a moment after the last key it is in the link
    page.wait_for_function("z => location.search.includes(`z=${z}`)", arg=f"{where(page)[0]:.6g}"[:6])
    assert len(page.messages) == sent


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


@pytest.mark.slow
def test_legend_and_backdrops_are_in_the_link(address, page):
    web.ready(page, address)
    pad = page.locator(".lx-pad").first
    pad.get_by_role("radio", name="Stretch").or_(pad.get_by_role("button", name="Stretch")).first.click()
    page.wait_for_function("() => location.search.includes('backdrop=stretch')")
    pad.locator(".lx-legend [aria-pressed]").nth(3).click()
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


@pytest.mark.slow
def test_each_page_keeps_its_own_model(address, page):
    web.ready(page, address + "/?model=digits-vae-2d")
    for link, part in (("Bottleneck", "model="), ("Explore", "model=digits-vae-2d")):
        web.released(page, page.get_by_role("link", name=link).first.click)
        page.locator(PAD if link == "Explore" else "[data-testid=bottleneck-slider]").first.wait_for()
        assert (part in page.url) == (link == "Explore")
    assert page.locator(PAD).first.get_attribute("aria-label").startswith("Map of the latent space of Small digits")


@pytest.mark.slow
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
