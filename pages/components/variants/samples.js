// @ts-check
// The held-out samples that travel with the figure, and a drawing in their place.
import { floatsFromBase64, fromBase64, toRange } from "../runtime/bytes.js";
import { sampleSize } from "../runtime/model.js";

export class Samples {
  /** @type {string | number | undefined} what `#x` is of */
  #key;
  /** @type {Float32Array} */ #x;

  /**
   * @param {import("../types").VariantSamples} samples @param {{shape: number[], range: [number, number] | null}} model
   */
  constructor({ count, values, limits, labels, classes, noun }, model) {
    this.count = count;
    this.labels = labels;
    this.classes = classes;
    /** of signals, which are floats; null of pictures, which are bytes */
    this.limits = limits ?? null;
    this.noun = noun ?? (limits ? "signal" : "digit");
    this.range = model.range;
    this.size = sampleSize(model);
    this.values = limits ? floatsFromBase64(values) : fromBase64(values);
  }

  /** A held-out one, as the models take it. @param {number} n @returns {Float32Array} */
  at(n) {
    const part = this.values.subarray(n * this.size, (n + 1) * this.size);
    return part instanceof Float32Array ? part : toRange(part, this.range);
  }

  /**
   * The drawing where there is one, else a held-out one: the same array until it is another. A drawing of another size
   * is blank.
   * @param {number} n @param {string} [drawn] base64, a byte a pixel
   */
  of(n, drawn) {
    const key = drawn || n;
    if (this.#key === key) return this.#x;
    this.#key = key;
    const bytes = drawn ? fromBase64(drawn) : null;
    if (!drawn) this.#x = this.at(n);
    else this.#x = toRange(bytes?.length === this.size ? bytes : new Uint8Array(this.size), this.range);
    return this.#x;
  }
}
