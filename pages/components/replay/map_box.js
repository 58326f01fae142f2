// @ts-check
// The part of the plane that the map shows: around the points of all epochs. It grows and never shrinks, so that
// nothing jumps.
import { trimmedRange } from "../math/stats.js";

const LEFT_OUT = 0.005; // of an epoch's points, at each end
const MARGIN = 0.06;
const SIGMAS = 3; // the prior's circles
const PACE = 120; // ms in which most of the way is gone
const AXES = [0, 1];
const ENDS = /** @type {const} */ (["low", "high"]);

export class MapBox {
  /** what is shown, [across, up] */
  low = [-1, -1];
  high = [1, 1];
  /** what the points of the epochs so far span */
  #around = { low: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], high: [-Infinity, -Infinity] };
  #target = { low: [-1, -1], high: [1, 1] };
  /** @type {WeakSet<object>} */ #included = new WeakSet();
  #isEmpty = true;
  /** @type {number | null} ms, of the last step */
  #grown = null;

  /** @param {boolean} round whether the prior's circles are shown: they are in the middle, and round */
  constructor(round) {
    this.round = round;
  }

  /** @param {{map: Float32Array}[]} snapshots map: (N · 2) */
  include(snapshots) {
    const { low, high } = this.#around;
    for (const snapshot of snapshots) {
      if (this.#included.has(snapshot)) continue;
      this.#included.add(snapshot);
      for (const axis of AXES) {
        const along = snapshot.map.filter((_, i) => i % 2 === axis);
        const [least, most] = trimmedRange(along, LEFT_OUT) ?? [low[axis], high[axis]];
        low[axis] = Math.min(low[axis], least);
        high[axis] = Math.max(high[axis], most);
      }
    }
    this.#aim();
    if (!this.#isEmpty) return;
    this.#isEmpty = false;
    this.low = [...this.#target.low];
    this.high = [...this.#target.high];
  }

  #aim() {
    const { low, high } = this.#around;
    const spans = AXES.map((axis) => (low[axis] <= high[axis] ? [low[axis], high[axis]] : [-1, 1]));
    const reach = (1 + MARGIN) * Math.max(SIGMAS, ...spans.flat().map(Math.abs));
    for (const axis of AXES) {
      const [least, most] = spans[axis];
      const margin = MARGIN * (most - least) || 1;
      this.#target.low[axis] = this.round ? -reach : least - margin;
      this.#target.high[axis] = this.round ? reach : most + margin;
    }
  }

  /** A step of a frame; says whether there is more to go. @param {number} now ms @param {boolean} atOnce */
  grow(now, atOnce) {
    const passed = this.#grown === null ? 16 : Math.min(50, now - this.#grown);
    const part = atOnce ? 1 : 1 - Math.exp(-passed / PACE);
    let more = false;
    for (const axis of AXES) {
      const near = 1e-3 * (this.#target.high[axis] - this.#target.low[axis]);
      for (const end of ENDS) {
        const gap = this.#target[end][axis] - this[end][axis];
        const arrives = Math.abs(gap) < near || part === 1;
        this[end][axis] = arrives ? this.#target[end][axis] : this[end][axis] + part * gap;
        more ||= !arrives;
      }
    }
    this.#grown = more ? now : null;
    return more;
  }
}
