// @ts-check
// The scale of the errors: equal steps of their logarithm, on the track and in the histogram.
import { clamp } from "../math/stats.js";

const MARGIN = [0.1, 0.15]; // below and above, in units of e

export class LogScale {
  /** @param {number[]} range what can be seen, above 0 */
  constructor([low, high]) {
    this.range = [low, high];
    this.low = Math.log(low) - MARGIN[0];
    this.high = Math.log(high) + MARGIN[1];
  }

  /** Where a value lies, 0..1; what is beyond the ends lies at them. @param {number} value */
  fractionOf(value) {
    return (clamp(Math.log(value), this.low, this.high) - this.low) / (this.high - this.low);
  }

  /** @param {number} fraction */
  valueAt(fraction) {
    return Math.exp(this.low + fraction * (this.high - this.low));
  }

  /**
   * The share of the values in each of so many equal bars; what is no number is left out.
   * @param {ArrayLike<number>} values @param {number} bars
   */
  shares(values, bars) {
    const counts = new Float64Array(bars);
    let known = 0;
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue;
      counts[Math.min(bars - 1, Math.floor(this.fractionOf(values[i]) * bars))] += 1;
      known += 1;
    }
    return counts.map((count) => count / (known || 1));
  }
}
