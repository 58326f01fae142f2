"""Arithmetic, traversals and samples in a real browser: live, equal to torch, silent until release, restored by their
links.
"""

import csv
import io
import re
import time

import numpy as np
import pytest
import torch
from PIL import Image

from ae_core.io.contact_sheet import GAP
from ae_core.latent.attributes import measured
from pages.sections.interpolate import arithmetic, samples, traversals
from pages.session.models import load_model

from ..support import browser as web

MODELS = [pytest.param("digits-vae-2d", marks=pytest.mark.slow), "mnist-vae-20d"]
DECODED, PAD = '[data-testid="decoded"]', '[data-testid="latent-pad"]'

# In how many of the screen's frames a slider's value changed, and in how many a new picture was drawn.
WATCH = """s => {
  const stats = document.querySelector('[data-testid="latent-pad"]').latentStats;
  const seen = window.seen = { frames: 0, changed: 0, fresh: 0 };
  let value = s.value, drawn = stats.frames;
  stats.ms.length = 0;
  const tick = () => {
    seen.frames += 1;
    if (s.value !== value) { seen.changed += 1; value = s.value }
    if (stats.frames > drawn) { seen.fresh += 1; drawn = stats.frames }
    if (window.seen === seen) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def open_page(page, address, mode, model, link=""):
    web.ready(page, f"{address}/interpolate?mode={mode}&model={model}{link}")
    web.settled(page, 100)
    at_rest(page)


def at_rest(page):
    """Wait until the small pictures have followed."""
    web.still(page)
    web.settled(page)


def moved_from(page, z):
    """Wait until the place on the screen is another one."""
    page.wait_for_function("z => document.querySelector('[data-testid=\"latent-pad\"]').dataset.z !== z", arg=z)


def is_restored(page):
    """What is on the screen comes back by its link, to the last digit."""
    page.wait_for_function("() => /[avs]_[a-z]+=/.test(location.search)")
    web.answered(page)
    url, z, values = (
        page.url,
        page.locator(PAD).get_attribute("data-z"),
        page.locator(DECODED).evaluate("c => [...c.values]"),
    )
    web.ready(page, url)
    web.settled(page)
    assert page.locator(PAD).get_attribute("data-z") == z
    assert page.locator(DECODED).evaluate("c => [...c.values]") == values
    assert page.locator('[data-testid="stAlert"]').count() == 0
    assert page.url == url


def slider(page, name):
    return page.get_by_test_id(name)


def drag(page, name, start, end, seconds=0.7, during=lambda: None):
    """Drag a slider between two fractions of its bar; what `WATCH` saw, and how many messages went out before the
    release.
    """
    element = slider(page, name)
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    x, y = (lambda part: box["x"] + 8 + part * (box["width"] - 16)), box["y"] + box["height"] / 2
    page.mouse.move(x(start), y)
    sent = len(page.messages)
    page.mouse.down()
    web.next_frame(page)
    element.evaluate(WATCH)
    began = time.perf_counter()
    while (part := (time.perf_counter() - began) / seconds) < 1:
        page.mouse.move(x(start + part * (end - start)), y)
    page.mouse.move(x(end), y)
    web.next_frame(page)
    during()
    seen = page.evaluate("() => { const seen = window.seen; window.seen = null; return seen }")
    seen["messages"] = len(page.messages) - sent
    page.mouse.up()
    return seen


def torchs(name, z):
    with torch.no_grad():
        return load_model(name).model.decode(torch.tensor(np.atleast_2d(z), dtype=torch.float32)).numpy()


def place(page, element=PAD):
    return [float(number) for number in page.locator(element).first.get_attribute("data-z").split(",")]


def check(page, canvas, expected):
    """Floats and grey levels of a canvas against torch's picture (H, W)."""
    grey, values = web.picture(canvas)
    assert grey.shape == expected.shape
    assert np.abs(values - expected.ravel()).max() < 1e-5
    assert np.abs(grey / 255 - expected.clip(0, 1)).max() <= 0.5 / 255 + 1e-5


# ---- Arithmetic ----


