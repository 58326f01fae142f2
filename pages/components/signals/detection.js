// @ts-check
// A detection as packing.py sends it: the channels, what the networks made of them, errors, stretches and windows.

import { LogScale } from "../canvas/log_scale.js";
import { readBlock } from "../runtime/format.js";
import { namedRows } from "./named_rows.js";
import { Pyramid } from "./pyramid.js";
import { RowTimes } from "./row_times.js";
import { Thresholds, thinned } from "./thresholds.js";

const BLOCK = 256; // places whose shares of the error are summed up once

/**
 * @typedef {{values: Pyramid, reconstruction: Pyramid, pca: Pyramid, pcaScore: Pyramid}} Series the channels, the
 * network's, PCA's, and PCA's error
 */

export class Detection {
  /** @type {Float32Array} (places · channels) each channel's share of the error of every so many rows */
  #parts;
  /** @type {number} */
  #partsEvery;
  /** @type {Uint8Array | null} how far each row is abnormal by itself; older runs do not know */
  #rowErrors;
  /** @type {Float64Array} what whole blocks add: a stretch of a million rows must not cost a million sums a frame */
  #blocks;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const { header, array } = readBlock(bytes);
    const { rows, every, limits, sigma, window, independent } = header;
    /** @type {number} */
    this.rows = rows;
    /** @type {string[]} */
    this.names = header.names;
    /** @type {string[]} */
    this.units = header.units;
    this.channels = this.names.length;
    /** @type {number} rows */
    this.window = window;
    /** @type {number} rows of a place of the series */
    this.every = every;
    /** @type {[number, number]} rows that the detector learned from */
    this.normal = header.normal;
    /** @type {[number, number]} those of them that it was not trained on */
    this.heldOut = header.held_rows;
    /** @type {Record<import("./thresholds.js").Rule, number>} each rule's default amount */
    this.defaults = header.usual;
    /** @type {number} rows that the rolling rule looks back on */
    this.history = header.history;
    this.times = new RowTimes(array("time_row"), array("time"), header.step);

    /** @type {Float32Array} NaN where a row was not scored */
    this.score = array("score");
    this.scored = this.score.some(Number.isFinite);
    /** rows without a score, of a table that was scored */
    this.unscored = this.scored ? this.score.reduce((count, value) => count + Number(Number.isNaN(value)), 0) : 0;
    /** @type {Int32Array} rows before which time is missing, or jumps back */
    this.gaps = array("gaps") ?? new Int32Array(0);
    this.errors = new Pyramid(this.score, this.score, { count: rows });
    /** @type {Series} */
    this.series = readSeries(array, { count: Math.ceil(rows / every), every });
    /** the row with the largest score; −1 where there is none */
    this.peak = this.score.reduce((best, value, row) => (value > (this.score[best] ?? -1) ? row : best), -1);
    const held = array("held").filter(Number.isFinite).sort();
    const [changes, rolling] = [array("rolling_row"), array("rolling")];
    this.thresholds = new Thresholds({
      score: this.score,
      held,
      window,
      limits,
      sigma,
      independent,
      changes,
      rolling,
    });
    this.scale = new LogScale(this.#errorRange());

    const none = new Int32Array(0);
    /** @type {Int32Array} the first row of each window that was encoded */
    this.windows = array("at") ?? none;
    /** @type {Float32Array} (windows · 2) */
    this.z = array("z") ?? new Float32Array(0);
    /** @type {Int32Array} (windows) */
    this.clusters = array("cluster") ?? none;
    this.labels = pairs(array("label") ?? none);
    this.#rowErrors = array("row_error");
    /** @type {Float32Array | null} (rows · 4) what a score is made of, and what that is divided by */
    this.terms = array("terms") ?? null;
    this.#parts = array("parts");
    this.#partsEvery = header.parts_every;
    this.#blocks = this.#sumBlocks();
  }

