// @ts-check
// A code plus attribute vectors and a difference of classes.
import { difference, differenceGradient } from "../canvas/colours.js";
import { SampleView } from "../canvas/sample.js";
import { showDataState } from "../figure/data_state.js";
import { find, make } from "../figure/dom.js";
import { buildSegments, markSegment } from "../figure/segments.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { signed } from "../math/numbers.js";
import { codeOf, isFar, nextSample } from "../runtime/samples.js";
import { measured } from "./attributes.js";
import { VectorsFigure } from "./base.js";
import { meansWords, measuredWords, OTHERS, sampleWords } from "./words.js";

const SHOWN = 8; // other samples
const STEP = 0.05; // of a slider

/**
 * @typedef {object} Row a slider: of a vector, or of the difference of two classes' means
 * @property {string} name @property {string} title for screen readers
 * @property {import("../types").AttributeVector | null} vector
 * @property {HTMLInputElement} input @property {HTMLOutputElement} output @property {HTMLElement} measured
 * @property {HTMLElement} element
 */
/** @typedef {{n: number, button: HTMLButtonElement, before: SampleView, after: SampleView}} Other */

/** @extends {VectorsFigure<import("../types").ArithmeticData>} */
export class Arithmetic extends VectorsFigure {
  /** @type {Record<string, number>} of each vector, in standard deviations */
  strengths = {};
  /** @type {number | null} the class whose mean is added */
  plus = null;
  /** @type {number | null} the class whose mean is taken away */
  minus = null;
  /** how much of that difference is added */
  share = 0;
  /** @type {"same" | "all"} which other samples are shown */
  others = "all";
  /** @type {SampleView} */ before;
  /** @type {SampleView} */ difference;
  /** @type {Row[]} */ rows = [];
  /** @type {Other[]} */ pairs = [];
  /** @type {import("./tiles.js").Tile[]} of the other samples, moved */
  #afters = [];
  /** @type {ReturnType<typeof measured> | null} */ #before;

  /** @param {import("../types").ArithmeticView} view */
  startView({ base, strengths, plus, minus, share, others }) {
    const { model } = this;
    const { vectors, means } = this.data;
    this.base = Number.isInteger(base) && base >= 0 && base < model.count ? base : 0;
    const strength = (name) => (Number.isFinite(strengths?.[name]) ? strengths[name] : 0);
    this.strengths = Object.fromEntries(vectors.map(({ name }) => [name, strength(name)]));
    // From its own class to the one whose mean is nearest.
    const known = (c) => Number.isInteger(c) && !!means?.[c];
    this.minus = known(minus) ? minus : means ? this.ownMean() : null;
    this.plus = known(plus) ? plus : means ? this.nearestClass(this.minus) : null;
    this.share = Number.isFinite(share) && this.plus !== null ? share : 0;
    this.others = others === "same" || !model.classes ? "same" : "all";
  }

  /** Whose mean is taken away at first: the base's class's, else that of all samples, which is the last. */
  ownMean() {
    const { classes, labels } = this.model;
    return classes ? labels[this.base] : this.data.means.length - 1;
  }

  /** What a mean is of, in a sentence. @param {number} c */
  meanOf(c) {
    const name = this.data.means_of[c];
    return c < (this.model.classes?.length ?? 0) ? `the ${name}s` : name;
  }

  /**
   * The other class whose mean is nearest to a class's; groups of one's own only where there are no classes.
   * @param {number} from @returns {number | null}
   */
  nearestClass(from) {
    const { means } = this.data;
    const apart = (c) => Math.hypot(...means[c].map((value, i) => value - means[from][i]));
    const most = this.model.classes?.length ?? means.length;
    const there = means.flatMap((mean, c) => (mean && c !== from && c < most ? [c] : []));
    return there.sort((a, b) => apart(a) - apart(b))[0] ?? null;
  }

