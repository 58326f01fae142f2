// @ts-check
// Where each class lies on the map.
import { median } from "../math/stats.js";

/**
 * The median of each class's points, for each axis by itself; null for a class without points.
 * @param {Float32Array} map (N · 2); what is no number is left out
 * @param {ArrayLike<number>} labels (N) @param {number} count of classes
 * @returns {([number, number] | null)[]}
 */
export function classMedians(map, labels, count) {
  const xs = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  const ys = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  for (let n = 0; n < map.length / 2; n++) {
    const [x, y] = [map[2 * n], map[2 * n + 1]];
    if (!Number.isFinite(x + y) || labels[n] >= count) continue;
    xs[labels[n]].push(x);
    ys[labels[n]].push(y);
  }
  return xs.map((each, c) => (each.length ? [median(each), median(ys[c])] : null));
}
