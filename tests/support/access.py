"""Pages as people reach them who see, hear or move otherwise: what is watched of a page, and the keyboard's ways."""

import json

import pytest

from . import browser as web

DECODED = "[data-testid=decoded]"
FIGURES = {  # of each page: what shows that its figure is drawn
    "": DECODED,
    "bottleneck": DECODED,
    "interpolate": DECODED,
    "train": "[data-testid=replay-map]",
    "playground": "[data-testid=playground-map] canvas",
    "signals": "[data-testid=error-track]",
    "variants?variant=denoising": DECODED,
    "runs": "[data-testid=stDataFrame] canvas",
}
DESKTOP, PHONE, SMALL = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 700}
CARD = ".lx-first"
CONTROLS = {  # of each page but Runs: what its hint is about, keys that move it, and where the move is seen
    "": ("latent-pad", ["ArrowRight"], "e => e.dataset.z"),
    "bottleneck": ("bottleneck-slider", ["ArrowRight", "Home"], "e => e.value"),
    "interpolate": ("t-slider", ["PageUp"], "e => e.value"),
    "train": ("epoch-slider", ["Home"], "e => e.getAttribute('aria-valuetext')"),
    "playground": ("playground-map", ["ArrowRight"], "e => e.getAttribute('aria-valuetext')"),
    "signals": (
        "threshold-slider",
        ["ArrowLeft"],
        "() => document.querySelector('[data-testid=threshold-words]').textContent",
    ),
    "variants?variant=denoising": ("amount", ["ArrowRight"], "e => e.value"),
}
OURS = (
    ":is(.lx-pad, .lx-bn, .lx-mo, .lx-replay, .lx-sg, .lx-play, .lx-var, .lx-more, .lx-head, .lx-ask, .lx-first, "
    ".lx-present)"
)
# Every text on a canvas, with the colour that lies most under it at that moment.
SPY = """() => {
  const { prototype } = CanvasRenderingContext2D,
    { fillText } = prototype;
  const parse = (colour) => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c[3] > 250) return c;
    }
    return [255, 255, 255, 255];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => (v * top[3]) / 255 + below[i] * (1 - top[3] / 255));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  window.texts = [];
  prototype.fillText = function (text, x, y, ...more) {
    if (
      this.canvas.isConnected &&
      this.canvas.checkVisibility() &&
      !this.canvas.closest('[data-testid=stDataFrame]')
    ) {
      // Streamlit's table has no setting for its pale cells
      const m = this.measureText(text),
        t = this.getTransform(),
        at = [x - m.actualBoundingBoxLeft, y - m.actualBoundingBoxAscent],
        size = [m.width, m.actualBoundingBoxAscent + m.actualBoundingBoxDescent];
      const { data } = this.getImageData(
          at[0] * t.a + t.e,
          at[1] * t.d + t.f,
          Math.max(1, size[0] * t.a),
          Math.max(1, size[1] * t.d),
        ),
        seen = new Map();
      for (let i = 0; i < data.length; i += 4) {
        const key = data.slice(i, i + 4).join();
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      const under = over(
          [...seen]
            .sort((a, b) => b[1] - a[1])[0][0]
            .split(',')
            .map(Number),
          behind(this.canvas),
        ),
        ink = parse(this.fillStyle);
      ink[3] *= this.globalAlpha;
      const [a, b] = [light(over(ink, under)), light(under)].sort((p, q) => q - p);
      window.texts.push({
        text: String(text),
        contrast: (a + 0.05) / (b + 0.05),
        large: parseFloat(this.font.match(/[\\d.]+px/)[0]) >= 24,
        where: this.canvas.dataset.testid ?? this.canvas.className,
      });
    }
    return fillText.call(this, text, x, y, ...more);
  };
}"""
# How high each element with a key is, at its least and at its most, in the frames that show the title, and with it the
# style.
HEIGHTS = """() => {
  window.heights = {};
  const look = () => {
    if (document.querySelector('.lx-head'))
      for (const e of document.querySelectorAll('.stElementContainer[class*=st-key-]')) {
        const { height } = e.getBoundingClientRect(),
          key = e.className.match(/st-key-\\S+/)[0],
          [low, high] = window.heights[key] ?? [height, height];
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
  const box = e.getBoundingClientRect(),
    ring = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
  const parts = [
    [e, null],
    [e, '::after'],
    [e.parentElement, null],
  ];
  return {
    tag: e.tagName,
    name: e.dataset.testid ?? e.getAttribute('aria-label') ?? e.textContent.slice(0, 30),
    ours: !!e.closest(OURS),
    root: e.closest(OURS)?.className ?? '',
    left: box.left,
    top: box.top + (document.querySelector('[data-testid=stMain]')?.scrollTop ?? 0),
    ring: parts.some(([part, pseudo]) => ring(getComputedStyle(part, pseudo))),
    seen: e.checkVisibility() && box.width > 0,
  };
}""".replace("OURS", json.dumps(OURS))


def open_page(page, address: str, path: str, figure: str | None = None) -> None:
    page.goto(f"{address}/{path}")
    page.wait_for_selector(figure or FIGURES.get(path) or FIGURES[path.split("?")[0]], timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.lx-wait')].every((e) => !e.checkVisibility() || !e.textContent)",
        timeout=60_000,
    )
    web.settled(page, 100)


def look(page, viewport: dict, scheme: str = "light") -> None:
    # One after the other: at both at once some texts are drawn in the new size with the old scheme's colours.
    page.set_viewport_size(viewport)
    web.still(page)  # the figures have taken the new size
    web.settled(page, 0)
    page.emulate_media(color_scheme=scheme)
    web.still(page)
    web.settled(page, 0)


def to_the_top(page) -> None:
    """Leave what has the focus: Tab begins anew."""
    page.evaluate(
        """() => {
          document.activeElement?.blur();
          document.querySelector('[data-testid=stMain]').scrollTop = 0;
          getSelection().removeAllRanges();
        }"""
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


def reach(page, name: str) -> None:
    """Press Tab until the control of this test id, or an element of this class, has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("n => !!document.activeElement?.closest(`[data-testid='${n}'], .${n}`)", name):
            return
    pytest.fail(f"Tab does not come to {name}")


def moves(page, name: str, key: str, state: str) -> None:
    reach(page, name)
    element = page.get_by_test_id(name).first
    before, said = element.evaluate(state), element.get_attribute("aria-valuetext")
    page.keyboard.press(key)
    page.keyboard.press(key)
    web.until(page, lambda: element.evaluate(state) != before)
    # Said when the key rests, so that a screen reader does not hear every step.
    web.until(page, lambda: element.get_attribute("aria-valuetext") != said or said is None)
    web.settled(page)
    assert element.evaluate(state) != before  # nothing takes it back
    assert element.evaluate("e => e === document.activeElement")
