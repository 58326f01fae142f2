// @ts-check
// Thresholds: what a rule flags. The same rules as ae_core.anomaly.thresholds.
import { clamp, median, quantile, rank } from "../math/stats.js";

/** @typedef {"quantile" | "robust" | "rolling"} Rule */
/**
 * @typedef {{start: number, end: number, peak: number, at: number, before?: number}} Stretch rows start … end − 1, the
 * largest score in row `at`; before: row after the stretch before
 */

const CAUTION = 2; // standard errors by which a quantile is raised that few independent scores tell
const FARTHEST = 2; // times its own distance from the median that it is raised to at most
const DOUBT = 2.4; // standard errors within which such a quantile lies, 9 times of 10
const TAIL = 0.9; // quantile of the normal scores from which their tail is taken for exponential

export class Thresholds {
  #score;
  #window;
  #limits;
  #middle;
  #spread;
  /** the rolling rule's, of the scores before each row */
  #middles;
  #spreads;
  #typical;
  /** of the normal scores: the share below the last of them, its level, the mean excess over their 90 % quantile */
  #tail;

  /**
   * @param {object} scores
   * @param {Float32Array} scores.score (rows) NaN where a row was not scored
   * @param {Float32Array} scores.held held-out normal scores, sorted
   * @param {number} scores.window rows: stretches that are less apart are one
   * @param {Record<Rule, [number, number]>} scores.limits of each rule's amount
   * @param {number | null} scores.independent as how many independent scores the held-out ones count; null: unknown
   * @param {number} scores.sigma median absolute deviations in a standard deviation
   * @param {Int32Array} scores.changes rows from which the rolling rule counts from another middle and spread
   * @param {Float32Array} scores.rolling those, two for each of `changes`
   */
  constructor({ score, held, window, limits, sigma, independent, changes, rolling }) {
    this.held = held;
    this.independent = independent;
    this.#score = score;
    this.#window = window;
    this.#limits = limits;
    this.#middle = quantile(held, 0.5);
    this.#spread = sigma * quantile(held.map((value) => Math.abs(value - this.#middle)).sort(), 0.5);
    this.#tail = tailOf(held);
    this.#middles = new Float32Array(score.length);
    this.#spreads = new Float32Array(score.length);
    for (const [n, row] of changes.entries()) {
      this.#middles.fill(rolling[2 * n], row, changes[n + 1]);
      this.#spreads.fill(rolling[2 * n + 1], row, changes[n + 1]);
    }
    this.#typical = [this.#middles, this.#spreads].map((all) => median(thinned(all, 20_000)));
  }

  /**
   * An amount as it is said: the share that is left over to two digits, deviations to three.
   * @param {Rule} rule @param {number} amount
   */
  round(rule, amount) {
    const [low, high] = this.#limits[rule];
    const value = clamp(Number.isFinite(amount) ? amount : low, low, high);
    if (rule !== "quantile") return Number(value.toPrecision(3));
    return Number((1 - Number((1 - value).toPrecision(2))).toFixed(6));
  }

  /**
   * Where an amount stands on the slider: each step to the right makes alarms rarer by as much.
   * @param {Rule} rule @param {number} amount
   */
  toSlider(rule, amount) {
    return rule === "quantile" ? -Math.log10(1 - amount) : Math.log10(amount);
  }

  /** @param {Rule} rule @param {number} position */
  fromSlider(rule, position) {
    return rule === "quantile" ? 1 - 10 ** -position : 10 ** position;
  }

  /** The least and the largest amount. @param {Rule} rule */
  limits(rule) {
    return this.#limits[rule];
  }

  /** The slider's ends. @param {Rule} rule */
  sliderEnds(rule) {
    return this.#limits[rule].map((amount) => this.toSlider(rule, amount));
  }

  /** What a rule counts from in a row; without one, what is typical. @param {Rule} rule @param {number | null} row */
  #middleAndSpread(rule, row) {
    if (rule === "robust") return [this.#middle, this.#spread];
    return row === null ? this.#typical : [this.#middles[row], this.#spreads[row]];
  }

