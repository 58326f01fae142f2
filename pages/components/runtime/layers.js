// @ts-check
// Layers: each is a function Float32Array -> Float32Array, its own buffer, so that nothing is allocated per frame.
import { ACTIVATIONS } from "./activations.js";

/** @typedef {(x: ArrayLike<number>) => Float32Array} Layer */

/**
 * y = W x + b. Stored by columns: after a relu more than half of x is zero, and a zero skips its whole column. Four
 * columns a pass, because reading and writing y costs as much as the multiplication. Row by row took four times as long
 * for a relu decoder of 1.5 million weights, and a third longer where nothing is zero.
 * @returns {Layer}
 */
export function denseLayer({ inputs, outputs, activation }, weight, bias) {
  const columns = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) columns[i * outputs + o] = weight[o * inputs + i];
  const y = new Float32Array(outputs);
  const alive = new Int32Array(inputs + 3); // three more, so that the last pass can be filled up with zeros
  const values = new Float32Array(inputs + 3);
  const activate = ACTIVATIONS[activation];
  return (x) => {
    let count = 0;
    for (let i = 0; i < inputs; i++) {
      if (x[i] === 0) continue;
      alive[count] = i * outputs;
      values[count++] = x[i];
    }
    for (let pad = count; pad < count + 3; pad++) {
      alive[pad] = 0;
      values[pad] = 0;
    }
    if (bias) y.set(bias);
    else y.fill(0);
    for (let n = 0; n < count; n += 4) {
      const a = values[n];
      const b = values[n + 1];
      const c = values[n + 2];
      const d = values[n + 3];
      let p = alive[n];
      let q = alive[n + 1];
      let r = alive[n + 2];
      let s = alive[n + 3];
      for (let o = 0; o < outputs; o++)
        y[o] += a * columns[p++] + b * columns[q++] + c * columns[r++] + d * columns[s++];
    }
    activate(y);
    return y;
  };
}

/**
 * torch's ConvTranspose1d/2d: every input pixel stamps the kernel, `stride` apart. Output padding is already in `out`.
 * @returns {Layer}
 */
export function convTransposeLayer(spec, weight, bias) {
  const [C, H, W] = spec.in;
  const [D, OH, OW] = spec.out;
  const [KH, KW] = spec.kernel;
  const [SH, SW] = spec.stride;
  const [PH, PW] = spec.padding;
  const y = new Float32Array(D * OH * OW);
  const activate = ACTIVATIONS[spec.activation];
  // One weight's share of the output: channel c's pixels, stamped into channel d.
  const stamp = (x, c, d, kh, kw) => {
    const w = weight[((c * D + d) * KH + kh) * KW + kw];
    const first = Math.max(0, Math.ceil((PW - kw) / SW)); // the input columns whose stamp lands inside the output
    const last = Math.min(W - 1, Math.floor((OW - 1 + PW - kw) / SW));
    for (let h = 0; h < H; h++) {
      const row = h * SH - PH + kh;
      if (row < 0 || row >= OH) continue;
      const from = (c * H + h) * W;
      let to = (d * OH + row) * OW - PW + kw + first * SW;
      for (let i = first; i <= last; i++, to += SW) y[to] += w * x[from + i];
    }
  };
  return (x) => {
    for (let d = 0; d < D; d++) y.fill(bias ? bias[d] : 0, d * OH * OW, (d + 1) * OH * OW);
    for (let c = 0; c < C; c++)
      for (let d = 0; d < D; d++)
        for (let kh = 0; kh < KH; kh++) for (let kw = 0; kw < KW; kw++) stamp(x, c, d, kh, kw);
    activate(y);
    return y;
  };
}

/**
 * Several chains of layers on the same input, their outputs added: a linear path and an MLP beside it.
 * @param {any} spec @param {Layer[]} chains @returns {Layer}
 */
export function sumLayer({ activation }, chains) {
  const activate = ACTIVATIONS[activation];
  /** @type {Float32Array | null} */
  let y = null;
  return (x) => {
    for (let n = 0; n < chains.length; n++) {
      const part = chains[n](x);
      y ??= new Float32Array(part.length);
      if (n === 0) y.set(part);
      else for (let i = 0; i < y.length; i++) y[i] += part[i];
    }
    activate(y);
    return y;
  };
}

/** The `keep` largest values; the others become 0. @returns {Layer} */
export function largestLayer({ keep, activation }) {
  const activate = ACTIVATIONS[activation];
  /** @type {Float32Array | null} */
  let y = null;
  return (x) => {
    y ??= new Float32Array(x.length);
    const least = Float32Array.from(x).sort()[x.length - keep]; // a typed array is sorted by number
    for (let i = 0; i < x.length; i++) y[i] = x[i] >= least ? x[i] : 0;
    activate(y);
    return y;
  };
}
