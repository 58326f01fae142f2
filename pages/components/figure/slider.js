// @ts-check
// Range inputs: the figure hears of every step, Python of the last one.
import { KEY_PAUSE } from "./keys.js";

/** @typedef {import("./lifecycle.js").Figure} Figure */

/**
 * @param {Figure} figure @param {HTMLInputElement} input @param {(value: number) => void} move hears of every step
 * @param {{reset?: number, name?: string}} [options] reset: the value of a double click; name: of the state it moves
 */
export function bindSlider(figure, input, move, { reset, name = "view" } = {}) {
  input.onpointerdown = () => figure.hold(input, name);
  input.oninput = () => {
    move(Number(input.value));
    if (figure.held !== input) figure.send(KEY_PAUSE, name); // by a key: the pause is its release
  };
  const release = () => figure.release(input, name);
  input.onpointerup = input.onpointercancel = input.onlostpointercapture = input.onchange = release;
  if (reset === undefined) return;
  input.ondblclick = () => {
    move(reset);
    figure.send(0, name);
  };
}

/**
 * The value of a slider, and its bar from 0 (or from its beginning) to there, for style sheets as --lx-from and
 * --lx-to.
 * @param {HTMLInputElement} input @param {number} value @param {number} thumb rem, its width
 */
export function showSlider(input, value, thumb) {
  if (Number(input.value) !== value) input.value = String(value);
  const low = Number(input.min);
  const high = Number(input.max);
  const part = (at) => (Math.min(high, Math.max(low, at)) - low) / (high - low || 1);
  const ends = [part(0), part(value)].sort((a, b) => a - b);
  const place = (end) => (end ? `calc(${thumb / 2}rem + (100% - ${thumb}rem) * ${end})` : "0%");
  input.style.setProperty("--lx-from", place(ends[0]));
  input.style.setProperty("--lx-to", place(ends[1]));
}
