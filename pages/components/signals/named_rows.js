// @ts-check
// Which rows a flagged stretch is about: as ae_core.anomaly.named_rows has it.

export const UNIT = 32; // of a stored error: the limit of normal rows
const LEAST = 6 * UNIT; // above the limit in all: less is chance

/**
 * [first row, row after the last] that a stretch is about; null where no rows stand out.
 * @param {Uint8Array} errors (rows) @param {number} start @param {number} end rows that the score flags
 * @param {number} window rows of a window, which the stretch may be late by
 * @param {number} before row after the stretch before
 * @returns {[number, number] | null}
 */
export function namedRows(errors, start, end, window, before) {
  const first = Math.max(before, start - window + 1, 0);
  let [sum, lowest, from] = [0, 0, first]; // the last row at which the sum is lowest
  let best = { gain: 0, from: first, to: first };
  for (let row = first; row < end; row++) {
    sum += errors[row] - UNIT;
    if (sum - lowest > best.gain) best = { gain: sum - lowest, from, to: row + 1 };
    if (sum <= lowest) [lowest, from] = [sum, row + 1];
  }
  return best.gain < LEAST ? null : [best.from, best.to];
}
