// @ts-check
// A figure of a detection with a threshold: what is flagged, and by which channels.
import { Figure } from "../figure/lifecycle.js";
import * as words from "./words.js";

/** @typedef {import("./thresholds.js").Stretch & {shares?: Float64Array, told?: [number, number]}} Stretch told: the
 * rows that it is about */

/** @extends {Figure<import("../types").SignalsData>} */
export class Flagging extends Figure {
  /** @type {import("./detection.js").Detection | null} */
  detection = null;
  /** @type {import("./thresholds.js").Rule} */
  rule = "quantile";
  amount = 0;
  /** @type {Record<string, number>} the amount that each rule had */
  amounts = {};
  /** @type {Stretch[]} */
  stretches = [];
  /** @type {[number, number][]} the same as [start, end] */
  flaggedRows = [];
  /** what the threshold means */
  sentence = "";
  /** rows */
  flagged = 0;

  /** Draw a part of the picture anew. @param {import("./signals.js").Part} _part */
  redraw(_part) {}

  /** @param {number} amount */
  setAmount(amount) {
    this.amount = this.detection.thresholds.round(this.rule, amount);
    this.redraw("threshold");
  }

  /**
   * @param {number} level the score above which a row is flagged @param {number} [row] where, for a rule that follows
   * them
   */
  setLevel(level, row) {
    this.setAmount(this.detection.thresholds.amountOf(this.rule, level, row));
  }

  /** @param {import("./thresholds.js").Rule} rule */
  setRule(rule) {
    this.amounts[this.rule] = this.amount;
    this.rule = rule;
    this.setAmount(this.amounts[rule]);
    this.send(0, "threshold");
  }

  /** @param {number | null} [row] */
  level(row) {
    return this.detection.thresholds.level(this.rule, this.amount, row);
  }

  flag() {
    const { stretches, flagged } = this.detection.thresholds.flag(
      this.rule,
      this.amount,
      this.data.least,
      this.data.merge,
    );
    this.stretches = stretches;
    for (const [n, stretch] of stretches.entries()) stretch.before = stretches[n - 1]?.end ?? 0;
    this.flaggedRows = stretches.map(({ start, end }) => [start, end]);
    this.flagged = flagged;
    this.sentence = words.thresholdSentence(this.detection, this.rule, this.amount, stretches);
  }

  /** The first stretch with rows among these. @param {number} row @param {number} [end] */
  stretchAt(row, end = row + 1) {
    const { stretches } = this;
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stretches[middle].end > row) high = middle;
      else low = middle + 1;
    }
    return stretches[low]?.start < end ? stretches[low] : null;
  }

  /** Each channel's share of a stretch's error. @param {Stretch} stretch */
  sharesOf(stretch) {
    stretch.shares ??= this.detection.shares(stretch.start, stretch.end);
    return stretch.shares;
  }

  /** The rows that a stretch is about, [first, one after the last]. @param {Stretch} stretch */
  toldOf(stretch) {
    stretch.told ??= this.detection.told(stretch);
    return stretch.told;
  }
}
