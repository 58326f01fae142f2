// @ts-check
// A million rows in a thousand pixels: the least and the most of each pixel's rows.
import { clamp } from "../math/stats.js";

/** @typedef {import("../canvas/trace.js").Points} Points */
/**
 * @typedef {{low: Float32Array, high: Float32Array, count: number, every: number}} Level the least and the most (series
 * · count) of every so many rows
 */

const TOP = 512; // places of the coarsest level, at most
const FEWER = 4; // places of a level in one of the next

export class Pyramid {
  /** @type {Level[]} */
  #levels;
  #series;
  #first;

  /**
   * @param {Float32Array} low (series · count) @param {Float32Array} high the same array where `every` is 1
   * @param {{count: number, first?: number, every?: number}} rows of every so many rows, from row `first`
   */
  constructor(low, high, { count, first = 0, every = 1 }) {
    this.#first = first;
    this.#series = low.length / count;
    this.#levels = [{ low, high, count, every }];
    while (this.#levels.at(-1).count > TOP) this.#levels.push(this.#coarser(this.#levels.at(-1)));
  }

  /** @param {Level} level @returns {Level} */
  #coarser({ low, high, count, every }) {
    const series = this.#series;
    const fewer = Math.ceil(count / FEWER);
    const [lows, highs] = [new Float32Array(series * fewer), new Float32Array(series * fewer)];
    for (let c = 0; c < series; c++)
      for (let i = 0; i < fewer; i++) {
        const start = c * count + FEWER * i;
        const end = c * count + Math.min(count, FEWER * (i + 1));
        let least = Number.NaN;
        let most = Number.NaN;
        for (let j = start; j < end; j++) {
          if (!(low[j] >= least) && !Number.isNaN(low[j])) least = low[j];
          if (!(high[j] <= most) && !Number.isNaN(high[j])) most = high[j];
        }
        lows[c * fewer + i] = least;
        highs[c * fewer + i] = most;
      }
    return { low: lows, high: highs, count: fewer, every: every * FEWER };
  }

  /** The largest value of all. */
  max() {
    let most = Number.NEGATIVE_INFINITY;
    for (const value of this.#levels.at(-1).high) if (value > most) most = value;
    return most;
  }

  /**
   * Fills `points` with a series of the rows from … to.
   * @param {number} c series @param {number} from row @param {number} to row
   * @param {number} pixels columns that are filled @param {Points} points NaN where there is nothing
   * @param {number} [width] that they are spread over, in px
   */
  read(c, from, to, pixels, points, width = pixels) {
    const wide = (to - from) / pixels; // rows of a pixel
    const level = this.#levels.findLast(({ every }) => every * 2 <= wide) ?? this.#levels[0];
    const samples = level.every > wide;
    points.count = samples ? this.#readSamples(level, c, from, to, wide, points) : pixels;
    if (!samples) this.#readColumns(level, c, from, wide, points);
    points.line = samples && level.low === level.high;
    if (width !== pixels) for (let n = 0; n < points.count; n++) points.x[n] *= width / pixels;
    return points;
  }

  /** Each place in the middle of its rows; how many there are. */
  #readSamples({ low, high, count, every }, c, from, to, wide, points) {
    const first = Math.max(0, Math.floor((from - this.#first) / every) - 1);
    const last = Math.min(count - 1, Math.ceil((to - this.#first) / every));
    let n = 0;
    for (let i = first; i <= last; i++, n++) {
      points.x[n] = (this.#first + (i + 0.5) * every - from) / wide;
      points.low[n] = low[c * count + i];
      points.high[n] = high[c * count + i];
    }
    return n;
  }

  /**
   * The least and the most of each pixel's places, and of the next pixel's first, so that a steep slope stays joined.
   */
  #readColumns({ low, high, count, every }, c, from, wide, points) {
    const offset = from - this.#first;
    for (let n = 0; n < points.count; n++) {
      const start = c * count + Math.max(0, Math.floor((offset + n * wide) / every));
      const end = c * count + Math.min(count - 1, Math.floor((offset + (n + 1) * wide) / every));
      let least = Number.NaN;
      let most = Number.NaN;
      for (let j = start; j <= end; j++) {
        if (!(low[j] >= least) && !Number.isNaN(low[j])) least = low[j];
        if (!(high[j] <= most) && !Number.isNaN(high[j])) most = high[j];
      }
      points.x[n] = n + 0.5;
      points.low[n] = least;
      points.high[n] = most;
    }
  }

  /** Whether all rows from … to are in here. @param {number} from @param {number} to */
  holds(from, to) {
    const { count, every } = this.#levels[0];
    return from >= this.#first && to <= this.#first + count * every;
  }

  /**
   * The least and the most of a series where a row is.
   * @param {number} c @param {number} row @returns {[number, number]}
   */
  valueAt(c, row) {
    const { low, high, count, every } = this.#levels[0];
    const i = c * count + clamp(Math.floor((row - this.#first) / every), 0, count - 1);
    return [low[i], high[i]];
  }
}
