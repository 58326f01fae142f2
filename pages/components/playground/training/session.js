// @ts-check
// A training that can be watched: it makes steps while it plays, measures itself every so many of them, takes knobs as
// they are turned, and gives a frame when asked. It runs in a worker, and in tests without one.
import { Batches, SeededDraws } from "./draws.js";
import { reconstruction } from "./losses.js";
import { pcaError, principalComponents } from "./pca.js";
import { Steps } from "./steps.js";

export const MEASURE_EVERY = 50; // steps
const BATCH = 64;
const MEASURED = 400; // samples of either half, at most
const LIMIT = 1000; // times the error at the start: no training comes back from there
const ACTIVE = 0.01; // variance of a mean, above which a unit says something (Burda et al. 2016)

/**
 * @typedef {object} Samples
 * @property {Float64Array} x (N × size) @property {number[]} shape of a sample
 * @property {[number, number] | null} range of the values
 * @property {Int32Array} train rows @property {Int32Array} test rows @property {Int32Array} shown rows on the map
 * @property {Uint8Array | null} labels of all rows
 */

/**
 * @typedef {object} Use which of the training samples are trained on
 * @property {number} count the first so many, 0: all @property {number[]} out classes that are left out
 */

/**
 * @typedef {object} Measure after so many steps
 * @property {number} step @property {number} train @property {number} test squared errors
 * @property {number} trainLoss @property {number} testLoss what is made small, without noise and without what only
 *   training adds
 * @property {number | null} kl nats @property {number | null} active units
 */

/**
 * @typedef {object} Frame
 * @property {number} steps @property {Float64Array} weights @property {Float32Array} codes (shown × k)
 * @property {Measure[]} measures that are new @property {number} pca error, held out, with as many dimensions
 * @property {number} mean the same with none: the mean for every sample
 * @property {boolean} diverged @property {number} generation which "open" it belongs to
 * @property {number} used how many samples are trained on @property {boolean} playing whether more steps follow
 */

export class Session {
  playing = false;
  diverged = false;
  /** @type {Measure[]} */
  measures = [];
  #told = 0;

  /**
   * @param {Samples} samples @param {import("./network.js").Recipe} recipe @param {import("./knobs.js").Knobs} knobs
   * @param {Use} use @param {number} [generation]
   */
  constructor(samples, recipe, knobs, use = { count: 0, out: [] }, generation = 0) {
    this.samples = samples;
    this.recipe = recipe;
    this.knobs = knobs;
    this.generation = generation;
    const { shape, range } = samples;
    this.size = shape.reduce((product, n) => product * n, 1);
    this.used = usedOf(samples, use);
    this.steps = new Steps(recipe, { shape, range }, this.#measurePca());
    this.draws = new SeededDraws(recipe.seed, 1);
    this.batches = new Batches(recipe.seed);
    this.batches.use(this.used);
    this.batch = new Float64Array(BATCH * this.size);
    /** the weights before the last step */
    this.before = this.steps.network.weights.slice();
    this.#measure();
  }

  /** Train on these from now on; PCA is measured on the same. @param {Use} use */
  use(use) {
    this.used = usedOf(this.samples, use);
    this.batches.use(this.used);
    this.#stale = true;
  }

  #stale = false;

  #measurePca() {
    const { x, test } = this.samples;
    const pca = principalComponents(x, this.used, this.size);
    this.pca = pcaError(pca, x, test, this.recipe.k);
    this.mean = pcaError(pca, x, test, 0);
    this.#stale = false;
    return pca;
  }

  /** One step, unless the numbers have run away. */
  step() {
    if (this.diverged) return;
    const rows = this.batches.next(BATCH);
    const { batch, size } = this;
    const { x } = this.samples;
    for (let n = 0; n < rows.length; n++) batch.set(x.subarray(rows[n] * size, (rows[n] + 1) * size), n * size);
    this.before.set(this.steps.network.weights);
    if (!this.steps.step(batch, rows.length, this.knobs, this.draws)) return this.#stop(this.before);
    if (this.steps.count % MEASURE_EVERY === 0) this.#measure(this.before);
  }

