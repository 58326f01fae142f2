"""Morph and four corners in a real browser: the slider, the map, the pad, drawing; and the page's numbers against
torch's.
"""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image

from ae_core import load_checkpoint, read_checkpoint
from ae_core.latent.morph import FRAMES, Morph
from ae_core.latent.paths import classes_along, slerp

from ..conftest import visited
from ..support import browser as web

STEP = 1 / 255
SLOW = pytest.mark.slow
MODELS = [pytest.param("mnist-vae-2d", marks=SLOW), "mnist-vae-20d", pytest.param("sinusoids-vae-2d", marks=SLOW)]


def opened(page, address, **link):
    page.goto(f"{address}/interpolate?" + "&".join(f"{key}={value}" for key, value in link.items()))
    page.wait_for_function(
        "() => document.querySelector('[data-testid=decoded]')?.values"
        " && document.querySelector('[data-testid=latent-pad]').dataset.z",
        timeout=60_000,
    )
    web.settled(page, 100)


def part(page, name):
    return page.get_by_test_id(name)


def z_of(page):
    return [float(number) for number in part(page, "latent-pad").get_attribute("data-z").split(",")]


def set_t(page, t):
    """As with the keys: the browser's own events."""
    part(page, "t-slider").fill(f"{t:g}")
    web.next_frame(page)


def t_of(page):
    return float(part(page, "t-slider").input_value())


def shown(page, name="decoded"):
    """The floats behind a canvas."""
    return np.array(part(page, name).evaluate("c => [...c.values]"))


def torchs(name, z):
    with torch.no_grad():
        return load_checkpoint(name).decode(torch.tensor(np.array([z], np.float32))).flatten().numpy()


def compare(page, name):
    """The canvas is torch's decode of data-z; gives z."""
    z = z_of(page)
    expected = torchs(name, z)
    np.testing.assert_allclose(shown(page), expected, atol=1e-4)
    if name != "sinusoids-vae-2d":
        grey = web.picture(part(page, "decoded"))[0]
        assert grey.shape == (28, 28)
        assert np.abs(grey.ravel() / 255 - expected).max() <= 0.5 * STEP + 1e-5
    return z


def codes(name):
    return read_checkpoint(name).codes()["z"].astype(float)


def in_link(page, text):
    page.wait_for_function("text => decodeURIComponent(location.search).includes(text)", arg=text)


# In how many of the screen's frames the value changed, and in how many a new picture was drawn.
WATCH = """([element, stats, value]) => {
  const read = new Function("e", "return " + value);
  const seen = window.seen = { changed: 0, fresh: 0 };
  let last = read(element), drawn = stats.latentStats.frames;
  const tick = () => {
    if (read(element) !== last) { seen.changed += 1; last = read(element) }
    if (stats.latentStats.frames > drawn) { seen.fresh += 1; drawn = stats.latentStats.frames }
    if (window.seen === seen) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def swept(page, element, stats, value, start, end, steps=60):
    """Press at the first of two fractions of the box, move to the other, let go; (frames in which the value changed,
    fresh ones, messages before the release).
    """
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    at = [np.array([box["x"] + x * box["width"], box["y"] + y * box["height"]]) for x, y in (start, end)]
    page.mouse.move(*at[0])
    web.settled(page)
    sent = len(page.messages)
    page.mouse.down()
    web.next_frame(page)
    page.evaluate(WATCH, [element.element_handle(), stats.element_handle(), value])
    for n in range(1, steps + 1):
        page.mouse.move(*(at[0] + n / steps * (at[1] - at[0])))
        web.next_frame(page, 1)
    web.next_frame(page)
    seen = page.evaluate("() => { const seen = window.seen; window.seen = null; return seen }")
    messages = len(page.messages) - sent
    page.mouse.up()
    return seen["changed"], seen["fresh"], messages


# ---- Morph
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=MODELS)
def morph(profile, address, request):
    """The page with a model's morph, for the tests that move t and choose paths."""
    with visited(profile) as page:
        page.model = request.param
        opened(page, address, model=page.model)
        yield page


