// @ts-check
// Small statistics.

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/** Sum of squared differences. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function squaredError(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** The upper median. It sorts `values` in place. @param {number[] | Float32Array} values */
export function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** numpy's "linear" quantile, to the last bit. @param {ArrayLike<number>} sorted @param {number} q 0..1 */
export function quantile(sorted, q) {
  if (!sorted.length) return Number.NaN;
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low];
  const b = sorted[Math.min(low + 1, sorted.length - 1)];
  const part = at - low;
  return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

/** Which quantile a value is, 0..1. @param {ArrayLike<number>} sorted @param {number} value */
export function rank(sorted, value) {
  const last = sorted.length - 1;
  const i = lastNotAbove(sorted, value);
  if (i < 0 || last < 1) return 0;
  return i >= last ? 1 : (i + (value - sorted[i]) / (sorted[i + 1] - sorted[i])) / last;
}

/**
 * Index of the last one that is not above the value; −1 where all are.
 * @param {ArrayLike<number>} sorted @param {number} value
 */
export function lastNotAbove(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The ends of a colour or map scale: the values without the smallest and the largest share, so that one outlier does
 * not take it all; what is no number is left out.
 * @param {Iterable<number>} values @param {number} share at each end
 * @returns {[number, number] | null} null where there is no number
 */
export function trimmedRange(values, share) {
  const sorted = Float32Array.from(values).filter(Number.isFinite).sort();
  if (!sorted.length) return null;
  return [sorted[Math.floor((sorted.length - 1) * share)], sorted[Math.ceil((sorted.length - 1) * (1 - share))]];
}
