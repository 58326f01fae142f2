// @ts-check
// Buffers that series are read into for drawing, and what they span.

/** @typedef {import("../canvas/trace.js").Points} Points */

const PLACES = 16384; // pixels of the widest canvas

/** @returns {Points} */
export function makePoints() {
  const values = () => new Float32Array(PLACES);
  return { x: values(), low: values(), high: values(), count: 0, line: false };
}

/** Used again by whatever draws: original, network, PCA. */
export const BUFFERS = [makePoints(), makePoints(), makePoints()];

function endsOf({ low, high, count }) {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    if (low[i] < least) least = low[i];
    if (high[i] > most) most = high[i];
  }
  return [least, most];
}

/**
 * The least and the most of some points, and the ends of an axis for them: widened by other points, on either side by
 * at most `reach` times what the first span.
 * @param {number} reach @param {Points} own @param {Points[]} others
 */
export function spanOf(reach, own, ...others) {
  const around = others.map(endsOf);
  const [least, most] = [endsOf(own), around[0] ?? [0, 1], [0, 1]].find(([a, b]) => a <= b);
  const room = reach * (most - least || Math.abs(most) || 1);
  let [low, high] = [least, most];
  for (const [a, b] of around) {
    if (a > b) continue;
    low = Math.min(low, Math.max(a, least - room));
    high = Math.max(high, Math.min(b, most + room));
  }
  const half = (value) => (Math.abs(value) || 1) / 2;
  return high > low ? { low, high, least, most } : { low: low - half(low), high: high + half(high), least, most };
}
