"""The Signals page's live figure: what is packed against numpy, and the figure in a browser. Its rules are tested in
tests/js/detection.test.js.
"""

import ast
import base64
import dataclasses
import json
import pickle

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.anomaly.detection import LatentMap, ModelScores
from ae_core.anomaly.named_rows import named_rows
from ae_core.anomaly.thresholds import HISTORY, Rule
from pages.components.signals import bucket, name_of, pack, pack_detail
from pages.components.signals.packing import DETAIL, SENT

from ..support import browser as web
from ..support.detections import flagged_by, make_detection, with_network

HOSTILE = "<img src=x onerror=alert(1)>"


def unpacked(blob):
    length = int.from_bytes(blob[4:8], "little")
    header, payload = json.loads(blob[8 : 8 + length]), blob[8 + length :]
    arrays = {}
    for name, about in header.pop("arrays").items():
        dtype = np.dtype({"f2": "<f2", "f4": "<f4", "f8": "<f8", "i4": "<i4", "u1": "u1"}[about["dtype"]])
        arrays[name] = np.frombuffer(payload, dtype, int(np.prod(about["shape"])), about["offset"]).reshape(
            about["shape"]
        )
    return header, arrays


# ---- packing ----


def test_a_table_that_fits_travels_as_it_is():
    made = make_detection()
    header, arrays = unpacked(pack(made))
    assert header["every"] == header["parts_every"] == 1
    assert (header["rows"], header["window"], header["step"], header["history"]) == (3000, 12, 300, HISTORY)
    for name, values in (("values", made.values), ("x_hat", made.network.x_hat), ("pca_hat", made.pca.x_hat)):
        np.testing.assert_array_equal(arrays[name], values.T)
    np.testing.assert_array_equal(arrays["score"], made.network.score.astype(np.float32))
    shares = np.nan_to_num(made.network.parts / made.network.score[:, None])
    np.testing.assert_allclose(arrays["parts"], shares, atol=5e-4)
    found = arrays["label"]
    mask = np.zeros(3000, bool)
    for first, end in found:
        mask[first:end] = True
    np.testing.assert_array_equal(mask, made.label)


def test_a_long_table_travels_as_least_and_most():
    rows, channels = SENT // 3 + 5, 1
    values = np.random.default_rng(0).normal(0, 1, (rows, channels)).astype(np.float32)
    values[100:140] = np.nan
    small = make_detection(60, 1)
    flat = np.zeros(rows)
    made = dataclasses.replace(
        small,
        time=None,
        values=values,
        network=ModelScores(values, flat[:, None], flat, small.network.held_out),
        pca=ModelScores(values, flat[:, None], flat, small.pca.held_out),
        label=None,
        latent_map=LatentMap(),
        row_error=None,
    )
    header, arrays = unpacked(pack(made))
    every = header["every"]
    assert every == bucket(rows, channels) > 1
    assert 2 * 3 * arrays["values.low"].size <= SENT
    for i in (0, 3, 100 // every, 140 // every, -1):
        part = values[
            range(rows)[i * every :][:every] if i >= 0 else slice((arrays["values.low"].shape[1] - 1) * every, None), 0
        ]
        low, high = arrays["values.low"][0, i], arrays["values.high"][0, i]
        assert (np.isnan(low) and np.isnan(part).all()) or (low, high) == (np.nanmin(part), np.nanmax(part))
    _, whole = unpacked(pack_detail(header["name"], made, 1000, 1100))
    np.testing.assert_array_equal(whole["values"], values[900:1200].T)
    assert pack_detail(header["name"], made, 0, DETAIL) is None
    assert pack_detail("small", make_detection(), 1000, 1100) is None  # it was sent in full


def test_the_name_is_that_of_the_content():
    made = make_detection()
    assert name_of(pack(made)) == name_of(pack(make_detection()))
    assert name_of(pack(made)) != name_of(pack(make_detection(seed=1)))
    assert name_of(pack(made)) != name_of(pack(dataclasses.replace(made, window=13)))


def test_a_table_without_rows_is_refused():
    with pytest.raises(LatentError, match="nothing to show"):
        pack(dataclasses.replace(make_detection(), values=np.empty((0, 3), np.float32)))


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300, np.nan])
def test_what_is_no_number_is_missing(value):
    made = make_detection()
    score = made.network.score.copy()
    score[700] = value
    assert np.isnan(unpacked(pack(with_network(made, score=score)))[1]["score"][700])


