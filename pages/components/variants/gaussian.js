// @ts-check
// The diagonal Gaussian that a variational encoder gives, and the loss that it is trained with: as ae_core's `steps`.
import { squaredError } from "../math/stats.js";

/** @typedef {import("../runtime/model.js").Model} Model */
/** @typedef {{mu: Float32Array, sigma: number[]}} Gaussian */

/**
 * The posterior of x, in arrays of its own.
 * @param {Model} encoder @param {Float32Array} x @returns {Gaussian & {logvar: Float32Array}}
 */
export function posteriorOf(encoder, x) {
  const { mu, logvar } = encoder.posterior(x);
  return { mu: mu.slice(), logvar: logvar.slice(), sigma: Array.from(logvar, (value) => Math.exp(value / 2)) };
}

/** z = μ + σ·ε in float32. @param {Gaussian} posterior @param {ArrayLike<number>} epsilon (k) */
export function reparametrise({ mu, sigma }, epsilon) {
  return mu.map((m, i) => m + sigma[i] * epsilon[i]);
}

/** Divergence of each dimension from a standard normal prior, nats. @param {Gaussian} posterior */
export function klOfEach({ mu, sigma }) {
  return sigma.map((s, i) => -0.5 * (1 + 2 * Math.log(s) - mu[i] ** 2 - s ** 2));
}

/** Divergence from a standard normal prior, nats. @param {Gaussian} posterior */
export function klToPrior(posterior) {
  return klOfEach(posterior).reduce((sum, value) => sum + value, 0);
}

/** The gradient of the KL in each dimension, ∂KL/∂μ and ∂KL/∂log σ². @param {Gaussian} posterior */
export function klGradient({ mu, sigma }) {
  return { mu: Array.from(mu), logvar: sigma.map((s) => 0.5 * (s ** 2 - 1)) };
}

/**
 * From z to the loss of x. reconstruction and loss: in nats of a model with cross-entropy, else in units of the data,
 * squared.
 * @param {Model} model @param {Float32Array} x @param {Gaussian} posterior @param {Float32Array} z
 * @param {{loss?: string, beta?: number}} recipe loss: how the reconstruction is measured
 */
export function lossOf(model, x, posterior, z, { loss, beta }) {
  const raw = model.raw(z).slice();
  const xHat = model.decode(z).slice();
  const reconstruction = loss === "cross-entropy" ? crossEntropy(raw, x) : squaredError(xHat, x);
  const kl = klToPrior(posterior);
  return { raw, xHat, reconstruction, kl, loss: reconstruction + beta * kl };
}

/**
 * Of logits, as torch has it, in nats: exact where a sigmoid would round to 0 or 1.
 * @param {ArrayLike<number>} logits @param {ArrayLike<number>} x
 */
function crossEntropy(logits, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const logit = logits[i];
    sum += Math.max(logit, 0) - logit * x[i] + Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return sum;
}
