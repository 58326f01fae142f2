// @ts-check
// What can be chosen and turned, in words, and which of it means anything for which kind of network.

/** Choices that make another network: it starts again. @type {Record<string, {value: string, label: string}[]>} */
export const CHOICES = {
  variant: [
    ["deep", "plain"],
    ["vae", "variational"],
    ["denoising", "denoising"],
    ["masked", "masked"],
    ["sparse", "sparse"],
    ["contractive", "contractive"],
    ["nested", "nested"],
  ].map(([value, label]) => ({ value, label })),
  k: [1, 2, 3, 4, 5, 6, 7, 8].map((k) => ({ value: String(k), label: String(k) })),
  hidden: ["32", "64", "64,32", "128,64", "64,32,16"].map((value) => ({ value, label: value.replaceAll(",", "-") })),
  activation: ["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid"].map((value) => ({
    value,
    label: value.replace("_", " "),
  })),
  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => ({ value: String(seed), label: String(seed) })),
};

/**
 * @typedef {object} Knob
 * @property {string} name as the link has it @property {string} label @property {number} low @property {number} high
 * @property {boolean} [log] whether its slider goes by powers of ten @property {string} [only] for this variant alone
 */

/** Knobs that act at once. @type {Knob[]} */
export const TURNED = [
  { name: "lr", label: "Learning rate", low: 1e-4, high: 1, log: true },
  { name: "beta", label: "β, weight of the KL term", low: 0, high: 50, only: "vae" },
  { name: "noise", label: "Noise, σ", low: 0, high: 1, only: "denoising" },
  { name: "masked", label: "Share hidden", low: 0, high: 0.95, only: "masked" },
  { name: "sparsity", label: "Sparsity", low: 0, high: 5, only: "sparse" },
  { name: "contraction", label: "Contraction", low: 0, high: 5, only: "contractive" },
  { name: "decay", label: "Weight decay", low: 0, high: 1 },
];

/** A value on its slider, 0..1000. @param {Knob} knob @param {number} value */
export function toSlider({ low, high, log }, value) {
  const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(1000 * part);
}

/** The value of a slider. @param {Knob} knob @param {number} at 0..1000 */
export function fromSlider({ low, high, log }, at) {
  const part = at / 1000;
  return Number((log ? low * (high / low) ** part : low + part * (high - low)).toPrecision(3));
}