@pytest.mark.parametrize("model", MODELS)
def test_arithmetic_is_torchs_live_and_silent_until_release(address, page, model):
    open_page(page, address, "arithmetic", model)
    item, vectors = (
        load_model(model),
        {
            part["name"]: np.array(part["vector"])
            for part in arithmetic.attribute_vectors(model, load_model(model).mtime_ns)
        },
    )

    def compare():
        strengths = {name: float(slider(page, f"slider-{name}").input_value()) for name in vectors}
        z = place(page)
        np.testing.assert_allclose(
            z, item.codes["z"][0] + sum(strengths[name] * vectors[name] for name in vectors), atol=1e-5
        )
        after = torchs(model, z)
        check(page, page.locator(DECODED), after[0, 0])
        check(page, page.get_by_test_id("base"), torchs(model, item.codes["z"][0])[0, 0])
        before = torchs(model, item.codes["z"][0])
        np.testing.assert_allclose(
            page.get_by_test_id("difference").evaluate("c => [...c.values]"), (after - before).ravel(), atol=1e-5
        )
        for name in vectors:  # what the page measures is what the core measures
            told = [
                float(text.replace("−", "-"))
                for text in re.findall(r"[−\d.]+", page.get_by_test_id(f"measured-{name}").inner_text())
            ]
            np.testing.assert_allclose(told, [measured(torch.tensor(x))[name][0] for x in (before, after)], atol=0.051)

    compare()
    seen = drag(page, "slider-slant", 0.75, 0.1, during=compare)
    assert seen["messages"] == 0
    assert seen["changed"] >= 2  # a busy machine draws few frames
    assert seen["fresh"] >= 0.9 * seen["changed"]
    page.wait_for_function("() => location.search.includes('a_slant=')")
    drag(page, "slider-width", 0.5, 0.8, during=compare)
    page.wait_for_function("() => location.search.includes('a_width=')")
    is_restored(page)


@pytest.mark.slow
def test_the_same_vector_on_other_digits(address, page):
    model = "mnist-vae-20d"
    open_page(page, address, "arithmetic", model, "&a_thickness=2&a_slant=-1")
    item, vectors = (
        load_model(model),
        {
            part["name"]: np.array(part["vector"])
            for part in arithmetic.attribute_vectors(model, load_model(model).mtime_ns)
        },
    )
    moved = 2 * vectors["thickness"] - vectors["slant"]

    def compare(classes):
        befores, afters = page.get_by_test_id("other-before"), page.get_by_test_id("other")
        assert befores.count() == afters.count() == 8
        for n in range(8):
            z = [
                [float(number) for number in part.nth(n).get_attribute("data-z").split(",")]
                for part in (befores, afters)
            ]
            np.testing.assert_allclose(np.subtract(z[1], z[0]), moved, atol=1e-5)
            for part, code in zip((befores, afters), z, strict=True):
                check(page, part.nth(n), torchs(model, code)[0, 0])
            index = np.abs(item.codes["z"] - z[0]).sum(1).argmin()
            classes.append(int(item.codes["y"][index]))
        return classes

    others = compare([])
    assert len(set(others)) == 8
    assert item.codes["y"][0] not in others
    page.get_by_role("radio", name="its class").click()
    at_rest(page)
    assert set(compare([])) == {int(item.codes["y"][0])}
    before = page.locator(PAD).get_attribute("data-z")
    page.get_by_test_id("strip").get_by_role("button").nth(2).click()  # it becomes the one to start from
    moved_from(page, before)
    page.wait_for_function("() => /a_base=[1-9]/.test(location.search)")


@pytest.mark.slow
def test_a_class_is_added_and_another_taken_away(address, page):
    model = "mnist-vae-20d"
    open_page(page, address, "arithmetic", model, "&a_share=1&a_plus=9&a_minus=7&a_base=0")
    means = [np.array(mean) for mean in arithmetic.class_means(model, load_model(model).mtime_ns)]
    z = load_model(model).codes["z"][0] + means[9] - means[7]
    np.testing.assert_allclose(place(page), z, atol=1e-5)
    check(page, page.locator(DECODED), torchs(model, place(page))[0, 0])


# ---- Traversals ----


