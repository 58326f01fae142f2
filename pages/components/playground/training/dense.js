// @ts-check
// Chains of dense layers, forward and backward, on batches. Weights and gradients are views into one vector each, in
// torch's order, so that Adam makes one pass and a network travels as one array.
import { ACTIVATIONS } from "./activations.js";
import { multiply } from "./products.js";

/** @typedef {{inputs: number, outputs: number, weight: Float64Array, bias: Float64Array, weightGradient: Float64Array,
 *   biasGradient: Float64Array}} Dense weight (outputs × inputs), as torch has it */

/** How many numbers dense layers through these sizes have. @param {number[]} sizes */
export function countWeights(sizes) {
  let count = 0;
  for (let l = 1; l < sizes.length; l++) count += sizes[l] * (sizes[l - 1] + 1);
  return count;
}

/** Dense layers with the activation between them but not behind the last; samples are rows. */
export class Chain {
  /** @type {Dense[]} */
  layers = [];
  /** @type {Float64Array[]} before the activation, of each layer (rows × outputs) */
  before = [];
  /** @type {Float64Array[]} what each layer read (rows × inputs) */
  read = [];
  /** @type {Float64Array[]} gradients of `before` */
  gradients = [];
  rows = 0;

  /**
   * @param {number[]} sizes @param {string} activation a name of ACTIVATIONS
   * @param {Float64Array} weights @param {Float64Array} gradient of all networks @param {number} from where its own
   *   begin
   */
  constructor(sizes, activation, weights, gradient, from) {
    this.sizes = sizes;
    this.activation = ACTIVATIONS[activation];
    let at = from;
    const view = (vector, count) => vector.subarray(at, at + count);
    for (let l = 1; l < sizes.length; l++) {
      const [inputs, outputs] = [sizes[l - 1], sizes[l]];
      const [weight, weightGradient] = [weights, gradient].map((vector) => view(vector, inputs * outputs));
      at += inputs * outputs;
      const [bias, biasGradient] = [weights, gradient].map((vector) => view(vector, outputs));
      at += outputs;
      this.layers.push({ inputs, outputs, weight, bias, weightGradient, biasGradient });
    }
    this.end = at;
  }

  /**
   * The outputs of x (rows × inputs): (rows × outputs), its own array until the next call.
   * @param {Float64Array} x @param {number} rows
   */
  forward(x, rows) {
    this.#reserve(rows);
    let input = x;
    for (let l = 0; l < this.layers.length; l++) {
      const { inputs, outputs, weight, bias } = this.layers[l];
      const y = this.before[l];
      this.read[l] = input;
      multiply(y, rows, outputs, inputs, input, inputs, 1, weight, 1, inputs);
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < outputs; j++, at++) y[at] += bias[j];
      if (l === this.layers.length - 1) return y;
      const { value } = this.activation;
      const active = this.#active[l];
      const count = rows * outputs;
      for (let i = 0; i < count; i++) active[i] = value(y[i]);
      input = active;
    }
    return input;
  }

  /**
   * Adds to the weights' gradients, after `forward` of the same rows.
   * @param {Float64Array} gradient of the outputs (rows × outputs)
   * @param {Float64Array | null} inputGradient of x, where it is wanted: it is added to it
   * @param {(Float64Array | null)[]} [more] gradients of `before` that come from elsewhere, a layer each
   */
  backward(gradient, inputGradient, more = []) {
    const { rows } = this;
    let given = gradient;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { inputs, outputs, weight, weightGradient, biasGradient } = this.layers[l];
      multiply(weightGradient, outputs, inputs, rows, given, 1, outputs, this.read[l], inputs, 1, true);
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < outputs; j++, at++) biasGradient[j] += given[at];
      if (l === 0) {
        if (inputGradient) multiply(inputGradient, rows, inputs, outputs, given, outputs, 1, weight, inputs, 1, true);
        return;
      }
      const below = this.gradients[l - 1];
      multiply(below, rows, inputs, outputs, given, outputs, 1, weight, inputs, 1);
      const { slope } = this.activation;
      const before = this.before[l - 1];
      const extra = more[l - 1];
      const count = rows * inputs;
      for (let i = 0; i < count; i++) below[i] *= slope(before[i]);
      if (extra) for (let i = 0; i < count; i++) below[i] += extra[i];
      given = below;
    }
  }

  /** @type {Float64Array[]} */
  #active = [];
  #room = 0;

  #reserve(rows) {
    this.rows = rows;
    if (rows <= this.#room) return;
    this.#room = rows;
    const hidden = this.layers.slice(0, -1);
    this.before = this.layers.map(({ outputs }) => new Float64Array(rows * outputs));
    this.gradients = hidden.map(({ outputs }) => new Float64Array(rows * outputs));
    this.#active = hidden.map(({ outputs }) => new Float64Array(rows * outputs));
  }
}

/** A chain, or a linear layer with a chain beside it whose outputs are added (residual on PCA). */
export class Part {
  /** @type {Chain | null} */
  linear = null;

  /**
   * @param {number[]} sizes @param {string} activation @param {boolean} residual
   * @param {Float64Array} weights @param {Float64Array} gradient @param {number} from
   */
  constructor(sizes, activation, residual, weights, gradient, from) {
    const ends = [sizes[0], /** @type {number} */ (sizes.at(-1))];
    if (residual) this.linear = new Chain(ends, activation, weights, gradient, from);
    this.chain = new Chain(sizes, activation, weights, gradient, this.linear?.end ?? from);
    this.end = this.chain.end;
  }

  /** @param {Float64Array} x @param {number} rows */
  forward(x, rows) {
    const y = this.chain.forward(x, rows);
    if (!this.linear) return y;
    const straight = this.linear.forward(x, rows);
    const count = rows * this.chain.sizes[this.chain.sizes.length - 1];
    for (let i = 0; i < count; i++) y[i] += straight[i];
    return y;
  }

  /**
   * @param {Float64Array} gradient @param {Float64Array | null} inputGradient
   * @param {(Float64Array | null)[]} [more]
   */
  backward(gradient, inputGradient, more) {
    this.chain.backward(gradient, inputGradient, more);
    this.linear?.backward(gradient, inputGradient);
  }
}

/** How many numbers a part has. @param {number[]} sizes @param {boolean} residual */
export function countPart(sizes, residual) {
  return countWeights(sizes) + (residual ? countWeights([sizes[0], /** @type {number} */ (sizes.at(-1))]) : 0);
}