  state() {
    const { base, strengths, share, others, data } = this;
    // Null where it is what a start from this sample gives: a link need not say it.
    const minus = data.means && this.minus === this.ownMean() ? null : this.minus;
    const plus = data.means && this.plus === this.nearestClass(this.minus) ? null : this.plus;
    return { base, strengths: { ...strengths }, plus, minus, share, others, chosen: this.chosenAt };
  }

  // ---- the parts ----

  offered() {
    return String(this.data.means_of);
  }

  buildParts() {
    const { model, data } = this;
    this.before = new SampleView(this.find("base"), model);
    this.difference = new SampleView(this.find("difference"), model);
    this.buildBase();
    this.find("reset").onclick = () => {
      this.choose(() => {
        for (const name in this.strengths) this.strengths[name] = 0;
        this.share = 0;
      });
    };
    this.rows = data.vectors.map((vector) => {
      const move = (value) => {
        this.strengths[vector.name] = value;
      };
      return this.makeRow(vector.name, vector, make("b", {}, vector.title), data.ends.sigma, move);
    });
    const there = data.means?.flatMap((mean, c) => (mean ? [c] : [])) ?? [];
    if (there.length > 1) this.rows.push(this.makeClassRow(there));
    this.surface.replaceChildren(...this.rows.map(({ element }) => element));
    const segments = this.part("segments");
    buildSegments(segments, OTHERS, (name) => {
      this.choose(() => {
        this.others = name === "same" ? "same" : "all";
      });
    });
    segments.hidden = !model.classes;
    this.buildOthers();
  }

  /** @param {string} name @param {Row["vector"]} vector @param {HTMLElement} title @param {number} end of its slider */
  makeRow(name, vector, title, end, move) {
    const input = make("input", { type: "range", min: -end, max: end, step: STEP, "data-testid": `slider-${name}` });
    const output = make("output");
    const note = make("small", { "data-testid": `measured-${name}` });
    const moved = (value) => {
      move(value);
      this.change();
    };
    bindSlider(this, input, moved, { reset: 0 });
    if (vector) input.setAttribute("aria-label", vector.title);
    const element = make("div", { class: "lx-row" }, title, input, output, note);
    return { name, title: vector?.title ?? "", vector, input, output, measured: note, element };
  }

  /** The difference of two classes' means. @param {number[]} there classes that have codes */
  makeClassRow(there) {
    const makeMenu = (sign, label) => {
      const options = there.map((c) => make("option", { value: c }, this.data.means_of[c]));
      const select = make("select", { "data-testid": sign, "aria-label": label }, ...options);
      select.onchange = () => {
        this.choose(() => {
          this[sign] = Number(select.value);
        });
      };
      return select;
    };
    const plus = makeMenu("plus", "Class or group whose mean is added");
    const minus = makeMenu("minus", "Class or group whose mean is taken away");
    const title = make("span", { class: "lx-choice" }, plus, "−", minus);
    return this.makeRow("class", null, title, this.data.ends.share, (value) => {
      this.share = value;
    });
  }

