"""For everybody: axe on every page, contrast of what is drawn, the keyboard alone, calm motion, phones, first hints,
present mode.
"""

import importlib.resources
import itertools
import json
import re

import pytest

from ae_core.jobs.queue import jobs

from ..support import browser as web

DECODED = "[data-testid=decoded]"
FIGURES = {  # of each page: what shows that its figure is drawn
    "": DECODED,
    "bottleneck": DECODED,
    "interpolate": DECODED,
    "train": "[data-testid=replay-map]",
    "signals": "[data-testid=error-track]",
    "variants": DECODED,
    "runs": "[data-testid=stDataFrame] canvas",
}
DESKTOP, PHONE, SMALL = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 700}
CARD = ".lx-first"
CONTROLS = {  # of each page but Runs: what its hint is about, keys that move it, and where the move is seen
    "": ("latent-pad", ["ArrowRight"], "e => e.dataset.z"),
    "bottleneck": ("bottleneck-slider", ["ArrowRight", "Home"], "e => e.value"),
    "interpolate": ("t-slider", ["PageUp"], "e => e.value"),
    "train": ("epoch-slider", ["Home"], "e => e.getAttribute('aria-valuetext')"),
    "signals": (
        "threshold-slider",
        ["ArrowLeft"],
        "() => document.querySelector('[data-testid=threshold-words]').textContent",
    ),
    "variants": ("amount", ["ArrowRight"], "e => e.value"),
}
OURS = ":is(.lx-pad, .lx-bn, .lx-mo, .lx-replay, .lx-sg, .lx-var, .lx-more, .lx-head, .lx-ask, .lx-first, .lx-present)"

# Streamlit's own, which nothing here can change: (rule, where it is found).
STREAMLITS = [
    (
        "scrollable-region-focusable",
        "[data-testid=stTable]",
    ),  # a table that is wider than a phone cannot be given a tabindex
    ("scrollable-region-focusable", ".katex-display"),  # nor can a formula
]

# Every text on a canvas, with the colour that lies most under it at that moment.
SPY = """() => {
  const { prototype } = CanvasRenderingContext2D, { fillText } = prototype;
  const parse = (colour) => { const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true }); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data] };
  const behind = (element) => { for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c } return [255, 255, 255, 255] };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] / 255 + below[i] * (1 - top[3] / 255));
  const light = (rgb) => { const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  window.texts = [];
  prototype.fillText = function (text, x, y, ...more) {
    if (this.canvas.isConnected && this.canvas.checkVisibility() && !this.canvas.closest('[data-testid=stDataFrame]')) { // Streamlit's table has no setting for its pale cells
      const m = this.measureText(text), t = this.getTransform(), at = [x - m.actualBoundingBoxLeft, y - m.actualBoundingBoxAscent], size = [m.width, m.actualBoundingBoxAscent + m.actualBoundingBoxDescent];
      const { data } = this.getImageData(at[0] * t.a + t.e, at[1] * t.d + t.f, Math.max(1, size[0] * t.a), Math.max(1, size[1] * t.d)), seen = new Map();
      for (let i = 0; i < data.length; i += 4) { const key = data.slice(i, i + 4).join(); seen.set(key, (seen.get(key) ?? 0) + 1) }
      const under = over([...seen].sort((a, b) => b[1] - a[1])[0][0].split(',').map(Number), behind(this.canvas)), ink = parse(this.fillStyle);
      ink[3] *= this.globalAlpha;
      const [a, b] = [light(over(ink, under)), light(under)].sort((p, q) => q - p);
      window.texts.push({ text: String(text), contrast: (a + 0.05) / (b + 0.05), large: parseFloat(this.font.match(/[\\d.]+px/)[0]) >= 24, where: this.canvas.dataset.testid ?? this.canvas.className });
    }
    return fillText.call(this, text, x, y, ...more);
  };
}"""

# How high each element with a key is, at its least and at its most, in the frames that show the title, and with it the
# style.
HEIGHTS = """() => {
  window.heights = {};
  const look = () => {
    if (document.querySelector('.lx-head')) for (const e of document.querySelectorAll('.stElementContainer[class*=st-key-]')) {
      const { height } = e.getBoundingClientRect(), key = e.className.match(/st-key-\\S+/)[0], [low, high] = window.heights[key] ?? [height, height];
      window.heights[key] = [Math.min(low, height), Math.max(high, height)];
    }
    requestAnimationFrame(look);
  };
  look();
}"""

