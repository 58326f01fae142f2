"""The film of a training in a real browser: what the slider shows against the bytes, live and afterwards, and what the
server hears.
"""

import re

import numpy as np
import pytest

from ..support import browser as web

# A page of the test's own. How many of the epochs are known stands in a file beside it, so that a test lets them
# arrive.
SCRIPT = """
import base64
from pathlib import Path

import numpy as np
import streamlit as st

from ae_core.latent.payload import pack_snapshots
from pages.components.replay import replay
from pages.components.channel import send_snapshots

st.set_page_config(layout="wide")
HERE = Path(__file__).parent


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def film():
    kind, live = st.query_params.get("kind", "image"), "live" in st.query_params
    with np.load(HERE / f"{kind}.npz") as held:
        found = dict(held)
    known = int((HERE / "known").read_text()) if live else len(found["epochs"])

    def show():
        nonlocal known
        if live:
            known = int((HERE / "known").read_text())
        run, epochs = f"run {kind} {live}", found["epochs"][:known].tolist()
        chunks = range(0, known, 4)
        for n, start in enumerate(chunks):
            part = slice(start, min(known, start + 4))
            send_snapshots(run, n, pack_snapshots(run, n, epochs[part], found["maps"][part], found["pictures"][part]))
        image = kind == "image"
        data = {
            "run": run, "title": "A run", "epochs_total": 30, "chunks": len(chunks),
            "live": live and known < len(found["epochs"]),
            "k": 1 if kind == "strip" else 2, "map_title": "z1 / z2", "axes": ["z1", "z2"], "gaussian": image,
            "classes": ["zero", "one", "<b>two</b>"] if image else None,
            "labels": text(found["labels"]) if image else None,
            "factors": [{"name": "frequency", "unit": "cycles", "values": text(found["maps"][-1, :, 0].astype("<f4"))}],
            "inputs": text((found["inputs"] * 255).round().astype("u1") if image else found["inputs"].astype("<f4")),
            "inputs_shape": list(found["inputs"].shape),
            "range": [0, 1] if image else None,
            "epoch": int(st.query_params["epoch"]) if "epoch" in st.query_params else None, "revision": 0,
        }
        view = replay(data, key=f"replay-{kind}")
        st.html(f'<p id="view">{view["epoch"] if view else "nothing"}</p>')

    st.fragment(show, run_every=0.5 if live else None)()


other = st.Page(lambda: st.write("Nothing here."), title="Other", url_path="other")
st.navigation([st.Page(film, title="Film", default=True), other], position="top").run()
"""
EPOCHS = [1, 2, 3, 4, 6, 8, 10, 14, 18, 22, 26, 30]
N, M = 300, 6


