// @ts-check
// A codebook: the vectors that stand for the places of a code.

/**
 * A codebook of `codes` vectors of `size` numbers, values (codes · size); number i of the token at position t is z[i ·
 * T + t]. Both functions give their own buffer, which the next call uses again.
 * @param {{codes: number, size: number, grid: number[]}} spec @param {Float32Array} values
 * @param {number} k numbers of a code
 */
export function makeCodebook({ codes, size, grid }, values, k) {
  const positions = k / size;
  const z = new Float32Array(k);
  const nearest = new Int32Array(positions);

  /** Index of the nearest vector at each position. @param {ArrayLike<number>} h encoder output (k) */
  const tokens = (h) => {
    for (let t = 0; t < positions; t++) {
      let least = Number.POSITIVE_INFINITY;
      for (let c = 0; c < codes; c++) {
        let squared = 0;
        for (let i = 0; i < size; i++) {
          const gap = h[i * positions + t] - values[c * size + i];
          squared += gap * gap;
        }
        if (squared < least) {
          least = squared;
          nearest[t] = c;
        }
      }
    }
    return nearest;
  };

  /** The code (k) that these tokens stand for. @param {ArrayLike<number>} indexes */
  const fromTokens = (indexes) => {
    for (let t = 0; t < positions; t++)
      for (let i = 0; i < size; i++) z[i * positions + t] = values[indexes[t] * size + i];
    return z;
  };
  return { codes, size, grid, values, tokens, fromTokens };
}