# ---- in a browser ----

SCRIPT = """
import pickle
from pathlib import Path

import streamlit as st

from pages.components.signals import bucket, name_of, pack, pack_detail, signals

st.set_page_config(layout="wide")
HERE = Path(__file__).parent


@st.cache_resource
def made(kind):
    detection = pickle.loads((HERE / f"{kind}.pickle").read_bytes())
    return detection, pack(detection)


def table():
    detection, blob = made(st.query_params.get("kind", "small"))

    def show():
        told = signals(blob, key="signals")
        st.html(f'<p id="told">{[told.threshold, told.normal, told.view]}</p>')

    st.fragment(show)()


other = st.Page(lambda: st.write("Nothing here."), title="Other", url_path="other")
st.navigation([st.Page(table, title="Signals", default=True), other], position="top").run()
"""
KINDS = {
    "small": {},
    "many": {"channels": 200, "rows": 1500},
    "hostile": {"names": (HOSTILE, "<b>bold</b>", "'\"&"), "time": False},
    "unscored": {},
    "parts": {},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signals")
    (folder / "table.py").write_text(SCRIPT, "utf-8")
    for kind, options in KINDS.items():
        made = make_detection(**options)
        if kind == "unscored":
            nothing = np.full_like(made.values, np.nan)
            none = ModelScores(nothing, nothing, nothing[:, 0], np.empty(0))
            made = dataclasses.replace(made, network=none, pca=none, latent_map=LatentMap())
        if kind == "parts":
            share = np.linspace(0, 1, len(made))[:, None]
            made = dataclasses.replace(made, terms=np.float32(np.hstack([share, 1 - share, 0 * share, 0 * share + 2])))
        (folder / f"{kind}.pickle").write_bytes(pickle.dumps(made))
    return folder


@pytest.fixture(scope="module")
def address(chromium, folder):
    with web.forked(script=folder / "table.py") as address:
        yield address


def opened(page, address, kind="small"):
    page.goto(f"{address}/?kind={kind}")
    page.wait_for_function("() => document.querySelector('.lx-sg')?.latentStats?.frames > 0", timeout=60_000)
    web.settled(page, 100)


def figures(page):
    web.next_frame(page)
    return page.evaluate("() => document.querySelector('.lx-sg').figures")


def part(page, name):
    return page.get_by_test_id(name)


def middle(page, name, across=0.5, down=0.5):
    box = part(page, name).bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def heard(page, place, ready):
    """What Python was told, as soon as it is what is awaited."""
    for _ in range(100):
        told = ast.literal_eval(page.locator("#told").inner_text())[place]
        if told is not None and ready(told):
            return told
        page.wait_for_timeout(50)
    return pytest.fail(f"Python heard {told}")


def agrees(page, made):
    """What the page flags is what Python flags for the rule that it shows."""
    shown = figures(page)
    found, flagged = flagged_by(made, Rule(shown["rule"], shown["amount"]))
    assert shown["flagged"] == flagged
    assert [(s["start"], s["end"]) for s in shown["stretches"]] == [(s.start, s.end) for s in found]
    assert (
        part(page, "threshold-slider").get_attribute("aria-valuetext")
        == shown["words"]
        == part(page, "threshold-words").inner_text()
    )
    return shown


def test_the_slider_moves_everything_and_tells_python_once(address, page):
    opened(page, address)
    made, before = make_detection(), agrees(page, make_detection())
    assert before["amount"] == 0.99
    sent = len(page.messages)
    page.mouse.move(*middle(page, "threshold-slider", 0.5))
    page.mouse.down()
    seen = set()
    for across in np.linspace(0.5, 0.9, 12):
        page.mouse.move(*middle(page, "threshold-slider", across))
        seen.add(agrees(page, made)["amount"])
    assert len(seen) > 8
    assert len(page.messages) == sent
    page.mouse.up()
    amount = figures(page)["amount"]
    assert heard(page, 0, lambda told: told["amount"] == amount) == {
        "rule": "quantile",
        "amount": amount,
        "chosen": 0,  # a drag is no choice
    }
    web.settled(page)
    assert len(page.messages) == sent + 1
    assert max(page.evaluate("() => document.querySelector('.lx-sg').latentStats.ms.length"), 0) > 8


def test_the_threshold_is_dragged_in_the_errors_and_in_their_distribution(address, page):
    opened(page, address)
    made = make_detection()
    page.locator("[data-rule=robust]").click()
    assert agrees(page, made)["rule"] == "robust"
    heard(page, 0, lambda told: told["rule"] == "robust")
    before = figures(page)["amount"]
    x, _ = middle(page, "error-track")
    line = page.evaluate("""() => {
      const canvas = document.querySelector('[data-testid=error-track]'),
        { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let row = 30; row < canvas.height; row++) {
        const p = (row * width + 400) * 4;
        if (data[p] > 180 && data[p + 1] < 60 && data[p + 2] > 70) return row;
      }
    }""")
    top = part(page, "error-track").bounding_box()["y"]
    page.mouse.move(x, top + line + 1)
    page.mouse.down()
    page.mouse.move(x, top + line - 20, steps=5)
    assert agrees(page, made)["amount"] > before
    page.mouse.up()
    assert heard(page, 0, lambda told: told["amount"] > before)["rule"] == "robust"
    dragged = figures(page)["amount"]
    page.mouse.move(*middle(page, "error-histogram", 0.9))
    page.mouse.down()
    assert agrees(page, made)["amount"] > dragged
    page.mouse.move(*middle(page, "error-histogram", 0.3), steps=4)
    assert agrees(page, made)["amount"] < dragged
    page.mouse.up()
    page.locator("[data-rule=rolling]").click()
    assert agrees(page, made)["rule"] == "rolling"


def test_keys(address, page):
    opened(page, address)
    part(page, "threshold-slider").focus()
    page.keyboard.press("ArrowRight")
    assert agrees(page, make_detection())["amount"] > 0.99
    page.keyboard.press("End")
    assert agrees(page, make_detection())["amount"] == 0.9999
    heard(page, 0, lambda told: told["amount"] == 0.9999)
    part(page, "signal-lanes").focus()
    page.keyboard.press("+")
    shown = figures(page)
    assert shown["last"] - shown["first"] == pytest.approx(1500)
    page.keyboard.press("ArrowLeft")
    assert figures(page)["first"] == pytest.approx(600)
    assert heard(page, 2, lambda told: told["first"] == 600)["last"] == 2100
    page.keyboard.press("0")
    assert (figures(page)["first"], figures(page)["last"]) == (0, 3000)
    part(page, "normal-end").focus()
    page.keyboard.press("PageDown")
    assert heard(page, 1, lambda told: told != "150:1200") == "150:1050"
    assert part(page, "normal-end").get_attribute("aria-valuenow") == "1050"
    assert (
        part(page, "normal-end").get_attribute("aria-valuetext")
        == str(make_detection().time[1049]).replace("T", " ")[:16]
    )


def test_the_normal_stretch_is_dragged(address, page):
    opened(page, address)
    box, lanes = part(page, "normal-start").bounding_box(), part(page, "signal-lanes").bounding_box()
    sent = len(page.messages)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(lanes["x"] + lanes["width"] * 0.1, box["y"] + 40, steps=5)
    assert len(page.messages) == sent
    page.mouse.up()
    start, end = heard(page, 1, lambda told: True).split(":")
    assert (int(start), int(end)) == (pytest.approx(300, abs=4), 1200)


def test_wheel_and_drag_and_double_click(address, page):
    opened(page, address)
    x, y = middle(page, "signal-lanes", 0.25)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -520)
    web.until(page, lambda: figures(page)["last"] - figures(page)["first"] == pytest.approx(750, rel=0.02))
    shown = figures(page)
    assert shown["first"] + 0.25 * (shown["last"] - shown["first"]) == pytest.approx(
        750, abs=10
    )  # the row under the pointer stays there
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=4)
    page.mouse.up()
    assert figures(page)["first"] < shown["first"] - 20
    first = int(figures(page)["first"])
    heard(page, 2, lambda told: told["first"] == first)
    page.mouse.dblclick(x, y)
    heard(page, 2, lambda told: (told["first"], told["last"]) == (0, 3000))