  /** The score above which a row is flagged. @param {Rule} rule @param {number} amount @param {number | null} [row] */
  level(rule, amount, row = null) {
    if (rule === "quantile") return this.#quantileLevel(amount);
    const [middle, spread] = this.#middleAndSpread(rule, row);
    return middle + amount * spread;
  }

  /** By what factor a quantile lies farther above the median than it seems. */
  get #farther() {
    return this.independent === null ? 1 : Math.min(FARTHEST, 1 + CAUTION / Math.sqrt(this.independent));
  }

  /** Beyond the last of the normal scores, on their exponential tail. @param {number} share */
  #quantileLevel(share) {
    const { last, from, excess } = this.#tail;
    const plain = share <= last ? quantile(this.held, share) : from + excess * Math.log((1 - last) / (1 - share));
    return this.#middle + (plain - this.#middle) * this.#farther;
  }

  /** What share of unseen normal rows lies above at most, 90 % sure; null: unknown. @param {number} share */
  exceeded(share) {
    if (this.independent === null) return null;
    const farther = this.#farther / Math.exp(DOUBT / Math.sqrt(this.independent));
    return Math.max(1 - share, 0.5 * (2 * (1 - share)) ** farther);
  }

  /** @param {number} threshold */
  #shareBelow(threshold) {
    const { last, from, excess } = this.#tail;
    const level = this.#middle + (threshold - this.#middle) / this.#farther;
    if (level <= from || !(excess > 0)) return Math.min(rank(this.held, level), last);
    return 1 - (1 - last) * Math.exp((from - level) / excess);
  }

  /** The amount whose level this is. @param {Rule} rule @param {number} level @param {number | null} [row] */
  amountOf(rule, level, row = null) {
    if (rule === "quantile") return this.#shareBelow(level);
    const [middle, spread] = this.#middleAndSpread(rule, row);
    return (level - middle) / spread;
  }

  /**
   * Runs of rows above the level; runs less than `merge` rows apart are one, and then shorter ones than `least` are
   * none.
   * @param {Rule} rule @param {number} amount @param {number} [least] rows that are flagged
   * @param {number} [merge] rows
   * @returns {{stretches: Stretch[], flagged: number}} flagged: rows
   */
  flag(rule, amount, least = 1, merge = this.#window) {
    const score = this.#score;
    const rolling = rule === "rolling";
    const level = rolling ? 0 : this.level(rule, amount);
    /** @type {Stretch[]} */
    const stretches = [];
    /** @type {number[]} flagged rows of each */
    const counts = [];
    /** @type {Stretch | null} */
    let last = null;
    let flagged = 0;
    for (let row = 0; row < score.length; row++) {
      const above = score[row] > (rolling ? this.#middles[row] + amount * this.#spreads[row] : level);
      if (!above) continue; // nothing that is no number
      flagged += 1;
      if (last && row - last.end < merge) last.end = row + 1;
      else {
        last = { start: row, end: row + 1, peak: score[row], at: row };
        stretches.push(last);
        counts.push(0);
      }
      counts[counts.length - 1] += 1;
      if (score[row] > last.peak) {
        last.peak = score[row];
        last.at = row;
      }
    }
    return { stretches: stretches.filter((_, n) => counts[n] >= least), flagged };
  }
}

/** @param {Float32Array} held sorted */
function tailOf(held) {
  const last = 1 - 1 / held.length;
  const start = quantile(held, TAIL);
  const above = held.filter((value) => value > start);
  const excess = above.length ? above.reduce((sum, value) => sum + (value - start), 0) / above.length : 0;
  return { last, from: quantile(held, last), excess };
}

/**
 * The numbers among the values, or every so many of them, about `most`.
 * @param {Float32Array} values @param {number} most
 */
export function thinned(values, most) {
  const known = values.filter(Number.isFinite);
  const every = Math.ceil(known.length / most);
  return every > 1 ? known.filter((_, i) => i % every === 0) : known;
}
