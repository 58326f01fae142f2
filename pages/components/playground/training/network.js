// @ts-check
// Encoder and decoder as one vector of weights: how large they are, how they begin, what they make of samples.
import { mulberry32 } from "../../math/random.js";
import { OUTPUTS } from "./activations.js";
import { rectify } from "./bottleneck.js";
import { countPart, Part } from "./dense.js";

/**
 * @typedef {object} Recipe what a network is; a change of it is another network
 * @property {string} variant deep, vae, denoising, masked, sparse, contractive or nested
 * @property {number} k size of the code
 * @property {number[]} hidden sizes from the input to the code, mirrored in the decoder
 * @property {string} activation
 * @property {number} seed
 */

export class Network {
  /**
   * @param {Recipe} recipe @param {number} size values of a sample @param {string} output activation
   * @param {Float64Array} [weights] of an equal network
   */
  constructor(recipe, size, output, weights) {
    const { variant, k, hidden, activation } = recipe;
    this.recipe = recipe;
    this.size = size;
    this.k = k;
    this.output = OUTPUTS[output];
    this.residual = variant === "nested" && hidden.length > 0;
    this.outputs = variant === "vae" ? 2 * k : k; // what the bottleneck reads
    const down = [size, ...hidden, this.outputs];
    const up = [k, ...[...hidden].reverse(), size];
    const count = countPart(down, this.residual) + countPart(up, this.residual);
    this.weights = weights ?? new Float64Array(count);
    this.gradient = new Float64Array(count);
    if (this.weights.length !== count) throw new Error(`${count} weights make this network, not ${weights?.length}.`);
    this.encoder = new Part(down, activation, this.residual, this.weights, this.gradient, 0);
    this.decoder = new Part(up, activation, this.residual, this.weights, this.gradient, this.encoder.end);
  }

  /** Weights as torch.nn.Linear begins with, of this seed: uniform in ±1/√inputs. */
  begin() {
    const next = mulberry32(Math.imul(Math.floor(this.recipe.seed) + 1, 2654435761));
    const chains = [this.encoder, this.decoder].flatMap((part) =>
      (part.linear ? [part.linear] : []).concat(part.chain),
    );
    for (const { layers } of chains) {
      for (const { weight, bias, inputs } of layers) {
        const bound = 1 / Math.sqrt(inputs);
        for (const vector of [weight, bias])
          for (let i = 0; i < vector.length; i++) vector[i] = bound * (2 * next() - 1);
      }
    }
  }

  /**
   * Make the linear paths PCA and the others silent, as ae_core's start_from_pca does: each dimension of the code has
   * variance 1.
   * @param {import("./pca.js").Components} pca of at least k components, or of as many as there are
   */
  beginAsPca({ mean, components, variance, count }) {
    const [down, up] = [this.encoder.linear.layers[0], this.decoder.linear.layers[0]];
    for (const { linear, chain } of [this.encoder, this.decoder]) {
      linear.layers[0].weight.fill(0);
      linear.layers[0].bias.fill(0);
      chain.layers[chain.layers.length - 1].weight.fill(0);
      chain.layers[chain.layers.length - 1].bias.fill(0);
    }
    const least = 1e-3 * Math.sqrt(variance[0]) + 1e-6;
    for (let i = 0; i < Math.min(this.k, count); i++) {
      const spread = Math.max(least, Math.sqrt(variance[i]));
      for (let d = 0; d < this.size; d++) {
        const axis = components[i * this.size + d];
        down.weight[i * this.size + d] = axis / spread;
        down.bias[i] -= (axis / spread) * mean[d];
        up.weight[d * this.k + i] = axis * spread;
      }
    }
    up.bias.set(mean);
  }

  /**
   * What the bottleneck's numbers are without noise: the mean, or the units behind their rectifier.
   * @param {Float64Array} h (rows × outputs) @param {number} rows @param {Float64Array} z (rows × k), is filled
   * @param {import("./knobs.js").Knobs} knobs
   */
  settle(h, rows, z, knobs) {
    const { k, outputs, recipe } = this;
    if (recipe.variant === "sparse") return rectify(h, rows, z, k, knobs);
    for (let i = 0; i < rows; i++) for (let j = 0; j < k; j++) z[i * k + j] = h[i * outputs + j];
    return z;
  }

  /** The codes (rows × k) of x (rows × size). @param {Float64Array} x @param {number} rows @param {Float64Array} z */
  encode(x, rows, z, knobs) {
    return this.settle(this.encoder.forward(x, rows), rows, z, knobs);
  }

  /** The samples (rows × size) of codes; the same array every time. @param {Float64Array} z @param {number} rows */
  decode(z, rows) {
    return this.finish(this.decoder.forward(z, rows), rows);
  }

  /**
   * The samples of what the decoder gives, in its place.
   * @param {Float64Array} raw (rows × size) @param {number} rows
   */
  finish(raw, rows) {
    const count = rows * this.size;
    const { output } = this;
    for (let i = 0; i < count; i++) raw[i] = output(raw[i]);
    return raw;
  }
}
