// @ts-check
// Where on a plot nothing is drawn yet, so that names stand on nothing.

/** @typedef {{x: number, y: number, w: number, h: number}} Box px, from its top left */

const AWAY = 8; // px between a name and what it names

export class FreeSpace {
  /** @type {Box[]} */ #taken = [];

  /** @param {{left: number, right: number, top: number, bottom: number}} frame px, within which names stand */
  constructor(frame) {
    this.frame = frame;
  }

  /** Something is drawn around a point. @param {number} x @param {number} y @param {number} side px */
  block(x, y, side) {
    this.#taken.push({ x: x - side / 2, y: y - side / 2, w: side, h: side });
  }

  /**
   * A place for a name of a point: the first that is free, which it takes.
   * @param {number} x px @param {number} y px @param {number} w px, the name's width @param {number} h px
   * @param {[number, number][]} ways [across, down]: 1 is right of the point or below, −1 left or above, 0 centred
   * @returns {Box | null} null where none is free
   */
  place(x, y, w, h, ways) {
    for (const [across, down] of ways) {
      const left = x + ((across - 1) * w) / 2 + across * AWAY;
      const box = { x: left, y: y + ((down - 1) * h) / 2 + down * AWAY, w, h };
      if (!this.#isFree(box)) continue;
      this.#taken.push(box);
      return box;
    }
    return null;
  }

  /** @param {Box} box */
  #isFree(box) {
    const { left, right, top, bottom } = this.frame;
    if (box.x < left || box.x + box.w > right || box.y < top || box.y + box.h > bottom) return false;
    return this.#taken.every((other) => {
      const beside = box.x + box.w < other.x || other.x + other.w < box.x;
      return beside || box.y + box.h < other.y || other.y + other.h < box.y;
    });
  }
}
