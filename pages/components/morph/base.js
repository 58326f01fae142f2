// @ts-check
// What the morph and the four corners share: one model, frames, and slow work in what a frame leaves over.
import { growRange, rangeOf } from "../canvas/range.js";
import { Background } from "../figure/background.js";
import { ModelFigure } from "../figure/lifecycle.js";
import { classify } from "../runtime/samples.js";
import { placeWords } from "./words.js";

const SLICE = 8; // ms of a frame for what need not be there at once
const BUSY_SLICE = 3; // the same while the hand moves

/** @template {import("../types").MorphData | import("../types").CornersData} D @extends {ModelFigure<D>} */
export class OneModelFigure extends ModelFigure {
  /** @type {[number, number]} of what is decoded */
  range;
  /** @type {import("../figure/stats.js").FrameStats} */ stats;
  /** @type {number[]} (k) the code that is shown */
  z;
  /** whether the large pictures have to be drawn */
  stale = false;
  /** counts changes of what the slow work depends on */
  version = 0;
  /** the version for which it has been done */
  made = -1;
  #background = new Background();

  // ---- its own ----

  /** Before a frame: what moves by itself. @param {number} _now ms */
  advance(_now) {}

  draw() {}

  /** What may follow a little later; yields after every few ms. @returns {Generator<void>} */
  *work() {}

  // ---- the base's ----

  modelNames() {
    return [this.data.model];
  }

  /** @param {import("../runtime/model.js").Model[]} models */
  accepts([model]) {
    return model.count > 0;
  }

  build() {
    const { model } = this;
    const { figure } = this.data;
    const kind = model.shape.length === 2 ? "signal" : "image";
    this.showBody(`lx-${figure} lx-${kind}`, this.template(`[data-figure=${figure}]`));
    this.body.classList.toggle("lx-one", model.k === 1);
    this.range = rangeOf(model);
    this.#background.replace(); // what has begun is about other parts
  }

  /** What the slow work depends on is another. */
  changed() {
    this.version += 1;
    this.moved();
  }

  moved() {
    this.stale = true;
    this.wake();
  }

  /** @param {number} now ms */
  drawFrame(now) {
    if (!this.builtIn) return false;
    this.advance(now);
    const drawn = this.stale;
    const began = performance.now();
    if (drawn) {
      this.stale = false;
      this.draw();
      this.stats.add(began);
    }
    // The hand comes first; but what it changes is not left old for as long as it moves: work that has begun is ended.
    if (!this.#background.hasWork() && this.made !== this.version) this.#background.run(this.#workFor(this.version));
    const worked = this.#background.hasWork();
    const more = this.#background.do(performance.now() + (drawn ? BUSY_SLICE : SLICE));
    if (more || this.stale || this.made !== this.version) this.wake();
    else if (!this.isBusy()) this.describe();
    return drawn || worked;
  }

  *#workFor(version) {
    yield* this.work();
    this.made = version;
  }

  /** What the network draws of a code; the scale holds it from now on. @param {number[]} z */
  decode(z) {
    const values = this.model.decode(z);
    growRange(this.range, values, this.model);
    return values;
  }

  /** How the pictures of a frame are drawn. */
  how() {
    return { range: this.range, theme: this.theme };
  }

  hereWords() {
    return placeWords(this.model, classify(this.model, this.z));
  }
}
