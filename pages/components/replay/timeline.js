// @ts-check
// The epochs of a film that are there.

/** @typedef {import("../runtime/snapshots.js").Snapshot} Snapshot */
/**
 * @typedef {{a: Snapshot, b: Snapshot | null, part: number}} Between a film's place: part 0..1 of the way from a to b
 */

export class Timeline {
  /** @type {Snapshot[]} by epoch */
  snapshots = [];

  /** @param {Snapshot[]} snapshots in any order */
  set(snapshots) {
    this.snapshots = snapshots.sort((a, b) => a.epoch - b.epoch);
  }

  get oldest() {
    return this.snapshots[0].epoch;
  }

  get newest() {
    return this.snapshots.at(-1).epoch;
  }

  /** Index of the nearest snapshot; the earlier of two. @param {number} epoch */
  indexOf(epoch) {
    const away = (n) => Math.abs(this.snapshots[n].epoch - epoch);
    return this.snapshots.reduce((best, _, n) => (away(n) < away(best) ? n : best), 0);
  }

  /** The nearest epoch that was kept. @param {number} epoch */
  nearest(epoch) {
    return this.snapshots[this.indexOf(epoch)].epoch;
  }

  /**
   * The two snapshots around a place.
   * @param {number} at epochs
   * @param {boolean} steps only what was measured
   * @returns {Between}
   */
  between(at, steps) {
    const { snapshots } = this;
    const next = snapshots.findIndex(({ epoch }) => epoch > at);
    if (next < 1) return { a: next ? snapshots.at(-1) : snapshots[0], b: null, part: 0 };
    const [a, b] = [snapshots[next - 1], snapshots[next]];
    return { a, b, part: steps ? 0 : (at - a.epoch) / (b.epoch - a.epoch) };
  }
}
