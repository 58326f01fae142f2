// @ts-check
// What a threshold says of samples. The same as SampleScores of ae_core.anomaly.samples, to the last bit.
import { lastNotAbove, quantile } from "../math/stats.js";

export const HELD = 1;
export const OTHER = 2;

/** @typedef {{accuracy: number, precision: number, recall: number}} Told shares 0..1, NaN of nothing */

/** A method's scores, and which samples they are of. */
export class Scores {
  /**
   * @param {Float64Array} score (N) NaN for a sample without a value
   * @param {Uint8Array} roles (N) HELD, OTHER, or trained on
   */
  constructor(score, roles) {
    const known = score.filter((value) => !Number.isNaN(value)).sort();
    const of = (role) => score.filter((value, n) => roles[n] === role && !Number.isNaN(value)).sort();
    /** sorted, as the others */
    this.all = known;
    this.held = of(HELD);
    this.others = of(OTHER);
  }

  /** @param {number} share of the held-out normal samples that lie below */
  level(share) {
    return quantile(this.held, share);
  }

  /** How many samples lie above. @param {number} level */
  above(level, scores = this.all) {
    return scores.length - 1 - lastNotAbove(scores, level);
  }

  /** Held-out normal samples and all abnormal ones, judged. @param {number} level @returns {Told} */
  told(level) {
    const alarms = this.above(level, this.held);
    const found = this.above(level, this.others);
    const right = found + this.held.length - alarms;
    return {
      accuracy: right / (this.held.length + this.others.length),
      precision: found / (found + alarms),
      recall: found / this.others.length,
    };
  }
}