def make(kind):
    """Epochs of a training that was never done: the points swing and spread, the pictures get clear."""
    random = np.random.default_rng(0)
    shape = (1, 8, 8) if kind == "image" else (2, 15)
    grown = np.array(EPOCHS)[:, None, None] / 30
    end, start = random.uniform(-2.5, 2.5, (N, 2)), random.normal(0, 0.2, (N, 2))
    maps = start * (1 - grown) + end * grown + 0.3 * np.sin(6 * grown) * end[:, ::-1]
    inputs = random.uniform(0, 1, (M, *shape)) * (1 if kind == "image" else 4)
    return {
        "epochs": np.array(EPOCHS),
        "maps": maps.clip(-2.9, 2.9),
        "pictures": grown.reshape(-1, 1, *[1] * len(shape)) * inputs,
        "inputs": inputs,
        "labels": random.integers(0, 3, N).astype("u1"),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay")
    (folder / "film.py").write_text(SCRIPT, "utf-8")
    (folder / "known").write_text("0", "utf-8")
    for kind in ("image", "signal", "strip"):
        np.savez(folder / f"{kind}.npz", **make(kind))
    return folder


@pytest.fixture(scope="module")
def address(chromium, folder):
    with web.forked(script=folder / "film.py") as address:
        yield address


def part(page, name):
    return page.get_by_test_id(name)


def drawn(page):
    page.wait_for_function(
        "() => document.querySelector('[data-testid=replay-map]')?.latentStats?.frames > 0", timeout=60_000
    )


def opened(page, address, **link):
    page.goto(address + "/?" + "&".join(f"{key}={value}" for key, value in link.items()))
    drawn(page)
    web.settled(page, 100)


def at(page):
    return part(page, "replay-map").evaluate("c => c.epoch")


def rests(page, epoch):
    """It comes to rest there, and the label says so."""
    page.wait_for_function(
        "e => document.querySelector('[data-testid=replay-map]').epoch === e", arg=epoch, timeout=10_000
    )
    web.next_frame(page)
    assert part(page, "epoch-label").inner_text() == f"epoch {epoch} of 30"
    assert float(part(page, "epoch-slider").input_value()) == epoch


def heard(page, epoch):
    """Python was told this epoch."""
    page.wait_for_function("e => document.querySelector('#view')?.textContent === e", arg=str(epoch), timeout=10_000)


def expected(values, epoch):
    """Linear between the epochs that were measured."""
    flat = values.reshape(len(values), -1)
    return np.array([np.interp(epoch, EPOCHS, column) for column in flat.T])


def check_map(page, kind="image"):
    epoch, positions = part(page, "replay-map").evaluate("c => [c.epoch, [...c.positions]]")
    np.testing.assert_allclose(positions, expected(make(kind)["maps"].astype("<f2").astype(float), epoch), atol=1e-5)
    return epoch


def check_pictures(page, epoch, kind="image"):
    values = part(page, "replay-pictures").evaluate("c => [...c.values]")
    np.testing.assert_allclose(
        values, expected(make(kind)["pictures"], epoch), atol=0.51 / 255 if kind == "image" else 2e-3
    )


def place(page, epoch):
    """Where the thumb's middle is at an epoch: in proportion to its number."""
    box = part(page, "epoch-slider").bounding_box()
    return box["x"] + 12 + (epoch - 1) / 29 * (box["width"] - 24), box["y"] + box["height"] / 2


@pytest.mark.parametrize("kind", ["image", "signal", "strip"])
def test_the_points_are_where_the_bytes_say(address, page, kind):
    opened(page, address, kind=kind)
    rests(page, 30)
    assert check_map(page, kind) == 30
    check_pictures(page, 30, kind)
    page.mouse.move(*place(page, 30))
    page.mouse.down()
    for wanted in (26, 24, 12, 2.5, 1):
        page.mouse.move(*place(page, wanted))
        web.next_frame(page)
        assert check_map(page, kind) == pytest.approx(wanted, abs=0.1)
    page.mouse.up()
    rests(page, 1)
    check_map(page, kind)
    check_pictures(page, 1, kind)


def test_the_points_are_drawn_there(address, page):
    """Canvas pixels; with a Gaussian code the box is the prior's three circles and 6 % more."""
    opened(page, address)
    rests(page, 30)
    alpha = part(page, "replay-map").evaluate(
        """(c) => [
          [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 == 3),
          c.width,
        ]"""
    )
    alpha = np.array(alpha[0]).reshape(-1, alpha[1])
    x, y = ((make("image")["maps"][-1] * [1, -1] + 3.18) / 6.36 * len(alpha)).astype(int).T
    assert (alpha[y, x] > 100).mean() > 0.99
    assert (alpha > 100).mean() < 0.3
    painted = part(page, "replay-pictures").evaluate(
        """(c) =>
          [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]
            .filter((_, i) => i % 4 == 3).some((a) => a)"""
    )
    assert painted


def test_nothing_is_sent_while_sliding_and_one_message_on_release(address, page):
    opened(page, address)
    before = len(page.messages)
    page.mouse.move(*place(page, 30))
    page.mouse.down()
    frames = part(page, "replay-map").evaluate("c => c.latentStats.frames")
    for epoch in np.linspace(30, 8.7, 60):
        page.mouse.move(*place(page, epoch))
    web.until(page, lambda: part(page, "replay-map").evaluate("c => c.latentStats.frames") - frames >= 20)
    web.settled(page)
    assert len(page.messages) == before
    page.mouse.up()
    rests(page, 8)  # an epoch that was measured
    heard(page, 8)
    web.settled(page)
    assert len(page.messages) == before + 1


def test_a_link_leads_to_an_epoch(address, page):
    opened(page, address, epoch=14)
    rests(page, 14)
    check_map(page)
    opened(page, address, epoch=16)  # was not kept: 14 and 18 are as near
    assert at(page) in (14, 18)


@pytest.mark.slow
def test_keys(address, page):
    opened(page, address)
    slider = part(page, "epoch-slider")
    slider.focus()
    for key, epoch in (
        ("ArrowLeft", 26),
        ("ArrowDown", 22),
        ("ArrowRight", 26),
        ("Home", 1),
        ("ArrowLeft", 1),
        ("ArrowUp", 2),
        ("PageUp", 3),
        ("PageDown", 2),
    ):
        page.keyboard.press(key)
        rests(page, epoch)
        assert slider.get_attribute("aria-valuetext") == f"epoch {epoch} of 30"
    heard(page, 2)
    before = len(page.messages)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]').epoch > 4")
    assert part(page, "play").get_attribute("aria-label") == "Pause"
    page.keyboard.press("Space")
    web.until(page, lambda: at(page) in EPOCHS)
    assert part(page, "play").get_attribute("aria-label") == "Play"
    heard(page, int(at(page)))
    assert len(page.messages) == before + 1
    page.keyboard.press("End")
    rests(page, 30)
    heard(page, None)
    assert "after epoch 30 of 30" in part(page, "replay-map").get_attribute("aria-label")


