// @ts-check
// Where values lie on an axis, and where its ticks stand.

/** @typedef {{low: ArrayLike<number>, high: ArrayLike<number>}} Box the ends of a map, for each dimension */

/** A value as a fraction of an axis. @param {Box} box @param {number} i dimension @param {number} value */
export function fractionOf({ low, high }, i, value) {
  return (value - low[i]) / (high[i] - low[i] || 1);
}

/** The value at a fraction of an axis. @param {Box} box @param {number} i dimension @param {number} fraction */
export function valueAt({ low, high }, i, fraction) {
  return low[i] + fraction * (high[i] - low[i]);
}

/** About `wanted` round numbers inside the range. @param {number} low @param {number} high @param {number} wanted */
export function ticks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough * 0.999);
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(Number((n * step).toPrecision(12)));
  return found;
}

/**
 * As `ticks`, for a logarithmic axis: 1, 2, 5, 10, … or only the powers of ten, or every so many of them.
 * @param {number} low @param {number} high @param {number} wanted
 */
export function decades(low, high, wanted) {
  for (const digits of [
    [1, 2, 5],
    [1, 3],
  ]) {
    const inside = multiples(digits, low, high);
    if (inside.length <= wanted + 2) return inside;
  }
  const powers = multiples([1], low, high);
  const every = Math.ceil(powers.length / (wanted + 2));
  return powers.filter((_, n) => n % every === 0);
}

function multiples(digits, low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
    for (const digit of digits) found.push(Number(`${digit}e${power}`));
  return found.filter((tick) => tick >= low && tick <= high);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[DAY, 2 * DAY, WEEK, 2 * WEEK],
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * About `wanted` round times between two, UTC.
 * @param {number} begin ms since 1970 @param {number} end @param {number} wanted
 * @returns {{time: number, text: string}[]}
 */
export function timeTicks(begin, end, wanted) {
  const rough = (end - begin) / wanted;
  const step = STEPS.find((each) => each >= rough);
  return step ? clockTicks(begin, end, step) : monthTicks(begin, end, rough);
}

function clockTicks(begin, end, step) {
  const found = [];
  const origin = step >= WEEK ? 4 * DAY : 0; // weeks begin on Mondays: 1970 began on a Thursday
  for (let time = Math.ceil((begin - origin) / step) * step + origin; time <= end; time += step) {
    const date = new Date(time);
    const year = step >= DAY && found.length === 0 ? ` ${date.getUTCFullYear()}` : "";
    const clock = date.toISOString().slice(11, step < SECOND ? 23 : step < MINUTE ? 19 : 16);
    const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${year}`;
    found.push({ time, text: time % DAY === 0 ? day : clock });
  }
  return found;
}

function monthTicks(begin, end, rough) {
  const found = [];
  const step = MONTH_STEPS.find((months) => months * 30.5 * DAY >= rough) ?? MONTH_STEPS.at(-1);
  const start = new Date(begin);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  for (; ; month += step) {
    const year = Math.floor(month / 12);
    const time = new Date(0).setUTCFullYear(year, month % 12, 1);
    if (time > end) return found;
    if (time < begin) continue;
    const name = found.length ? MONTHS[month % 12] : `${MONTHS[month % 12]} ${year}`;
    found.push({ time, text: month % 12 === 0 || step >= 12 ? String(year) : name });
  }
}