# The element that has the focus, also inside a shadow root: what it is, where, and how it shows that it has it.
FOCUS = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), ring = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none';
  const parts = [[e, null], [e, '::after'], [e.parentElement, null]];
  return { tag: e.tagName, name: e.dataset.testid ?? e.getAttribute('aria-label') ?? e.textContent.slice(0, 30), ours: !!e.closest(OURS), root: e.closest(OURS)?.className ?? '',
    left: box.left, top: box.top + (document.querySelector('[data-testid=stMain]')?.scrollTop ?? 0), ring: parts.some(([part, pseudo]) => ring(getComputedStyle(part, pseudo))), seen: e.checkVisibility() && box.width > 0 };
}""".replace("OURS", json.dumps(OURS))


def open_page(page, address: str, path: str, figure: str | None = None) -> None:
    page.goto(f"{address}/{path}")
    page.wait_for_selector(figure or FIGURES[path.split("?")[0]], timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.lx-wait')].every((e) => !e.checkVisibility() || !e.textContent)",
        timeout=60_000,
    )
    web.settled(page, 100)


@pytest.fixture(scope="module", params=FIGURES, ids=lambda path: path or "explore")
def shown(profile, address, request):
    """A page of the app that these tests share, in their order, opened where motion is unwanted; each leaves it as
    large and as light as it wants.
    """
    page = profile.new_page()
    page.path, page.messages = request.param, []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: page.messages.append(data)))
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(f"({SPY})()")
    page.add_init_script(f"({HEIGHTS})()")
    open_page(page, address, page.path)
    box = page.locator(FIGURES[page.path]).first.locator("xpath=ancestor::*[contains(@class, 'stElementContainer')]")
    page.height = box.bounding_box()["height"]
    page.heights = page.evaluate("key => window.heights[key]", re.search(r"st-key-\S+", box.get_attribute("class"))[0])
    yield page
    page.evaluate("() => localStorage.clear()")
    page.close()


@pytest.fixture
def fresh(page):
    """A page of one's own, to be opened with `open_page`."""
    return page


def look(page, viewport: dict, scheme: str = "light") -> None:
    # One after the other: at both at once some texts are drawn in the new size with the old scheme's colours.
    page.set_viewport_size(viewport)
    page.wait_for_timeout(150)  # until the figures have taken the new size
    web.settled(page, 0)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_timeout(100)
    web.settled(page, 0)


def test_a_figure_has_its_room_before_it_is_drawn_and_nothing_else_has(shown):
    assert all(0.75 < height / shown.height < 1.25 for height in shown.heights), (
        shown.heights,
        shown.height,
    )  # what is below would jump
    roomy = "() => [...document.querySelectorAll('.stElementContainer')].filter((e) => parseFloat(getComputedStyle(e).minHeight) > 300).map((e) => e.className)"
    assert all("st-key-morph-path-" in name for name in shown.evaluate(roomy))  # that one is never seen


