// @ts-check
// What the panel says.
import { minus, short } from "../math/numbers.js";

export const START = "Lesson";
export const NOT_FILE = "This link's lesson is cut off, or was written by something else.";
export const NOT_SHEET = "This link's sheet is cut off, or was written by something else.";
export const COMING = "The figure is on its way …";
export const NO_FIGURE = "The figure of this step is not on the page: use Back and Next to open it again.";
export const GUESS = "That is my guess";
export const RIGHT = "Right.";
export const NOT_QUITE = "Not quite.";
export const DONE = "Done.";
export const MORE = "Open";
/** @param {number} step @param {number} count */
export const stepOf = (step, count) => `Step ${step} of ${count}`;
/** @param {string} guess @param {string} right */
export const wrong = (guess, right) => `Not quite: it is ${right}; you said ${guess}.`;
/** @param {string} guess @param {string} right */
export const near = (guess, right) => (guess === right ? RIGHT : `Near enough: it is ${right}; you said ${guess}.`);

export const PLACE_LABEL = "Your guess of a place: drag the dot, or use the arrow keys";
export const CURVE_LABEL =
  "Your guess of a curve: draw it, or choose a point by left and right and move it by up and down";
export const DRAW_HERE = "draw the curve here";
/** @param {number} x @param {number} y */
export const place = (x, y) => [x, y].map((value) => minus(short(Math.round(100 * value) / 100 || 0))).join(", ");
/** @param {number} n @param {number} at @param {number} value */
export const knot = (n, at, value) => `point ${n}, at ${short(at, true)}: ${minus(short(value, true))}`;

/** @param {number} score */
export const error = (score) => `squared error ${short(score)}`;
/** @param {string} now @param {string} best */
export const scoreWords = (now, best) =>
  !best || now === best ? now : [now, `best ${best}`].filter(Boolean).join(" · ");
/** @param {number} score */
export const apart = (score) => `${Math.round(score)} % apart`;
/** @param {number} a @param {number} b @param {number} x @param {number} y */
export const twoShares = (a, b, x, y) => `a ${a}: ${Math.round(100 * x)} %, a ${b}: ${Math.round(100 * y)} %`;
export const HOLE = "A hole: codes all around, and none here.";
export const BEYOND = "Empty, but outside of all codes.";
export const AMONG = "There are codes near here.";
/** @param {number} times */
export const timesAsFar = (times) => `distance from the codes ${short(times)}, a hole from 1`;
/** @param {number} k @param {number} network @param {number} pca */
export const sizeWords = (k, network, pca) => `at ${k}: network ${short(network)}, to beat ${short(pca)}`;
/** @param {number} before @param {number} after @param {number} share of what is read, 0..1 */
export const readAs = (before, after, share) =>
  before === after
    ? `still read as a ${after}: ${Math.round(100 * share)} %`
    : `a ${before} went in, a ${after} comes out`;
/** @param {number} amount */
export const noiseOf = (amount) => `noise ${amount.toFixed(2)}`;
/** @param {number} away */
export const epsilonOf = (away) => `ε of length ${away.toFixed(2)}`;
/** @param {number} found @param {number} all @param {number} false_ @param {number} aDay */
export const alarms = (found, all, false_, aDay) =>
  `${found} of ${all} faults, ${false_} false alarm${false_ === 1 ? "" : "s"} (${short(aDay)} a day)`;

export const SHEET_TITLE = "My sheet";
export const NAME = "Name";
export const CUT_OFF = "The figure of this step was cut off with the link's end.";
export const NO_ANSWER = "no answer";
/** @param {number} right @param {number} all */
export const total = (right, all) => `${right} of ${all} guesses and tasks right`;
export const COPIED = "Copied";
