// @ts-check
// Where the random numbers of a training come from, and in which order its samples come.
import { boxMuller, mulberry32 } from "../../math/random.js";

/** @typedef {{uniform: (count: number) => Float64Array, normal: (count: number) => Float64Array}} Draws */

/**
 * A generator of a seed; streams of one seed have nothing to do with each other.
 * @param {number} seed @param {number} stream
 */
export function generatorOf(seed, stream) {
  return mulberry32(Math.imul(Math.floor(seed) + 1, 2654435761) ^ Math.imul(stream + 1, 0x85ebca6b));
}

/** The random numbers of corruptions and codes. @implements {Draws} */
export class SeededDraws {
  #next;

  /** @param {number} seed @param {number} stream */
  constructor(seed, stream) {
    this.#next = generatorOf(seed, stream);
  }

  /** @param {number} count */
  uniform(count) {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; i++) numbers[i] = this.#next();
    return numbers;
  }

  /** @param {number} count */
  normal(count) {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; i++) numbers[i] = boxMuller(this.#next(), this.#next());
    return numbers;
  }
}

/** Batches: each sample once, in an order of the seed, then again in another. */
export class Batches {
  #next;
  #order = new Int32Array(0);
  #at = 0;
  /** whole passes over the samples behind us */
  passes = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.#next = generatorOf(seed, 7);
  }

  /** Take these from now on. @param {Int32Array} samples their rows */
  use(samples) {
    this.#order = samples.slice();
    this.#shuffle();
  }

  /** The rows of the next batch; the last one of a pass can be smaller. @param {number} size */
  next(size) {
    if (this.#at >= this.#order.length) {
      this.passes += 1;
      this.#shuffle();
    }
    const rows = this.#order.subarray(this.#at, Math.min(this.#order.length, this.#at + size));
    this.#at += rows.length;
    return rows;
  }

  /** Fisher & Yates. */
  #shuffle() {
    const order = this.#order;
    this.#at = 0;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(this.#next() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
  }
}
