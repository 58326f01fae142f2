// @ts-check
// What the points' colours mean: the class, a factor, or nothing.
import { cividis, cividisGradient, classColour, NEUTRAL } from "../canvas/colours.js";
import { shadeOf } from "../canvas/scatter.js";
import { make } from "../figure/dom.js";
import { trimmedRange } from "../math/stats.js";
import { floatsFromBase64, fromBase64 } from "../runtime/bytes.js";
import { pointsShown, threeDigits } from "./words.js";

const LEFT_OUT = 0.01; // of a factor's values, at each end of its scale

/**
 * @typedef {{name: string, unit: string, values: Float32Array, low: number, high: number}} Factor low, high: of its
 *   scale
 */

export class Colouring {
  /** @type {Uint8Array | null} */ labels = null;
  /** @type {string[] | null} */ classes = null;
  /** @type {Factor[]} */ factors = [];
  /** what is chosen: "class", a factor's name, or "none" */
  chosen = "none";
  #key = "";

  /** @param {import("../types").ReplayData} data */
  set({ labels, classes, factors }) {
    this.classes = classes;
    const key = JSON.stringify([labels, factors]);
    if (key !== this.#key) {
      this.#key = key;
      this.labels = labels ? fromBase64(labels) : null;
      this.factors = (factors ?? []).map(factorOf);
    }
    if (!this.names().includes(this.chosen)) [this.chosen] = this.names();
  }

  names() {
    const names = [...(this.labels && this.classes ? ["class"] : []), ...this.factors.map(({ name }) => name)];
    return names.length ? names : ["none"];
  }

  get byClass() {
    return this.chosen === "class";
  }

  get factor() {
    return this.factors.find(({ name }) => name === this.chosen);
  }

  /**
   * The colours, and which of them each point has.
   * @param {number} count of points @param {import("../canvas/theme.js").Theme} theme
   * @returns {{colours: string[], shades: Int16Array | null, alpha: number}}
   */
  shade(count, theme) {
    const { factor, labels, classes, byClass } = this;
    if (byClass) {
      const colours = classes.map((_, c) => classColour(c));
      return { colours, shades: Int16Array.from({ length: count }, (_, n) => labels[n] % colours.length), alpha: 0.62 };
    }
    if (!factor) return { colours: [NEUTRAL], shades: null, alpha: 0.62 };
    const colours = cividis(theme);
    const { values, low, high } = factor;
    const shades = Int16Array.from({ length: count }, (_, n) => shadeOf(values[n], low, high, colours.length));
    return { colours, shades, alpha: 0.85 };
  }

  /** What stands below the map. @param {number} count of points @param {import("../canvas/theme.js").Theme} theme */
  caption(count, theme) {
    const { factor } = this;
    const words = make("span", {}, pointsShown(count));
    if (!factor) return [words];
    const { name, unit, low, high } = factor;
    const scale = make("i", { class: "lx-scale", style: `background: ${cividisGradient(theme)}` });
    const ends = [`${name} ${threeDigits(low)}`, `${threeDigits(high)} ${unit}`].map((end) => make("span", {}, end));
    return [words, ends[0], scale, ends[1]];
  }
}

/** @param {import("../types").ReplayFactor} packed @returns {Factor} */
function factorOf({ name, unit, values: text }) {
  const values = floatsFromBase64(text);
  const [low, high] = trimmedRange(values, LEFT_OUT) ?? [0, 1];
  return { name, unit: unit ?? "", values, low, high };
}
