// @ts-check
// The row of a dimension: decodes along it, which are a slider too, and its slider.
import { SampleView } from "../canvas/sample.js";
import { make } from "../figure/dom.js";
import { onDrag } from "../figure/pointer.js";
import { bindSlider } from "../figure/slider.js";
import { clamp } from "../math/stats.js";
import { rowTitle, worthWords } from "./words.js";

const FRAMES = 9; // decodes in a row
const STEPS = 20; // of a slider, a standard deviation

export class DimensionRow {
  /** @type {import("./tiles.js").Tile[]} */ tiles;

  /** @param {import("./traversals.js").Traversals} figure @param {number} i dimension */
  constructor(figure, i) {
    const { model, data, signal } = figure;
    const { kl, scale, idle } = data;
    const end = data.ends.sigma;
    this.figure = figure;
    this.i = i;
    this.end = end;
    const name = `z${i + 1}`;
    const range = { type: "range", min: -end, max: end, step: 1 / STEPS };
    this.input = make("input", { ...range, "aria-label": name, "data-testid": `slider-${i + 1}` });
    this.output = make("output");
    const canvas = make("canvas", { "data-testid": `row-${i + 1}`, "aria-hidden": "true" });
    this.view = new SampleView(canvas, model, { count: FRAMES });
    const dead = !!kl && kl[i] < idle;
    const head = make("span", {}, make("b", {}, name), make("small", {}, worthWords(kl?.[i], scale[i])));
    const attributes = { class: `lx-dim${dead ? " lx-dead" : ""}`, title: rowTitle(dead) };
    this.element = make("div", attributes, head, make("div", {}, canvas, this.input), this.output);
    bindSlider(figure, this.input, (value) => figure.moveDimension(i, value));
    this.input.ondblclick = () => figure.choose(() => figure.sliders.delete(i));
    this.attachHand(canvas);
    const places = Array.from({ length: FRAMES }, (_, n) => n);
    // The curves of a row are drawn together, so they are decoded together.
    this.tiles = (signal ? [places] : places.map((n) => [n])).map((part) => ({ paint: () => this.paint(part) }));
  }

  /** @param {HTMLElement} canvas */
  attachHand(canvas) {
    const { figure, i, end } = this;
    onDrag(canvas, {
      press() {
        if (figure.held !== null) return false;
        figure.hold(canvas);
        return true;
      },
      move({ u }) {
        const part = clamp((2 * (u * FRAMES - 0.5)) / (FRAMES - 1) - 1, -1, 1);
        figure.moveDimension(i, Number((Math.round(part * end * STEPS) / STEPS).toFixed(2)));
      },
      release: () => {
        this.input.focus({ preventScroll: true });
        figure.release(canvas);
      },
    });
  }

  /** @param {number[]} places of the row */
  paint(places) {
    const { figure, i, end, view } = this;
    const { model, signal } = figure;
    const z = figure.z();
    view.fit();
    for (const place of places) {
      z[i] = figure.valueAt(i, ((place / (FRAMES - 1)) * 2 - 1) * end);
      view.keep(model.decode(z), place);
      if (!signal) view.draw({ ...figure.how(model), place });
    }
    if (signal) view.draw(figure.how(model));
  }
}
