// @ts-check
// The held-out samples whose codes a model brings.
import { nearestCodes } from "./model.js";

/** @typedef {import("./model.js").Model} Model */

/** The code of a sample, in the model's own memory. @param {Pick<Model, "codes" | "k">} model @param {number} n */
export function codeOf({ codes, k }, n) {
  return codes.subarray(n * k, (n + 1) * k);
}

/**
 * The next sample, of a class or of any; the same one where there is no other.
 * @param {{count: number, labels?: ArrayLike<any> | null}} samples
 * @param {number} from the one before it; before the first: -1
 * @param {any} [label] as in `labels`; none: any
 * @param {1 | -1} [turn] the one before it, where negative
 */
export function nextSample({ count, labels }, from, label = null, turn = 1) {
  for (let step = 1; step <= count; step++) {
    const n = (from + turn * step + 2 * count) % count;
    if (label === null || !labels || labels[n] === label) return n;
  }
  return from;
}

/**
 * Whether a place is farther from its nearest codes than data ever are; null where the model cannot tell.
 * @param {Pick<Model, "off_data">} model @param {ReturnType<typeof nearestCodes> | null} near
 */
export function isFar({ off_data }, near) {
  if (!near || off_data?.threshold == null) return null;
  return near.distances[Math.min(off_data.neighbours, near.distances.length) - 1] > off_data.threshold;
}

/**
 * What lies at a place: its class, by the vote of the nearest codes (of classes with as many votes the one with the
 * nearest code wins; as ae_core's `classes_along`), and whether it is farther from them than data ever are.
 * @param {Model} model @param {ArrayLike<number>} z (k)
 */
export function classify(model, z) {
  const near = nearestCodes(model, z, model.off_data?.neighbours ?? 5);
  const off = isFar(model, near) ?? false;
  if (!model.labels) return { near, off, label: 0 };
  const votes = near.indexes.map((n) => model.labels[n]);
  const counts = votes.map((label) => votes.filter((other) => other === label).length);
  return { near, off, label: votes[counts.indexOf(Math.max(...counts))] };
}

/** Whether a model's pictures are digits, of which words may speak. @param {{data?: string}} model */
export const areDigits = ({ data }) => ["mnist", "digits"].includes(data);
