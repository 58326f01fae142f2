// @ts-check
// Activations, in place; the same definitions as torch.nn.

/** Abramowitz & Stegun 7.1.26: at most 1.5e-7 off, which is float32's own rounding. @param {number} x */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

/** @type {Record<string, (y: Float32Array) => void>} */
export const ACTIVATIONS = {
  identity: () => {},
  relu: (y) => {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = 0;
  },
  leaky_relu: (y) => {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= 0.01;
  },
  silu: (y) => {
    for (let i = 0; i < y.length; i++) y[i] /= 1 + Math.exp(-y[i]);
  },
  gelu: (y) => {
    for (let i = 0; i < y.length; i++) y[i] *= 0.5 * (1 + erf(y[i] * Math.SQRT1_2));
  },
  tanh: (y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.tanh(y[i]);
  },
  sigmoid: (y) => {
    for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-y[i]));
  },
  clip: (y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.min(1, Math.max(0, y[i]));
  },
  elu: (y) => {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = Math.expm1(y[i]);
  },
};
