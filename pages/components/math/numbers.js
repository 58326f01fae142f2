// @ts-check
// Numbers as text.

/** A true minus sign for the first hyphen. @param {string} text */
export function minus(text) {
  return text.replace("-", "−");
}

/** Three digits or so: 123, 12.3, 1.23. @param {number} value @param {boolean} [trim] no zeros at the end */
export function short(value, trim = false) {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return trim ? String(Number(text)) : text;
}

/** An error, which is never said to be 0 where it is not. @param {number} value */
export function shortError(value) {
  if (value > 0 && value < 0.0005) return "< 0.001";
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3);
}

/** A number of any size. @param {number} value @param {number} [digits] */
export function number(value, digits = 4) {
  const far = Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3);
  return minus(far ? value.toExponential(2).replace("e+", "e") : String(Number(value.toPrecision(digits))));
}

/** A whole number: 12,345. @param {number} value */
export function whole(value) {
  return Math.round(value).toLocaleString("en");
}

/** Two digits, or a whole number. @param {number} value */
export function few(value) {
  return value >= 10 ? whole(value) : String(Number(value.toPrecision(2)));
}

/** With its sign, to two decimals. @param {number} value */
export function signed(value) {
  return `${value > 0 ? "+" : ""}${minus((Math.abs(value) < 0.005 ? 0 : value).toFixed(2))}`;
}

/** @param {number} share 0..1 */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** As `percent`, but never rounded up to all of it. @param {number} share 0..1 */
export function percentBelowAll(share) {
  const part = 100 * share;
  return `${part >= 99.9999 ? "100" : part < 99 ? part.toFixed(0) : (Math.floor(part * 10) / 10).toFixed(1)} %`;
}

const DURATIONS = /** @type {const} */ ([
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
]);

/** A length of time: 2.5 h. @param {number} seconds */
export function duration(seconds) {
  const [size, unit] = DURATIONS.find(([each]) => seconds >= each * 0.9999) ?? [0.001, "ms"];
  const count = seconds / size;
  return `${count >= 100 ? whole(count) : Number(count.toPrecision(count >= 10 ? 3 : 2))} ${unit}`;
}

/** "1 sample", "2 samples". @param {number} count @param {string} noun */
export function plural(count, noun) {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}
