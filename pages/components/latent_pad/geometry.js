// @ts-check
// Coordinates of a code: how finely they move, and how they are read out.
import { minus } from "../math/numbers.js";

/** @typedef {import("../canvas/scales.js").Box} Box */

/**
 * A coordinate as the map keeps it, inside the box: a multiple of about a ten-thousandth of the extent. That is far
 * below a pixel, and the short decimal text is then the value itself, so that a link, the page and Python mean the same
 * point.
 * @param {Box} box @param {number} i dimension @param {number} value
 */
export function snap({ low, high }, i, value) {
  const exponent = Math.floor(Math.log10((high[i] - low[i] || 1) / 10000));
  const step = 10 ** exponent;
  const [first, last] = [Math.ceil(low[i] / step - 1e-6), Math.floor(high[i] / step + 1e-6)];
  const steps = Math.min(last, Math.max(first, Math.round(value / step)));
  return Number((steps * step).toFixed(Math.max(0, -exponent))) || 0; // || 0: no minus zero
}

/**
 * As many decimals as tell two arrow-key steps apart.
 * @param {Box} box @param {number} i dimension
 * @param {number} value
 */
export function coordinateText({ low, high }, i, value) {
  const decimals = Math.ceil(-Math.log10((high[i] - low[i] || 1) / 200));
  return minus(value.toFixed(Math.min(20, Math.max(0, decimals))));
}
