"""Every control of a page that is on the screen, found by what it is, and how a person changes it.

Whatever is a menu, a choice, a slider, a switch, a pad or something to unfold is found by its role: a new one is in
the tests of links, of Back and of the hints by being there. What those tests leave out is said here, with the reason.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages.sections.interpolate.link import MODES
from pages.sections.variants.figures import OF

# The pages as a person can open them: one for each figure. name: link.
SCENES: dict[str, str] = {
    "explore": "/?model=digits-vae-2d",
    "explore-many": "/?model=mnist-vae-20d",
    "explore-signals": "/?model=sinusoids-vae-2d",
    "explore-draw": "/?model=mnist-vae-2d&draw=1",
    "bottleneck": "/bottleneck?model=digits-nested",
    "bottleneck-signal": "/bottleneck?model=sinusoids-nested",
    **{f"interpolate-{mode}": f"/interpolate?model=mnist-vae-20d&mode={mode}" for mode in MODES},
    "playground": "/playground?variant=vae&data=sinusoids",
    "train": "/train?data=digits",
    "runs": "/runs?runs=digits-vae-2d,digits-nested",
    "signals": "/signals",
    **{
        f"variants-{variant}-{figure}": f"/variants?variant={variant}&figure={figure}"
        for variant, figures in OF.items()
        for figure in figures
    },
}

# What is no part of what a link brings back, by a piece of its id with a stroke at its end, and why.
PASSING = {
    "/play/": "a film that runs has no place that a link could name",
    "/One step/": "a training begins anew where a link leads, and makes the same steps",
    "/again/": "a training begins anew where a link leads, and makes the same steps",
    "/playground-map#2/": "of two networks that are compared the first one's dot is in the link",
    "/keep/": "writes down a run, as Train does",
    "loop": "how a film runs, not what it shows",
    "speed": "how fast a film runs, not what it shows",
    "clear": "takes away what the next press brings back",
    "/lasso": "what the next drag does, not what is shown; the line that it draws is in the link",
    "/box": "what the next drag does, not what is shown; the rectangle that it draws is in the link",
    "/judge-mark": "what the next drag does, not what is shown; what was judged is kept with the run",
    "/What it is": "what was judged is kept with the run, and the link has the rows",
    "/pan": "what the next drag does, not what is shown; where the map then is, is in the link",
}
# KNOWN, to be mended: while maps are held against each other a Back may show the screen of the one before or after it.
# What their own link says and restores is tested in test_held_maps.
LATE = ("-maps/Hold maps",)
MENUS = ("menu:", "interpolate-mode", "variants-variant", "variants-figure", "-model/", "-beside/")
LIKE_DRAGS = ("/t = ",)  # pressed, and yet a place on a slider
MOST = 2  # of controls that differ by a number only: sliders of dimensions, classes, samples

SCRIPT = (
    Path(__file__).with_suffix(".js").read_text("utf-8").rstrip().rstrip(";")
)  # an expression: its formatter ends it as a statement


@dataclass(frozen=True)
class Control:
    """A control on the screen. id: kind, place and name; value: what it shows."""

    id: str
    kind: str
    value: Any


def controls(page) -> list[Control]:
    """Those that are on the screen now, each marked with its id as data-control."""
    return [Control(**each) for each in page.evaluate(SCRIPT)]


def screen(page) -> dict[str, Any]:
    """What a person sees: each control's value, and what the figures say in words, as people and screen readers get
    it.
    """
    said = page.evaluate(
        """() =>
          [...document.querySelectorAll('[data-testid=stMain] .lx-body')].flatMap((body) => [
            ...body.innerText
              .split('\\n')
              .map((text) => text.trim())
              .filter((text) => text && text !== 'drag me'),
            ...[...body.querySelectorAll('canvas[role=img]')]
              .filter((e) => e.checkVisibility())
              .map((e) => e.getAttribute('aria-label') ?? ''),
          ])"""
    )
    return {**{each.id: each.value for each in controls(page) if each.kind != "button"}, "said": said}


def change(page, control: Control) -> None:
    """Move it as a person does: the next of a menu, another choice, a slider by a key, a pad by a drag, a press."""
    element = page.locator(f'[data-control="{control.id}"]')
    element.evaluate("e => e.scrollIntoView({block: 'center'})")  # not under the row that stays at the edge
    match control.kind:
        case "select":
            options = element.evaluate("e => [...e.options].map((o) => o.text)")
            at = options.index(control.value) if control.value in options else -1  # none is chosen yet
            element.select_option(label=options[(at + 1) % len(options)])
        case "radio":
            element.locator("[role=radio]:not([aria-checked=true]):not(:disabled)").first.click()
        case "buttons":
            element.locator("button:not([aria-checked=true])").first.click()
        case "segments":
            element.locator("button:not([aria-pressed=true]):not([aria-checked=true])").first.click()
        case "range":
            at_end = element.evaluate("e => Number(e.value) > (Number(e.min) + Number(e.max)) / 2")
            box = element.bounding_box()
            x = box["x"] + box["width"] * (0.3 if at_end else 0.7)
            page.mouse.move(x, box["y"] + box["height"] / 2)
            page.mouse.down()
            page.mouse.move(x + 2, box["y"] + box["height"] / 2, steps=3)
            page.mouse.up()
        case "pad":
            box = element.bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 40, y + (30 if box["height"] > 60 else 0), steps=4)
            page.mouse.up()
        case "menu":
            element.locator("[role=combobox]").first.click()
            options = page.get_by_role("option")
            options.first.wait_for()
            texts = options.all_inner_texts()
            options.nth((texts.index(control.value) + 1) % len(texts) if control.value in texts else 0).click()
        case "number":
            element.fill(str(int(float(control.value or 0)) + 1))  # one may be empty
            element.press("Enter")
        case "text":
            element.fill(control.value.replace("256", "128"))
            element.press("Enter")
        case _:
            element.click()


def to_try(page) -> list[Control]:
    """The controls that a test of a scene moves one after the other: those of one kind that differ by a number only are
    tried twice, menus of the page not at all.
    """
    kept, seen = [], {}
    for each in controls(page):
        family = re.sub(r"[-−]?\d+(\.\d+)?", "", each.id).split("#")[0]
        seen[family] = seen.get(family, 0) + 1
        left_out = any(part in f"{each.id}/" for part in (*PASSING, *LATE, *MENUS))
        if seen[family] <= MOST and not left_out:
            kept.append(each)
    return sorted(kept, key=lambda each: "draw" in each.id or "sheet" in each.id)  # a sheet lies over other controls


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is another on two screens, in words."""
    found = []
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if key == "said":
            one, other = [t for t in one if t not in other], [t for t in other if t not in one]
        found.append(f"{key}: {one} -> {other}")
    return found
