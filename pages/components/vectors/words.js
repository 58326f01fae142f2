// @ts-check
// What arithmetic, traversals and samples say.
import { minus, short, signed } from "../math/numbers.js";

export const OTHERS = {
  same: { label: "its class", title: "other samples of its class" },
  all: { label: "other classes", title: "samples of the other classes" },
};

/** @param {boolean} gaussian */
export function startChoices(gaussian) {
  const title = gaussian ? "z = 0, where the prior is densest" : "the mean of the codes";
  return {
    middle: { label: "the middle", title },
    sample: { label: "a sample", title: "The code of a held-out sample" },
  };
}

/** A sample by its class, else by its number. @param {import("../runtime/model.js").Model} model @param {number} n */
export function sampleWords({ classes, labels }, n) {
  return classes ? classes[labels[n]] : `sample ${n}`;
}

/** @param {string} plus @param {string} minus_ what the means are of */
export function meansWords(plus, minus_) {
  return `1 × is the way from the mean of ${minus_} to that of ${plus}`;
}

/** What an attribute was and is. @param {number} before @param {number} after @param {string} unit */
export function measuredWords(before, after, unit) {
  const text = (value) => minus(value.toFixed(1));
  return `${text(before)} → ${text(after)}${unit === "°" ? "" : " "}${unit}`;
}

/** What a dimension carries. @param {number | undefined} kl nats @param {number} scale σ of the codes */
export function worthWords(kl, scale) {
  if (kl === undefined) return `σ ${short(scale)}`;
  return `${kl < 0.005 ? "0" : kl.toFixed(2)} nats`;
}

/** @param {boolean} idle */
export function rowTitle(idle) {
  return idle
    ? "Says nothing about the sample: the decoder has learned to overlook it"
    : "Double-click the slider: back to the start";
}

/** @param {string} from @param {Iterable<[number, number]>} moved standard deviations by dimension */
export function traversalWords(from, moved) {
  return [`from ${from}`, ...[...moved].slice(0, 12).map(([i, value]) => `z${i + 1} ${signed(value)}`)].join(", ");
}

export const NOT_USABLE = {
  temperature: "Go back to the draws first",
  radius: "Press a sample first: the grid then shows its neighbourhood",
};