def ends_of(page):
    """The codes of A and B."""
    return part(page, "latent-pad").evaluate("pad => ['a', 'b'].map((key) => pad.route.ends[key].z)")


def choose(page, path, even=False):
    """Choose a path and its steps; gives its ends, and the points of the geodesic."""
    page.locator(f'[data-name="{path}"]').click()
    part(page, "even").set_checked(even)
    web.settled(page)
    page.wait_for_function("() => document.querySelector('[data-testid=latent-pad]').route.geodesic()")
    points = part(page, "latent-pad").evaluate("pad => pad.route.geodesic()")
    return [np.array(values) for values in (*ends_of(page), points)]


DIGITS = pytest.mark.parametrize("morph", MODELS[:2], indirect=True)


def test_t_moves_live_and_nothing_is_sent_until_release(morph):
    page, name, slider = morph, morph.model, part(morph, "t-slider")
    changed, fresh, messages = swept(page, slider, slider, "e.value", (0.5, 0.5), (0.9, 0.5))
    assert messages == 0
    assert changed >= 8
    assert fresh >= 0.9 * changed
    in_link(page, f"t={t_of(page):g}")
    compare(page, name)


def test_pictures_are_torchs_along_every_path(morph):
    page, name = morph, morph.model
    for path in ("straight", "spherical", "geodesic"):
        button = page.locator(f'[data-name="{path}"]')
        if path == "spherical" and name != "mnist-vae-20d":
            assert button.is_disabled()
            assert button.get_attribute("title")
            continue
        a, b, points = choose(page, path)
        for t in (0, 0.13, 0.5, 0.987, 1):
            set_t(page, t)
            z = compare(page, name)
            np.testing.assert_allclose(z, Morph(a, b, path, points).at(np.array([t]))[0], atol=1e-9)
            blend = (1 - t) * torchs(name, a) + t * torchs(name, b)
            np.testing.assert_allclose(shown(page, "blend"), blend, atol=1e-4)


@DIGITS
def test_the_ends_are_the_reconstructions_to_the_last_digit(morph):
    ends = choose(morph, "geodesic", even=True)[:2]
    for t, end in enumerate(ends):
        set_t(morph, t)
        assert z_of(morph) == end.tolist()
        np.testing.assert_array_equal(shown(morph), shown(morph, "blend"))
    assert ends[0].tolist() in codes(morph.model).tolist()


@DIGITS
def test_even_steps_are_the_cores(morph):
    a, b, _ = choose(morph, "straight", even=True)
    evened = Morph(a, b).evened(load_checkpoint(morph.model))
    for t in (0.21, 0.5, 0.9):
        set_t(morph, t)
        np.testing.assert_allclose(z_of(morph), evened.at(np.array([t]))[0], atol=1e-4)
        compare(morph, morph.model)


