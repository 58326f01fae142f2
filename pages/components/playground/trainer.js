// @ts-check
// A worker that trains, as the page sees it: orders go there, frames come back, and the weights that came last decode
// here, so that the dot moves at once.
import { endsOf } from "./training/losses.js";
import { Network } from "./training/network.js";
import { startWorker } from "./training/worker.js";

export class Trainer {
  /** @type {import("./training/session.js").Frame | null} */
  last = null;
  /** @type {Network | null} with the weights that came last */
  network = null;
  #worker;
  #generation = 0;
  #waiting = false;

  /** @param {(frame: import("./training/session.js").Frame) => void} onFrame */
  constructor(onFrame) {
    this.#worker = startWorker((frame) => {
      if (frame.generation !== this.#generation) return;
      this.#waiting = false;
      this.last = frame;
      this.network.weights.set(frame.weights);
      onFrame(frame);
    });
  }

  /**
   * A network from its beginning.
   * @param {{samples: import("./training/session.js").Samples, recipe: import("./training/network.js").Recipe,
   *   knobs: import("./training/knobs.js").Knobs, use: import("./training/session.js").Use, playing: boolean}} order
   */
  open(order) {
    this.#generation += 1;
    this.#waiting = false;
    this.last = null;
    const { samples, recipe } = order;
    const size = samples.shape.reduce((product, n) => product * n, 1);
    this.network = new Network(recipe, size, endsOf(samples.range, recipe.variant).output);
    this.tell("open", { ...order, generation: this.#generation });
    this.ask();
  }

  /** @param {string} kind of order @param {object} [order] */
  tell(kind, order = {}) {
    this.#worker.postMessage({ kind, ...order });
  }

  /** Ask for a frame, unless one is on its way. @param {number} [until] steps that it may not pass */
  ask(until = Number.POSITIVE_INFINITY) {
    if (this.#waiting) return;
    this.#waiting = true;
    this.tell("frame", { until });
  }

  close() {
    this.#worker.terminate();
  }
}