  buildOthers() {
    const { model } = this;
    this.pairs = Array.from({ length: Math.min(SHOWN, model.count - 1) }, () => {
      const canvas = (id) => make("canvas", { "data-testid": id, "aria-hidden": true });
      const button = make("button", { type: "button", class: "lx-tile" });
      const [before, after] = ["other-before", "other"].map((id) => new SampleView(canvas(id), model));
      button.append(before.canvas, after.canvas);
      const pair = { n: 0, button, before, after };
      button.onclick = () => this.choose(() => this.startFrom(pair.n));
      return pair;
    });
    this.find("strip").replaceChildren(...this.pairs.map(({ button }) => button));
    this.#afters = this.pairs.map((pair) => ({ paint: () => this.showTile(pair.after, model, this.moved(pair.n)) }));
    const befores = this.pairs.map((pair) => ({
      paint: () => this.showTile(pair.before, model, Array.from(codeOf(model, pair.n))),
    }));
    this.tiles.list = [...this.#afters, ...befores];
  }

  /** A sample's code, moved; as torch rounds it. @param {number} n */
  moved(n) {
    const { strengths, plus, minus, share } = this;
    const { vectors, means } = this.data;
    const z = Array.from(codeOf(this.model, n));
    const add = (by, vector) => {
      if (by) for (let i = 0; i < z.length; i++) z[i] += by * vector[i];
    };
    for (const { name, vector } of vectors) add(strengths[name], vector);
    if (share) for (let i = 0; i < z.length; i++) z[i] += share * (means[plus][i] - means[minus][i]);
    return z.map(Math.fround);
  }

  touch() {
    this.tiles.touch(this.#afters);
  }

  // ---- what no frame of a drag changes ----

  refresh() {
    const { model, theme } = this;
    super.refresh();
    this.markBase();
    markSegment(this.part("segments"), this.others);
    find(this.part("scale"), "i").style.background = differenceGradient(theme);
    const row = this.rows.find(({ vector }) => !vector);
    if (row) {
      for (const sign of /** @type {const} */ (["plus", "minus"])) this.find(sign).value = String(this[sign]);
      const { means_of: of } = this.data;
      row.title = `Mean of ${of[this.plus]} less mean of ${of[this.minus]}`;
      row.input.setAttribute("aria-label", row.title);
    }
    this.chooseOthers();
    this.showCode(this.before, model, codeOf(model, this.base));
    this.#before = this.#measure(this.before);
    const before = `Decoded before: ${sampleWords(model, this.base)}`;
    this.before.canvas.setAttribute("aria-label", before);
  }

  /** The next ones after the base; of the other classes one each. */
  chooseOthers() {
    const { model } = this;
    const { classes, labels, count } = model;
    const same = this.others === "same";
    const seen = new Set(classes ? [labels[this.base]] : []);
    let n = this.base;
    for (const pair of this.pairs) {
      for (let step = 0; step < count; step++) {
        n = nextSample(model, n, same ? labels?.[this.base] : null);
        if (same || !seen.has(labels[n])) break;
      }
      if (classes) {
        seen.add(labels[n]);
        if (seen.size === classes.length) seen.clear();
      }
      pair.n = n;
      pair.button.title = `Start from this ${classes ? classes[labels[n]] : "one"}`;
      pair.button.setAttribute("aria-label", pair.button.title);
    }
  }

  // ---- a frame ----

  draw() {
    const { model, theme, before, decoded } = this;
    const z = this.moved(this.base);
    this.show(model, z);
    const { range } = this.how(model);
    const span = range[1] - range[0];
    const { values } = this.difference;
    for (let i = 0; i < values.length; i++) values[i] = decoded.values[i] - before.values[i];
    const even = /** @type {[number, number]} */ (this.difference.signal ? [-span / 2, span / 2] : range);
    this.difference.draw({ range: even, theme, colour: (value) => difference(value / span, theme) });
    this.readOut();
    showDataState(this.part("status"), isFar(model, this.showNearest(model, z)));
  }

  /** What a view shows, as attributes, where there are vectors of them: of grey pictures. @param {SampleView} view */
  #measure(view) {
    return this.data.vectors.length ? measured(view.values, this.model.shape) : null;
  }

  readOut() {
    const after = this.#measure(this.decoded);
    for (const { name, vector, input, output, measured: note } of this.rows) {
      const value = vector ? this.strengths[name] : this.share;
      showSlider(input, value, 1);
      output.textContent = `${signed(value)} ${vector ? "σ" : "×"}`;
      note.textContent = vector
        ? measuredWords(this.#before[name], after[name], vector.unit)
        : meansWords(this.meanOf(this.plus), this.meanOf(this.minus));
      input.setAttribute("aria-valuetext", `${output.textContent}, ${note.textContent}`);
    }
  }

  words() {
    const moved = this.rows.filter(({ input }) => Number(input.value));
    const added = moved.map(({ name, vector, title, output }) => `${vector ? name : title} ${output.textContent}`);
    return `${sampleWords(this.model, this.base)} with ${added.join(", ") || "nothing added"}`;
  }
}
