// @ts-check
// How often and how fast a figure draws: the bench and the tests read it from an element's `latentStats`.

const KEPT = 600; // frames

export class FrameStats {
  frames = 0;
  /** @type {number[]} ms of the last frames */
  ms = [];

  /** @param {HTMLElement} element where it is found */
  constructor(element) {
    Object.assign(element, { latentStats: this });
  }

  /** @param {number} began performance.now() before the frame was drawn */
  add(began) {
    this.frames += 1;
    this.ms.push(performance.now() - began);
    if (this.ms.length > KEPT) this.ms.shift();
  }
}
