// @ts-check
// Products of matrices in typed arrays, row by row. Four rows and four columns are held in sixteen local sums: what is
// loaded is used four times, which makes the plain loop four times as fast. In double precision, because a conversion
// from float32 at each load costs a tenth more than the memory that it saves.

/**
 * C (rows × columns) = A B, or C += A B; the inner dimension is summed.
 * A's element (i, t) lies at a[i · aRow + t · aStep], B's element (t, j) at b[t · bStep + j · bColumn], so that a
 * transposed matrix is one with its two strides exchanged.
 * @param {Float64Array} c @param {number} rows @param {number} columns @param {number} inner
 * @param {Float64Array} a @param {number} aRow @param {number} aStep
 * @param {Float64Array} b @param {number} bStep @param {number} bColumn
 * @param {boolean} [add] to what is in c
 */
export function multiply(c, rows, columns, inner, a, aRow, aStep, b, bStep, bColumn, add = false) {
  const evenRows = rows - (rows % 4);
  const evenColumns = columns - (columns % 4);
  for (let i = 0; i < evenRows; i += 4) {
    for (let j = 0; j < evenColumns; j += 4) {
      let p = i * aRow;
      let q = p + aRow;
      let r = q + aRow;
      let s = r + aRow;
      let e = j * bColumn;
      let f = e + bColumn;
      let g = f + bColumn;
      let h = g + bColumn;
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
      for (let t = 0; t < inner; t++) {
        const a0 = a[p];
        const a1 = a[q];
        const a2 = a[r];
        const a3 = a[s];
        const b0 = b[e];
        const b1 = b[f];
        const b2 = b[g];
        const b3 = b[h];
        c00 += a0 * b0;
        c01 += a0 * b1;
        c02 += a0 * b2;
        c03 += a0 * b3;
        c10 += a1 * b0;
        c11 += a1 * b1;
        c12 += a1 * b2;
        c13 += a1 * b3;
        c20 += a2 * b0;
        c21 += a2 * b1;
        c22 += a2 * b2;
        c23 += a2 * b3;
        c30 += a3 * b0;
        c31 += a3 * b1;
        c32 += a3 * b2;
        c33 += a3 * b3;
        p += aStep;
        q += aStep;
        r += aStep;
        s += aStep;
        e += bStep;
        f += bStep;
        g += bStep;
        h += bStep;
      }
      let at = i * columns + j;
      if (!add) c[at] = c[at + 1] = c[at + 2] = c[at + 3] = 0;
      c[at] += c00;
      c[at + 1] += c01;
      c[at + 2] += c02;
      c[at + 3] += c03;
      at += columns;
      if (!add) c[at] = c[at + 1] = c[at + 2] = c[at + 3] = 0;
      c[at] += c10;
      c[at + 1] += c11;
      c[at + 2] += c12;
      c[at + 3] += c13;
      at += columns;
      if (!add) c[at] = c[at + 1] = c[at + 2] = c[at + 3] = 0;
      c[at] += c20;
      c[at + 1] += c21;
      c[at + 2] += c22;
      c[at + 3] += c23;
      at += columns;
      if (!add) c[at] = c[at + 1] = c[at + 2] = c[at + 3] = 0;
      c[at] += c30;
      c[at + 1] += c31;
      c[at + 2] += c32;
      c[at + 3] += c33;
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
