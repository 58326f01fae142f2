// @ts-check
// The figure: k and how the codes are rounded, what goes in, frames, and what Python hears.
import { byTestId, find, make, setLabel, setText } from "../figure/dom.js";
import { ModelFigure } from "../figure/lifecycle.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { FrameStats } from "../figure/stats.js";
import { shortError } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { modelReady } from "../runtime/store.js";
import { Comparison } from "./comparison.js";
import { ErrorCurve } from "./error_curve.js";
import { Lines } from "./lines.js";
import { PictureInput } from "./picture_input.js";
import { Pictures } from "./pictures.js";
import { EXACT } from "./quantise.js";
import { SignalInput } from "./signal_input.js";
import { bitsWords, bytesWords, curveLabel, errorsWords, keptWords, ratioWords } from "./words.js";

const THUMB = 1.75; // rem
const MAX_BITS = 8; // of a number that is rounded; one step farther on the slider it is not
const USUAL_K = 8;

/** @typedef {import("../types").BottleneckInput} Input */

/** @extends {ModelFigure<import("../types").BottleneckData>} */
export class Bottleneck extends ModelFigure {
  k = USUAL_K;
  /** @type {number | null} k under the pointer that only hovers over the curve */
  preview = null;
  /** of each number; EXACT: not rounded */
  bits = EXACT;
  /** whether pictures show how they differ from the original */
  residual = false;
  /** whether the spectrum is shown beside a signal */
  spectrum = false;
  /** @type {Input | null} null: nothing to show yet but the average */
  input = null;
  /** @type {Comparison} */ comparison;
  /** @type {PictureInput | SignalInput} what goes in */
  source;
  /** @type {Pictures | Lines} what comes out */
  display;
  /** @type {ErrorCurve} */ curve;
  /** @type {HTMLInputElement} */ slider;
  /** @type {HTMLInputElement} */ bitsSlider;
  /** @type {FrameStats} */ stats;
  /** @type {Record<string, HTMLElement>} what a frame writes to, by test id */
  #text = {};
  #kept = "";
  #isDescribed = false;

  // ---- the models ----

  modelNames() {
    return [this.data.model, `${this.data.model}:encoder`];
  }

  /** The encoder comes by itself where the model brings none. */
  async loadModels() {
    const [name, encoder] = this.modelNames();
    const model = await modelReady(name);
    return [model, model.encode ? model : await modelReady(encoder)];
  }

  /**
   * A model of this name without PCA is another page's: ours is on its way.
   * @param {import("../runtime/model.js").Model[]} models
   */
  accepts([model, encoder]) {
    return !!model.pca && !!encoder.encode && encoder.k === model.k;
  }

  /** Whether what goes in is a signal that sliders make; a person's own signals are shown as pictures are. */
  get isSignal() {
    return this.data.kind === "signal";
  }

  build() {
    const [model, encoder] = this.models;
    this.comparison = new Comparison(model, encoder);
    const kind = this.isSignal ? "signal" : "image";
    this.showBody(`lx-${kind}`, this.template());
    const { body } = this;
    for (const part of body.querySelectorAll("[data-for]"))
      if (part instanceof HTMLElement && part.dataset.for !== kind) part.remove();
    body.classList.toggle("lx-traces", !this.isSignal && model.shape.length === 2);
    body.classList.toggle("lx-no-pad", !this.isSignal && (model.shape.length === 2 || model.shape[0] !== 1));
    this.#buildSliders();
    this.source = this.isSignal ? new SignalInput(this) : new PictureInput(this);
    this.display = this.isSignal ? new Lines(this) : new Pictures(this);
    const ids = ["pca-error", "network-error", "ratio", "kept", "caption", "bytes", "source"];
    this.#text = Object.fromEntries(ids.map((id) => [id, byTestId(body, id)]));
    this.#kept = "";
    this.observe([this.curve.surface, ...body.querySelectorAll(".lx-plot, .lx-paper canvas, figure canvas")]);
  }

  #buildSliders() {
    const { body, model } = this;
    this.slider = byTestId(body, "bottleneck-slider");
    this.slider.max = String(model.k);
    this.stats = new FrameStats(this.slider);
    bindSlider(this, this.slider, (k) => this.#move(k));
    this.bitsSlider = byTestId(body, "bits");
    bindSlider(this, this.bitsSlider, (bits) => {
      this.bits = bits > MAX_BITS ? EXACT : bits;
      this.wake();
    });
    this.curve = new ErrorCurve(byTestId(body, "curve"), model.k, {
      hover: (k) => {
        this.preview = k;
        this.wake();
      },
      press: (k) => {
        this.hold(this.curve);
        this.#move(k);
      },
      release: () => this.release(this.curve),
    });
  }

