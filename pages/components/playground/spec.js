// @ts-check
// The samples as the figure has them: what trains, what is shown, and how it is coloured.
import { cividis, classColour, NEUTRAL } from "../canvas/colours.js";
import { shadeOf } from "../canvas/scatter.js";
import { floatsFromBase64, fromBase64 } from "../runtime/bytes.js";

const SHOWN = 500; // samples on the map

/**
 * @typedef {object} Spec
 * @property {string} name @property {"pictures" | "signals" | "points"} kind @property {number[]} shape
 * @property {number} size @property {[number, number] | null} range of the values @property {[number, number]} span
 *   between which they are drawn
 * @property {import("./training/session.js").Samples} samples
 * @property {string[]} classes @property {string[]} factorNames
 * @property {Uint8Array | null} labels of what is shown @property {Float32Array} factors of it (shown × factors)
 */

/** @param {import("../types").PlaygroundData} data @returns {Spec} */
export function specOf(data) {
  const { name, shape, range, levels, classes, train, factor_names: factorNames } = data;
  const size = shape.reduce((product, n) => product * n, 1);
  const x = levels
    ? Float64Array.from(fromBase64(data.values), (byte) => byte / levels)
    : Float64Array.from(floatsFromBase64(data.values));
  const count = x.length / size;
  const rows = (from, to) => Int32Array.from({ length: to - from }, (_, n) => from + n);
  const labels = data.labels ? Uint8Array.from(fromBase64(data.labels)) : null;
  const shown = rows(0, Math.min(SHOWN, train));
  return {
    name,
    kind: /** @type {Spec["kind"]} */ (data.kind),
    shape,
    size,
    range,
    span: range ?? extent(x),
    samples: { x, shape, range, train: rows(0, train), test: rows(train, count), shown, labels },
    classes,
    factorNames,
    labels: labels?.slice(0, shown.length) ?? null,
    factors: data.factors
      ? floatsFromBase64(data.factors).slice(0, shown.length * factorNames.length)
      : new Float32Array(0),
  };
}

/** @param {ArrayLike<number>} values @returns {[number, number]} */
function extent(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return high > low ? [low, high] : [low - 1, low + 1];
}

/** @param {Spec} spec @param {number} n a row of the samples @returns {Float64Array} */
export function sampleOf({ samples, size }, n) {
  return samples.x.subarray(n * size, (n + 1) * size);
}

/**
 * @typedef {object} Colouring of what is shown
 * @property {string[]} colours @property {Int16Array} shades which of them each sample has
 * @property {Uint8Array | null} labels where they are classes
 * @property {Int16Array} few the same with every other sample left out, for where frames take long
 * @property {string} up what the shades stand for, "" for nothing
 */

/**
 * By class, by a true factor, or all alike.
 * @param {Spec} spec @param {number} factor of the factors; −1: by class
 * @param {import("../canvas/theme.js").Theme} theme
 * @returns {Colouring}
 */
export function colouringOf({ labels, classes, factors, factorNames, samples }, factor, theme) {
  const count = samples.shown.length;
  if (factor < 0 && labels)
    return coloured(
      classes.map((_, c) => classColour(c)),
      Int16Array.from(labels),
      labels,
      "class",
    );
  const width = factorNames.length;
  if (!width) return coloured([NEUTRAL], new Int16Array(count), null, "");
  const colours = cividis(theme);
  const own = Float32Array.from({ length: count }, (_, n) => factors[n * width + Math.max(0, factor)]);
  const [low, high] = extent(own);
  const shades = Int16Array.from(own, (value) => shadeOf(value, low, high, colours.length));
  return coloured(colours, shades, null, factorNames[Math.max(0, factor)]);
}

/** @returns {Colouring} */
function coloured(colours, shades, labels, up) {
  return { colours, shades, labels, up, few: shades.map((shade, n) => (n % 2 ? -1 : shade)) };
}