# ---- axe and contrast ----


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        (DESKTOP, "light"),
        (PHONE, "dark"),
        pytest.param(DESKTOP, "dark", marks=pytest.mark.slow),
        pytest.param(PHONE, "light", marks=pytest.mark.slow),
    ],
    ids=lambda v: v if isinstance(v, str) else v["width"],
)
def test_axe_finds_nothing_serious_and_what_is_on_canvases_can_be_read(shown, viewport, scheme):
    look(shown, viewport, scheme)  # another size or scheme draws everything anew
    assert shown.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme") == scheme
    texts = shown.evaluate("() => window.texts.splice(0)")
    assert texts or shown.path in ("runs", "variants")  # which write nothing on a canvas
    poor = {
        (text["where"], text["text"], round(text["contrast"], 2))
        for text in texts
        if text["contrast"] < (3 if text["large"] else 4.5)
    }
    assert not poor
    shown.evaluate("() => document.querySelectorAll('details.lx-ask').forEach((e) => { e.open = true })")
    if not shown.evaluate("() => !!window.axe"):
        shown.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = shown.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    bad = [
        (rule["id"], node["target"], node["html"][:200], node["failureSummary"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if not any(
            rule["id"] == known
            and shown.evaluate("([e, w]) => !!document.querySelector(e)?.closest(w)", [node["target"][0], where])
            for known, where in STREAMLITS
        )
    ]
    assert not bad, "\n".join(map(str, bad))


# ---- phones ----


@pytest.mark.parametrize("viewport", [pytest.param(PHONE, marks=pytest.mark.slow), SMALL], ids=["390", "320"])
def test_no_page_scrolls_sideways_and_fingers_find_every_control(shown, viewport):
    look(shown, viewport)
    for element in ("document.scrollingElement", "document.querySelector('[data-testid=stMain]')"):
        assert shown.evaluate(f"() => {element}.scrollWidth") <= viewport["width"]
    small = shown.evaluate(
        """(ours) => [...document.querySelectorAll(`${ours} :is(button, select, summary, input, [role=slider], [role=application])`)].filter((e) => e.checkVisibility() && getComputedStyle(e).visibility !== 'hidden').flatMap((e) => {
          const box = (e.type === 'checkbox' ? e.closest('label') : e).getBoundingClientRect();
          return box.width && (box.width < 23.9 || box.height < 23.9) ? [[e.dataset.testid ?? e.getAttribute('aria-label') ?? e.textContent, box.width, box.height]] : [];
        })""",
        OURS,
    )
    assert not small
    main = {"bottleneck-slider", "t-slider", "epoch-slider", "threshold-slider"}
    for name in main & set(
        shown.evaluate("() => [...document.querySelectorAll('[data-testid]')].map((e) => e.dataset.testid)")
    ):
        assert shown.get_by_test_id(name).bounding_box()["height"] >= 44


# ---- the keyboard ----


def to_the_top(page) -> None:
    """Leave what has the focus: Tab begins anew."""
    page.evaluate(
        "() => { document.activeElement?.blur(); document.querySelector('[data-testid=stMain]').scrollTop = 0; getSelection().removeAllRanges() }"
    )
    page.mouse.click(2, 2)


def stops(page, most: int = 150) -> list[dict]:
    """Where Tab goes, from the top of the page until it leaves it."""
    to_the_top(page)
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None and found:
            break
        if stop:
            found.append(stop)
    return found


@pytest.mark.slow
def test_tab_reaches_every_control_in_the_order_of_the_page_with_a_ring(shown):
    look(shown, DESKTOP)
    found = stops(shown)
    ours = [stop for stop in found if stop["ours"]]
    expected = shown.evaluate(
        """(ours) => [...document.querySelectorAll(`${ours} :is(button, select, summary, input, [tabindex])`)].filter((e) => e.checkVisibility() && getComputedStyle(e).visibility !== 'hidden' && !e.disabled && e.tabIndex >= 0).length""",
        OURS,
    )
    assert len(ours) == expected
    assert not [stop["name"] for stop in ours if not stop["ring"]]
    for before, after in itertools.pairwise(ours):
        if before["root"] == after["root"]:  # down, or to the right
            assert after["top"] > before["top"] - 12 or after["left"] > before["left"], (before, after)


@pytest.mark.slow
def test_escape_leaves_a_pad(fresh, address):
    open_page(fresh, address, "")
    pad = fresh.get_by_test_id("latent-pad")
    pad.focus()
    fresh.keyboard.press("ArrowRight")
    fresh.keyboard.press("Escape")
    assert fresh.evaluate("() => document.activeElement === document.body")


def reach(page, name: str) -> None:
    """Press Tab until the control of this test id, or an element of this class, has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("n => !!document.activeElement?.closest(`[data-testid='${n}'], .${n}`)", name):
            return
    pytest.fail(f"Tab does not come to {name}")


@pytest.mark.slow
def test_the_keyboard_alone_chooses_a_variant_and_moves_its_knob(fresh, address):
    open_page(fresh, address, "variants")
    heading = fresh.locator(".lx-head h1").inner_text()
    reach(fresh, "st-key-variants-variant")
    fresh.keyboard.press("Enter")
    fresh.wait_for_function("h => document.querySelector('.lx-head h1').innerText !== h", arg=heading)
    web.settled(fresh)
    fresh.wait_for_selector(DECODED)
    for _ in range(60):
        fresh.keyboard.press("Tab")
        if fresh.evaluate(
            "() => !!document.activeElement.closest('.lx-var') && document.activeElement.matches('input[type=range], [role=application]')"
        ):
            break
    before = fresh.locator(DECODED).evaluate("e => [...e.values]")
    fresh.keyboard.press("ArrowRight")
    fresh.wait_for_timeout(300)
    assert fresh.locator(DECODED).evaluate("e => [...e.values]") != before


@pytest.mark.slow
def test_the_keyboard_alone_ticks_a_run(fresh, address):
    open_page(fresh, address, "runs")
    fresh.locator(CARD).wait_for()
    for _ in range(40):
        fresh.keyboard.press("Tab")
        if fresh.evaluate("() => !!document.activeElement?.closest('[data-testid=stDataFrame]')"):
            break
    maps = fresh.locator("[data-testid=stPlotlyChart]").count()
    for key in ("ArrowDown", "ArrowDown", "Shift+Space"):
        fresh.keyboard.press(key)
    fresh.wait_for_function("n => document.querySelectorAll('[data-testid=stPlotlyChart]').length !== n", arg=maps)
    assert not fresh.locator(CARD).is_visible()


@pytest.mark.slow
def test_the_keyboard_alone_trains_and_stops(fresh, address, runs, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(runs))
    open_page(
        fresh,
        address,
        "train?data=digits&variant=vae&hidden=32,16&epochs=100000&batch_size=256",
        ".st-key-train-start button",
    )
    reach(fresh, "st-key-train-start")
    fresh.keyboard.press("Enter")
    fresh.wait_for_url(re.compile("run="), timeout=30_000)
    try:
        fresh.wait_for_selector(".st-key-run-stop button", timeout=30_000)
        reach(fresh, "st-key-run-stop")
        fresh.keyboard.press("Enter")
        fresh.wait_for_function(
            "() => /stopped/.test(document.querySelector('.st-key-run-head')?.innerText)", timeout=60_000
        )
    finally:
        for folder in runs.iterdir():
            if (folder / "config.json").exists():
                jobs.stop(folder)


# ---- calm ----


def test_nothing_moves_by_itself_where_motion_is_unwanted(shown):
    ours = "e => e.effect?.target?.closest?.('OURS')".replace("OURS", OURS)
    assert shown.evaluate(f"() => document.getAnimations().filter({ours}).length") == 0
    picture = "() => [...document.querySelectorAll('canvas')].filter((c) => c.checkVisibility() && !c.closest('[data-testid=stDataFrame]')).map((c) => c.width && c.toDataURL()).join()"
    before = shown.evaluate(picture)
    shown.wait_for_timeout(600)
    assert shown.evaluate(picture) == before


@pytest.mark.slow
@pytest.mark.parametrize(("path", "name"), [("interpolate", "t-slider"), ("train?epoch=1", "epoch-slider")])
def test_what_is_played_on_demand_still_plays(fresh, address, path, name):
    fresh.emulate_media(reduced_motion="reduce")
    open_page(fresh, address, path)
    before = fresh.get_by_test_id(name).input_value()
    fresh.get_by_test_id("play").click()
    fresh.wait_for_function("([n, v]) => document.querySelector(`[data-testid=${n}]`).value !== v", arg=[name, before])


# ---- the first visit ----


def test_a_hint_is_there_once_and_covers_nothing_that_is_moved(shown):
    look(shown, DESKTOP)
    card = shown.locator(CARD)
    card.wait_for()
    assert card.count() == 1
    assert re.fullmatch(r"[^.?!]+[.?!]", card.locator("span").inner_text())
    if shown.path not in ("", "runs"):  # the dot and the table are in the middle of what it lies over or above
        a, b = card.bounding_box(), shown.get_by_test_id(CONTROLS[shown.path][0]).first.bounding_box()
        assert a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1


def test_a_hint_that_was_dismissed_stays_away_and_the_others_do_not(page, address):
    open_page(page, address, "bottleneck")
    card, figure = page.locator(CARD), page.locator(DECODED).first
    card.wait_for()
    box, frames = figure.bounding_box(), len(page.messages)
    card.get_by_role("button").click()
    assert not card.is_visible()
    assert figure.bounding_box() == box  # nothing jumps
    assert len(page.messages) == frames
    open_page(page, address, "interpolate")
    card.wait_for()
    open_page(page, address, "bottleneck")
    assert not card.is_visible()


@pytest.mark.slow
def test_a_hint_is_dismissed_also_where_the_browser_keeps_nothing(profile, address):
    page = profile.new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied') } })"
    )
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)) if "hint" in str(error) else None)
    open_page(page, address, "")
    page.locator(CARD).wait_for()
    page.get_by_test_id("latent-pad").click()
    page.locator(CARD).wait_for(state="hidden")
    web.settled(page)
    assert not page.locator(CARD).is_visible()
    assert not errors
    web.park(page)


# ---- the question ----


def test_every_page_asks_one_question_that_a_click_answers(shown):
    look(shown, DESKTOP)
    asked = shown.locator("details.lx-ask")
    asked.first.wait_for()
    assert asked.count() == 1
    asked.evaluate("e => { e.open = false }")
    assert (
        asked.locator("summary").inner_text().strip().endswith("?")
        or "Read it off" in asked.locator("summary").inner_text()
    )
    assert not asked.locator("p").is_visible()
    asked.locator("summary").focus()
    shown.keyboard.press("Enter")
    assert asked.locator("p").is_visible()
    assert len(asked.locator("p").inner_text()) > 20


# ---- what each page is there for, with the keyboard alone ----


def moves(page, name: str, key: str, state: str) -> None:
    reach(page, name)
    element = page.get_by_test_id(name).first
    before, said = element.evaluate(state), element.get_attribute("aria-valuetext")
    page.keyboard.press(key)
    page.keyboard.press(key)
    page.wait_for_timeout(150)  # some frames
    assert element.evaluate(state) != before
    assert element.get_attribute("aria-valuetext") != said or said is None
    web.settled(page)
    assert element.evaluate(state) != before  # nothing takes it back
    assert element.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize(
    "shown", CONTROLS, ids=lambda path: path or "explore", indirect=True
)  # in the order of FIGURES
def test_the_keyboard_alone_moves_the_figure_and_that_dismisses_the_hint(shown):
    look(shown, DESKTOP)
    to_the_top(shown)
    card, box = shown.locator(CARD), shown.locator(FIGURES[shown.path]).first.bounding_box()
    card.wait_for()
    name, keys, state = CONTROLS[shown.path]
    for key in keys:
        moves(shown, name, key, state)
        to_the_top(shown)
    assert not card.is_visible()
    assert shown.locator(FIGURES[shown.path]).first.bounding_box() == box  # nothing jumps


@pytest.mark.slow
def test_the_keyboard_alone_mixes_four_codes(fresh, address):
    open_page(fresh, address, "interpolate?mode=corners")
    moves(fresh, "latent-pad", "ArrowUp", "e => e.getAttribute('aria-valuetext')")


# ---- present mode ----

SIZES = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]


def area(page, path: str) -> float:
    box = page.locator(FIGURES[path] if path != "runs" else "[data-testid=stPlotlyChart]").first.bounding_box()
    return box["width"] * box["height"]


@pytest.mark.slow
def test_presenting_shows_the_figure_alone_and_leaving_restores(shown):
    path = shown.path
    look(shown, SIZES[0])
    to_the_top(shown)
    header = shown.locator("[data-testid=stHeader]")
    before = area(shown, path)
    shown.keyboard.press("p")
    shown.wait_for_url(re.compile("present=1"))
    header.wait_for(state="hidden")
    web.settled(shown)
    for size in SIZES:
        shown.set_viewport_size(size)
        shown.wait_for_timeout(200)
        assert shown.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= size["width"]
        if path != "runs":
            box = shown.locator(FIGURES[path]).first.bounding_box()
            assert box["y"] + box["height"] <= size["height"]  # whole, with nothing to scroll
    shown.set_viewport_size(SIZES[0])
    shown.wait_for_timeout(200)
    for hidden in (
        "[data-testid=stFileUploader]",
        "[data-testid=stSelectbox]",
        "[data-testid=stExpander]",
    ):
        assert not [e for e in shown.locator(hidden).all() if e.is_visible()]
    shown.keyboard.press("Escape")
    header.wait_for()
    web.settled(shown)
    shown.wait_for_url(lambda url: "present" not in url, timeout=15_000)
    assert area(shown, path) == before


def test_what_is_presented_is_live_and_the_link_keeps_the_rest(fresh, address):
    fresh.set_viewport_size(SIZES[1])
    open_page(fresh, address, "?present=1&backdrop=manifold")
    pad = fresh.get_by_test_id("latent-pad")
    assert fresh.locator("[data-testid=stHeader]").is_hidden()
    box, frames = pad.bounding_box(), pad.evaluate("e => e.latentStats.frames")
    fresh.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    fresh.mouse.down()
    fresh.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25, steps=8)
    fresh.wait_for_timeout(100)
    z = [float(number) for number in pad.get_attribute("data-z").split(",")]
    assert pad.evaluate("e => e.latentStats.frames") > frames
    low, high = float(pad.get_attribute("aria-valuemin")), float(pad.get_attribute("aria-valuemax"))
    assert z[0] == pytest.approx(
        low + 0.75 * (high - low), abs=0.02 * (high - low)
    )  # under the pointer, however large it is
    fresh.mouse.up()
    fresh.wait_for_url(re.compile("z="))
    web.settled(fresh)
    fresh.get_by_test_id("present").click()
    fresh.locator("[data-testid=stHeader]").wait_for()
    fresh.wait_for_url(lambda url: "present" not in url, timeout=15_000)
    fresh.wait_for_url(lambda url: "backdrop=manifold" in url, timeout=15_000)
    fresh.wait_for_url(lambda url: "z=" in url, timeout=15_000)