# What is on the map at each of the screen's frames: a busy machine may not let the test look more than a few times.
EACH_FRAME = "c => { window.seen = []; const look = () => { seen.push(c.epoch); requestAnimationFrame(look) }; look() }"


@pytest.mark.slow
def test_it_plays_to_the_end(address, page):
    opened(page, address)
    part(page, "speed").select_option("4")
    before = len(page.messages)
    part(page, "play").click()
    part(page, "replay-map").evaluate(EACH_FRAME)
    while part(page, "play").get_attribute("aria-label") == "Pause":
        check_map(page)
        web.next_frame(page)
    rests(page, 30)
    seen = page.evaluate("() => window.seen")
    assert len(set(seen)) > 5
    assert seen == sorted(seen)
    assert any(epoch not in EPOCHS for epoch in seen)
    assert len(page.messages) == before  # where it was before: nothing to tell


@pytest.mark.slow
def test_who_wants_less_motion_sees_epochs_only(address, page):
    page.emulate_media(reduced_motion="reduce")
    opened(page, address)
    part(page, "epoch-slider").focus()
    page.keyboard.press("Home")
    web.next_frame(page)
    assert at(page) == 1  # at once
    part(page, "play").click()
    maps = make("image")["maps"].astype("<f2").astype(np.float32).reshape(len(EPOCHS), -1)
    for _ in range(10):
        web.next_frame(page, 4)
        positions = np.array(part(page, "replay-map").evaluate("c => [...c.positions]"))
        assert np.abs(maps - positions).max(1).min() < 1e-6


