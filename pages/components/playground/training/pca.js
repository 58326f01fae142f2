// @ts-check
// PCA of samples, exactly, by the eigenvectors of their covariance: what a network is measured against.
import { eigen } from "./eigen.js";

/**
 * @typedef {object} Components
 * @property {Float64Array} mean (size)
 * @property {Float64Array} components (count × size), that of the largest variance first
 * @property {Float64Array} variance (count), unbiased, as ae_core's
 * @property {number} total variance
 * @property {number} count
 */

/**
 * @param {Float64Array} x (N × size) @param {ArrayLike<number>} samples the rows that count @param {number} size
 * @returns {Components}
 */
export function principalComponents(x, samples, size) {
  const mean = new Float64Array(size);
  for (let n = 0; n < samples.length; n++)
    for (let d = 0; d < size; d++) mean[d] += x[samples[n] * size + d] / samples.length;
  const covariance = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let n = 0; n < samples.length; n++) {
    for (let d = 0; d < size; d++) row[d] = x[samples[n] * size + d] - mean[d];
    for (let i = 0; i < size; i++) {
      if (row[i] !== 0) for (let j = i; j < size; j++) covariance[i * size + j] += row[i] * row[j];
    }
  }
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      const value = covariance[i * size + j] / Math.max(1, samples.length - 1);
      covariance[i * size + j] = covariance[j * size + i] = value;
    }
  const { values, vectors } = eigen(covariance, size);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const components = new Float64Array(size * size);
  for (const [i, from] of order.entries()) components.set(vectors.subarray(from * size, (from + 1) * size), i * size);
  const variance = Float64Array.from(order, (i) => Math.max(0, values[i]));
  return { mean, components, variance, total: variance.reduce((sum, v) => sum + v, 0), count: size };
}

/**
 * The squared error, summed over a sample's values and a mean over samples, that k components leave.
 * @param {Components} pca @param {Float64Array} x @param {ArrayLike<number>} samples rows of x @param {number} k
 */
export function pcaError({ mean, components, count }, x, samples, k) {
  const size = mean.length;
  let sum = 0;
  for (let n = 0; n < samples.length; n++) {
    const from = samples[n] * size;
    for (let d = 0; d < size; d++) sum += (x[from + d] - mean[d]) ** 2;
    for (let i = 0; i < Math.min(k, count); i++) {
      let code = 0;
      for (let d = 0; d < size; d++) code += components[i * size + d] * (x[from + d] - mean[d]);
      sum -= code * code;
    }
  }
  return sum / samples.length;
}