def frames(page, i, size):
    return np.array(page.get_by_test_id(f"row-{i}").evaluate("c => [...c.values]")).reshape(9, *size)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_traversals_are_torchs_live_and_silent_until_release(address, page, model):
    open_page(page, address, "traversals", model, "&v_base=3")
    item = load_model(model)
    k, size = item.model.k, item.model.shape[1:]
    assert place(page) == pytest.approx(item.codes["z"][3].tolist(), abs=1e-7)
    kl, _ = traversals.dimensions(model, item.mtime_ns, False)
    rows = [
        int(name.split("-")[1])
        for name in page.locator('[data-testid^="slider-"]').evaluate_all("found => found.map(f => f.dataset.testid)")
    ]
    assert [kl[i - 1] for i in rows] == pytest.approx(sorted(kl, reverse=True), abs=1e-3)
    first, second = rows[:2]

    def compare():
        check(page, page.locator(DECODED), torchs(model, place(page))[0, 0])

    seen = drag(page, f"slider-{first}", 0.5, 0.95, during=compare)
    assert seen["messages"] == 0
    assert seen["changed"] >= 2  # a busy machine draws few frames
    assert seen["fresh"] >= 0.9 * seen["changed"]
    at_rest(page)
    z = np.array(place(page))
    value = float(slider(page, f"slider-{first}").input_value())
    assert z[first - 1] == pytest.approx(value, abs=1e-6)
    for i in {first, second, rows[-1]}:
        along = np.tile(z, (9, 1))
        along[:, i - 1] = np.linspace(-3, 3, 9)
        assert np.abs(frames(page, i, size) - torchs(model, along)[:, 0]).max() < 1e-5
    # The pictures are a slider too.
    box, before = page.get_by_test_id(f"row-{second}").bounding_box(), page.locator(PAD).get_attribute("data-z")
    page.mouse.click(box["x"] + box["width"] / 18, box["y"] + box["height"] / 2)
    moved_from(page, before)
    assert place(page)[second - 1] == -3
    page.wait_for_function("() => location.search.includes('v_z=')")
    assert k > 2 or page.locator(".lx-dead").count() == 0
    assert k == 2 or page.locator(".lx-dead").count() == 20 - item.checkpoint.measures["active_units"]
    is_restored(page)


# ---- Samples ----


def tiles(page, grid):
    return page.locator(f'[data-testid="sample"][data-grid="{grid}"]')


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_samples_are_torchs_live_and_silent_until_release(address, page, model):
    open_page(page, address, "samples", model, "&s_seed=3&s_t=0.8")
    views = [model, samples.matching_model(load_model(model))]
    view = {"seed": 3, "temperature": 0.8}

    def compare(grid):
        item, expected = load_model(views[grid]), samples.drawn_codes(load_model(views[grid]), view, grid)
        for n in (0, 7, 35):
            code = [float(number) for number in tiles(page, grid).nth(n).get_attribute("data-z").split(",")]
            np.testing.assert_array_equal(np.float32(code), expected[n])
            if item.model.range == (0, 1):
                check(page, tiles(page, grid).nth(n), torchs(views[grid], code)[0, 0])
        return expected

    for grid in (0, 1):
        compare(grid)
    seen = drag(
        page,
        "temperature",
        0.4,
        0.85,
        during=lambda: check(page, page.locator(DECODED), torchs(model, place(page))[0, 0]),
    )
    assert seen["messages"] == 0
    assert seen["fresh"] >= 0.9 * seen["changed"] >= 1.8
    at_rest(page)
    web.settled(page)
    view["temperature"] = float(slider(page, "temperature").input_value())
    expected = compare(0)

    # The sheet is the page, pixel for pixel.
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("PNG sheet")).first.click()
    sheet = np.asarray(Image.open(download.value.path()), np.float64)
    for n in range(36):
        grey, _ = web.picture(tiles(page, 0).nth(n))
        h, w = grey.shape
        top, left = n // 6 * (h + GAP), n % 6 * (w + GAP)
        assert np.abs(sheet[top : top + h, left : left + w] - grey).max() <= 1

    # More like this, wider, and back.
    tiles(page, 0).nth(8).click()
    at_rest(page)
    web.settled(page)
    page.wait_for_url(lambda url: "s_like=" in url, timeout=15_000)
    assert tiles(page, 0).first.get_attribute("data-z") == page.locator(PAD).get_attribute("data-z")
    np.testing.assert_array_equal(np.float32(place(page)), expected[8])
    seen = drag(page, "radius", 0.2, 0.6)
    assert seen["messages"] == 0
    at_rest(page)
    web.settled(page)
    url, codes = page.url, [tiles(page, 0).nth(n).get_attribute("data-z") for n in range(36)]
    web.ready(page, url)
    at_rest(page)
    assert page.url == url
    assert [tiles(page, 0).nth(n).get_attribute("data-z") for n in range(36)] == codes
    page.get_by_test_id("back").first.click()
    at_rest(page)
    compare(0)
    before = tiles(page, 0).first.get_attribute("data-z")
    page.get_by_test_id("draw").click()
    page.wait_for_function("before => document.querySelector('[data-testid=sample]').dataset.z !== before", arg=before)
    view["seed"] = 4
    at_rest(page)
    compare(0)


