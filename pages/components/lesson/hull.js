// @ts-check
// Whether a place lies among the codes of a map: within the smallest convex shape that holds them all.

/** @type {WeakMap<object, number[][]>} */
const hulls = new WeakMap();

/**
 * Twice the area of a triangle, positive where it turns left.
 * @param {number[]} a @param {number[]} b @param {number[]} c
 */
const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** The corners of the convex hull, counter-clockwise (Andrew's monotone chain). @param {number[][]} points */
export function hullOf(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (order) => {
    /** @type {number[][]} */
    const chain = [];
    for (const point of order) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** @param {{codes: Float32Array, k: number, count: number}} model of two numbers @param {number[]} z */
export function isInside(model, z) {
  if (model.k !== 2) return true;
  let hull = hulls.get(model);
  if (!hull) {
    hull = hullOf(Array.from({ length: model.count }, (_, n) => [model.codes[2 * n], model.codes[2 * n + 1]]));
    hulls.set(model, hull);
  }
  return hull.every((corner, n) => turn(corner, hull[(n + 1) % hull.length], z) >= 0);
}
