// @ts-check
// What the film says.
import { minus } from "../math/numbers.js";

export const LOADING = "Loading the epochs…";
export const ON_ITS_WAY = "The first epoch is on its way …";
export const NOTHING_KEPT = "No epoch of this run was kept.";

/** @param {number} epoch @param {number} total */
export const epochOf = (epoch, total) => `epoch ${epoch} of ${total}`;

/** @param {boolean} playing */
export const playWord = (playing) => (playing ? "Pause" : "Play");

/** @param {number} count @param {string} when @param {import("../types").ReplayData} data */
export const mapLabel = (count, when, { map_title, title }) =>
  `Map of ${count} held-out samples after ${when}: ${map_title}. ${title}`;

/** @param {number} count @param {string} when */
export const resultsLabel = (count, when) =>
  `${count} held-out samples and what the network makes of them after ${when}`;

/** @param {number} count */
export const pointsShown = (count) => (count ? `${count.toLocaleString("en")} held-out samples` : "");

/** Of a lot of samples and channels, how many are shown; "" where all are. @param {[number, number, string][]} parts */
export function fewerShown(parts) {
  const fewer = parts.filter(([shown, count]) => shown < count);
  return fewer.map(([shown, count, noun]) => `${shown} of ${count} ${noun}`).join(", ");
}

/** Three digits, small ones written out. @param {number} value */
export const threeDigits = (value) => minus(String(Number(value.toPrecision(3))));
