// @ts-check
// Linear: PCA's subspace, other axes.
import { difference, NETWORK, PCA } from "../canvas/colours.js";
import { SampleView } from "../canvas/sample.js";
import { make, setLabel } from "../figure/dom.js";
import { plural } from "../math/numbers.js";
import { VariantFigure } from "./figure.js";
import { drawBars } from "./tile.js";
import * as words from "./words.js";

const MOST_AXES = 8; // shown
const STEP = 5; // along an axis: far enough that half-precision weights do not matter

export class Axes extends VariantFigure {
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {import("./tile.js").Tile} */ pcaTile;
  /** @type {Row[]} */ rows = [];
  /** the theme in which the axes were drawn: they do not depend on what goes in */
  #drawnIn = "";

  parts() {
    const count = Math.min(MOST_AXES, this.model.k);
    this.rows = [
      new Row(this, words.PCA_AXES, "axis-pca", count),
      new Row(this, words.OWN_AXES, "axis-own", count),
      new Row(this, words.AXES_THROUGH, "axis-through", count),
    ];
    this.#drawnIn = "";
    const input = this.inputTile();
    this.decoded = this.tile("decoded", this.data.roles.variant.title, { mine: true, colour: NETWORK });
    this.pcaTile = this.tile("pca", "PCA", { small: plural(this.pca.count, "component"), colour: PCA });
    const rows = make("div", { class: "lx-grow lx-column" }, ...this.rows.map(({ element }) => element));
    return [make("div", { class: "lx-stage" }, input, this.decoded.element, this.pcaTile.element, rows)];
  }

  draw() {
    const x = this.x();
    const z = this.encode("variant", x);
    this.markCode(z);
    this.decoded.show(this.decode("variant", z), x);
    this.pcaTile.show(this.reconstructByPca(x), x);
    drawBars([this.decoded, this.pcaTile]);
    if (this.#drawnIn !== this.theme.mode) this.#drawAxes();
  }

  #drawAxes() {
    const { k } = this.model;
    const { mean, components } = this.pca;
    const size = mean.length;
    const decode = (z) => this.decode("variant", z).slice();
    const through = (x) => decode(this.encode("variant", x));
    const origin = decode(new Float32Array(k));
    const centre = through(mean);
    const count = this.rows[0].cells.length;
    for (let n = 0; n < count; n++)
      this.background.add(() => {
        const axis = components.subarray(n * size, (n + 1) * size);
        const unit = new Float32Array(k);
        unit[n] = 1;
        const [pca, own, kept] = this.rows;
        pca.show(n, axis, `axis ${n + 1}`);
        own.show(
          n,
          decode(unit).map((value, i) => value - origin[i]),
          `z${n + 1}`,
        );
        const moved = through(mean.map((value, i) => value + STEP * axis[i]));
        const values = moved.map((value, i) => (value - centre[i]) / STEP);
        kept.show(n, values, `${(100 * Math.hypot(...values)).toFixed(1)} % kept`);
        if (n === count - 1) this.#drawnIn = this.theme.mode;
      });
  }
}

/** Axes of one kind, as pictures. */
class Row {
  /** @param {Axes} figure @param {string} title @param {string} id @param {number} count */
  constructor(figure, title, id, count) {
    this.figure = figure;
    const row = make("div", { class: "lx-row" });
    row.style.setProperty("--lx-count", String(count));
    this.cells = Array.from({ length: count }, () => {
      const canvas = make("canvas", { role: "img", "data-testid": id });
      const note = make("p");
      row.append(make("figure", {}, canvas, note));
      return { note, picture: new SampleView(canvas, figure.model) };
    });
    this.element = make("div", { class: "lx-column" }, make("p", { class: "lx-title" }, title), row);
  }

  /** @param {number} n @param {Float32Array} values @param {string} text below it */
  show(n, values, text) {
    const { note, picture } = this.cells[n];
    const { theme } = this.figure;
    const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    picture.show(values, { ...this.figure.look(), colour: (value) => difference(value / most, theme) });
    note.textContent = text;
    setLabel(picture.canvas, text);
  }
}
