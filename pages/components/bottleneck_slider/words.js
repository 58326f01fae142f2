// @ts-check
// What the figure says.
import { percent, percentBelowAll, shortError } from "../math/numbers.js";
import { codeBytes } from "./quantise.js";

/** @typedef {import("./comparison.js").Both} Both */

const some = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * How many numbers are kept, in parts.
 * @param {number} k @param {number} size numbers of the sample @param {number} explained 0..1
 */
export function keptWords(k, size, explained) {
  const times = size / k;
  const fewer = `${Number(times.toFixed(times < 9.95 ? 1 : 0))} times fewer`;
  return [
    k > size ? `${k} numbers kept for ${size}` : `${k} of ${size} numbers kept`,
    k < size ? fewer : k === size ? "as many as it has" : "more than it has",
    `PCA explains ${percentBelowAll(explained)} of the variance`,
  ];
}

/** @param {number} k @param {number} bits of each */
export function bytesWords(k, bits) {
  const bytes = some(codeBytes(k, bits), "byte");
  const total = k * bits;
  return `${some(k, "number")} × ${some(bits, "bit")} = ${total % 8 ? `${total} bits, ${bytes}` : bytes}`;
}

/** @param {number} bits @param {boolean} exact */
export const bitsWords = (bits, exact) => (exact ? `${bits} bits, not rounded` : `${bits} bits`);

/** @param {Both} error */
export function ratioWords({ network, pca }) {
  if (pca < 1e-6) return network < 5e-4 ? "both keep everything" : "PCA keeps everything here, the network not";
  const ratio = network / pca;
  const text = ratio.toFixed(2);
  if (text === "1.00") return "the network's error equals PCA's";
  return ratio < 1 ? `the network's error is ${text} of PCA's` : `here the network is worse: ${text} times PCA's error`;
}

/** @param {Both} error */
export const errorsWords = ({ network, pca }) =>
  `squared error: network ${shortError(network)}, PCA ${shortError(pca)}`;

/** @param {number} complexity @param {Both | null} passed */
export function signalWords(complexity, passed) {
  const made = `${some(complexity, "sinusoid")}: ${3 * complexity} numbers made it`;
  if (!passed) return made;
  return `${made}, and noise: PCA lets ${percent(passed.pca)} of it through, the network ${percent(passed.network)}`;
}

/** @param {import("../types").BottleneckCurve} curve @param {number} k */
export function curveCaption({ network, pca, unit, points }, k) {
  const [ours, pcas] = [network[k - 1], pca[k - 1]];
  const here = ours == null || pcas == null ? "" : ` · at ${k}: PCA ${shortError(pcas)}, network ${shortError(ours)}`;
  return `${unit ?? "held-out error"}${here}${points?.length ? " · ◇ trained for one size" : ""}`;
}

/** @param {string} caption */
export const curveLabel = (caption) =>
  `Held-out error against the numbers kept, logarithmic. ${caption}. The slider above moves the marker.`;

/** Of the three pictures. @param {string} source @param {number} k @param {Both} error @param {boolean} residual */
export function pictureLabels(source, k, error, residual) {
  const what = residual ? "Difference to the original of what" : "What";
  return {
    original: `The original: ${source}`,
    pca: `${what} PCA makes of ${k} numbers, squared error ${shortError(error.pca)}`,
    network: `${what} the network makes of ${k} numbers, squared error ${shortError(error.network)}`,
  };
}

/** @param {string} source @param {number} k @param {Both} error */
export function linesLabel(source, k, error) {
  const [network, pca] = [error.network, error.pca].map((each) => `squared error ${shortError(each)}`);
  return `The signal (${source}) and what PCA (${pca}) and the network (${network}) make of ${k} numbers`;
}

export const SPECTRUM_LABEL = "Amplitude at each frequency of the signal, of PCA's and of the network's";

/** @param {string} what */
export const padLabel = (what) =>
  `A sheet to draw ${what} on by mouse, pen or finger; the class buttons are the keyboard's way`;
export const DRAWING_KEPT = "The pictures keep your last drawing.";
export const DIGIT_CENTRED = "Your digit is centred and scaled as the training digits were.";
export const DRAWING_CENTRED = "What you draw is centred and scaled.";
/** @param {string} name */
export const classLabel = (name) => `A sample of class ${name}`;
