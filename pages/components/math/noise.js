// @ts-check
// What disturbs an input, as the corruptions of ae_core do.
import { normals, uniforms } from "./random.js";

/** The corruptions of one seed; it keeps its random numbers, so that an amount that moves asks for no new ones. */
export class Corruption {
  #seed = Number.NaN;
  #uniform = new Float32Array(0);
  #normal = new Float32Array(0);

  /**
   * @param {Float32Array} x @param {{kind: string, amount: number, seed: number}} noise
   * @param {[number, number]} range black and white of "salt-pepper"
   * @returns {Float32Array}
   */
  apply(x, { kind, amount, seed }, [low, high]) {
    if (this.#seed !== seed || this.#uniform.length !== x.length) {
      this.#seed = seed;
      this.#uniform = uniforms(seed, x.length);
      this.#normal = normals(seed, x.length);
    }
    const uniform = this.#uniform;
    if (kind === "gaussian") return x.map((value, i) => value + amount * this.#normal[i]);
    if (kind === "masking") return x.map((value, i) => (uniform[i] < amount ? 0 : value));
    return x.map((value, i) => (uniform[i] < amount / 2 ? low : uniform[i] < amount ? high : value));
  }
}
