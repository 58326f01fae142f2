// @ts-check
// A slider and a row of decodes for each dimension.
import { buildSegments, markSegment } from "../figure/segments.js";
import { showSlider } from "../figure/slider.js";
import { signed } from "../math/numbers.js";
import { codeOf } from "../runtime/samples.js";
import { VectorsFigure } from "./base.js";
import { DimensionRow } from "./dimension_row.js";
import { sampleWords, startChoices, traversalWords } from "./words.js";

const FIRST_ROWS = 32;

/** @extends {VectorsFigure<import("../types").TraversalsData>} */
export class Traversals extends VectorsFigure {
  /** @type {Map<number, number>} what was moved, in standard deviations; every other dimension is the base's */
  sliders = new Map();
  /** @type {DimensionRow[]} */ rows = [];
  /** @type {number[]} dimensions, the one that carries most first */
  #rank = [];

  /** @param {import("../types").TraversalsView} view */
  startView({ base, moved }) {
    const { count, k } = this.model;
    this.base = Number.isInteger(base) && base >= 0 && base < count ? base : null;
    this.lastBase = this.base ?? 0;
    const pairs = Object.entries(moved ?? {}).map(
      ([n, value]) => /** @type {[number, number]} */ ([Number(n) - 1, value]),
    );
    const fits = ([i, value]) => Number.isInteger(i) && i >= 0 && i < k && Number.isFinite(value);
    this.sliders = new Map(pairs.filter(fits));
    if ([...this.sliders.keys()].some((i) => this.#rank.indexOf(i) >= this.rows.length)) this.unfold();
  }

  state() {
    const moved = Object.fromEntries(this.moved().map(([i, value]) => [i + 1, value]));
    return { base: this.base, moved, chosen: this.chosenAt };
  }

  // ---- the parts ----

  buildParts() {
    const { model, data } = this;
    const worth = data.kl ?? data.scale;
    this.#rank = model.centre.map((_, i) => i).sort((a, b) => worth[b] - worth[a]);
    buildSegments(this.part("segments"), startChoices(data.gaussian), (name) => {
      this.choose(() => {
        this.sliders.clear();
        this.base = name === "sample" ? this.lastBase : null;
      });
    });
    this.buildBase();
    this.find("reset").onclick = () => this.choose(() => this.sliders.clear());
    this.body.classList.toggle("lx-few", model.k <= 5);
    const all = this.find("all");
    all.hidden = model.k <= FIRST_ROWS;
    all.textContent = `show all ${model.k} dimensions`;
    all.onclick = () => {
      this.unfold();
      this.refresh();
    };
    this.rows = [];
    this.addRows(FIRST_ROWS);
  }

  /** @param {number} n */
  startFrom(n) {
    super.startFrom(n);
    this.sliders.clear();
  }

  unfold() {
    this.addRows(this.model.k);
    this.find("all").hidden = true;
    this.observe(this.body.querySelectorAll("canvas"));
  }

  /** @param {number} count rows that there are then, at most */
  addRows(count) {
    for (const i of this.#rank.slice(this.rows.length, count)) this.rows.push(new DimensionRow(this, i));
    this.surface.replaceChildren(...this.rows.map(({ element }) => element));
    this.surface.style.setProperty("--lx-half", String(Math.ceil(this.rows.length / 2)));
    this.tiles.list = this.rows.flatMap((row) => row.tiles);
  }

  // ---- codes ----

  /** A dimension's value so many standard deviations from the middle. @param {number} i @param {number} sigmas */
  valueAt(i, sigmas) {
    const { centre, scale } = this.data;
    return Math.fround(centre[i] + sigmas * scale[i]);
  }

  z() {
    const { data, base } = this;
    const z = base === null ? data.centre.map(Math.fround) : Array.from(codeOf(this.model, base));
    for (const [i, value] of this.sliders) z[i] = this.valueAt(i, value);
    return z;
  }

  /** The dimensions that were moved, in their order: the link has no other. @returns {[number, number][]} */
  moved() {
    return [...this.sliders].sort(([a], [b]) => a - b);
  }

  /** @param {number} i dimension @param {number} sigmas */
  moveDimension(i, sigmas) {
    this.sliders.set(i, sigmas);
    this.change();
  }

  /** A row shows all values of its own dimension: its slider changes every row but itself. */
  touch() {
    for (const row of this.rows)
      if (this.held !== row.input && this.held !== row.view.canvas) this.tiles.touch(row.tiles);
  }

  refresh() {
    if (this.base !== null) this.lastBase = this.base;
    markSegment(this.part("segments"), this.base === null ? "middle" : "sample");
    this.markBase();
    this.find("note").textContent = this.data.note ?? "";
    super.refresh();
  }

  draw() {
    const { model } = this;
    const { centre, scale } = this.data;
    const z = this.z();
    this.show(model, z);
    this.showNearest(model, z);
    for (const { i, input, output } of this.rows) {
      const value = (z[i] - centre[i]) / (scale[i] || 1);
      const text = `${signed(value)} σ`;
      if (output.textContent === text) continue;
      showSlider(input, value, 1);
      output.textContent = text;
      input.setAttribute("aria-valuetext", text);
    }
  }

  words() {
    const { model, base } = this;
    const sample = base !== null && (model.classes ? `a ${sampleWords(model, base)}` : sampleWords(model, base));
    return traversalWords(sample || "the middle", this.moved());
  }
}
