// @ts-check
// The known ways to fail, named when they happen, from what was measured.
import { short } from "./curve.js";

const FEW = 4; // measures that are averaged: one alone jumps
const RECENT = 20; // measures in which an error that ran up is still told
const HIGH = 0.02; // a learning rate that can be to blame
const HOLE = 0.07; // of the map: so far from every code nothing was trained

/**
 * @typedef {object} About a network
 * @property {string} variant @property {number} k @property {number} size of a sample
 * @property {boolean} diverged whether its numbers ran away
 * @property {number | null} pca @property {number | null} mean errors of PCA and of always drawing the mean, held out
 * @property {number} lr @property {number} beta @property {number} used samples that are trained on
 * @property {number | null} distance of the dot from the nearest code, as a share of the map; null where nobody has
 *   moved it
 */

/**
 * @param {import("./training/session.js").Measure[]} measures @param {About} about
 * @returns {string} a sentence or two; what is usual where nothing fails
 */
export function failure(measures, about) {
  const { variant, k, size, diverged, pca, mean, lr, beta, used, distance } = about;
  if (diverged) return "Diverged: the error ran away. Lower the learning rate and start again.";
  const last = measures.at(-1);
  if (!last || pca === null || mean === null) return "";
  const { step } = last;
  const [train, test, best] = [average(measures, "train"), average(measures, "test"), leastAverage(measures)];
  const memorised = (test > 1.25 * best && test > 2 * train) || test > 8 * train;
  const peak = Math.max(0, ...measures.slice(-RECENT).map((each) => (each.step ? each.test : 0)));
  if (peak > 2 * mean) return divergence(peak / mean, lr);
  if (step >= 200 && variant === "vae" && last.active === 0) return collapse(beta, lr);
  if (step >= 300 && lr >= HIGH && test > 0.95 * mean) return best < 0.8 * mean ? lost(best, test, lr) : stuck(lr);
  if (k >= size && test < 0.05 * mean) return IDENTITY;
  if (step >= 500 && memorised) return overfitting(used, short(train), short(best), short(test));
  if (step >= 200 && distance !== null && distance > HOLE) return hole(variant);
  const compared = last.test < pca ? "below" : "above";
  return `Held-out error ${short(last.test)}, ${compared} PCA's ${short(pca)} with as many dimensions.`;
}

const IDENTITY =
  "The identity: the code has as many numbers as a sample, so it can copy, and need learn nothing of the data.";

const divergence = (times, lr) =>
  `Divergence: the error ran up to ${short(times)} times that of the mean. Lower the learning rate of ${lr}.`;

const lost = (best, test, lr) =>
  `Divergence: the error was ${short(best)} and is the mean's again, ${short(test)}. Lower the learning rate of ${lr}.`;

const collapse = (beta, lr) => {
  const other = lr >= HIGH ? `, or a learning rate as high as ${lr}` : "";
  return `Posterior collapse: no latent dimension says anything at β = ${beta}. Lower β${other}.`;
};

const stuck = (lr) =>
  `Stuck: every sample gets the mean. A learning rate of ${lr} can do that: lower it and start again.`;

const overfitting = (used, train, best, test) =>
  `Overfitting: on ${used} samples the training error is ${train}; held out it was ${best} and is ${test} now.`;

const hole = (variant) => {
  const why = variant === "vae" ? "" : ", and nothing in this loss fills the plane";
  return `A hole: no sample's code is near the dot${why}. The decoder never learned what to draw there.`;
};

/**
 * The average of the last ones.
 * @param {import("./training/session.js").Measure[]} measures @param {"train" | "test"} name
 */
function average(measures, name, end = measures.length) {
  const few = measures.slice(Math.max(0, end - FEW), end);
  return few.reduce((sum, measure) => sum + measure[name], 0) / few.length;
}

/** The least held-out error so far, averaged. @param {import("./training/session.js").Measure[]} measures */
function leastAverage(measures) {
  let least = Number.POSITIVE_INFINITY;
  for (let end = FEW; end <= measures.length; end++) least = Math.min(least, average(measures, "test", end));
  return least;
}
