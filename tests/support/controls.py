"""Every control of a page that is on the screen, found by what it is, and how a person changes it.

Whatever is a menu, a choice, a slider, a switch, a pad or something to unfold is found by its role: a new one is in
the tests of links, of Back and of the hints by being there. What those tests leave out is said here, with the reason.
"""

import re
from dataclasses import dataclass
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
    "train": "/train?data=digits",
    "runs": "/runs?runs=digits-vae-2d,digits-nested",
    "signals": "/signals",
    **{
        f"variants-{variant}-{figure}": f"/variants?variant={variant}&figure={figure}"
        for variant, figures in OF.items()
        for figure in figures
    },
}

# What is no part of what a link brings back, by a piece of its id, and why.
PASSING = {
    "play": "a film that runs has no place that a link could name",
    "loop": "how a film runs, not what it shows",
    "speed": "how fast a film runs, not what it shows",
    "clear": "takes away what the next press brings back",
}
MENUS = ("menu:", "buttons:", "interpolate-mode", "variants-variant", "variants-figure", "-model/", "-beside/")
LIKE_DRAGS = ("/t = ",)  # pressed, and yet a place on a slider
MOST = 2  # of controls that differ by a number only: sliders of dimensions, classes, samples

SCRIPT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const seen = (e) =>
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    e.getClientRects().length > 0 &&
    e.getBoundingClientRect().width > 1 &&
    !e.closest('[class*=st-key-unseen-]');
  const words = (e) =>
    (e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent || '')
      .trim()
      .replace(/\\s+/g, ' ')
      .slice(0, 40);
  const place = (e) => {
    const keyed = e.closest('[class*=st-key-]');
    const key = [...(keyed?.classList ?? [])].find((c) => c.startsWith('st-key-'))?.slice(7) ?? '';
    const own = e.dataset.testid && !e.dataset.testid.startsWith('st') ? e.dataset.testid : '';
    return `${key.replace(/(-[0-9]+)+$/, '')}/${own || words(e)}`;
  };
  const found = [];
  const add = (e, kind, value, disabled = false) => {
    if (!seen(e) || disabled) return;
    let id = `${kind}:${place(e)}`;
    for (let n = 2; found.some((other) => other.id === id); n += 1) id = `${kind}:${place(e)}#${n}`;
    e.dataset.control = id;
    found.push({ id, kind, value });
  };
  for (const e of main.querySelectorAll('[data-control]')) delete e.dataset.control;
  for (const e of main.querySelectorAll('select'))
    add(e, 'select', e.selectedOptions[0]?.textContent ?? '', e.options.length < 2 || e.disabled);
  for (const e of main.querySelectorAll('[role=radiogroup]:not([data-testid=stButtonGroup] *)')) {
    const radios = [...e.querySelectorAll('[role=radio]:not(:disabled)')];
    add(e, 'radio', e.querySelector('[aria-checked=true]')?.textContent ?? '', radios.length < 2);
  }
  for (const e of main.querySelectorAll('.lx-segments:not([role=radiogroup])')) {
    add(e, 'segments', e.querySelector('[aria-pressed=true], [aria-checked=true]')?.textContent ?? '');
  }
  for (const e of main.querySelectorAll('[data-testid=stButtonGroup]')) {
    const on = e.querySelector('[kind$=Active], [aria-checked=true], [data-testid$=Active]');
    add(e, 'buttons', on?.textContent ?? '', e.querySelectorAll('button').length < 2);
  }
  for (const e of main.querySelectorAll('input[type=range]'))
    add(e, 'range', e.value, e.disabled || e.min === e.max);
  for (const e of main.querySelectorAll('input[type=checkbox]'))
    add(e.closest('label') ?? e, 'check', e.checked, e.disabled);
  for (const e of main.querySelectorAll('input[type=number]')) add(e, 'number', e.value, e.disabled || e.readOnly);
  for (const e of main.querySelectorAll('input[type=text]:not([role=combobox])'))
    add(e, 'text', e.value, e.disabled || e.readOnly);
  for (const e of main.querySelectorAll('[data-testid=stSelectbox]')) {
    const shown = e.querySelector('[role=combobox]');
    add(
      e,
      'menu',
      shown?.value || e.querySelector('[data-baseweb=select]')?.textContent || shown?.textContent || '',
    );
  }
  for (const e of main.querySelectorAll('details')) add(e.querySelector('summary'), 'fold', e.open);
  for (const e of main.querySelectorAll('[role=slider]:not(input)')) {
    add(e, 'pad', e.getAttribute('aria-valuetext') ?? e.getAttribute('aria-valuenow') ?? e.dataset.z ?? '');
  }
  for (const e of main.querySelectorAll('button[aria-pressed]'))
    if (!e.closest('.lx-segments')) add(e, 'switch', e.getAttribute('aria-pressed'), e.disabled);
  for (const e of main.querySelectorAll('button')) {
    // Streamlit's start or open something.
    if (!e.closest('.lx-body') || e.closest('.lx-segments') || e.hasAttribute('aria-pressed')) continue;
    add(e, 'button', '', e.disabled);
  }
  return found;
}"""


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
    element.scroll_into_view_if_needed()
    match control.kind:
        case "select":
            options = element.evaluate("e => [...e.options].map((o) => o.text)")
            element.select_option(label=options[(options.index(control.value) + 1) % len(options)])
        case "radio":
            element.locator("[role=radio]:not([aria-checked=true]):not(:disabled)").first.click()
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
            element.fill(str(int(float(control.value)) + 1))
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
        left_out = any(part in each.id for part in (*PASSING, *MENUS)) and not each.id.startswith("buttons:bottleneck")
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
