"""A lesson walked through in a browser: each step answered, or not, by mouse, keys or fingers."""

import importlib.resources

from pages.sections.lesson.reading import shipped

from . import browser as web

PANEL = "[data-testid=lesson]"
RANGES = {  # tasks that sliders do: (data-testid, value), and where a key moves it: from its value at first
    "smallest-k": [("bottleneck-slider", 6)],
    "gives-up": [("amount", 0.6)],
    "threshold": [("threshold-slider", 2)],
}
SLIDERS = {
    "2": [("slider-13", 1.35), ("slider-6", -0.3)],
    "4": [("slider-13", 1.5), ("slider-6", -0.05), ("slider-15", 0.25), ("slider-14", -1.75)],
}
PLACES = {"border": (1.1, 0.375), "hole": (-50.0, 17.0), "another-digit": (2.0, 0.0)}
REACH = 3.5  # of the enlarged posterior


def begin(page, address: str, name: str) -> None:
    """The lesson's first step, by its link."""
    page.goto(f"{address}/?lesson={name}")
    page.locator(f"{PANEL}[data-step='1']").wait_for()


def walk(page, name: str, how: str, right: bool = True, each=lambda page, step: None) -> None:
    """From step to step to the sheet, which is left open."""
    steps = shipped(name).steps
    for n, step in enumerate(steps, start=1):
        panel = page.locator(f"{PANEL}[data-step='{n}']")
        panel.wait_for()
        there = "/" if step.page == "explore" else f"/{step.page}"
        page.wait_for_url(lambda url, there=there: url.split("?")[0].endswith(there))
        each(page, step)
        if step.guess:
            guess(page, step, how, right)
            page.locator(f"{PANEL}[data-verdict={'right' if right else 'wrong'}]").wait_for()
            if right and how != "keys":
                answer_is_shown(page, step)
                each(page, step)
        elif step.task and right:
            do_task(page, step, how)
            page.locator(f"{PANEL}[data-verdict=right]").wait_for()
        elif step.task:
            assert panel.get_attribute("data-verdict") == ""
        press(page, page.get_by_test_id("lesson-next"), how)
    page.get_by_test_id("sheet").wait_for()


# Whether an element has come to where an answer moves it, a slider as nearly as its own steps allow.
MOVED = """([id, to]) => {
  const element = [...document.querySelectorAll(`[data-testid="${id}"]`)].find((e) => e.checkVisibility());
  if (!element) return false;
  if (element.type === "checkbox") return element.checked === !!to[0];
  if (element.type === "range") return Math.abs(element.value - to[0]) <= 0.01 * (element.max - element.min);
  return element.tagName === "BUTTON" || element.dataset.z.split(",").every((z, i) => Math.abs(z - to[i]) < 0.01);
}"""
IN_SIGHT = """(id) => {
  const element = [...document.querySelectorAll(`[data-testid="${id}"]`)].find((e) => e.checkVisibility());
  const top = element?.getBoundingClientRect().top;
  return top >= -2 && top < 0.7 * innerHeight;
}"""


def answer_is_shown(page, step) -> None:
    """Wait until the figure has moved to what is so, and that is in sight."""
    if step.moves:
        page.wait_for_function(MOVED, arg=list(step.moves[-1]))
    if step.shows:
        page.wait_for_function(IN_SIGHT, arg=step.shows)


def press(page, element, how: str) -> None:
    if how == "keys":
        element.focus()
        page.keyboard.press("Enter")
    elif how == "touch":
        element.tap()
    else:
        element.click()


def point(page, x: float, y: float, how: str) -> None:
    if how == "touch":
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.up()


# ---- guesses


def guess(page, step, how: str, right: bool) -> None:
    place = page.get_by_test_id("lesson-guess")
    place.wait_for()
    if step.guess == "choose":
        n = int(step.right[0]) if right else (int(step.right[0]) + 1) % len(step.choices)
        press(page, place.get_by_role("button").nth(n), how)
        return
    place.scroll_into_view_if_needed()
    {"slider": _slider, "dot": _dot, "curve": _curve}[step.guess](page, place, step, how, right)
    press(page, page.get_by_test_id("lesson-check"), how)


def _slider(page, place, step, how: str, right: bool) -> None:
    wanted = step.right[0] if right else step.high
    set_range(page, place, wanted, how)


def _dot(page, place, step, how: str, right: bool) -> None:
    x, y = step.right if right else (step.low, step.high)
    if how == "keys":
        place.focus()
        for key, many in (("ArrowRight", 7), ("ArrowUp", 7)):  # from 0.15 of the way, a twentieth each
            for _ in range(many):
                page.keyboard.press(key)
        return
    point(page, *_on_plot(place, step, x, y), how)


def _curve(page, place, step, how: str, right: bool) -> None:
    last = len(step.at) - 1
    heights = step.right if right else [step.high if h < (step.low + step.high) / 2 else step.low for h in step.right]
    if how == "keys":
        place.focus()
        up = (step.high - step.low) / 20
        for n, height in enumerate(heights):
            here = float(place.get_attribute("aria-valuenow"))
            key = "ArrowUp" if height > here else "ArrowDown"
            for _ in range(max(1, round(abs(height - here) / up))):
                page.keyboard.press(key)
            if n < last:
                page.keyboard.press("ArrowRight")
        return
    box = place.bounding_box()
    for n, height in enumerate(heights):
        x = box["x"] + 36 + n / last * (box["width"] - 36 - 10)
        point(page, x, _on_plot(place, step, step.low, height)[1], how)


