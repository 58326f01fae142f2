// @ts-check
// Activations with their slopes and curvatures, as torch.nn defines them. The runtime's are for a trained network.

/**
 * @typedef {object} Activation
 * @property {(x: number) => number} value
 * @property {(x: number) => number} slope its derivative
 * @property {(x: number) => number} bend its second derivative, which a contractive penalty needs
 */

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0), bend: () => 0 },
  leaky_relu: { value: (x) => (x > 0 ? x : 0.01 * x), slope: (x) => (x > 0 ? 1 : 0.01), bend: () => 0 },
  elu: {
    value: (x) => (x > 0 ? x : Math.expm1(x)),
    slope: (x) => (x > 0 ? 1 : Math.exp(x)),
    bend: (x) => (x > 0 ? 0 : Math.exp(x)),
  },
  silu: {
    value: (x) => x * sigmoid(x),
    slope: (x) => {
      const s = sigmoid(x);
      return s * (1 + x * (1 - s));
    },
    bend: (x) => {
      const s = sigmoid(x);
      return s * (1 - s) * (2 + x * (1 - 2 * s));
    },
  },
  tanh: {
    value: Math.tanh,
    slope: (x) => 1 - Math.tanh(x) ** 2,
    bend: (x) => {
      const t = Math.tanh(x);
      return -2 * t * (1 - t * t);
    },
  },
  sigmoid: {
    value: sigmoid,
    slope: (x) => {
      const s = sigmoid(x);
      return s * (1 - s);
    },
    bend: (x) => {
      const s = sigmoid(x);
      return s * (1 - s) * (1 - 2 * s);
    },
  },
};

/** What a decoder ends with: the same of its raw numbers. @type {Record<string, (x: number) => number>} */
export const OUTPUTS = { sigmoid, tanh: Math.tanh, identity: (x) => x };
