// @ts-check
// The diagonal Gaussian that a variational encoder gives.

/** @typedef {{mu: Float32Array, sigma: number[]}} Gaussian */

/**
 * The posterior of x, in arrays of its own.
 * @param {import("../runtime/model.js").Model} encoder @param {Float32Array} x @returns {Gaussian}
 */
export function posteriorOf(encoder, x) {
  const { mu, logvar } = encoder.posterior(x);
  return { mu: mu.slice(), sigma: Array.from(logvar, (value) => Math.exp(value / 2)) };
}

/** z = μ + σ·ε in float32. @param {Gaussian} posterior @param {ArrayLike<number>} epsilon (k) */
export function reparametrise({ mu, sigma }, epsilon) {
  return mu.map((m, i) => m + sigma[i] * epsilon[i]);
}

/** Divergence from a standard normal prior, nats. @param {Gaussian} posterior */
export function klToPrior({ mu, sigma }) {
  return sigma.reduce((sum, s, i) => sum - 0.5 * (1 + 2 * Math.log(s) - mu[i] ** 2 - s ** 2), 0);
}
