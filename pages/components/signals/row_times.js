// @ts-check
// When a row was: its time, where the table has times, or its number.
import { ticks, timeTicks } from "../canvas/scales.js";
import { duration, plural, whole } from "../math/numbers.js";
import { clamp, lastNotAbove } from "../math/stats.js";

export class RowTimes {
  #rows;
  #times;
  #step;

  /**
   * @param {Int32Array | null} rows where the step between rows changes
   * @param {Float64Array | null} times ms since 1970
   *   of those; straight lines through them give every row's. Both null without a time column.
   * @param {number | null} step seconds between rows, as a rule
   */
  constructor(rows, times, step) {
    this.#rows = rows;
    this.#times = times;
    this.#step = step;
    this.known = !!times;
    /** seconds between rows; null where nobody knows */
    this.seconds = times && step ? step : null;
    /** whether a time is written with its seconds */
    this.fine = this.known && !!step && step < 60;
  }

  /** ms since 1970 of a row, which may lie between two; null without times. @param {number} row */
  timeOf(row) {
    const [rows, times] = [this.#rows, this.#times];
    if (!times || rows.length < 2) return times ? times[0] : null;
    const i = clamp(lastNotAbove(rows, row), 0, rows.length - 2);
    return times[i] + ((row - rows[i]) / (rows[i + 1] - rows[i])) * (times[i + 1] - times[i]);
  }

  /** @param {number} time ms since 1970 */
  rowOf(time) {
    const [rows, times] = [this.#rows, this.#times];
    const i = clamp(lastNotAbove(times, time), 0, rows.length - 2);
    return rows[i] + ((time - times[i]) / (times[i + 1] - times[i] || 1)) * (rows[i + 1] - rows[i]);
  }

  /** @param {number} row */
  text(row) {
    const time = this.timeOf(row);
    if (time === null) return `row ${whole(row)}`;
    const step = this.#step;
    const end = !step || step < 1 ? 23 : step < 60 ? 19 : 16;
    return new Date(time).toISOString().slice(0, end).replace("T", " ");
  }

  /**
   * A row's time beside another's: without the day where it is the same.
   * @param {number} row @param {number} other
   */
  clock(row, other) {
    const [text, beside] = [this.text(row), this.text(other)];
    if (!this.known) return text.replace("row ", "");
    return text.slice(0, 10) === beside.slice(0, 10) ? text.slice(11) : text;
  }

  /** The day of a row, or its number. @param {number} row */
  day(row) {
    return this.text(row).split(" ")[this.known ? 0 : 1];
  }

  /** How long so many rows are. @param {number} rows */
  length(rows) {
    return this.seconds ? duration(rows * this.seconds) : plural(rows, "row");
  }

  /**
   * About `wanted` round times, or round rows, between two rows.
   * @param {number} first @param {number} last @param {number} wanted @returns {{row: number, text: string}[]}
   */
  ticks(first, last, wanted) {
    const [begin, end] = [this.timeOf(first), this.timeOf(last)];
    if (begin !== null && end > begin)
      return timeTicks(begin, end, wanted)
        .map(({ time, text }) => ({ row: this.rowOf(time), text }))
        .filter(({ row }) => row >= first && row <= last);
    return ticks(first, last, wanted)
      .filter(Number.isInteger)
      .map((row) => ({ row, text: whole(row) }));
  }
}
