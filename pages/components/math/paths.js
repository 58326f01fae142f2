// @ts-check
// Paths through a latent space, t -> z, as ae_core has them.
import { squaredError } from "./stats.js";

/** @typedef {(t: number) => number[]} Path t: 0 at a, 1 at b; beyond them it goes on */

/** The line from a to b. @param {number[]} a @param {number[]} b @returns {Path} */
export function straight(a, b) {
  return (t) => a.map((value, i) => (1 - t) * value + t * b[i]);
}

/**
 * The direction turns evenly while the norm goes evenly from one end's to the other's (Shoemake 1985).
 * @param {number[]} a @param {number[]} b @returns {Path}
 */
export function spherical(a, b) {
  const dot = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  const norm = (u) => Math.sqrt(dot(u, u));
  const lengths = [norm(a), norm(b)];
  if (Math.min(...lengths) === 0 || a.length === 1) return straight(a, b);
  const u = a.map((value) => value / lengths[0]);
  const v = b.map((value) => value / lengths[1]);
  const cosine = dot(u, v);
  let across = v.map((value, i) => value - cosine * u[i]);
  const angle = Math.atan2(norm(across), cosine);
  if (norm(across) < 1e-9) {
    if (angle < 1) return straight(a, b);
    // Opposite ends: through the axis nearest to perpendicular.
    const least = u.reduce((best, value, i) => (Math.abs(value) < Math.abs(u[best]) ? i : best), 0);
    across = u.map((value, i) => (i === least ? 1 : 0) - u[least] * value);
  }
  const size = norm(across);
  across = across.map((value) => value / size);
  return (t) => {
    const length = (1 - t) * lengths[0] + t * lengths[1];
    const [cos, sin] = [Math.cos(t * angle), Math.sin(t * angle)];
    return u.map((value, i) => length * (cos * value + sin * across[i]));
  };
}

/**
 * Through points, evenly; beyond the ends on in the direction of the last step.
 * @param {number[][]} points @returns {Path}
 */
export function along(points) {
  const last = points.length - 1;
  return (t) => {
    const i = Math.min(last - 1, Math.max(0, Math.floor(t * last)));
    const part = t * last - i;
    return points[i].map((value, d) => (1 - part) * value + part * points[i + 1][d]);
  };
}

/** A list of numbers at a fractional index. @param {number[]} values @param {number} at */
export function between(values, at) {
  const i = Math.min(values.length - 2, Math.floor(at));
  const part = at - i;
  return (1 - part) * values[i] + part * values[i + 1];
}

/**
 * The t of `count` places with the same change of the decoded sample from each to the next; as ae_core's own. Yields
 * null after every decode, so that a frame can stop in between, and the list at last (nothing where nothing changes).
 * @param {(z: number[]) => Float32Array} decode @param {Path} path @param {number} count
 * @returns {Generator<number[] | null, void>}
 */
export function* evenTimes(decode, path, count) {
  const arc = [0];
  let before = null;
  for (let n = 0; n < count; n++) {
    const values = Float32Array.from(decode(path(n / (count - 1))));
    if (before) arc.push(Math.sqrt(squaredError(values, before)));
    before = values;
    yield null;
  }
  const total = arc.reduce((sum, step) => sum + step, 0);
  if (!total) return;
  for (let n = 1; n < count; n++) arc[n] += arc[n - 1] + (1e-9 * total) / (count - 1);
  const times = [];
  for (let n = 0, j = 0; n < count; n++) {
    const wanted = (n / (count - 1)) * arc[count - 1];
    while (j < count - 2 && arc[j + 1] <= wanted) j += 1;
    times.push((j + (wanted - arc[j]) / (arc[j + 1] - arc[j])) / (count - 1));
  }
  yield times;
}
