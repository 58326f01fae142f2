// @ts-check
// The squared norm of an encoder's Jacobian, ‖∂z/∂x‖²_F (Rifai et al. 2011), and its gradient. The k rows of each
// sample's Jacobian are carried back through the layers at once, as rows × k rows of one matrix.
import { multiply } from "./products.js";

export class Contraction {
  /** @type {Float64Array[]} of each layer: ∂z / ∂(what it gives), slopes taken (rows · k × outputs) */
  #scaled = [];
  /** @type {Float64Array[]} of each layer: ∂z / ∂(what it reads) (rows · k × inputs) */
  #jacobian = [];
  /** @type {Float64Array[]} */
  #gradients = [];
  /** @type {Float64Array[]} what is added to the gradients of `before`, a layer each */
  more = [];
  #room = 0;

  /** @param {import("./dense.js").Chain} chain whose `forward` was called */
  constructor(chain) {
    this.chain = chain;
    this.k = chain.layers[chain.layers.length - 1].outputs;
  }

  /**
   * The mean over samples of the squared norm; its gradient, times `weight`, is added to the weights', and what it
   * gives for `before` stands in `more`, for `backward`.
   * @param {number} weight
   */
  add(weight) {
    const { chain, k } = this;
    const { rows, layers } = chain;
    this.#reserve(rows);
    const count = rows * k;
    const last = layers.length - 1;
    const top = layers[last];
    for (let n = 0; n < rows; n++) this.#jacobian[last].set(top.weight, n * k * top.inputs);
    for (let l = last - 1; l >= 0; l--) {
      const { inputs, outputs, weight: matrix } = layers[l];
      const [above, scaled, before] = [this.#jacobian[l + 1], this.#scaled[l], chain.before[l]];
      const { slope } = chain.activation;
      for (let n = 0, at = 0; n < rows; n++)
        for (let i = 0; i < k; i++)
          for (let j = 0; j < outputs; j++, at++) scaled[at] = above[at] * slope(before[n * outputs + j]);
      multiply(this.#jacobian[l], count, inputs, outputs, scaled, outputs, 1, matrix, inputs, 1);
    }
    const first = this.#jacobian[0];
    const size = count * layers[0].inputs;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += first[i] * first[i];
    this.#back(weight / rows, last);
    return sum / rows;
  }

  /** @param {number} weight of a sample @param {number} last layer */
  #back(weight, last) {
    const { chain, k } = this;
    const { rows, layers } = chain;
    const count = rows * k;
    for (let l = 0; l <= last; l++) {
      const { inputs, outputs, weight: matrix, weightGradient } = layers[l];
      const given = this.#gradients[l];
      if (l === 0) for (let i = 0; i < count * inputs; i++) given[i] = 2 * weight * this.#jacobian[0][i];
      if (l === last) {
        const size = k * inputs;
        for (let n = 0; n < rows; n++) for (let i = 0; i < size; i++) weightGradient[i] += given[n * size + i];
        return;
      }
      const [scaled, above, next] = [this.#scaled[l], this.#jacobian[l + 1], this.#gradients[l + 1]];
      multiply(weightGradient, outputs, inputs, count, scaled, 1, outputs, given, inputs, 1, true);
      multiply(next, count, outputs, inputs, given, inputs, 1, matrix, 1, inputs);
      const [before, more, { slope, bend }] = [chain.before[l], this.more[l], chain.activation];
      more.fill(0);
      for (let n = 0, at = 0; n < rows; n++)
        for (let i = 0; i < k; i++)
          for (let j = 0; j < outputs; j++, at++) {
            const y = before[n * outputs + j];
            more[n * outputs + j] += next[at] * above[at] * bend(y);
            next[at] *= slope(y);
          }
    }
  }

  /** @param {number} rows */
  #reserve(rows) {
    if (rows <= this.#room) return;
    this.#room = rows;
    const { chain, k } = this;
    const arrays = (sizes) => sizes.map((size) => new Float64Array(rows * size));
    this.#jacobian = arrays(chain.layers.map(({ inputs }) => k * inputs));
    this.#gradients = arrays(chain.layers.map(({ inputs }) => k * inputs));
    this.#scaled = arrays(chain.layers.map(({ outputs }) => k * outputs));
    this.more = arrays(chain.layers.slice(0, -1).map(({ outputs }) => outputs));
  }
}
