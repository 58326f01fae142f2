// @ts-check
// What the figures of the variants share: their models, the sample that goes in, the parts that show it, frames.
import { NETWORK } from "../canvas/colours.js";
import { fit } from "../canvas/context.js";
import { SampleView } from "../canvas/sample.js";
import { Background } from "../figure/background.js";
import { ModelFigure } from "../figure/lifecycle.js";
import { FrameStats } from "../figure/stats.js";
import { floatsFromBase64, fromBase64, halvesToFloats } from "../runtime/bytes.js";
import { withLabel } from "../runtime/model.js";
import { Projection } from "../runtime/pca.js";
import { codeOf } from "../runtime/samples.js";
import { SampleInput } from "./sample_input.js";
import { Samples } from "./samples.js";
import { SignalView } from "./signal_view.js";
import { drawBars, Tile } from "./tile.js";

/** @typedef {import("../runtime/model.js").Model} Model */

const SLICE = 9; // ms of each frame for what may follow the hand a little later

/**
 * A figure of its own makes its parts (`parts`) and shows them (`draw`).
 * @extends {ModelFigure<import("../types").VariantsData>}
 */
export class VariantFigure extends ModelFigure {
  /** @type {import("../types").VariantsView} what the person moves */
  view = {};
  /** @type {Record<string, {model: Model, encoder: Model | null}>} by what each stands for in the figure */
  roles = {};
  /** @type {Samples} */ samples;
  /** @type {Record<string, {codes: Float32Array, k: number}>} of the samples, by roles that cannot encode here */
  codes = {};
  /** @type {Projection | null} */ pca = null;
  /** @type {SampleInput | null} */ input = null;
  /** @type {Record<string, Tile>} what the models of the roles give, see `outputTiles` */
  outputs = {};
  /** @type {(() => void)[]} each shows what a control's part of the view is */
  controls = [];
  /** @type {HTMLCanvasElement[]} those with as many pixels as their boxes have */
  sharp = [];
  /** what may follow the hand: forgotten where it moves on */
  background = new Background();
  #changed = false;
  /** @type {FrameStats} */ #stats;
  /** @type {Float32Array | null} the sample in `pca` */
  #projected = null;

  // ---- its own ----

  /** Makes what the figure consists of. @returns {HTMLElement[]} */
  parts() {
    return [];
  }

  /** Shows the view. */
  draw() {}

  /** Another sample goes in. */
  onSample() {}

  // ---- the models ----

  subject() {
    return this.data.roles;
  }

  modelNames() {
    const names = ({ name, encodes }) => (encodes ? [name, `${name}:encoder`] : [name]);
    return Object.values(this.data.roles).flatMap(names);
  }

