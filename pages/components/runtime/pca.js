// @ts-check
// PCA of one sample, from any number of its codes.

/**
 * @typedef {{mean: Float32Array, components: Float32Array, count: number}} Pca components (count · size), the first
 *   explains most
 */

/** Moving k by one adds or takes away one component. */
export class Projection {
  /** (count) codes of the sample */
  codes;
  #sum;
  #k = 0;

  /** @param {Pca} pca */
  constructor({ mean, components, count }) {
    this.mean = mean;
    this.components = components;
    this.count = count;
    this.size = mean.length;
    this.codes = new Float64Array(count);
    this.#sum = new Float64Array(this.size); // double: what is added and taken away a thousand times must not drift
  }

  /**
   * Take another sample.
   * @param {ArrayLike<number>} x (size)
   * @param {(codes: Float64Array) => void} [round] changes its codes in place
   */
  start(x, round) {
    const { mean, components, codes, size } = this;
    for (let i = 0, p = 0; i < this.count; i++) {
      let z = 0;
      for (let d = 0; d < size; d++) z += components[p++] * (x[d] - mean[d]);
      codes[i] = z;
    }
    round?.(codes);
    this.#sum.set(mean);
    this.#k = 0;
  }

  /** The sample from its first k codes; the same array every time. @param {number} k */
  at(k) {
    const wanted = Math.min(k, this.count); // past the input's own dimension there is nothing to add
    while (this.#k < wanted) this.#add(this.#k++, 1);
    while (this.#k > wanted) this.#add(--this.#k, -1);
    return this.#sum;
  }

  /**
   * Of a difference to the mean: what of its energy lies in the first k components.
   * @param {ArrayLike<number>} values @param {number} k
   */
  energy(values, k) {
    const { components, size } = this;
    let total = 0;
    for (let i = 0, p = 0; i < Math.min(k, this.count); i++) {
      let z = 0;
      for (let d = 0; d < size; d++) z += components[p++] * values[d];
      total += z * z;
    }
    return total;
  }

  #add(i, sign) {
    const z = sign * this.codes[i];
    for (let d = 0, p = i * this.size; d < this.size; d++) this.#sum[d] += z * this.components[p++];
  }
}
