// @ts-check
// Where the samples of a gallery lie: each class begins with a line of words, then rows of tiles.

/** @typedef {{top: number, words: string, from: number, count: number}} Row top: px; count 0: a line of words */

/**
 * @param {{count: number, words: string}[]} groups @param {number} across tiles in a row
 * @param {number} line height of a line of words, px @param {number} tile of a row of tiles, px
 * @returns {{rows: Row[], height: number}}
 */
export function rowsOf(groups, across, line, tile) {
  const rows = [];
  let top = 0;
  let from = 0;
  for (const { count, words } of groups) {
    rows.push({ top, words, from, count: 0 });
    top += line;
    for (let n = 0; n < count; n += across) {
      rows.push({ top, words: "", from: from + n, count: Math.min(across, count - n) });
      top += tile;
    }
    from += count;
  }
  return { rows, height: top };
}

/** The rows that a window from low to high px shows. @param {Row[]} rows @param {number} low @param {number} high */
export function inSight(rows, low, high) {
  let [first, last] = [0, rows.length];
  while (last - first > 1) {
    const middle = (first + last) >> 1;
    if (rows[middle].top <= low) first = middle;
    else last = middle;
  }
  const shown = [];
  for (let n = first; n < rows.length && rows[n].top < high; n++) shown.push(rows[n]);
  return shown;
}
