// @ts-check
// The training itself: a batch's loss and gradient through all five sockets, and Adam's step.
import { Adam } from "./adam.js";
import { bottleneckOf } from "./bottleneck.js";
import { Contraction } from "./contraction.js";
import { disturb, hidePatches } from "./corruption.js";
import { endsOf, reconstruction } from "./losses.js";
import { Network } from "./network.js";

const FLOOR = 1e-4; // of the variance: where PCA leaves less than that, nothing is left to gain

export class Steps {
  /** how many were made */
  count = 0;
  /** the loss of the last batch */
  loss = 0;

  /**
   * @param {import("./network.js").Recipe} recipe
   * @param {{shape: number[], range: [number, number] | null}} data of a sample, and its values' range
   * @param {import("./pca.js").Components} [pca] of the training samples: an ordered code starts there
   */
  constructor(recipe, { shape, range }, pca) {
    this.size = shape.reduce((product, n) => product * n, 1);
    this.shape = shape;
    this.ends = endsOf(range, recipe.variant);
    this.network = new Network(recipe, this.size, this.ends.output);
    this.adam = new Adam(this.network.weights.length);
    this.bottleneck = bottleneckOf(recipe.variant, recipe.k);
    this.contraction = recipe.variant === "contractive" ? new Contraction(this.network.encoder.chain) : null;
    this.network.begin();
    /** PCA's error with 1, 2, … k dimensions, by which an ordered code's loss is divided @type {number[] | null} */
    this.pcaErrors = null;
    if (recipe.variant === "nested" && pca) this.#startAsPca(pca);
  }

  /** @param {import("./pca.js").Components} pca */
  #startAsPca(pca) {
    const { network } = this;
    if (network.residual) network.beginAsPca(pca);
    let left = pca.total;
    this.pcaErrors = Array.from({ length: network.k }, (_, i) => {
      left -= pca.variance[i] ?? 0;
      return Math.max(left, FLOOR * pca.total);
    });
  }

  #input = new Float64Array(0);
  #z = new Float64Array(0);
  #dz = new Float64Array(0);
  #dh = new Float64Array(0);
  #draw = new Float64Array(0);
  #room = 0;

  /**
   * The loss of a batch, a mean over its samples; the network's `gradient` is that of it.
   * @param {Float64Array} x (rows × size) @param {number} rows @param {import("./knobs.js").Knobs} knobs
   * @param {import("./draws.js").Draws} draws
   */
  measure(x, rows, knobs, draws) {
    const { network, bottleneck, contraction, size } = this;
    this.#reserve(rows);
    network.gradient.fill(0);
    const h = network.encoder.forward(this.#corrupt(x, rows, knobs, draws), rows);
    const z = this.#z;
    let loss = bottleneck.forward(h, rows, z, knobs, draws);
    const raw = network.decoder.forward(z, rows);
    const active = /** @type {any} */ (bottleneck).active;
    const weightOf = this.pcaErrors ? (n) => 1 / this.pcaErrors[active[n] - 1] : undefined;
    loss += reconstruction(raw, x, rows, size, this.ends, this.#draw, weightOf);
    this.#dz.fill(0, 0, rows * network.k);
    network.decoder.backward(this.#draw, this.#dz);
    bottleneck.backward(this.#dz, h, z, rows, this.#dh, knobs);
    if (contraction) loss += knobs.contraction * contraction.add(knobs.contraction);
    network.encoder.backward(this.#dh, null, contraction?.more);
    return loss;
  }

  /**
   * One step; says whether it was one: a gradient that is no number changes nothing.
   * @param {Float64Array} x (rows × size) @param {number} rows @param {import("./knobs.js").Knobs} knobs
   * @param {import("./draws.js").Draws} draws
   */
  step(x, rows, knobs, draws) {
    const loss = this.measure(x, rows, knobs, draws);
    this.loss = loss;
    if (!Number.isFinite(loss)) return false;
    this.adam.step(this.network.weights, this.network.gradient, knobs);
    this.count += 1;
    return true;
  }

  /** What the encoder reads of x. */
  #corrupt(x, rows, knobs, draws) {
    const { variant } = this.network.recipe;
    if (variant === "denoising") return disturb(x, rows, this.size, this.#input, knobs.amount, knobs.corruption, draws);
    if (variant === "masked") return hidePatches(x, rows, this.#input, knobs.hiddenShare, this.shape, draws);
    return x;
  }

  #reserve(rows) {
    if (rows <= this.#room) return;
    this.#room = rows;
    const { k, outputs } = this.network;
    this.#input = new Float64Array(rows * this.size);
    this.#draw = new Float64Array(rows * this.size);
    this.#z = new Float64Array(rows * k);
    this.#dz = new Float64Array(rows * k);
    this.#dh = new Float64Array(rows * outputs);
  }
}
