// @ts-check
// What the morph and the four corners say.
import { minus, percent, plural } from "../math/numbers.js";

/** @typedef {import("../runtime/model.js").Model} Model */

export const PLAY = { on: { text: "❚❚", label: "Pause" }, off: { text: "▶", label: "Play" } };

/** @param {boolean} ready whether the encoder is there */
export function sheetNote(ready) {
  return ready ? "Centred and scaled as the training pictures were." : "Fetching the encoder …";
}

/** @param {number} t */
export function timeText(t) {
  return `t = ${minus(t.toFixed(2))}`;
}

/** What lies at a place. @param {Model} model @param {{off: boolean, label: number}} place of `classify` */
export function placeWords({ classes }, { off, label }) {
  const where = off ? "far from all codes, so only a guess" : classes ? "" : "among the codes";
  return [classes ? `nearest codes: ${classes[label]}` : "", where].filter(Boolean).join(", ");
}

/** Why the spherical path is not offered. @param {Model} model */
export function notSpherical({ gaussian, k }) {
  return gaussian
    ? `Not with ${plural(k, "number")}: codes lie near a sphere's surface only where there are many dimensions`
    : "Not here: only a Gaussian prior puts the codes near a sphere, and this model has none";
}

/** Below the map. @param {import("../types").MorphMap | null} map @param {string} letter of the end that it sets */
export function mapCaption(map, letter) {
  if (!map)
    return `Each point is a real sample's code. Drag A, B or the dot; press anywhere else and ${letter} goes there.`;
  const share = percent(map.share);
  const seen = `The codes, seen along their two leading principal components (${share} of their variance)`;
  return `${seen}; the paths likewise. Press near a code and it becomes ${letter}.`;
}

/** What a screen reader says of the map. @param {Model} model @param {string} letter of the end that the keys move */
export function mapLabel({ title, k }, letter) {
  const keys =
    k > 2 ? `Arrow keys take the next sample for ${letter}.` : `Arrow keys move ${letter}, with Shift faster.`;
  return `Map of the latent space of ${title} with the path from A to B. ${keys}`;
}

/** @param {string} letter @param {number[]} z */
export function endText(letter, z) {
  const numbers = z.slice(0, 4).map((value) => minus(value.toFixed(2)));
  return `${letter} at ${numbers.join(", ")}`;
}

/** Runs of the same value: [value, first, last]. @template T @param {T[]} values @returns {[T, number, number][]} */
export function runsOf(values) {
  /** @type {[T, number, number][]} */
  const runs = [];
  for (const [n, value] of values.entries()) {
    if (runs.length && runs.at(-1)[0] === value) runs.at(-1)[2] = n;
    else runs.push([value, n, n]);
  }
  return runs;
}

/**
 * Which classes a path goes through, and where it is outside the data.
 * @param {import("./band.js").Along} along @param {string[] | null} classes
 */
export function pathWords({ labels, off, timeOf }, classes) {
  const time = (n) => minus(timeOf(n).toFixed(2));
  const away = runsOf(off).filter(([value]) => value);
  const spans = away.map(([, from, to]) => (from === to ? `at ${time(from)}` : `from ${time(from)} to ${time(to)}`));
  const outside = spans.length ? `outside the data ${spans.join(" and ")}` : "never outside the data";
  return classes ? `${classesWords(runsOf(labels), classes, time)}; ${outside}` : outside;
}

function classesWords(runs, classes, time) {
  const [first] = runs[0];
  if (runs.length === 1) return `${classes[first]} all the way`;
  if (runs.length > 9) {
    const changes = `with ${runs.length - 1} changes of class on the way`; // named, they would be no sentence
    return `${classes[first]} → … → ${classes[runs.at(-1)[0]]}, ${changes}`;
  }
  const steps = runs.slice(1).map(([label, from], n) => `→ ${classes[label]} at ${n ? "" : "t = "}${time(from)}`);
  return [classes[first], ...steps].join(" ");
}

export const WAITING = "Computing the geodesic … (the straight line meanwhile) · ";