@DIGITS
def test_the_band_says_what_the_core_says(morph):
    a, b, _ = choose(morph, "straight")
    checkpoint = read_checkpoint(morph.model)
    z, y = checkpoint.codes()["z"], checkpoint.codes()["y"]
    along = classes_along(
        Morph(a, b).at(np.linspace(0, 1, 101)), z[: 100_000 // z.shape[1]], y[: 100_000 // z.shape[1]]
    )
    words = part(morph, "words").inner_text().split(";")[0].split(" → ")
    assert words[0] == checkpoint.classes[along.classes[0]]
    expected = [
        f"{checkpoint.classes[along.classes[n]]} at {'t = ' if n == along.changes[0] else ''}{n / 100:.2f}"
        for n in along.changes
    ]
    assert words[1:] == expected
    assert ("never outside" in part(morph, "words").inner_text()) == (not along.off_data.any())


@DIGITS
def test_the_gifs_frames_are_the_pages(morph):
    choose(morph, "geodesic", even=True)
    with morph.expect_download() as download:
        morph.get_by_role("button", name="GIF").click()
    image = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert image.n_frames == 2 * FRAMES - 2
    for n in (0, 7, 20, FRAMES - 1):
        set_t(morph, n / (FRAMES - 1))
        image.seek(n)
        frame = np.array(image.convert("L"))[::8, ::8]
        assert np.abs(frame - web.picture(part(morph, "decoded"))[0]).max() <= 1


@pytest.mark.slow
def test_slerp_in_the_page_is_the_cores(address, page):
    for seed, over in ((0, ""), (1, 1)):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=(2, 20)).round(4) * (1 if seed else 2)
        link = {"a": "z" + ",".join(map(str, a)), "b": "z" + ",".join(map(str, b)), "path": "spherical"} | (
            {"over": 1} if over else {}
        )
        opened(page, address, model="mnist-vae-20d", **link)
        for t in (-0.4, 0.1, 0.5, 0.77, 1.5) if over else (0.1, 0.5, 0.77):
            set_t(page, t)
            np.testing.assert_allclose(z_of(page), slerp(a, b, [t])[0], atol=1e-12)


@pytest.mark.slow
def test_where_the_path_leaves_the_data_is_said(address, page):
    opened(page, address, b="z5,4")
    codes_of = read_checkpoint("mnist-vae-2d").codes()
    a, _ = ends_of(page)
    off = classes_along(
        Morph(np.array(a), np.array([5.0, 4.0])).at(np.linspace(0, 1, 101)), codes_of["z"], codes_of["y"]
    ).off_data
    edges = np.flatnonzero(np.diff(np.concatenate([[False], off, [False]]).astype(int)))
    stretches = [
        f"from {first / 100:.2f} to {(last - 1) / 100:.2f}" if last - first > 1 else f"at {first / 100:.2f}"
        for first, last in edges.reshape(-1, 2)
    ]
    assert part(page, "words").inner_text().endswith("; outside the data " + " and ".join(stretches))
    set_t(page, 1)
    assert "guess" in part(page, "here").inner_text()


@pytest.mark.slow
def test_a_and_b_are_dragged_on_the_map_and_the_link_brings_everything_back(address, page):
    opened(page, address)
    pad = part(page, "latent-pad")
    start = z_of(page)
    changed, fresh, messages = swept(
        page, pad, part(page, "t-slider"), "e.dataset.z", (0.8, 0.15), (0.75, 0.8)
    )  # far from A, B and the dot: A comes along
    assert messages == 0
    assert changed >= 8
    assert fresh >= 0.9 * changed
    in_link(page, "a=z")
    page.get_by_test_id("another-b").click()
    page.locator('[data-name="geodesic"]').click()
    page.get_by_text("even steps").click()
    web.settled(page)
    set_t(page, 0.3)
    in_link(page, "t=0.3")
    web.answered(page)
    z, picture = compare(page, "mnist-vae-2d"), shown(page)
    assert z != start
    thumbs = page.locator(".lx-thumb").evaluate_all("cs => cs.map(c => [...c.values])")
    page.reload()
    page.wait_for_function("() => document.querySelector('[data-testid=latent-pad]')?.dataset.z")
    page.wait_for_function("() => document.querySelector('[data-testid=latent-pad]').route.geodesic()")
    web.settled(page)
    np.testing.assert_allclose(z_of(page), z, atol=1e-6)
    np.testing.assert_allclose(shown(page), picture, atol=1e-5)
    assert page.locator('[data-name="geodesic"]').get_attribute("aria-checked") == "true"
    assert part(page, "even").is_checked()
    np.testing.assert_allclose(
        page.locator(".lx-thumb").evaluate_all("cs => cs.map(c => [...c.values])"), thumbs, atol=1e-6
    )


