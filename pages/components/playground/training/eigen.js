// @ts-check
// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reflections make it tridiagonal, implicit QL steps
// make that diagonal (Bowdler, Martin, Reinsch & Wilkinson 1968, the procedures tred2 and tql2).

/**
 * @param {Float64Array} matrix symmetric (size × size) @param {number} size
 * @returns {{values: Float64Array, vectors: Float64Array}} in no order; vectors are rows
 */
export function eigen(matrix, size) {
  const v = matrix.slice();
  const d = new Float64Array(size);
  const e = new Float64Array(size);
  tridiagonal(v, d, e, size);
  diagonal(v, d, e, size);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) vectors[j * size + i] = v[i * size + j];
  return { values: d, vectors };
}

/** d: the diagonal, e: what is beside it, v: the reflections' product. */
function tridiagonal(v, d, e, n) {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j];
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = v[(i - 1) * n + j];
        v[i * n + j] = v[j * n + i] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k] /= scale;
        h += d[k] * d[k];
      }
      const f = d[i - 1];
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      reflect(v, d, e, n, i, h);
    }
    d[i] = h;
  }
  gather(v, d, n);
  e[0] = 0;
}

/** One reflection, of rows above i. */
function reflect(v, d, e, n, i, h) {
  for (let j = 0; j < i; j++) e[j] = 0;
  for (let j = 0; j < i; j++) {
    const f = d[j];
    v[j * n + i] = f;
    let g = e[j] + v[j * n + j] * f;
    for (let k = j + 1; k <= i - 1; k++) {
      g += v[k * n + j] * d[k];
      e[k] += v[k * n + j] * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j] /= h;
    f += e[j] * d[j];
  }
  const hh = f / (h + h);
  for (let j = 0; j < i; j++) e[j] -= hh * d[j];
  for (let j = 0; j < i; j++) {
    const [a, b] = [d[j], e[j]];
    for (let k = j; k <= i - 1; k++) v[k * n + j] -= a * e[k] + b * d[k];
    d[j] = v[(i - 1) * n + j];
    v[i * n + j] = 0;
  }
}

/** The reflections' product. */
function gather(v, d, n) {
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i];
    v[i * n + i] = 1;
    const h = d[i + 1];
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1] / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[k * n + i + 1] * v[k * n + j];
        for (let k = 0; k <= i; k++) v[k * n + j] -= g * d[k];
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j];
    v[(n - 1) * n + j] = 0;
  }
  v[n * n - 1] = 1;
}

/** d: the eigenvalues, v: eigenvectors as columns. */
function diagonal(v, d, e, n) {
  for (let i = 1; i < n; i++) e[i - 1] = e[i];
  e[n - 1] = 0;
  let f = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * largest) m += 1;
    if (m > l) {
      do {
        const g = d[l];
        const p = (d[l + 1] - g) / (2 * e[l]);
        const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
        d[l] = e[l] / (p + r);
        d[l + 1] = e[l] * (p + r);
        const h = g - d[l];
        for (let i = l + 2; i < n; i++) d[i] -= h;
        f += h;
        turn(v, d, e, n, l, m);
      } while (Math.abs(e[l]) > Number.EPSILON * largest);
    }
    d[l] += f;
    e[l] = 0;
  }
}

/** One implicit QL step between l and m. */
function turn(v, d, e, n, l, m) {
  let p = d[m];
  let [c, c2, c3] = [1, 1, 1];
  let [s, s2] = [0, 0];
  const el1 = e[l + 1];
  const dl1 = d[l + 1];
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    let g = c * e[i];
    const h = c * p;
    const r = Math.hypot(p, e[i]);
    e[i + 1] = s * r;
    s = e[i] / r;
    c = p / r;
    p = c * d[i] - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]);
    for (let k = 0, at = i; k < n; k++, at += n) {
      g = v[at + 1];
      v[at + 1] = s * v[at] + c * g;
      v[at] = c * v[at] - s * g;
    }
  }
  p = (-s * s2 * c3 * el1 * e[l]) / dl1;
  e[l] = s * p;
  d[l] = c * p;
}