  // ---- what is shown ----

  /** @param {import("../types").BottleneckView} wanted made to fit the model */
  start({ k, bits, residual, spectrum, input }) {
    this.k = clamp(Math.round(k) || USUAL_K, 1, this.model.k);
    this.bits = bits >= 1 && bits <= MAX_BITS ? Math.round(bits) : EXACT;
    this.residual = !!residual && !this.isSignal;
    this.spectrum = !!spectrum && this.isSignal;
    this.preview = null;
    this.source.clear();
    if (this.take(input) || this.take(this.source.usual())) return;
    this.input = null;
    this.comparison.take(this.model.pca.mean);
  }

  /** A picture that Python read: shown once, as soon as it is a new one. */
  accept() {
    const uploaded = this.newUpload();
    if (uploaded && this.take({ source: "uploaded", name: uploaded.name ?? "", values: uploaded.values })) this.send();
  }

  /** Lets an input go in, if it can be meant; says whether. @param {Input | null | undefined} input */
  take(input) {
    const taken = this.source.read(input);
    if (!taken) return false;
    this.input = taken.input;
    this.comparison.take(taken.x, taken.clean);
    return true;
  }

  /** @param {number} k */
  #move(k) {
    this.preview = null;
    this.k = clamp(k, 1, this.model.k);
    this.wake();
  }

  /** @returns {import("../types").BottleneckView} */
  state() {
    const { k, bits, residual, spectrum, input } = this;
    return { k, bits, residual, spectrum, input };
  }

  refresh() {
    this.slider.value = String(this.k);
    this.bitsSlider.value = String(this.bits === EXACT ? MAX_BITS + 1 : this.bits);
    this.source.refresh();
    this.display.refresh();
    this.curve.set(this.data.curve, this.theme);
    this.resize();
    this.#isDescribed = false;
    this.wake();
  }

  resize() {
    if (!this.body?.isConnected) return;
    this.source.resize();
    const changed = [this.curve.resize(), this.display.resize()];
    // now: the canvas is empty until then
    if (changed.includes(true) && this.comparison.error) this.frame(performance.now());
  }

  // ---- frames ----

  drawFrame() {
    const began = performance.now();
    const { comparison, source, display, curve } = this;
    source.update();
    const k = this.preview ?? this.k;
    comparison.compute(k, this.bits);
    display.draw();
    curve.mark(k);
    this.#readOut(k);
    source.readOut();
    this.stats.add(began);
    if (!this.#isDescribed && this.held === null) this.describe();
    return true;
  }

  /** @param {number} k */
  #readOut(k) {
    const { comparison, slider, bits, curve } = this;
    const { error } = comparison;
    const text = this.#text;
    showSlider(slider, k, THUMB);
    setText(text["pca-error"], shortError(error.pca));
    setText(text["network-error"], shortError(error.network));
    setText(text.ratio, ratioWords(error));
    setText(text.caption, curve.caption(k));
    setText(text.bytes, bytesWords(k, bits));
    setText(text.source, this.source.words());
    setText(find(this.body, ".lx-bits b"), String(bits));
    this.bitsSlider.setAttribute("aria-valuetext", bitsWords(bits, bits === EXACT));
    this.#writeKept(k);
    slider.setAttribute("aria-valuetext", `${this.#kept}; ${errorsWords(error)}`);
  }

  /** The number large, the rest in parts that a narrow page breaks between. @param {number} k */
  #writeKept(k) {
    const explained = this.data.curve?.explained?.[k - 1] ?? this.comparison.explained(k);
    const parts = keptWords(k, this.comparison.size, explained);
    const kept = parts.join(" · ");
    if (kept === this.#kept) return;
    this.#kept = kept;
    const [first, ...others] = parts;
    const number = make("span", {}, make("b", {}, String(k)), first.slice(String(k).length));
    const spans = others.flatMap((words) => [" ", make("span", {}, make("i", {}, "· "), words)]);
    this.#text.kept.replaceChildren(number, ...spans);
  }

  describe() {
    if (!this.comparison?.error) return;
    this.#isDescribed = true;
    this.display.describe(this.source.words());
    setLabel(this.curve.surface, curveLabel(this.curve.caption(this.k)));
  }
}