def test_a_stretch_is_shown_where_it_is_clicked(address, page):
    opened(page, address)
    page.locator("[data-order=peak]").click()
    row = part(page, "stretch-table").locator(".lx-row").first
    best = max(figures(page)["stretches"], key=lambda stretch: stretch["peak"])
    made = make_detection()
    first, end = named_rows(made.own_errors(), best["start"], best["end"], made.window)
    assert best["told"] == [first, end] != [best["start"], best["end"]]
    times = [str(made.time[at]).replace("T", " ")[:16] for at in (first, end - 1, best["start"], best["end"] - 1)]
    assert row.locator(".lx-from").inner_text().split("\n") == [times[0], f"above {times[2][11:]}"]
    assert row.locator(".lx-till").inner_text().split("\n")[0] == times[1]
    row.click()
    web.until(page, lambda: figures(page)["last"] - figures(page)["first"] < 300)  # it glides there
    heard(page, 2, lambda told: told["last"] < 3000)
    shown = figures(page)
    assert shown["first"] < best["start"] < best["end"] < shown["last"]
    assert shown["last"] - shown["first"] < 300
    assert row.get_attribute("aria-selected") == "true"
    blamed = np.argmax(best["blame"])
    assert row.locator("em").first.inner_text() == f"channel {blamed}"
    assert row.locator(".lx-blame > span").first.inner_text().split()[-2] == f"{best['blame'][blamed] * 100:.0f}"
    part(page, "stretch-table").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    part(page, "stretch-table").locator(".lx-row[aria-selected=true][data-n='1']").wait_for()


