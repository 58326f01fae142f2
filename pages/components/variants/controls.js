// @ts-check
// Sliders, radio groups, buttons and the hand on a canvas: each moves a part of a figure's view.
import { make } from "../figure/dom.js";
import { arrowOf, hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { buildSegments, markSegment } from "../figure/segments.js";
import { bindSlider, showSlider } from "../figure/slider.js";

/** @typedef {import("./figure.js").VariantFigure} VariantFigure */

const THUMB = 1.25; // rem

/**
 * A slider of a number. format: the number in words.
 * @param {VariantFigure} figure @param {string} key of the view @param {string} label
 * @param {{low: number, high: number, step?: number, format?: (value: number) => string, wide?: boolean}} options
 */
export function addSlider(figure, key, label, options) {
  const { low, high, step = 0.01, format = (value) => value.toFixed(2), wide = false } = options;
  const range = { type: "range", min: low, max: high, step };
  const input = make("input", { ...range, "aria-label": label, "data-testid": key });
  const output = make("output");
  const show = () => {
    showSlider(input, figure.view[key], THUMB);
    output.textContent = format(figure.view[key]);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  bindSlider(figure, input, (value) => {
    figure.view[key] = value;
    show();
    figure.change();
  });
  figure.controls.push(show);
  return make("label", { class: `lx-knob${wide ? " lx-wide" : ""}` }, make("b", {}, label), input, output);
}

/**
 * A radio group of a text.
 * @param {VariantFigure} figure @param {string} key of the view @param {string} label
 * @param {Record<string, string>} choices
 */
export function addSegments(figure, key, label, choices) {
  const group = make("span", { "aria-label": label });
  const named = Object.entries(choices).map(([value, words]) => [value, { label: words }]);
  buildSegments(group, Object.fromEntries(named), (value) =>
    figure.choose(() => {
      figure.view[key] = value;
    }),
  );
  figure.controls.push(() => markSegment(group, figure.view[key]));
  return group;
}

/**
 * @param {VariantFigure} figure @param {string} label @param {() => void} press changes the view
 * @param {Record<string, string>} [attributes]
 */
export function addButton(figure, label, press, attributes = {}) {
  const button = make("button", { type: "button", class: "lx-button", ...attributes }, label);
  button.onclick = () => figure.choose(press);
  return button;
}

/** Other random numbers. @param {VariantFigure} figure @param {string} label @param {() => void} [then] */
export function addReseed(figure, label, then = () => {}) {
  const press = () => {
    figure.view.seed = (figure.view.seed + 1) % (figure.data.max_seed + 1);
    then();
  };
  return addButton(figure, label, press, { "data-testid": "again" });
}

/**
 * A canvas that the hand and the keys move on.
 * @param {VariantFigure} figure @param {HTMLCanvasElement} canvas
 * @param {object} hand
 * @param {(u: number, v: number) => void} [hand.press] shares of width and height, from the top left
 * @param {(u: number, v: number) => void} hand.move also for the press itself
 * @param {(right: number, up: number) => void} hand.nudge by an arrow: −1, 0 or 1 each
 * @param {() => void} [hand.act] by Space or Enter
 */
export function attachHand(figure, canvas, { press, move, nudge, act }) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  onDrag(canvas, {
    press({ u, v, event }) {
      if (figure.held !== null) return false;
      event.preventDefault(); // no text is selected
      canvas.focus({ preventScroll: true });
      figure.hold(canvas);
      press?.(u, v);
      return true;
    },
    move({ u, v }) {
      move(u, v);
      figure.change();
    },
    release: () => figure.release(canvas),
  });
  canvas.onkeydown = (event) => {
    const arrow = arrowOf(event);
    const acts = act && !hasModifier(event) && (event.key === " " || event.key === "Enter");
    if (!arrow && !acts) return;
    event.preventDefault();
    if (arrow) nudge(...arrow);
    else act();
    figure.change();
    figure.send(KEY_PAUSE);
  };
}
