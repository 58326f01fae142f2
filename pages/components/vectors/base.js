// @ts-check
// What arithmetic, traversals and samples share: a large picture that follows the hand, small ones that follow a little
// later, and the sample to start from.
import { rangeOf } from "../canvas/range.js";
import { SampleView } from "../canvas/sample.js";
import { find, make } from "../figure/dom.js";
import { ModelFigure } from "../figure/lifecycle.js";
import { FrameStats } from "../figure/stats.js";
import { nearestCodes } from "../runtime/model.js";
import { nextSample } from "../runtime/samples.js";
import { Tiles } from "./tiles.js";

const SLICE = 9; // ms of each frame for everything but the large picture
const NEAREST = 5; // codes that are named

/** @typedef {import("../runtime/model.js").Model} Model */

/**
 * @template {import("../types").ArithmeticData | import("../types").TraversalsData | import("../types").SamplesData} D
 * @extends {ModelFigure<D>}
 */
export class VectorsFigure extends ModelFigure {
  /** @type {HTMLElement} what holds the sliders or the grids */
  surface;
  signal = false;
  /** @type {SampleView} the large picture */
  decoded;
  tiles = new Tiles();
  /** @type {number | null} the sample to start from; null: the middle */
  base = 0;
  /** the sample that it was last */
  lastBase = 0;
  /** whether the large picture has to be drawn */
  stale = false;
  described = false;
  /** @type {FrameStats} */ #stats;
  /** @type {WeakMap<Model, [number, number]>} */ #ranges = new WeakMap();

  // ---- its own ----

  /** Make the parts of the mode. */
  buildParts() {}

  /** Draw the large picture, and read out. */
  draw() {}

  /** What the large picture is, for a screen reader. */
  words() {
    return "";
  }

  /** Which small pictures a step of a slider changes. */
  touch() {
    this.tiles.touch();
  }

  // ---- the base's ----

  modelNames() {
    return this.data.models;
  }

  /** @param {Model[]} models */
  accepts(models) {
    return models.every((model) => model.count > 0);
  }

  /** @param {unknown} wanted the data, or a view */
  start(wanted) {
    const { view } = /** @type {{view?: any}} */ (wanted);
    this.startView((wanted === this.data ? view : wanted) ?? {});
  }

  /** @param {any} _view */
  startView(_view) {}

  build() {
    const { model } = this;
    const { mode } = this.data;
    this.signal = model.shape.length === 2;
    this.showBody(`lx-${mode} lx-${this.signal ? "signal" : "image"}`, this.template(`[data-mode=${mode}]`));
    this.tiles.list = [];
    this.#ranges = new WeakMap();
    this.surface = this.find("latent-pad");
    this.#stats = new FrameStats(this.surface);
    this.decoded = new SampleView(this.find("decoded"), model, { axes: true });
    this.buildParts();
    this.observe(this.body.querySelectorAll("canvas"));
  }

  /** @param {string} name of a part's class, without lx- */
  part(name) {
    return find(this.body, `.lx-${name}`);
  }

  /** How a model's samples are drawn; traversals go to the ends of the map. @param {Model} model */
  how(model) {
    if (!this.#ranges.has(model)) {
      const ends = this.data.mode === "traversals";
      this.#ranges.set(model, rangeOf(model, { samples: 96, margin: 0.08, ends }));
    }
    return { range: this.#ranges.get(model), theme: this.theme };
  }

  /** @param {SampleView} view @param {Model} model @param {ArrayLike<number>} z (k) */
  showCode(view, model, z) {
    view.fit();
    view.show(model.decode(z), this.how(model));
  }

  /** A small picture, and its code for tests. @param {SampleView} view @param {Model} model @param {number[]} z */
  showTile(view, model, z) {
    view.canvas.dataset.z = z.join(",");
    this.showCode(view, model, z);
  }

  /** The large picture. @param {Model} model @param {number[]} z */
  show(model, z) {
    this.surface.dataset.z = z.join(",");
    this.showCode(this.decoded, model, z);
  }

  // ---- the sample to start from ----

  /** The menu of classes, and "another". */
  buildBase() {
    const { model } = this;
    const { classes, labels } = model;
    const select = this.find("base-class");
    this.part("class").hidden = !classes;
    const there = (classes ?? []).flatMap((name, c) =>
      labels.includes(c) ? [make("option", { value: c }, name)] : [],
    );
    select.replaceChildren(...there);
    const from = () => this.base ?? this.lastBase;
    const go = (label) => this.choose(() => this.startFrom(nextSample(model, from(), label)));
    select.onchange = () => go(Number(select.value));
    this.find("another").onclick = () => go(this.base === null ? null : labels?.[this.base]);
  }

  /** @param {number} n */
  startFrom(n) {
    this.base = n;
  }

  markBase() {
    const { classes, labels } = this.model;
    const label = this.base === null ? undefined : labels?.[this.base]; // the middle is of no class
    const name = classes?.[label];
    if (classes) this.find("base-class").value = name === undefined ? "" : String(label);
    this.find("another").textContent = name !== undefined && name.length < 14 ? `another ${name}` : "another";
  }

  // ---- frames ----

  /** A slider moved. */
  change() {
    this.touch();
    this.stale = true;
    this.wake();
  }

  /** Everything is drawn anew. */
  refresh() {
    this.tiles.touch();
    this.stale = true;
    this.described = false;
    this.wake();
  }

  /** A canvas of a signal has the screen's resolution; one of a picture the model's own, whatever its size. */
  resize() {
    if (!this.signal) return;
    this.tiles.touch();
    this.stale = true;
    this.wake();
  }

  drawFrame() {
    if (!this.builtIn) return false;
    const began = performance.now();
    const drawn = this.stale;
    if (drawn) {
      this.stale = false;
      this.draw();
      this.#stats.add(began);
      if (!this.described && this.held === null) this.describe();
    }
    const painted = this.tiles.isStale();
    if (this.tiles.paint(began + SLICE)) this.wake();
    return drawn || painted;
  }

  describe() {
    this.described = true;
    const what = this.signal ? "signal" : "picture";
    this.decoded.canvas.setAttribute("aria-label", `Decoded ${what}: ${this.words()}`);
  }

  /** Name the classes of the nearest codes. @param {Model} model @param {ArrayLike<number>} z */
  showNearest(model, z) {
    const { classes, labels, off_data } = model;
    const place = this.find("nearest");
    if (!classes) {
      place.textContent = "";
      return null;
    }
    const near = nearestCodes(model, z, Math.max(NEAREST, off_data?.neighbours ?? 0));
    const names = near.indexes.slice(0, NEAREST).map((n) => classes[labels[n]]);
    place.replaceChildren(make("i", {}, "the nearest codes: "), make("b", {}, names.join(" ")));
    return near;
  }
}