@pytest.mark.slow
def test_signals_come_as_a_table(address, page):
    open_page(page, address, "samples", "sinusoids-vae-2d", "&s_seed=2")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("CSV")).click()
    with open(download.value.path(), encoding="utf-8") as file:
        rows = list(csv.reader(io.StringIO(file.read())))
    assert len(rows) == 37
    for n in (0, 20):
        z = [float(number) for number in tiles(page, 0).nth(n).get_attribute("data-z").split(",")]
        np.testing.assert_array_equal(np.float32(rows[n + 1][1:3]), np.float32(z))
        np.testing.assert_allclose(
            np.float32(rows[n + 1][3:]), tiles(page, 0).nth(n).evaluate("c => [...c.values]"), atol=1e-5
        )


# ---- All three ----


@pytest.mark.slow
def test_the_link_restores_a_signal(address, page):
    open_page(page, address, "traversals", "sinusoids-vae-2d")
    drag(page, "slider-1", 0.5, 0.8)
    is_restored(page)


@pytest.mark.parametrize(
    ("mode", "name", "step"),
    [
        ("arithmetic", "slider-slant", 0.05),
        pytest.param("traversals", "slider-1", 0.05, marks=pytest.mark.slow),
        pytest.param("samples", "temperature", 0.01, marks=pytest.mark.slow),
    ],
)
def test_keys(address, page, mode, name, step):
    open_page(page, address, mode, "digits-vae-2d")
    element = slider(page, name)
    element.focus()
    value, sent, z = float(element.input_value()), len(page.messages), page.locator(PAD).get_attribute("data-z")
    page.keyboard.press("ArrowRight")
    moved_from(page, z)
    assert float(element.input_value()) == pytest.approx(value + step)
    page.keyboard.press("ArrowRight")
    assert len(page.messages) == sent  # the release of a key is a pause
    if mode == "samples":  # how many of its samples look real Python alone knows
        web.until(page, lambda: len(page.messages) > sent)
        return
    page.wait_for_function("() => /[av]_[a-z]+=/.test(location.search)")
    assert len(page.messages) == sent  # the page has written its link itself
    is_restored(page)


@pytest.mark.slow
def test_a_grid_by_keys(address, page):
    open_page(page, address, "samples", "digits-vae-2d")
    tiles(page, 0).first.locator("xpath=..").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    web.next_frame(page)
    assert page.locator(PAD).get_attribute("data-z") == tiles(page, 0).nth(7).get_attribute("data-z")
    chosen = tiles(page, 0).nth(7).get_attribute("data-z")
    page.keyboard.press("Enter")
    at_rest(page)
    assert tiles(page, 0).first.get_attribute("data-z") == chosen


@pytest.mark.parametrize(
    ("mode", "model"),
    [
        ("arithmetic", "mnist-vae-20d"),
        *(
            pytest.param(mode, model, marks=pytest.mark.slow)
            for mode in ("traversals", "samples")
            for model in ("mnist-vae-20d", "sinusoids-vae-2d")
        ),
    ],
)
def test_on_a_phone(address, phone, mode, model):
    open_page(phone, address, mode, model)
    assert (
        phone.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        == 0
    )
    box = phone.locator(DECODED).bounding_box()
    assert box["y"] + box["height"] <= 844
    name = {"arithmetic": "slider-slant", "traversals": "slider-1", "samples": "temperature"}[mode]
    element = slider(phone, name)
    element.scroll_into_view_if_needed()
    box, z = element.bounding_box(), phone.locator(PAD).get_attribute("data-z")
    phone.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    moved_from(phone, z)
