// @ts-check
// The rows in view: zoom, pan, glide, and where a row lies on a track. Row n fills n … n + 1; its sample stands in the
// middle.
import { Glide } from "../figure/glide.js";
import { clamp } from "../math/stats.js";

const LEAST = 8; // rows that a view holds at least
export const GLIDE = 260; // ms to a stretch or a window

export class RowView {
  rows = 1;
  first = 0;
  last = 1;
  /** px of a track: kept, because to ask the page for it would lay the page out again in every frame */
  width = 0;
  /** @type {Glide | null} */
  #glide = null;

  /** @param {number} rows of the table @param {number} first @param {number} last */
  start(rows, first, last) {
    this.rows = rows;
    this.show(first, last);
  }

  get length() {
    return this.last - this.first;
  }

  get showsAll() {
    return this.length >= this.rows;
  }

  get isGliding() {
    return this.#glide !== null;
  }

  #within(first, last) {
    const { rows } = this;
    const wide = clamp(last - first, Math.min(rows, LEAST), rows);
    const start = clamp(first, 0, rows - wide);
    return [start, start + wide];
  }

  /** @param {number} first @param {number} last */
  show(first, last) {
    [this.first, this.last] = this.#within(first, last);
    this.#glide = null;
  }

  /** @param {number} by rows */
  pan(by) {
    this.show(this.first + by, this.last + by);
  }

  /**
   * @param {number} factor of the rows in view @param {number} [part] share of the width at which the row keeps its
   * place
   */
  zoom(factor, part = 0.5) {
    const wide = clamp(this.length * factor, Math.min(this.rows, LEAST), this.rows);
    const row = this.first + part * this.length;
    this.show(row - part * wide, row + (1 - part) * wide);
  }

  /** @param {number} first @param {number} last */
  glideTo(first, last) {
    this.#glide = new Glide([this.first, this.last], this.#within(first, last), GLIDE);
  }

  stopGlide() {
    this.#glide = null;
  }

  /** A frame of the glide; says whether there was one. @param {number} now ms */
  advance(now) {
    if (!this.#glide) return false;
    const { values, done } = this.#glide.at(now);
    [this.first, this.last] = values;
    if (done) this.#glide = null;
    return true;
  }

  /**
   * Rows with as much again around them.
   * @param {number} start @param {number} end @param {number} window rows @returns {[number, number]}
   */
  around(start, end, window) {
    const wide = Math.max(end - start, window, LEAST);
    const margin = wide * 0.5;
    return [(start + end - wide) / 2 - margin, (start + end + wide) / 2 + margin];
  }

  /** The whole rows that it shows, or glides to: where frames are slow, it still glides when Python is told. */
  wholeRows() {
    const [from, to] = this.#glide?.to ?? [this.first, this.last];
    const first = Math.max(0, Math.floor(from));
    return { first, last: Math.min(this.rows, Math.max(first + 1, Math.ceil(to))) };
  }

  /** @param {number} row @returns {number} px */
  x(row) {
    return ((row - this.first) / this.length) * this.width;
  }

  /** @param {number} x px @returns {number} it may lie between two */
  rowAt(x) {
    return this.first + (x / this.width) * this.length;
  }

  /** The row whose place this is in. @param {number} x px */
  rowUnder(x) {
    return clamp(Math.floor(this.rowAt(x)), 0, this.rows - 1);
  }

  /**
   * The spans of rows in px: at least a pixel wide, those that touch made one.
   * @param {Iterable<ArrayLike<number>>} stretches [start, end], sorted
   * @param {(x: number, width: number) => void} draw
   */
  spans(stretches, draw) {
    let from = Number.NaN;
    let to = Number.NEGATIVE_INFINITY;
    for (const { 0: start, 1: end } of stretches) {
      if (end < this.first) continue;
      if (start > this.last) break;
      const a = Math.max(-2, this.x(start));
      const b = Math.min(this.width + 2, Math.max(this.x(end), a + 1));
      if (a <= to + 0.5) to = Math.max(to, b);
      else {
        if (!Number.isNaN(from)) draw(from, to - from);
        [from, to] = [a, b];
      }
    }
    if (!Number.isNaN(from)) draw(from, to - from);
  }
}
