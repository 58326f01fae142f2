// @ts-check
// Four codes mixed at a place of a square.

/**
 * How much of each corner (top left, top right, bottom left, bottom right) there is at a place.
 * @param {number[]} place [to the right, down], 0..1
 */
export function weightsAt([u, v]) {
  return [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
}

/**
 * The code at a place.
 * @param {{codes: ArrayLike<number>, k: number}} model @param {number[]} corners samples @param {number[]} place
 */
export function mixtureAt({ codes, k }, corners, place) {
  const weights = weightsAt(place);
  /** @type {number[]} */
  const z = new Array(k).fill(0);
  for (const [c, index] of corners.entries()) for (let i = 0; i < k; i++) z[i] += weights[c] * codes[index * k + i];
  return z;
}

/**
 * Samples for the corners; four different classes, where there are so many.
 * @param {{labels: ArrayLike<number> | null, count: number}} model @param {() => number} [random] 0..1
 */
export function shuffled({ labels, count }, random = Math.random) {
  const seen = new Set();
  return Array.from({ length: 4 }, () => {
    let index = 0;
    for (let turn = 0; turn < 40; turn++) {
      index = Math.floor(random() * count);
      if (!labels || !seen.has(labels[index])) break;
    }
    seen.add(labels?.[index]);
    return index;
  });
}
