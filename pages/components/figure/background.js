// @ts-check
// What may follow the hand a little later: done in what a frame leaves over, a few milliseconds each.

/**
 * Work that is done piece by piece. Whoever has work of this kind asks for the next frame while `do` says that there is
 * more.
 */
export class Background {
  /** @type {(() => void)[]} pieces of a few ms each */
  #pieces = [];
  /** @type {Iterator<unknown> | null} */ #job = null;

  /** Forget what was to be done, and do these pieces. @param {(() => void)[]} [pieces] */
  replace(pieces = []) {
    this.#pieces = pieces;
    this.#job = null;
  }

  /**
   * Forget what was to be done, and go through this generator.
   * @param {Iterator<unknown>} job yields after every few ms
   */
  run(job) {
    this.#pieces = [];
    this.#job = job;
  }

  /** @param {() => void} piece */
  add(piece) {
    this.#pieces.push(piece);
  }

  /** Do what there is until a time; says whether more is left. @param {number} until performance.now() */
  do(until) {
    while (this.#job && performance.now() < until) if (this.#job.next().done) this.#job = null;
    while (this.#pieces.length && performance.now() < until) this.#pieces.shift()();
    return this.hasWork();
  }

  hasWork() {
    return this.#job !== null || this.#pieces.length > 0;
  }
}
