// @ts-check
// What the figure says.
import { duration, few, number, percent, plural, whole } from "../math/numbers.js";

/** @typedef {import("./detection.js").Detection} Detection */

const FEW_ALARMS = 5; // fewer say nothing of how many there will be
const NINETY = 1.6449; // standard deviations that leave 5 % of a Gaussian above
const SPANS = /** @type {const} */ ([
  [172_800, 86_400, "d"],
  [3600, 3600, "h"],
  [60, 60, "min"],
  [1, 1, "s"],
  [1e-3, 1e-3, "ms"],
  [1e-6, 1e-6, "µs"],
]);

export const LOADING = "Loading the signals…";
export const NOTHING_FLAGGED = "Nothing lies above the threshold. Lower it to see what comes first.";
export const JUDGE = {
  nothing: "Choose a flagged stretch, or mark rows, and say what it is: N, L or F",
  first: "Say of flagged stretches what they are: what follows stands here at once.",
  proposed: "Threshold proposed for these scores,",
  afterwards: "Then:",
  judged: "Judged",
  none: "Nothing is judged yet.",
  away: "Take away",
};
export const ALIKE = {
  title: "Others like the chosen stretch, nearest first, with their distance (dashed above, ringed on the map)",
  unit: "spreads",
};
export const KIND = {
  unknown: "Kinds of what is flagged are found with “Show kinds” below.",
  nothing: "Nothing is flagged, so there are no kinds.",
  /** @param {number} count */
  more: (count) => `and ${plural(count, "kind")} more (grey)`,
};
/** A colour for each verdict, told apart by form and text too. */
export const OPINION = {
  normal: { light: "#00786b", dark: "#4fc3b0" },
  "look again": { light: "#8a6d00", dark: "#e0c14a" },
  fault: { light: "#1a1a1a", dark: "#f5f5f5" },
};
export const COLUMNS = [
  ["lx-from", "start", "The rows that the stretch is about; below, from when its score lies above the threshold"],
  ["lx-till", "end", "The rows that the stretch is about; below, until when its score lies above the threshold"],
  ["lx-figure", "length"],
  ["lx-figure", "peak"],
  ["lx-blame", "main channels"],
];

/**
 * Where the threshold lies, and what is flagged.
 * @param {Detection} detection @param {import("./thresholds.js").Rule} rule @param {number} amount
 * @param {{start: number}[]} stretches
 */
export function thresholdSentence(detection, rule, amount, stretches) {
  const { thresholds, history } = detection;
  const errors = `the errors on your held-out normal data (${plural(thresholds.held.length, "row")})`;
  const deviations = `the median + ${amount} robust standard deviations`;
  const above = {
    quantile: `${Number((amount * 100).toPrecision(6))} % of ${errors}`,
    robust: `${deviations} of ${errors}`,
    rolling: `${deviations} of the errors in the ${whole(history)} rows before`,
  };
  const found = `${whole(stretches.length)} ${stretches.length === 1 ? "stretch" : "stretches"} flagged.`;
  return `Above ${above[rule]}${promise(detection, rule, amount)}: ${expectedAlarms(detection, stretches)}${found}`;
}

/**
 * What the threshold can promise of unseen normal rows, as `promise` of ae_core has it.
 * @param {Detection} detection @param {import("./thresholds.js").Rule} rule @param {number} amount
 */
function promise({ thresholds }, rule, amount) {
  const share = rule === "quantile" ? thresholds.exceeded(amount) : null;
  if (share === null) return "";
  const count = plural(Math.round(thresholds.independent ?? 0), "independent score");
  const most = Number((100 * share).toPrecision(2));
  return ` (they count as ${count}: at most ${most} % of unseen normal rows lie above it, 90 % sure)`;
}

/** As `Alarms.words` of ae_core has it. @param {Detection} detection @param {{start: number}[]} stretches */
function expectedAlarms({ heldOut: [first, end], times }, stretches) {
  const rows = end - first;
  if (!(rows > 0)) return "";
  const { seconds } = times;
  const count = stretches.filter(({ start }) => start >= first && start < end).length;
  const per = seconds ? "a day" : "in 1,000 rows";
  if (count < FEW_ALARMS) {
    const alarms = count ? plural(count, "alarm") : "no alarm";
    const length = seconds ? span(rows * seconds) : plural(rows, "row");
    return `${alarms} in ${length} of held-out normal data (too short to tell how many ${per}); `;
  }
  const rate = (number) => few(seconds ? (number * 86400) / (rows * seconds) : (1000 * number) / rows);
  const [low, high] = [halfChi2(count, -NINETY), halfChi2(count + 1, NINETY)];
  return `${rate(count)} alarms ${per} expected (90 % sure: ${rate(low)} to ${rate(high)}); `;
}

/** A duration as `span` of ae_core has it. @param {number} seconds */
function span(seconds) {
  const [, size, unit] = SPANS.find(([least]) => seconds >= least) ?? [0, 1e-9, "ns"];
  return `${Number((seconds / Number(size)).toPrecision(4))} ${unit}`;
}

/** Half of the χ² quantile with 2 · shape degrees of freedom. @param {number} shape @param {number} deviations */
function halfChi2(shape, deviations) {
  const third = 1 / (9 * shape);
  return shape * Math.max(0, 1 - third + deviations * third ** 0.5) ** 3;
}