def _on_plot(place, step, x: float, y: float) -> tuple[float, float]:
    """A place of a guess's plot on the screen: as plots.js has its insets."""
    box = place.bounding_box()
    across, up = ((value - step.low) / (step.high - step.low) for value in (x, y))
    left, bottom, end = 35.2, 38.4, 10
    at = box["x"] + left + across * (box["width"] - left - end)
    return at, box["y"] + end + (1 - up) * (box["height"] - bottom - end)


# ---- tasks


def do_task(page, step, how: str) -> None:
    if step.task in PLACES:
        shown(page)
        pad = page.locator("[data-testid=latent-pad]:visible")
        to_place(page, pad, step.task, how)
        return
    for name, value in SLIDERS[step.given["sliders"]] if step.task == "rebuild" else RANGES[step.task]:
        shown(page)
        element = page.locator(f"[data-testid={name}]:visible")
        element.evaluate("e => e.scrollIntoView({block: 'center'})")
        set_range(page, element, value, how)


def shown(page) -> None:
    """Wait until the step's figure is there, and the page has come to rest."""
    page.wait_for_function(
        """() => {
          const said = (part) => document.querySelector(`[data-testid=lesson] ${part}`).textContent;
          return (said('[data-testid=lesson-score]') || said('.lx-now')) && !/on its way/.test(said('.lx-now'));
        }"""
    )
    web.settled(page, 300)


def set_range(page, element, value: float, how: str) -> None:
    """Move a slider to a value, as nearly as its pixels or steps allow."""
    low, high, step, now = element.evaluate("e => [+e.min, +e.max, +e.step || 0, +e.value]")
    if how == "keys":
        element.focus()
        if element.get_attribute("data-testid") == "threshold-slider":
            for _ in range(round((value - now) / 0.2)):
                page.keyboard.press("PageUp")
            return
        key = "ArrowRight" if value > now else "ArrowLeft"
        for _ in range(round(abs(value - now) / step)):
            page.keyboard.press(key)
        return
    box = at_rest(page, element)
    thumb = 28 if "lx-slider" in (element.get_attribute("class") or "") else 16
    x = box["x"] + thumb / 2 + (value - low) / (high - low) * (box["width"] - thumb)
    point(page, x, box["y"] + box["height"] / 2, how)


def to_place(page, pad, task: str, how: str) -> None:
    """The dot of a pad to where a task is done."""
    x, y = PLACES[task]
    if how == "keys":
        pad.focus()
        if task == "another-digit":
            moves = [(x, 0.1, "ArrowRight"), (y, 0.1, "ArrowUp")]
            for wanted, size, key in moves:
                for _ in range(round(wanted / size)):
                    page.keyboard.press(key)
            return
        before = place_of(pad)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
        web.next_frame(page)
        after = place_of(pad)
        for wanted, here, step, ways in zip(
            (x, y),
            after,
            (b - a for a, b in zip(before, after, strict=True)),
            (("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp")),
            strict=True,
        ):
            many = round((wanted - here) / step)
            key = ways[many > 0]
            for _ in range(abs(many) // 10):
                page.keyboard.press(f"Shift+{key}")
            for _ in range(abs(many) % 10):
                page.keyboard.press(key)
        return
    pad.evaluate("e => e.scrollIntoView({block: 'nearest'})")
    box = at_rest(page, pad)
    if task == "another-digit":
        point(page, box["x"] + box["width"] * (x / REACH + 1) / 2, box["y"] + box["height"] * (1 - y / REACH) / 2, how)
        return
    seen = []
    for part in (0.3, 0.6):  # what a pixel is worth
        point(page, box["x"] + part * box["width"], box["y"] + part * box["height"], how)
        web.next_frame(page)
        seen.append(place_of(pad))
        page.wait_for_timeout(400)  # no double click
    (x0, y0), (x1, y1) = seen
    across, down = 0.3 + 0.3 * (x - x0) / (x1 - x0), 0.3 + 0.3 * (y - y0) / (y1 - y0)
    point(page, box["x"] + across * box["width"], box["y"] + down * box["height"], how)


def at_rest(page, element) -> dict:
    """The box of an element, once it no longer moves: a step scrolls to its figure when that has come."""
    box, same = element.bounding_box(), 0
    while same < 5:
        page.wait_for_timeout(100)
        now = element.bounding_box()
        box, same = now, same + 1 if now == box else 0
    return box


def place_of(pad) -> list[float]:
    return [float(number) for number in pad.get_attribute("data-z").split(",")]


# ---- what can be said of a step


def axe(page, context: str = PANEL) -> list:
    """Serious findings in the panel."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    # A colour on its way to another is no finding; what moves elsewhere on the page is not looked at.
    still = "(c) => [...document.querySelectorAll(c)].flatMap((e) => e.getAnimations({ subtree: true }))"
    page.wait_for_function(f"{still}.every((each) => each.playState !== 'running')", arg=context)
    found = page.evaluate("c => axe.run(c, { resultTypes: ['violations'] })", context)["violations"]
    return [
        (rule["id"], node["html"][:200], node["failureSummary"][:200])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
