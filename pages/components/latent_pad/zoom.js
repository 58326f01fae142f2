// @ts-check
// Which part of the maps is in view: one for all of them, as fractions of the whole map from its left and its top.
import { clamp } from "../math/stats.js";

export const MOST = 32; // times

export class Zoom {
  /** fractions of the map at the middle of the view */
  u = 0.5;
  v = 0.5;
  /** times enlarged */
  scale = 1;

  get isWhole() {
    return this.scale === 1;
  }

  /** For a link, and for what was drawn for a view. @returns {number[]} */
  state() {
    return [this.u, this.v, this.scale].map((value) => Number(value.toFixed(4)));
  }

  /** @param {number} u @param {number} v @param {number} scale */
  show(u, v, scale) {
    this.scale = clamp(Number.isFinite(scale) ? scale : 1, 1, MOST);
    if (this.scale < 1.001) this.scale = 1;
    const half = 0.5 / this.scale; // nothing beyond the map is shown
    this.u = clamp(Number.isFinite(u) ? u : 0.5, half, 1 - half);
    this.v = clamp(Number.isFinite(v) ? v : 0.5, half, 1 - half);
  }

  whole() {
    this.show(0.5, 0.5, 1);
  }

  /** Where a fraction of the map is, as a fraction of the view. @param {number} u */
  across(u) {
    return (u - this.u) * this.scale + 0.5;
  }

  /** @param {number} v from the top */
  down(v) {
    return (v - this.v) * this.scale + 0.5;
  }

  /** What fraction of the map a place of the view is. @param {number} x a fraction of the view */
  fractionAcross(x) {
    return this.u + (x - 0.5) / this.scale;
  }

  /** @param {number} y a fraction of the view, from the top */
  fractionDown(y) {
    return this.v + (y - 0.5) / this.scale;
  }

  /**
   * Enlarge; what is at a place of the view stays there.
   * @param {number} times @param {number} [x] fractions of the view @param {number} [y]
   */
  by(times, x = 0.5, y = 0.5) {
    const [u, v] = [this.fractionAcross(x), this.fractionDown(y)];
    const scale = clamp(this.scale * times, 1, MOST);
    this.show(u - (x - 0.5) / scale, v - (y - 0.5) / scale, scale);
  }

  /** Move what is in view. @param {number} x fractions of the view, to the right @param {number} y down */
  pan(x, y) {
    this.show(this.u - x / this.scale, this.v - y / this.scale, this.scale);
  }

  /** Move as little as brings a place of the map into view. @param {number} u @param {number} v from the top */
  reveal(u, v) {
    const inner = 0.45 / this.scale;
    this.show(clamp(this.u, u - inner, u + inner), clamp(this.v, v - inner, v + inner), this.scale);
  }
}
