// @ts-check
// One sample from the first k numbers of its code, by PCA and by the network, and how far each is off.
import { squaredError } from "../math/stats.js";
import { Projection } from "../runtime/pca.js";
import { roundCodes } from "./quantise.js";

/** @typedef {{network: number, pca: number}} Both of each of the two */

export class Comparison {
  /** @type {Both | null} squared errors; null before the first `compute` */
  error = null;
  /** @type {Both | null} the share of the noise's energy that comes out again; null without noise */
  passed = null;
  /** @type {Float32Array} what goes in */
  #x;
  /**
   * @type {{noise: Float32Array, energy: number, codes: Float32Array} | null} codes: of what goes in without its noise
   */
  #noise = null;
  /** bits of the codes that are there; 0: there are none */
  #bits = 0;

  /**
   * @param {import("../runtime/model.js").Model} model with its pca
   * @param {import("../runtime/model.js").Model} encoder
   */
  constructor(model, encoder) {
    const { k, pca } = model;
    this.model = model;
    this.encoder = encoder;
    this.size = pca.mean.length;
    this.projection = new Projection({ ...pca, count: pca.variance.length });
    this.pcaSpread = Float64Array.from(pca.variance, Math.sqrt);
    this.spread = model.code_std ?? new Float32Array(k).fill(1);
    this.middle = model.code_mean ?? null;
    this.original = new Float32Array(this.size);
    this.pca = new Float32Array(this.size);
    this.network = new Float32Array(this.size);
    /** (k) of x, rounded */
    this.codes = new Float32Array(k);
    /** (k) the first of them */
    this.kept = new Float32Array(k);
  }

  /** @param {Float32Array} x (size) @param {Float32Array | null} [clean] the same without its noise */
  take(x, clean = null) {
    this.#x = x;
    this.#bits = 0;
    this.#noise = null;
    if (!clean) return;
    const noise = x.map((value, i) => value - clean[i]);
    const energy = noise.reduce((sum, value) => sum + value * value, 0);
    this.#noise = { noise, energy, codes: this.encoder.encode(clean).slice() };
  }

  /** @param {number} k numbers kept @param {number} bits of each */
  compute(k, bits) {
    const { codes, projection } = this;
    if (bits !== this.#bits) {
      this.#bits = bits;
      codes.set(this.encoder.encode(this.#x));
      roundCodes(codes, bits, this.spread, this.middle);
      projection.start(this.#x, (scores) => roundCodes(scores, bits, this.pcaSpread));
    }
    this.#keep(this.original, this.#x);
    this.#keep(this.network, this.#decode(codes, k));
    this.#keep(this.pca, projection.at(k));
    this.error = {
      network: squaredError(this.network, this.original),
      pca: squaredError(this.pca, this.original),
    };
    this.passed = this.#noise && this.#noisePassed(this.#noise, k);
  }

  /** What the first k numbers give. @param {Float32Array} codes @param {number} k */
  #decode(codes, k) {
    this.kept.set(codes);
    this.kept.fill(0, k);
    return this.model.decode(this.kept);
  }

  /** Both rebuild the signal with its noise and without, and differ by what of the noise comes out again. */
  #noisePassed({ noise, energy, codes }, k) {
    const network = squaredError(this.network, this.#decode(codes, k)) / energy;
    return { network, pca: this.projection.energy(noise, k) / energy };
  }

  /** Into the range that the data can have: nothing outside it can be shown, so nothing outside it is measured. */
  #keep(into, values) {
    into.set(values);
    if (!this.model.range) return;
    const [low, high] = this.model.range;
    for (let i = 0; i < into.length; i++) {
      if (into[i] < low) into[i] = low;
      else if (into[i] > high) into[i] = high;
    }
  }

  /** The share of the variance that k of PCA's components explain. @param {number} k */
  explained(k) {
    const { variance, total } = this.model.pca;
    return variance.subarray(0, k).reduce((sum, value) => sum + value, 0) / (total || 1);
  }
}
