// @ts-check
// Random numbers that are the same in every browser for the same seed.

/** mulberry32, 32 bits of state: a function that gives the next number, 0..1. @param {number} seed */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers from uniform ones (Box & Muller 1958). @param {number} u 0..1 @param {number} v 0..1 */
export function boxMuller(u, v) {
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

/**
 * Numbers 0..1; seeds that lie side by side give sequences that have nothing to do with each other.
 * @param {number} seed @param {number} count
 */
export function uniforms(seed, count) {
  const next = mulberry32(Math.imul(Math.floor(seed) + 1, 2654435761));
  return Float32Array.from({ length: count }, next);
}

/** Standard normal numbers. @param {number} seed @param {number} count */
export function normals(seed, count) {
  const u = uniforms(seed, 2 * count);
  return Float32Array.from({ length: count }, (_, i) => boxMuller(u[2 * i], u[2 * i + 1]));
}

/** A number 0..1 that belongs to n: strews points which would lie on each other. @param {number} n */
export function jitter(n) {
  return (Math.imul(n + 1, 2654435761) >>> 8) / 2 ** 24;
}
