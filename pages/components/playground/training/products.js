// @ts-check
// Products of matrices in typed arrays. Four rows and four columns are held in sixteen local sums, so that what is
// loaded is used four times; both are first laid side by side, so that one counter walks through each: 2.5 billion
// multiply-adds a second where the plain loop makes half of one. In double precision, because a conversion from float32
// at each load costs a tenth more than the memory that it saves.

const LONGEST = 8192; // of the inner dimension; what is longer is summed plainly
/** Where four rows, and columns, are laid side by side: constants, for then the compiler knows where they lie. */
const PA = new Float64Array(4 * LONGEST);
const PB = new Float64Array(16 * LONGEST);

/**
 * Four vectors side by side: 0, 1, 2, 3 of the first numbers, then of the second ones.
 * @param {Float64Array} to @param {number} at where it begins there @param {number} inner length of a vector
 * @param {Float64Array} from @param {number} first of it @param {number} next from vector to vector
 * @param {number} step from number to number
 */
function lay(to, at, inner, from, first, next, step) {
  for (let t = 0, i = at, p = first; t < inner; t++, i += 4, p += step) {
    to[i] = from[p];
    to[i + 1] = from[p + next];
    to[i + 2] = from[p + 2 * next];
    to[i + 3] = from[p + 3 * next];
  }
}

/**
 * C (rows × columns) = A B, or C += A B; the inner dimension is summed, from its first to its last.
 * A's element (i, t) lies at a[i · aRow + t · aStep], B's element (t, j) at b[t · bStep + j · bColumn], so that a
 * transposed matrix is one with its two strides exchanged.
 * @param {Float64Array} c @param {number} rows @param {number} columns @param {number} inner
 * @param {Float64Array} a @param {number} aRow @param {number} aStep
 * @param {Float64Array} b @param {number} bStep @param {number} bColumn
 * @param {boolean} [add] to what is in c
 */
export function multiply(c, rows, columns, inner, a, aRow, aStep, b, bStep, bColumn, add = false) {
  const evenColumns = inner <= LONGEST ? columns - (columns % 4) : 0;
  const evenRows = evenColumns ? rows - (rows % 4) : 0;
  const size = 4 * inner;
  const block = 4 * Math.floor(PB.length / size); // columns that there is room for
  for (let first = 0; first < evenColumns; first += block) {
    const end = Math.min(evenColumns, first + block);
    for (let j = first; j < end; j += 4) lay(PB, (j - first) * inner, inner, b, j * bColumn, bColumn, bStep);
    for (let i = 0; i < evenRows; i += 4) {
      lay(PA, 0, inner, a, i * aRow, aRow, aStep);
      for (let j = first, from = 0; j < end; j += 4, from += size) {
        let c00 = 0;
        let c01 = 0;
        let c02 = 0;
        let c03 = 0;
        let c10 = 0;
        let c11 = 0;
        let c12 = 0;
        let c13 = 0;
        let c20 = 0;
        let c21 = 0;
        let c22 = 0;
        let c23 = 0;
        let c30 = 0;
        let c31 = 0;
        let c32 = 0;
        let c33 = 0;
        for (let t = 0, q = from; t < size; t += 4, q += 4) {
          const b0 = PB[q];
          const b1 = PB[q + 1];
          const b2 = PB[q + 2];
          const b3 = PB[q + 3];
          const a0 = PA[t];
          c00 += a0 * b0;
          c01 += a0 * b1;
          c02 += a0 * b2;
          c03 += a0 * b3;
          const a1 = PA[t + 1];
          c10 += a1 * b0;
          c11 += a1 * b1;
          c12 += a1 * b2;
          c13 += a1 * b3;
          const a2 = PA[t + 2];
          c20 += a2 * b0;
          c21 += a2 * b1;
          c22 += a2 * b2;
          c23 += a2 * b3;
          const a3 = PA[t + 3];
          c30 += a3 * b0;
          c31 += a3 * b1;
          c32 += a3 * b2;
          c33 += a3 * b3;
        }
        let at = i * columns + j;
        c[at] = add ? c[at] + c00 : c00;
        c[at + 1] = add ? c[at + 1] + c01 : c01;
        c[at + 2] = add ? c[at + 2] + c02 : c02;
        c[at + 3] = add ? c[at + 3] + c03 : c03;
        at += columns;
        c[at] = add ? c[at] + c10 : c10;
        c[at + 1] = add ? c[at + 1] + c11 : c11;
        c[at + 2] = add ? c[at + 2] + c12 : c12;
        c[at + 3] = add ? c[at + 3] + c13 : c13;
        at += columns;
        c[at] = add ? c[at] + c20 : c20;
        c[at + 1] = add ? c[at + 1] + c21 : c21;
        c[at + 2] = add ? c[at + 2] + c22 : c22;
        c[at + 3] = add ? c[at + 3] + c23 : c23;
        at += columns;
        c[at] = add ? c[at] + c30 : c30;
        c[at + 1] = add ? c[at + 1] + c31 : c31;
        c[at + 2] = add ? c[at + 2] + c32 : c32;
        c[at + 3] = add ? c[at + 3] + c33 : c33;
      }
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < evenRows ? evenColumns : 0; j < columns; j++) {
      let p = i * aRow;
      let e = j * bColumn;
      let sum = 0;
      for (let t = 0; t < inner; t++, p += aStep, e += bStep) sum += a[p] * b[e];
      const at = i * columns + j;
      c[at] = add ? c[at] + sum : sum;
    }
  }
}
