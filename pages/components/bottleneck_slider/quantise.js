// @ts-check
// Rounded codes, and what they take; as ae_core/io/compression.py.

/** bits of a number that is not rounded */
export const EXACT = 32;
const RANGE = 3; // standard deviations on either side that the cells cover; what lies beyond is clipped

/**
 * Uniform quantisation in place: middle ± 3 standard deviations in 2^bits cells, each number to the centre of its cell.
 * @param {Float32Array | Float64Array} codes (k) @param {number} bits of each; EXACT: nothing is rounded
 * @param {ArrayLike<number>} spread (k) standard deviations
 * @param {ArrayLike<number> | null} [middle] (k) means; null: 0
 */
export function roundCodes(codes, bits, spread, middle = null) {
  if (bits >= EXACT) return;
  const cells = 2 ** bits;
  for (let i = 0; i < codes.length; i++) {
    const low = (middle ? middle[i] : 0) - RANGE * spread[i];
    const step = (2 * RANGE * spread[i]) / cells;
    const cell = step > 0 ? Math.floor((codes[i] - low) / step) : 0;
    codes[i] = low + (Math.min(cells - 1, Math.max(0, cell)) + 0.5) * step;
  }
}

/** Bytes of k numbers with so many bits each. @param {number} k @param {number} bits */
export function codeBytes(k, bits) {
  return Math.ceil((k * bits) / 8);
}