  /** @param {Float64Array} weights the last ones that were numbers */
  #stop(weights) {
    this.steps.network.weights.set(weights);
    this.diverged = true;
    this.playing = false;
  }

  /** @param {Float64Array} [before] weights to go back to */
  #measure(before) {
    const [own, held] = [this.#error(this.used), this.#error(this.samples.test)];
    const first = this.measures[0]?.test ?? held.error;
    if (before && !(held.error < LIMIT * (1 + first))) return this.#stop(before);
    this.measures.push({
      step: this.steps.count,
      train: own.error,
      test: held.error,
      trainLoss: own.loss,
      testLoss: held.loss,
      kl: held.kl,
      active: held.active,
    });
  }

  /**
   * Squared error of some of these rows, summed over a sample's values; of a Gaussian code also KL and active units.
   */
  #error(rows) {
    const count = Math.min(MEASURED, rows.length);
    const { network } = this.steps;
    const { size, knobs } = this;
    const x = this.#gather(rows, count);
    const z = new Float64Array(count * network.k);
    const h = network.encoder.forward(x, count);
    const { kl, active } = this.recipe.variant === "vae" ? spread(h, count, network.k) : { kl: null, active: null };
    network.settle(h, count, z, knobs);
    const y = network.decoder.forward(z, count);
    const loss = reconstruction(y, x, count, size, this.steps.ends, new Float64Array(y.length));
    network.finish(y, count);
    let sum = 0;
    for (let i = 0; i < count * size; i++) sum += (y[i] - x[i]) ** 2;
    return { error: sum / count, loss: loss + (kl === null ? 0 : knobs.beta * kl), kl, active };
  }

  /** @param {Int32Array} rows @param {number} count the first of them */
  #gather(rows, count) {
    const { size } = this;
    const x = new Float64Array(count * size);
    for (let n = 0; n < count; n++) x.set(this.samples.x.subarray(rows[n] * size, (rows[n] + 1) * size), n * size);
    return x;
  }

  /** What the page draws next. @returns {Frame} */
  frame() {
    if (this.#stale) this.#measurePca();
    const { shown } = this.samples;
    const { network } = this.steps;
    const z = new Float64Array(shown.length * network.k);
    network.encode(this.#gather(shown, shown.length), shown.length, z, this.knobs);
    const measures = this.measures.slice(this.#told);
    this.#told = this.measures.length;
    return {
      steps: this.steps.count,
      weights: network.weights.slice(),
      codes: Float32Array.from(z),
      measures,
      pca: this.pca,
      mean: this.mean,
      diverged: this.diverged,
      generation: this.generation,
      used: this.used.length,
      playing: this.playing,
    };
  }
}

/** The rows that are trained on; where all would be left out, none is. @param {Samples} samples @param {Use} use */
function usedOf({ train, labels }, { count, out }) {
  const kept = labels && out.length ? train.filter((row) => !out.includes(labels[row])) : train;
  const rows = kept.length ? kept : train;
  return count ? rows.subarray(0, count) : rows;
}

/** KL in nats and active units of Gaussian codes. @param {Float64Array} h (N × 2k) @param {number} k */
function spread(h, count, k) {
  let kl = 0;
  let active = 0;
  for (let j = 0; j < k; j++) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < count; n++) {
      const mu = h[2 * n * k + j];
      const logvar = Math.max(-30, Math.min(20, h[(2 * n + 1) * k + j]));
      kl -= (0.5 * (1 + logvar - mu * mu - Math.exp(logvar))) / count;
      sum += mu / count;
      squares += (mu * mu) / count;
    }
    if (squares - sum * sum > ACTIVE) active += 1;
  }
  return { kl, active };
}
