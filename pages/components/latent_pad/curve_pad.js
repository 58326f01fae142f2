// @ts-check
// A pad to draw a signal of one channel on, over its own axis: each stroke says how high it is where the hand passed.
import { ORIGINAL } from "../canvas/colours.js";
import { sizeOf } from "../canvas/context.js";
import { lanesFrame, SampleView } from "../canvas/sample.js";
import { followStrokes } from "../figure/strokes.js";
import { clamp } from "../math/stats.js";

/**
 * Values of a curve at every place: between places that are known in straight lines, beyond them as at the nearest.
 * @param {ArrayLike<number>} known NaN where the hand never was @returns {Float32Array | null} null: nowhere
 */
export function joined(known) {
  const there = Array.from(known, (_, i) => i).filter((i) => !Number.isNaN(known[i]));
  if (!there.length) return null;
  const values = Float32Array.from(known);
  values.fill(known[there[0]], 0, there[0]);
  values.fill(known[there[there.length - 1]], there[there.length - 1]);
  for (let n = 1; n < there.length; n++) {
    const [a, b] = [there[n - 1], there[n]];
    for (let i = a + 1; i < b; i++) values[i] = known[a] + ((known[b] - known[a]) * (i - a)) / (b - a);
  }
  return values;
}

export class CurvePad {
  /** @type {Float32Array} NaN where nothing is drawn */ known;

  /**
   * @param {HTMLCanvasElement} canvas its parent gets the class lx-blank while nothing is drawn
   * @param {{shape: number[], display?: import("../runtime/model.js").Display}} model of one channel
   * @param {() => {range: [number, number], theme: import("../canvas/theme.js").Theme}} how
   * @param {{press: () => void, move: () => void, release: () => void}} handlers
   */
  constructor(canvas, model, how, { press, move, release }) {
    this.canvas = canvas;
    this.how = how;
    this.length = model.shape[1];
    this.view = new SampleView(canvas, model, { colour: ORIGINAL, axes: true });
    this.known = new Float32Array(this.length).fill(Number.NaN);
    /** @type {{at: number, value: number} | null} where the hand was last */
    let last = null;
    followStrokes(canvas, {
      begin: () => {
        last = null;
      },
      point: (event) => {
        const next = this.#place(event);
        this.#line(last ?? next, next);
        last = next;
      },
      press,
      move,
      release,
    });
  }

  /** Which place of the signal a pointer is at, and what value. @param {PointerEvent} event */
  #place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { width, height } = sizeOf(this.canvas);
    const frame = lanesFrame(width, height, true);
    const [low, high] = this.how().range;
    const along = clamp((event.clientX - left - frame.x) / frame.width, 0, 1);
    const up = clamp(1 - (event.clientY - top - frame.y) / frame.height, 0, 1);
    return { at: Math.round(along * (this.length - 1)), value: low + up * (high - low) };
  }

  /** @param {{at: number, value: number}} from @param {{at: number, value: number}} to */
  #line(from, to) {
    const step = Math.sign(to.at - from.at) || 1;
    for (let i = from.at; i !== to.at + step; i += step) {
      const share = to.at === from.at ? 1 : (i - from.at) / (to.at - from.at);
      this.known[i] = from.value + share * (to.value - from.value);
    }
  }

  /** Takes a whole signal, on which one may go on drawing; null: none. @param {ArrayLike<number> | null} values */
  take(values) {
    if (values) this.known.set(values);
    else this.known.fill(Number.NaN);
    this.show();
  }

  clear() {
    this.take(null);
  }

  resize() {
    if (this.view.fit()) this.show();
  }

  show() {
    const values = joined(this.known);
    this.view.keep(values ?? new Float32Array(this.length).fill(Number.NaN));
    this.view.draw(this.how());
    this.canvas.parentElement.classList.toggle("lx-blank", !values);
  }

  /** The curve as bytes of its floats; null while it is blank. */
  bytes() {
    const values = joined(this.known);
    return values && new Uint8Array(values.buffer);
  }
}
