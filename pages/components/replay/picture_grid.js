// @ts-check
// Pictures in bands of two rows, inputs above what is made of them.

/** px: of the colours' bar in front of a row; between two pictures; between two bands */
export const GAPS = { bar: 9, pair: 4, band: 14 };
const LARGEST = 132; // px, a picture's width

/**
 * As many columns as make the pictures largest.
 * @param {number} count @param {number} width px
 * @param {number} height px
 * @param {number} aspect height / width of a picture
 * @returns {{columns: number, w: number}} w: a picture's width in px
 */
export function bestGrid(count, width, height, aspect) {
  let best = { columns: 1, w: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const bands = Math.ceil(count / columns);
    const across = (width - GAPS.bar - (columns - 1) * GAPS.pair) / columns;
    const down = ((height - (bands - 1) * GAPS.band) / bands - GAPS.pair) / 2 / aspect;
    const w = Math.min(LARGEST, across, down);
    if (w > best.w) best = { columns, w };
  }
  return best;
}
