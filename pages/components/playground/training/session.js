// @ts-check
// A training that can be watched: it makes steps while it plays, measures itself every so many of them, takes knobs as
// they are turned, and gives a frame when asked. It runs in a worker, and in tests without one.
import { Batches, SeededDraws } from "./draws.js";
import { pcaError, principalComponents } from "./pca.js";
import { Steps } from "./steps.js";

export const MEASURE_EVERY = 50; // steps
const BATCH = 64;
const MEASURED = 400; // samples of either half, at most
const LIMIT = 1000; // times the error at the start: no training comes back from there
const ACTIVE = 0.01; // variance of a mean, above which a unit says something (Burda et al. 2016)

/**
 * @typedef {object} Samples
 * @property {Float64Array} x (N × size)
 * @property {number[]} shape of a sample @property {[number, number] | null} range
 * @property {Int32Array} train rows @property {Int32Array} test rows @property {Int32Array} shown rows on the map
 */

/** @typedef {{step: number, train: number, test: number, kl: number | null, active: number | null}} Measure */

/**
 * @typedef {object} Frame
 * @property {number} steps @property {Float64Array} weights @property {Float32Array} codes (shown × k)
 * @property {Measure[]} measures that are new @property {number} pca error, held out, with as many dimensions
 * @property {boolean} diverged @property {number} generation which "open" it belongs to
 */

export class Session {
  playing = false;
  diverged = false;
  /** @type {Measure[]} */
  measures = [];
  #told = 0;

  /**
   * @param {Samples} samples @param {import("./network.js").Recipe} recipe @param {import("./knobs.js").Knobs} knobs
   * @param {number} [generation]
   */
  constructor(samples, recipe, knobs, generation = 0) {
    this.samples = samples;
    this.recipe = recipe;
    this.knobs = knobs;
    this.generation = generation;
    const { x, train, test, shape, range } = samples;
    this.size = shape.reduce((product, n) => product * n, 1);
    const pca = principalComponents(x, train, this.size);
    this.pca = pcaError(pca, x, test, recipe.k);
    this.steps = new Steps(recipe, { shape, range }, pca);
    this.draws = new SeededDraws(recipe.seed, 1);
    this.batches = new Batches(recipe.seed);
    this.batches.use(train);
    this.batch = new Float64Array(BATCH * this.size);
    this.#measure();
  }

  /** One step, unless the numbers have run away. */
  step() {
    if (this.diverged) return;
    const rows = this.batches.next(BATCH);
    const { batch, size } = this;
    const { x } = this.samples;
    for (let n = 0; n < rows.length; n++) batch.set(x.subarray(rows[n] * size, (rows[n] + 1) * size), n * size);
    const before = this.steps.network.weights.slice();
    if (!this.steps.step(batch, rows.length, this.knobs, this.draws)) return this.#stop(before);
    if (this.steps.count % MEASURE_EVERY === 0) this.#measure(before);
  }

  /** @param {Float64Array} weights the last ones that were numbers */
  #stop(weights) {
    this.steps.network.weights.set(weights);
    this.diverged = true;
    this.playing = false;
  }

  /** @param {Float64Array} [before] weights to go back to */
  #measure(before) {
    const { train, test } = this.samples;
    const [own, held] = [this.#error(train), this.#error(test)];
    const first = this.measures[0]?.test ?? held.error;
    if (before && !(held.error < LIMIT * (1 + first))) return this.#stop(before);
    this.measures.push({
      step: this.steps.count,
      train: own.error,
      test: held.error,
      kl: held.kl,
      active: held.active,
    });
  }

  /** Squared error of some of these rows, summed over a sample's values; of a Gaussian code KL and active units. */
  #error(rows) {
    const count = Math.min(MEASURED, rows.length);
    const { network } = this.steps;
    const { size, knobs } = this;
    const x = this.#gather(rows, count);
    const z = new Float64Array(count * network.k);
    const h = network.encoder.forward(x, count);
    const { kl, active } = this.recipe.variant === "vae" ? spread(h, count, network.k) : { kl: null, active: null };
    network.settle(h, count, z, knobs);
    const y = network.decode(z, count);
    let sum = 0;
    for (let i = 0; i < count * size; i++) sum += (y[i] - x[i]) ** 2;
    return { error: sum / count, kl, active };
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
      diverged: this.diverged,
      generation: this.generation,
    };
  }
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