  /** The errors that can be seen: without the thousandth that is smallest. */
  #errorRange() {
    const known = thinned(
      this.score.filter((value) => value > 0),
      100_000,
    ).sort();
    if (!known.length) return [0.1, 1];
    const [low, high] = [known[Math.floor(known.length * 0.001)], this.errors.max()];
    return high > low ? [low, high] : [low / 2, low * 2];
  }

  #sumBlocks() {
    const { channels, rows, score } = this;
    const blocks = new Float64Array(Math.ceil(Math.ceil(rows / this.#partsEvery) / BLOCK) * channels);
    for (let row = 0; row < rows; row++) {
      if (!score[row]) continue;
      const place = Math.floor(row / this.#partsEvery);
      this.#add(blocks, Math.floor(place / BLOCK) * channels, place, score[row]);
    }
    return blocks;
  }

  #add(sums, from, place, weight) {
    const { channels } = this;
    for (let c = 0; c < channels; c++) sums[from + c] += weight * this.#parts[place * channels + c];
  }

  /**
   * Each channel's share of the error in these rows: (channels), adding up to 1.
   * @param {number} start @param {number} end
   */
  shares(start, end) {
    const { channels, rows, score } = this;
    const every = this.#partsEvery;
    const sums = new Float64Array(channels);
    for (let place = Math.floor(start / every); place * every < end; ) {
      if (place % BLOCK === 0 && place * every >= start && (place + BLOCK) * every <= end) {
        for (let c = 0; c < channels; c++) sums[c] += this.#blocks[(place / BLOCK) * channels + c];
        place += BLOCK;
        continue;
      }
      const last = Math.min(end, rows, (place + 1) * every);
      let weight = 0;
      for (let row = Math.max(start, place * every); row < last; row++) weight += score[row] || 0;
      this.#add(sums, 0, place, weight);
      place += 1;
    }
    const total = sums.reduce((a, b) => a + b, 0);
    return total > 0 ? sums.map((value) => value / total) : sums;
  }

  /**
   * [first row, row after the last] by which people are told of a flagged stretch: those that it is about, or itself.
   * @param {{start: number, end: number, before?: number}} stretch before: row after the stretch before
   * @returns {[number, number]}
   */
  told({ start, end, before = 0 }) {
    const named = this.#rowErrors && namedRows(this.#rowErrors, start, end, this.window, before);
    return named || [start, end];
  }

  /** Whether it is known which rows a stretch is about. */
  get namesRows() {
    return this.#rowErrors !== null;
  }

  /**
   * The channels with the largest shares in these rows, [channel, share], those of at least a hundredth.
   * @param {number} start @param {number} end @param {number} most
   */
  mainChannels(start, end, most) {
    return largest(this.shares(start, end), most);
  }
}

/** @param {ArrayLike<number>} shares @param {number} most @returns {[channel: number, share: number][]} */
export function largest(shares, most) {
  const sorted = Array.from(shares, (share, c) => /** @type {[number, number]} */ ([c, share]));
  sorted.sort((a, b) => b[1] - a[1]);
  return sorted.slice(0, most).filter(([, share], n) => share >= 0.01 || n === 0);
}

/** @type {WeakMap<Uint8Array, Detection>} */
const opened = new WeakMap();

/** The detection in a block, read once. @param {Uint8Array} bytes */
export function openDetection(bytes) {
  if (!opened.has(bytes)) opened.set(bytes, new Detection(bytes));
  return opened.get(bytes);
}

/** Some rows of a long table in full. @param {Uint8Array} bytes @param {Detection} detection @returns {Series} */
export function openDetail(bytes, { channels }) {
  const { header, array } = readBlock(bytes);
  return readSeries(array, { count: array("values").length / channels, first: header.first });
}

/** @returns {Series} */
function readSeries(array, rows) {
  const read = (name) => {
    const all = array(name);
    return new Pyramid(all ?? array(`${name}.low`), all ?? array(`${name}.high`), rows);
  };
  return { values: read("values"), reconstruction: read("x_hat"), pca: read("pca_hat"), pcaScore: read("pca_score") };
}

/** @param {Int32Array} ends @returns {[number, number][]} */
function pairs(ends) {
  return Array.from({ length: ends.length / 2 }, (_, n) => [ends[2 * n], ends[2 * n + 1]]);
}