/**
 * What the lanes do not show by themselves: channels below, rows that stand for several, gaps, rows without a score.
 * @param {Detection} detection @param {boolean} hasDetail @param {number} [inSight] channels
 */
export function note(detection, hasDetail, inSight = detection.channels) {
  const { channels } = detection;
  const below =
    channels > inSight ? `${inSight} of ${channels} channels are in sight: scroll the lanes for the others.` : "";
  const notes = [below, coarseNote(detection, hasDetail), gapNote(detection), unscoredNote(detection)];
  return notes.filter(Boolean).join(" ");
}

function coarseNote({ rows, every }, hasDetail) {
  if (every === 1) return "";
  const detail = hasDetail ? "; where you release a short enough view, each row is drawn" : "";
  return (
    `To keep ${whole(rows)} rows fluid, a point of the lanes shows the minimum and maximum of ${every} rows${detail}` +
    ". Errors, threshold and stretches are computed from every row."
  );
}

/** @param {Detection} detection */
function gapNote({ gaps, times, rows }) {
  if (!gaps.length) return "";
  const onwards = Math.sign(times.timeOf(rows - 1) - times.timeOf(0));
  let [missing, back] = [0, 0];
  for (const row of gaps) {
    const step = (onwards * (times.timeOf(row) - times.timeOf(row - 1))) / 1000;
    if (step > times.seconds) missing += step - times.seconds;
    else back += 1;
  }
  const long = missing > 0 ? `, ${duration(missing)} without a row` : "";
  const jumps = back ? ` (${plural(back, "time")} the clock jumps back)` : "";
  return `Dotted: ${plural(gaps.length, "gap")} in time${long}${jumps}.`;
}

/** @param {Detection} detection */
function unscoredNote({ unscored, rows, window }) {
  if (!unscored) return "";
  const need = window === 1 ? "the row itself" : `${whole(window)} rows that follow on each other`;
  return `${whole(unscored)} of ${plural(rows, "row")} without a score, which needs ${need}.`;
}

/** @param {Detection} detection @param {{first: number, last: number}} view */
export function rowsInView({ times }, { first, last }) {
  const [start, end] = [Math.floor(first), Math.ceil(last)];
  return `${times.text(start)} … ${times.text(end - 1)}, ${whole(end - start)} rows`;
}

/** What the pointer is on. @param {Detection} detection @param {number} row */
export function rowText({ times, score, scored }, row) {
  if (!scored) return times.text(row);
  return `${times.text(row)} · error ${Number.isFinite(score[row]) ? number(score[row]) : "not scored"}`;
}

const TERMS = ["worst channel", "distance in latent space", "channel that never moved"];

/**
 * What a row's score is made of: each part with its share of the sum, and what the sum is divided by.
 * @param {Detection} detection @param {number} row
 */
export function scoreParts({ terms, score }, row) {
  if (!terms || !Number.isFinite(score[row])) return null;
  const [error, distance, moved, divisor] = terms.subarray(4 * row, 4 * row + 4);
  const sum = Math.max(error + distance + moved, 1e-30);
  const shares = [error, distance, moved].map((part) => part / sum);
  const said = [error, distance, moved].map((part, n) => `${TERMS[n]} ${number(part)}`);
  return { shares, text: `${said.join(" + ")}, over ${number(divisor)} for what is usual` };
}

/** A value of a lane, or the least and the most where a point stands for rows. @param {[number, number]} ends */
export function valueText([low, high]) {
  if (!Number.isFinite(low)) return "–";
  return low === high ? number(low) : `${number(low)}…${number(high)}`;
}

/** @param {Detection} detection @param {[number, number][]} shares */
export function sharesText({ names }, shares) {
  return shares.map(([c, share]) => `${names[c]} ${percent(share)}`).join(", ");
}

/**
 * @param {Detection} detection @param {number} start row @param {boolean} chosen otherwise it is the one with the
 * largest error
 */
export function windowTitle({ times, rows, window }, start, chosen) {
  if (!chosen) return `Largest error: ${times.text(start)}, ${times.length(window)}`;
  return `From ${times.text(start)} to ${times.text(Math.min(rows, start + window) - 1)}`;
}

/**
 * @param {Detection} detection @param {import("./signals.js").Stretch} stretch @param {[number, number][]} shares
 */
export function stretchTitle(detection, { start, end, peak, at, told = [start, end] }, shares) {
  const { times } = detection;
  const [first, last] = told;
  const above = `above the threshold ${times.text(start)} … ${times.text(end - 1)}, ${whole(end - start)} rows`;
  const when = `${times.text(first)} … ${times.text(last - 1)}, ${whole(last - first)} rows; ${above}`;
  return `${when}, peak ${number(peak)} at ${times.text(at)}; ${sharesText(detection, shares)}`;
}

// ---- for screen readers ----

const KEYS_MOVE = "Plus and minus zoom, the arrows move.";

/** @param {Detection} detection @param {{first: number, last: number}} view */
export function lanesLabel(detection, view) {
  return `${plural(detection.channels, "channel")}, ${rowsInView(detection, view)}. ${KEYS_MOVE}`;
}

/** @param {Detection} detection @param {string} network @param {number} flagged */
export function mapLabel({ windows }, network, flagged) {
  const counts = `${whole(windows.length)} windows, ${whole(flagged)} of them flagged`;
  return `Latent map of the ${network}: ${counts}. The arrows go from window to window.`;
}