@pytest.mark.slow
def test_the_dot_is_dragged_along_the_path_and_many_numbers_take_the_nearest_code(address, page):
    opened(page, address, model="mnist-vae-20d")
    box = part(page, "latent-pad").bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    web.settled(page)
    set_t(page, 0)
    assert z_of(page) in codes("mnist-vae-20d").tolist()
    in_link(page, "a=")
    opened(page, address)
    ends = ends_of(page)
    checkpoint = read_checkpoint("mnist-vae-2d")
    from ae_core.latent.geometry import extent

    map_box = extent(checkpoint.codes()["z"], True)

    def place(z):
        return [
            (z[0] - map_box.low[0]) / (map_box.high[0] - map_box.low[0]),
            1 - (z[1] - map_box.low[1]) / (map_box.high[1] - map_box.low[1]),
        ]

    at = [place((1 - t) * np.array(ends[0]) + t * np.array(ends[1])) for t in (0.5, 0.3)]
    swept(page, part(page, "latent-pad"), part(page, "t-slider"), "e.dataset.z", *at)
    assert t_of(page) == pytest.approx(0.3, abs=0.02)
    assert ends_of(page) == ends


def test_keys(address, page):
    opened(page, address)
    part(page, "t-slider").focus()
    page.keyboard.press("ArrowRight")
    web.next_frame(page)
    assert t_of(page) > 0.5
    page.keyboard.press("End")
    web.next_frame(page)
    assert t_of(page) == 1
    in_link(page, "t=1")
    pad = part(page, "latent-pad")
    set_t(page, 0)
    pad.focus()
    before = z_of(page)
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("Shift+ArrowLeft", 0, -1)):
        page.keyboard.press(key)
        web.next_frame(page)
        after = z_of(page)
        assert (after[axis] - before[axis]) * sign > 0
        before = after
    in_link(page, "a=z")
    assert "A at" in pad.get_attribute("aria-valuetext")
    page.locator('[data-name="straight"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.locator('[data-name="geodesic"]').get_attribute("aria-checked") == "true"


@pytest.mark.slow
def test_play_loop_and_frames(address, page):
    opened(page, address)
    sent = len(page.messages)
    part(page, "loop").click()
    part(page, "play").click()
    first = t_of(page)
    web.until(page, lambda: t_of(page) != first)
    assert len(page.messages) == sent
    part(page, "play").click()
    in_link(page, "t=")
    page.locator(".lx-strip button").nth(3).click()
    web.next_frame(page)
    assert t_of(page) == pytest.approx(0.3)
    compare(page, "mnist-vae-2d")
    np.testing.assert_array_equal(shown(page), page.locator(".lx-strip canvas").nth(3).evaluate("c => [...c.values]"))
    page.get_by_text("overshoot").click()
    web.settled(page)
    frames = page.locator(".lx-strip button:visible")
    assert frames.count() == 9
    assert [frames.nth(n).get_attribute("data-end") for n in range(9)] == ["", "", "A", "", "", "", "B", "", ""]
    frames.nth(8).click()
    web.next_frame(page)
    assert t_of(page) == 1.5
    compare(page, "mnist-vae-2d")


@pytest.mark.slow
def test_a_drawn_digit_becomes_an_end_where_torch_puts_it(address, page):
    opened(page, address, t=0)
    page.get_by_test_id("draw-a").click()
    page.wait_for_selector('[data-lx-received="mnist-vae-2d:encoder"]', state="attached", timeout=30_000)
    web.settled(page)
    sheet = part(page, "draw-pad").bounding_box()
    at = lambda x, y: (sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"])  # noqa: E731
    sent, seen = len(page.messages), set()
    page.mouse.move(*at(0.5, 0.15))
    page.mouse.down()
    for n in range(40):
        page.mouse.move(*at(0.5 + 0.25 * math.sin(n / 39 * 6.28), 0.5 - 0.35 * math.cos(n / 39 * 6.28)))
        web.next_frame(page)
        seen.add(tuple(z_of(page)))
    assert len(seen) > 10
    assert len(page.messages) == sent
    page.mouse.up()
    in_link(page, "a=z")
    pixels = np.array(part(page, "draw-pad").evaluate("c => [...c.pixels]"), np.float32) / 255
    with torch.no_grad():
        wanted = load_checkpoint("mnist-vae-2d").encode(torch.tensor(pixels).view(1, 1, 28, 28))[0].numpy()
    np.testing.assert_allclose(z_of(page), wanted, atol=1e-4)
    compare(page, "mnist-vae-2d")
    part(page, "clear").focus()
    page.keyboard.press("Escape")
    assert part(page, "sheet").is_hidden()


@pytest.mark.slow
def test_a_phone_has_it_whole_without_sideways_scroll(address, phone):
    for link in ({}, {"mode": "corners"}, {"model": "sinusoids-vae-2d"}):
        opened(phone, address, **link)
        assert (
            phone.evaluate(
                "() => { const m = document.querySelector('[data-testid=stMain]');"
                " return m.scrollWidth - m.clientWidth }"
            )
            == 0
        )
        for name in ("decoded", "latent-pad"):
            box = part(phone, name).bounding_box()
            assert box["y"] + box["height"] <= 844
        pad = part(phone, "latent-pad").bounding_box()
        before = z_of(phone)
        phone.touchscreen.tap(pad["x"] + 40, pad["y"] + 30)
        web.next_frame(phone)
        assert z_of(phone) != before


# ---- Four corners
# --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_the_pad_mixes_four_codes_live(address, page, name):
    opened(page, address, model=name, mode="corners", corners="3,1,4,15")
    pad, four = part(page, "latent-pad"), codes(name)[[3, 1, 4, 15]]
    changed, fresh, messages = swept(page, pad, pad, "e.dataset.z", (0.5, 0.5), (0.3, 0.75))
    assert messages == 0
    assert changed >= 8
    assert fresh >= 0.9 * changed
    in_link(page, "at=")
    z = compare(page, name)
    u, v = 0.25, 0.8125  # a tile's middle stands for the place that it shows
    np.testing.assert_allclose(z, [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v] @ four, atol=0.02)
    box = pad.bounding_box()
    for x, y, corner in ((0.02, 0.02, 0), (0.98, 0.02, 1), (0.02, 0.98, 2), (0.98, 0.98, 3)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        web.next_frame(page)
        np.testing.assert_allclose(z_of(page), four[corner], atol=1e-12)
    web.settled(page)
    assert part(page, "mix").inner_text().split()[-2:] == ["100", "%"]


@pytest.mark.slow
def test_corners_keys_shuffle_and_link(address, page):
    opened(page, address, mode="corners", model="digits-vae-2d", corners="3,1,4,15", at="0.25,0.75")
    four = codes("digits-vae-2d")[[3, 1, 4, 15]]
    np.testing.assert_allclose(z_of(page), [0.1875, 0.0625, 0.5625, 0.1875] @ four, atol=1e-12)
    pad = part(page, "latent-pad")
    pad.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    web.next_frame(page)
    in_link(page, "at=0.26,0.65")
    assert "A (" in pad.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    web.next_frame(page)
    np.testing.assert_allclose(z_of(page), four.mean(0), atol=1e-12)
    part(page, "shuffle").click()
    page.wait_for_function("() => !decodeURIComponent(location.search).includes('corners=3,1,4,15')")
    web.answered(page)
    z = z_of(page)
    page.reload()
    page.wait_for_function("() => document.querySelector('[data-testid=latent-pad]')?.dataset.z")
    np.testing.assert_allclose(z_of(page), z, atol=1e-9)
    labels = {page.locator(f"[data-testid=class-{corner}]").input_value() for corner in "abcd"}
    assert len(labels) == 4