def test_a_point_of_the_map_shows_its_window(address, page):
    opened(page, address)
    part(page, "signal-map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    made = make_detection()
    web.until(page, lambda: figures(page)["last"] < 100)  # it glides there
    first, end = made.latent_map.at[1], made.latent_map.at[1] + made.window
    times = (str(made.time[row]).replace("T", " ")[:16] for row in (first, end - 1))
    assert part(page, "window-title").inner_text() == "From {} to {}".format(*times)
    shown = figures(page)
    assert shown["first"] <= made.latent_map.at[1] < made.latent_map.at[1] + made.window <= shown["last"] < 100
    for colour in ("error", "cluster", "time"):
        before = part(page, "signal-map").evaluate("c => c.toDataURL()")
        page.locator(f"[data-colour={colour}]").click()
        assert part(page, "signal-map").evaluate("c => c.toDataURL()") != before


def test_lanes_have_axes_with_values(address, page):
    opened(page, address)
    shown, made = figures(page), make_detection()
    for c, ticks in zip(shown["lanes"], shown["ticks"], strict=True):
        assert ticks
        assert all(tick % 5 == 0 for tick in ticks)  # round ones
        both = np.r_[made.values[:, c], made.network.x_hat[:, c]]
        assert np.nanmin(both) <= min(ticks) <= max(ticks) <= np.nanmax(both)


def test_of_many_channels_the_most_to_blame_come_first(address, page):
    opened(page, address, "many")
    shown = figures(page)
    assert len(shown["lanes"]) == 7
    made = make_detection(**KINDS["many"])
    long = np.sum([np.array(s["blame"]) * (s["end"] - s["start"]) for s in shown["stretches"]], 0)
    assert shown["lanes"] == np.argsort(-long, kind="stable")[:7].tolist()
    assert len(made.names) == 200
    page.locator(".lx-scroll").evaluate("box => { box.scrollTop = 1e6 }")
    web.next_frame(page, 3)
    assert figures(page)["lanes"][-1] == np.argsort(-long, kind="stable")[-1]


def test_what_a_score_is_made_of_follows_the_pointer(address, page):
    opened(page, address, "parts")
    assert part(page, "score-parts").inner_text().startswith("Largest error: worst channel")
    shares = []
    for across in (0.3, 0.8):
        page.mouse.move(*middle(page, "error-track", across))
        web.next_frame(page, 2)
        assert part(page, "score-parts").inner_text().startswith("worst channel 0.")
        widths = (
            part(page, "score-parts").locator("i").evaluate_all("all => all.map(bar => parseFloat(bar.style.width))")
        )
        assert sum(widths) == pytest.approx(100, abs=0.1)
        shares.append(widths[0])
    assert shares == pytest.approx([30, 80], abs=3)
    opened(page, address)  # of an older run nothing is known
    assert not part(page, "score-parts").is_visible()


def test_before_a_training_there_are_the_channels_and_what_is_normal(address, page):
    opened(page, address, "unscored")
    assert figures(page)["flagged"] == 0
    assert part(page, "signal-lanes").is_visible()
    for name in ("error-track", "threshold-slider", "stretch-table", "signal-map"):
        assert not part(page, name).is_visible()
    part(page, "normal-start").focus()
    page.keyboard.press("Home")
    assert heard(page, 1, lambda told: True) == "0:1200"


def test_names_from_the_file_stay_text(address, page):
    opened(page, address, "hostile")
    assert page.locator(".lx-sg img, .lx-sg .lx-name b b").count() == 0
    assert page.get_by_text(HOSTILE).count() > 0
    assert "row 0" in part(page, "signal-here").inner_text()


@pytest.mark.slow
def test_a_figure_that_comes_back_still_works(address, page):
    opened(page, address)
    page.get_by_role("link", name="Other").first.click()
    page.get_by_text("Nothing here.").wait_for()
    page.get_by_role("link", name="Signals").first.click()
    page.wait_for_function("() => document.querySelector('.lx-sg')?.latentStats?.frames > 0", timeout=60_000)
    agrees(page, make_detection())


def test_touch_on_a_phone(address, phone):
    opened(phone, address)
    assert (
        phone.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
        == 0
    )
    touch = phone.context.new_cdp_session(phone)
    (ax, y), (bx, _) = middle(phone, "signal-lanes", 0.5), middle(phone, "signal-lanes", 0.7)

    def fingers(kind, *places):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": n} for n, x in enumerate(places)]},
        )

    fingers("touchStart", ax, bx)
    for step in range(1, 6):
        fingers("touchMove", ax - 12 * step, bx + 12 * step)
    fingers("touchEnd")
    shown = figures(phone)
    assert shown["last"] - shown["first"] < 2000
    fingers("touchStart", ax)
    for step in range(1, 6):
        fingers("touchMove", ax - 12 * step)
    fingers("touchEnd")
    assert figures(phone)["first"] > shown["first"]
    picture = part(phone, "signal-lanes").evaluate("c => [c.width / c.clientWidth, c.toDataURL()]")
    assert picture[0] == pytest.approx(2, abs=0.01)
    assert len(base64.b64decode(picture[1].split(",")[1])) > 5000
