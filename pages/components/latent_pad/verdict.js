// @ts-check
// What a classifier sees at each place of the map: a colour a class, paler where it is unsure, and gone where no real
// sample is near, as a border there would be an invention.
import { classColour, rgb } from "../canvas/colours.js";
import { offscreen } from "../canvas/context.js";
import { floatsFromBase64, fromBase64 } from "../runtime/bytes.js";

const FINE = 4; // pixels for each place that Python computed, along a side
const STRONGEST = 150; // of 255

/** @typedef {{logits: Float32Array, near: Uint8Array, size: number, classes: number}} Grid rows from the top */

/**
 * The logits between four places, into `made`.
 * @param {Grid} grid @param {number} x in places, from the middle of the first @param {number} y
 * @param {Float32Array} made (classes)
 */
export function between({ logits, size, classes }, x, y, made) {
  const column = Math.min(size - 2, Math.max(0, Math.floor(x)));
  const row = Math.min(size - 2, Math.max(0, Math.floor(y)));
  const right = Math.min(1, Math.max(0, x - column));
  const down = Math.min(1, Math.max(0, y - row));
  const at = (row * size + column) * classes;
  const below = at + size * classes;
  for (let c = 0; c < classes; c++) {
    const above = logits[at + c] * (1 - right) + logits[at + classes + c] * right;
    made[c] = above * (1 - down) + (logits[below + c] * (1 - right) + logits[below + classes + c] * right) * down;
  }
  return made;
}

/** @param {ArrayLike<number>} logits @returns {[number, number]} the class, and how far it is ahead, 0..1 */
export function verdict(logits) {
  let [best, second] = [0, -1];
  for (let c = 1; c < logits.length; c++)
    if (logits[c] > logits[best]) [best, second] = [c, best];
    else if (second < 0 || logits[c] > logits[second]) second = c;
  return [best, Math.tanh((logits[best] - logits[second]) / 4)];
}

/** @param {import("../types").LatentVerdict} field @returns {Grid} */
export function gridOf({ logits, near, size, classes }) {
  return { logits: floatsFromBase64(logits), near: fromBase64(near), size, classes };
}

/** @type {{key: string, canvas: HTMLCanvasElement | null}} */
const last = { key: "", canvas: null };

/** The picture of a field, drawn once. @param {import("../types").LatentVerdict} field */
export function verdictMap(field) {
  const key = field.logits;
  if (last.key === key && last.canvas) return last.canvas;
  const grid = gridOf(field);
  const side = grid.size * FINE;
  const pixels = new ImageData(side, side);
  const colours = Array.from({ length: grid.classes }, (_, c) => rgb(classColour(c)));
  const made = new Float32Array(grid.classes);
  for (let row = 0, p = 0; row < side; row++)
    for (let column = 0; column < side; column++, p += 4) {
      const [x, y] = [(column + 0.5) / FINE - 0.5, (row + 0.5) / FINE - 0.5];
      const [best, ahead] = verdict(between(grid, x, y, made));
      const near = grid.near[Math.floor(row / FINE) * grid.size + Math.floor(column / FINE)] / 255;
      pixels.data[p] = colours[best][0];
      pixels.data[p + 1] = colours[best][1];
      pixels.data[p + 2] = colours[best][2];
      pixels.data[p + 3] = STRONGEST * near * (0.25 + 0.75 * ahead);
    }
  const canvas = offscreen(side, side);
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  Object.assign(last, { key, canvas });
  return canvas;
}
