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
 * @property {boolean} [log] whether its slider goes by powers of ten @property {boolean} [whole] of whole numbers
 * @property {string} [only] for this variant alone
 * @property {number} other what a second network has of it, or the half of it where that is the same
 */

/** Knobs that act at once. @type {Knob[]} */
export const TURNED = [
  { name: "lr", label: "Learning rate", low: 1e-4, high: 1, log: true, other: 0.03 },
  { name: "beta", label: "β, weight of the KL term", low: 0, high: 50, only: "vae", other: 20 },
  { name: "noise", label: "Noise, σ", low: 0, high: 1, only: "denoising", other: 0.8 },
  { name: "masked", label: "Share hidden", low: 0, high: 0.95, only: "masked", other: 0.9 },
  { name: "sparsity", label: "Sparsity", low: 0, high: 5, only: "sparse", other: 2 },
  { name: "contraction", label: "Contraction", low: 0, high: 5, only: "contractive", other: 2 },
  { name: "decay", label: "Weight decay", low: 0, high: 1, other: 0.5 },
];

export const COUNT = { label: "Samples trained on", low: 10, whole: true, other: 50 };

/** What a second network can have otherwise, in words. */
const OTHERWISE = { variant: "kind", k: "k", hidden: "hidden layers", activation: "activation", seed: "seed" };

/**
 * In what a second network can differ, for the menu.
 * @param {string} variant @returns {{value: string, label: string}[]}
 */
export function comparable(variant) {
  const turned = TURNED.filter(({ only }) => !only || only === variant).map(({ name, label }) => [name, label]);
  const made = Object.entries(OTHERWISE);
  const all = [...turned, ["count", COUNT.label], ...made];
  return all.map(([value, label]) => ({ value, label: label[0].toLowerCase() + label.slice(1) }));
}

/**
 * What the second network has of a knob at first.
 * @param {import("../types").PlaygroundView} view @param {string} name
 */
export function otherOf(view, name) {
  if (name === "variant") return view.variant === "deep" ? "vae" : "deep";
  const own = name === "hidden" ? view.hidden.join(",") : String(view[name]);
  if (name in CHOICES) {
    const values = CHOICES[name].map(({ value }) => value);
    return values[(values.indexOf(own) + 1) % values.length];
  }
  const other = name === "count" ? COUNT.other : TURNED.find((knob) => knob.name === name).other;
  return String(other === Number(own) ? Number((other / 2).toPrecision(3)) : other);
}

/**
 * A view with one knob as a text says.
 * @param {import("../types").PlaygroundView} view @param {string} name @param {string} text
 * @returns {import("../types").PlaygroundView}
 */
export function withKnob(view, name, text) {
  if (name === "hidden") return { ...view, hidden: text.split(",").map(Number) };
  return { ...view, [name]: name === "variant" || name === "activation" ? text : Number(text) };
}

/** Whether a change of it makes another network. @param {string} name */
export const startsAgain = (name) => name in CHOICES;

/** A value on its slider, 0..1000. @param {Pick<Knob, "low" | "high" | "log">} knob @param {number} value */
export function toSlider({ low, high, log }, value) {
  const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return value < high ? Math.min(999, Math.round(1000 * part)) : 1000; // the end is the end alone
}

/** The value of a slider. @param {Pick<Knob, "low" | "high" | "log" | "whole">} knob @param {number} at 0..1000 */
export function fromSlider({ low, high, log, whole }, at) {
  if (at >= 1000) return high;
  const part = at / 1000;
  const value = Number((log ? low * (high / low) ** part : low + part * (high - low)).toPrecision(3));
  return whole ? Math.round(value) : value;
}

/**
 * Where a slider leads from a value: one of whole numbers goes on by one at least, or keys would never leave it.
 * @param {Pick<Knob, "low" | "high" | "log" | "whole">} knob @param {number} before @param {number} at 0..1000
 */
export function turnedTo(knob, before, at) {
  const value = fromSlider(knob, at);
  if (!knob.whole || value !== before) return value;
  return Math.min(knob.high, Math.max(knob.low, before + Math.sign(at - toSlider(knob, before))));
}
