"""For everybody: axe on every page, contrast of what is drawn, the keyboard alone, calm motion, phones, first hints,
present mode.
"""

import itertools
import json
import re

import pytest

from ..support import browser as web
from ..support.access import (
    CARD,
    CONTROLS,
    DECODED,
    DESKTOP,
    FIGURES,
    HEIGHTS,
    OURS,
    PHONE,
    SMALL,
    SPY,
    look,
    moves,
    open_page,
    stops,
    to_the_top,
)
from ..support.axe import serious


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


def test_a_figure_has_its_room_before_it_is_drawn_and_nothing_else_has(shown):
    assert all(0.75 < height / shown.height < 1.25 for height in shown.heights), (
        shown.heights,
        shown.height,
    )  # what is below would jump
    roomy = """() =>
      [...document.querySelectorAll('.stElementContainer')]
        .filter((e) => parseFloat(getComputedStyle(e).minHeight) > 300)
        .map((e) => e.className)"""
    assert all("st-key-morph-path-" in name for name in shown.evaluate(roomy))  # that one is never seen


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
    assert texts or shown.path in ("runs", "variants?variant=denoising")  # which write nothing on a canvas
    poor = {
        (text["where"], text["text"], round(text["contrast"], 2))
        for text in texts
        if text["contrast"] < (3 if text["large"] else 4.5)
    }
    assert not poor
    shown.evaluate("() => document.querySelectorAll('details.lx-ask').forEach((e) => { e.open = true })")
    bad = serious(shown)
    assert not bad, "\n".join(map(str, bad))


@pytest.mark.parametrize("viewport", [pytest.param(PHONE, marks=pytest.mark.slow), SMALL], ids=["390", "320"])
def test_no_page_scrolls_sideways_and_fingers_find_every_control(shown, viewport):
    look(shown, viewport)
    for element in ("document.scrollingElement", "document.querySelector('[data-testid=stMain]')"):
        assert shown.evaluate(f"() => {element}.scrollWidth") <= viewport["width"]
    small = shown.evaluate(
        """(ours) =>
          [...document.querySelectorAll(
            `${ours} :is(button, select, summary, input, [role=slider], [role=application])`,
          )]
            .filter((e) => e.checkVisibility() && getComputedStyle(e).visibility !== 'hidden')
            .flatMap((e) => {
              const box = (e.type === 'checkbox' ? e.closest('label') : e).getBoundingClientRect();
              return box.width && (box.width < 23.9 || box.height < 23.9)
                ? [[e.dataset.testid ?? e.getAttribute('aria-label') ?? e.textContent, box.width, box.height]]
                : [];
            })""",
        OURS,
    )
    assert not small
    main = {"bottleneck-slider", "t-slider", "epoch-slider", "threshold-slider"}
    for name in main & set(
        shown.evaluate("() => [...document.querySelectorAll('[data-testid]')].map((e) => e.dataset.testid)")
    ):
        assert shown.get_by_test_id(name).bounding_box()["height"] >= 44


@pytest.mark.slow
def test_tab_reaches_every_control_in_the_order_of_the_page_with_a_ring(shown):
    look(shown, DESKTOP)
    found = stops(shown)
    ours = [stop for stop in found if stop["ours"]]
    expected = shown.evaluate(
        """(ours) =>
          [...document.querySelectorAll(`${ours} :is(button, select, summary, input, [tabindex])`)].filter(
            (e) => e.checkVisibility() && getComputedStyle(e).visibility !== 'hidden' && !e.disabled && e.tabIndex >= 0,
          ).length""",
        OURS,
    )
    assert len(ours) == expected
    assert not [stop["name"] for stop in ours if not stop["ring"]]
    for before, after in itertools.pairwise(ours):
        if before["root"] == after["root"]:  # down, or to the right
            assert after["top"] > before["top"] - 12 or after["left"] > before["left"], (before, after)


def test_nothing_moves_by_itself_where_motion_is_unwanted(shown):
    ours = "e => e.effect?.target?.closest?.('OURS')".replace("OURS", OURS)
    assert shown.evaluate(f"() => document.getAnimations().filter({ours}).length") == 0
    picture = """() =>
      [...document.querySelectorAll('canvas')]
        .filter((c) => c.checkVisibility() && !c.closest('[data-testid=stDataFrame]'))
        .map((c) => c.width && c.toDataURL())
        .join()"""
    before = shown.evaluate(picture)
    web.next_frame(shown, 36)
    assert shown.evaluate(picture) == before


@pytest.mark.slow
@pytest.mark.parametrize(("path", "name"), [("interpolate", "t-slider"), ("train?epoch=1", "epoch-slider")])
def test_what_is_played_on_demand_still_plays(fresh, address, path, name):
    fresh.emulate_media(reduced_motion="reduce")
    open_page(fresh, address, path)
    before = fresh.get_by_test_id(name).input_value()
    fresh.get_by_test_id("play").click()
    fresh.wait_for_function("([n, v]) => document.querySelector(`[data-testid=${n}]`).value !== v", arg=[name, before])


def test_a_hint_is_there_once_and_covers_nothing_that_is_moved(shown):
    look(shown, DESKTOP)
    card = shown.locator(CARD)
    card.wait_for()
    assert card.count() == 1
    assert re.fullmatch(r"[^.?!]+[.?!]", card.locator("span").inner_text())
    if shown.path not in ("", "runs"):  # the dot and the table are in the middle of what it lies over or above
        a, b = card.bounding_box(), shown.get_by_test_id(CONTROLS[shown.path][0]).first.bounding_box()
        assert a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1


@pytest.mark.slow
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


def test_every_page_asks_one_question_that_is_guessed_before_it_is_answered(shown):
    look(shown, DESKTOP)
    asked = shown.locator("details.lx-ask")
    asked.first.wait_for()
    assert asked.count() == 1
    step = json.loads(asked.get_attribute("data-step"))
    answer = asked.locator("[role=status] p")
    shown.evaluate("() => sessionStorage.removeItem('latent-explorer-questions')")
    asked.evaluate("e => { e.open = false }")
    assert asked.locator("summary").inner_text().strip().endswith("?")
    asked.locator("summary").focus()
    shown.keyboard.press("Enter")
    guess = asked.get_by_test_id("question-guess")
    guess.wait_for()
    assert not answer.is_visible()
    if step["guess"] == "slider":
        guess.focus()
        shown.keyboard.press("End" if step["right"] != [step["high"]] else "Home")
        asked.get_by_test_id("question-check").focus()
    else:
        guess.get_by_role("button").nth((int(step["right"][0]) + 1) % len(step["choices"])).focus()
    shown.keyboard.press("Enter")
    assert answer.is_visible()
    assert answer.inner_text().startswith("Not quite")
    assert len(answer.inner_text()) > 40
    if step["guess"] == "choose":  # the guess stands beside what is right
        assert asked.locator("button.lx-mine:not(.lx-so)").count() == asked.locator("button.lx-so").count() == 1
    else:
        assert asked.locator("i").is_visible()


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
        web.still(shown)
        assert shown.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= size["width"]
        if path != "runs":
            box = shown.locator(FIGURES[path]).first.bounding_box()
            assert box["y"] + box["height"] <= size["height"]  # whole, with nothing to scroll
    shown.set_viewport_size(SIZES[0])
    web.still(shown)
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
    web.next_frame(fresh)
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