@pytest.mark.slow
def test_a_live_training_is_followed_until_the_hand_moves(address, page, folder):
    known = folder / "known"
    known.write_text("0", "utf-8")
    page.goto(address + "/?live=1")
    page.get_by_text("The first epoch is on its way").wait_for(timeout=60_000)
    assert part(page, "epoch-slider").is_disabled()
    height = page.locator(".lx-replay").bounding_box()["height"]
    known.write_text("1", "utf-8")
    rests_on_page = "e => document.querySelector('[data-testid=replay-map]')?.epoch === e"
    page.wait_for_function(rests_on_page, arg=1)
    assert page.locator(".lx-replay").bounding_box()["height"] == height  # nothing jumps
    known.write_text("3", "utf-8")
    rests(page, 3)
    known.write_text("6", "utf-8")  # a second chunk
    rests(page, 8)
    assert part(page, "live").get_attribute("aria-pressed") == "true"
    assert float(part(page, "epoch-slider").get_attribute("max")) == 30  # as long as the training will be
    page.mouse.move(*place(page, 8))
    page.mouse.down()
    page.mouse.move(*place(page, 3))
    page.mouse.up()
    rests(page, 3)
    heard(page, 3)
    reached = "e => e.style.getPropertyValue('--lx-known')"
    before = part(page, "epoch-slider").evaluate(reached)
    known.write_text("8", "utf-8")
    web.until(page, lambda: part(page, "epoch-slider").evaluate(reached) != before)
    rests(page, 3)
    assert part(page, "live").get_attribute("aria-pressed") == "false"
    page.mouse.move(*place(page, 3))
    page.mouse.down()
    page.mouse.move(*place(page, 28))  # where it has not been yet
    web.next_frame(page)
    assert at(page) == 14
    page.mouse.move(*place(page, 6))
    page.mouse.up()
    rests(page, 6)
    part(page, "live").click()
    rests(page, 14)
    known.write_text("12", "utf-8")
    rests(page, 30)
    check_map(page)
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-testid=live]')).visibility === 'hidden'"
    )
    assert page.locator(".lx-replay").bounding_box()["height"] == height
    known.write_text("2", "utf-8")  # a new training under the same name: nothing of the old one is left
    rests(page, 2)
    page.mouse.click(*place(page, 22))
    rests(page, 2)
    check_map(page)


@pytest.mark.slow
def test_a_film_that_comes_back_still_works(address, page):
    opened(page, address)
    for _ in range(2):
        page.get_by_role("link", name="Other").first.click()
        page.get_by_text("Nothing here.").wait_for()
        page.get_by_role("link", name="Film").first.click()
        drawn(page)
        web.settled(page)
        rests(page, 30)
        part(page, "epoch-slider").focus()
        page.keyboard.press("Home")
        rests(page, 1)
        check_map(page)
        check_pictures(page, 1)


def test_colours(address, page):
    """By class or by a factor; the scale leaves out one percent at each end. Python hears nothing of it."""
    opened(page, address)
    shot = "c => c.toDataURL()"
    by_class, before = part(page, "replay-map").evaluate(shot), len(page.messages)
    assert part(page, "replay-caption").inner_text() == "300 held-out samples"
    part(page, "replay-colour").select_option("frequency")
    web.next_frame(page)
    factor = make("image")["maps"][-1, :, 0]
    low, high = np.quantile(factor, 0.01, method="lower"), np.quantile(factor, 0.99, method="higher")
    words = part(page, "replay-caption").inner_text().split("frequency")[1].replace("−", "-")
    ends = [float(end) for end in re.findall(r"[-\d.]+", words)]
    np.testing.assert_allclose(ends, [low, high], atol=0.0051)
    assert part(page, "replay-map").evaluate(shot) != by_class
    part(page, "replay-colour").select_option("class")
    web.next_frame(page)
    assert part(page, "replay-map").evaluate(shot) == by_class
    assert len(page.messages) == before
    opened(page, address, kind="signal")
    assert not part(page, "replay-colour").is_visible()  # nothing to choose


@pytest.mark.parametrize("kind", ["image", pytest.param("signal", marks=pytest.mark.slow)])
def test_touch_on_a_phone(address, phone, kind):
    opened(phone, address, kind=kind)
    assert (
        phone.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        == 0
    )
    for name in ("replay-map", "replay-pictures", "epoch-slider", "epoch-label", "play"):
        box = part(phone, name).bounding_box()
        assert box["y"] + box["height"] <= 844  # whole in the first screen
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    phone.touchscreen.tap(*place(phone, 10))
    rests(phone, 10)
    heard(phone, 10)
    check_map(phone, kind)