  /** @param {Model[]} models */
  accepts(models) {
    const fits = ({ model, encoder }) => model.count && (!encoder || encoder.k === model.k);
    return Object.values(this.#rolesOf(models)).every(fits);
  }

  /** @param {Model[]} models as `modelNames` has them */
  #rolesOf(models) {
    const next = models.values();
    const pair = ([role, { encodes }]) => [
      role,
      { model: next.next().value, encoder: encodes ? next.next().value : null },
    ];
    return Object.fromEntries(Object.entries(this.data.roles).map(pair));
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update(change) {
    if (change.subjectChanged) this.builtIn = null; // its samples or PCA may be others, of the same models
    super.update(change);
  }

  build() {
    const { samples, codes, pca, figure } = this.data;
    this.roles = this.#rolesOf(this.models);
    this.samples = new Samples(samples, this.model);
    const codesOf = ([role, text]) => [role, { codes: floatsFromBase64(text), k: this.roles[role].model.k }];
    this.codes = Object.fromEntries(Object.entries(codes).map(codesOf));
    this.pca = pca && new Projection(unpacked(pca));
    this.#projected = this.input = null;
    this.outputs = {};
    this.controls = [];
    this.sharp = [];
    this.showBody(`lx-${figure}`, ...this.parts());
    const [, height, width] = this.model.shape;
    if (!this.samples.limits) this.body.style.setProperty("--lx-shape", `${width} / ${height}`);
    this.#stats = new FrameStats(this.body);
    this.observe(this.body.querySelectorAll("canvas"));
    this.resize();
  }

  /** @param {any} wanted the data, or what `state` gave */
  start(wanted) {
    this.view = { ...(wanted === this.data ? wanted.start : wanted) };
  }

  state() {
    return { ...this.view, chosen: this.chosenAt };
  }

  // ---- its parts ----

  /** What shows a sample. @param {HTMLCanvasElement} canvas @param {string} [colour] of a signal's line */
  sampleView(canvas, colour) {
    const { limits } = this.samples;
    if (!limits) return new SampleView(canvas, this.model);
    this.sharp.push(canvas);
    return new SignalView(canvas, this.model.shape, limits, colour);
  }

  /**
   * How a sample's values are drawn.
   * @returns {{range: [number, number], theme: import("../canvas/theme.js").Theme}}
   */
  look() {
    return { range: this.model.range ?? [0, 1], theme: this.theme };
  }

  /** @param {string} id @param {string} title @param {import("./tile.js").TileOptions} [options] */
  tile(id, title, options) {
    return new Tile(this, id, title, options);
  }

  /** What goes in. @param {string} [title] @param {{draws?: boolean}} [options] */
  inputTile(title, options) {
    this.input = new SampleInput(this, title, options);
    return this.input.tile.element;
  }

  /** Tiles of what comes out: `outputs`. The first role's is what the figure is about. @returns {HTMLElement[]} */
  outputTiles() {
    for (const [n, [role, { title, small }]] of Object.entries(this.data.roles).entries())
      this.outputs[role] = this.tile(n ? role : "decoded", title, { small, mine: !n, colour: NETWORK });
    return Object.values(this.outputs).map(({ element }) => element);
  }

  /**
   * Shows in `outputs` what the roles make of x, and the bars of the errors; the first one's code is left for tests.
   * @param {Float32Array} x @param {Float32Array} clean what it is compared with @param {Tile[]} others with bars
   */
  showOutputs(x, clean, others = []) {
    for (const [n, [role, tile]] of Object.entries(this.outputs).entries()) {
      const z = this.encode(role, x);
      if (!n) this.markCode(z);
      tile.show(this.decode(role, z), clean);
    }
    drawBars([...others, ...Object.values(this.outputs)]);
  }

  /** Leaves a code where tests find it. @param {ArrayLike<number>} z */
  markCode(z) {
    this.body.dataset.z = Array.from(z).join(",");
  }

  // ---- the networks ----

  /** The values that go in: the same array until others do. */
  x() {
    return this.samples.of(this.view.sample, this.view.drawn);
  }

  /** The class that the models are told; null of a drawing. @returns {number | null} */
  label() {
    return this.view.drawn ? null : (this.samples.labels[this.view.sample] ?? null);
  }

  /**
   * z of x (k), an array of its own; where a role cannot encode here, of the held-out sample.
   * @param {string} role @param {Float32Array} x
   */
  encode(role, x) {
    const { encoder } = this.roles[role];
    if (!encoder) return codeOf(this.codes[role], this.view.sample).slice();
    return encoder.encode(withLabel(x, encoder.n_classes, this.label())).slice();
  }

  /** The model's own array. @param {string} role @param {any} z (k) @param {number | null} [label] */
  decode(role, z, label = this.label()) {
    const { model } = this.roles[role];
    return model.decode(withLabel(z, model.n_classes, label));
  }

  /** PCA's reconstruction of x. @param {Float32Array} x @param {number} [k] */
  reconstructByPca(x, k = this.pca.count) {
    if (this.#projected !== x) this.pca.start(x);
    this.#projected = x;
    return this.pca.at(k);
  }

  // ---- frames ----

  /** The view is another one. */
  change() {
    this.#changed = true;
    this.wake();
  }

  refresh() {
    for (const show of this.controls) show();
    this.change();
  }

  resize() {
    this.input?.pad?.resize();
    let changed = false;
    for (const canvas of this.sharp) changed = fit(canvas) || changed;
    if (changed) this.change();
  }

  drawFrame() {
    const began = performance.now();
    const changed = this.#changed;
    if (changed) {
      this.#changed = false;
      this.background.replace();
      this.input?.show();
      this.draw();
      this.#stats.add(began);
    }
    const follows = this.background.hasWork();
    if (this.background.do(began + SLICE)) this.wake();
    return changed || follows;
  }
}

/** @param {import("../types").PackedPca} pca */
function unpacked({ k, mean, components }) {
  const halves = new Uint16Array(fromBase64(components).buffer);
  return { count: k, mean: floatsFromBase64(mean), components: halvesToFloats(halves) };
}
