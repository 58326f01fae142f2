// @ts-check
// Contractive: how far the code moves under noise on the input.
import { NETWORK, NEUTRAL } from "../canvas/colours.js";
import { line, ring } from "../canvas/strokes.js";
import { make, setLabel } from "../figure/dom.js";
import { normals } from "../math/random.js";
import { squaredError } from "../math/stats.js";
import { codeOf } from "../runtime/samples.js";
import { CodeMap, MOST_POINTS } from "./code_map.js";
import { addReseed, addSlider } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { makeBar } from "./tile.js";
import * as words from "./words.js";

const DRAWS = 24;

export class Contraction extends VariantFigure {
  /** @type {import("./tile.js").Tile} */ noisy;
  /** @type {Plane[]} */ planes = [];
  #seed = Number.NaN;
  #normal = new Float32Array(0);

  parts() {
    const tools = [
      addSlider(this, "amount", "noise on the input, σ", { low: 0, high: this.data.max_amount }),
      addReseed(this, words.RESEED),
      make("span", { class: "lx-quiet" }, words.codeMoves(DRAWS)),
    ];
    this.planes = Object.keys(this.data.roles).map((role) => new Plane(this, role));
    const input = this.inputTile();
    this.noisy = this.tile("decoded", words.WITH_NOISE);
    const pair = make("div", { class: "lx-pair" }, input, this.noisy.element);
    return [
      make("div", { class: "lx-tools" }, ...tools),
      make("div", { class: "lx-stage" }, pair, ...this.planes.map(({ element }) => element)),
    ];
  }

  draw() {
    const { amount, seed } = this.view;
    const x = this.x();
    if (this.#seed !== seed || this.#normal.length !== x.length * DRAWS) {
      this.#seed = seed;
      this.#normal = normals(seed, x.length * DRAWS);
    }
    const noisy = Array.from({ length: DRAWS }, (_, draw) =>
      x.map((value, i) => value + amount * this.#normal[draw * x.length + i]),
    );
    this.noisy.show(noisy[0]);
    const moved = this.planes.map((plane) => plane.draw(x, noisy));
    const most = Math.max(...moved, 1e-9);
    for (const [n, plane] of this.planes.entries()) plane.describe(moved[n], most);
  }
}

/** The two directions in which a model's codes vary most. */
class Plane {
  /** @param {Contraction} figure @param {string} role */
  constructor(figure, role) {
    const { title, small } = figure.data.roles[role];
    const { model } = figure.roles[role];
    const { low, high } = figure.data.planes[role];
    this.figure = figure;
    this.role = role;
    this.canvas = make("canvas", { "data-testid": `map-${role}`, role: "img" });
    this.note = make("p", { class: "lx-note" });
    this.bar = makeBar(role === "variant" ? NETWORK : NEUTRAL);
    const caption = make("figcaption", {}, title, " ", make("small", {}, small));
    const bar = make("div", { class: "lx-bar" }, this.bar);
    this.element = make("figure", { class: "lx-map" }, caption, this.canvas, this.note, bar);
    const points = new Float32Array(2 * Math.min(MOST_POINTS, model.count));
    for (let n = 0; n < points.length / 2; n++) points.set(this.project(codeOf(model, n)), 2 * n);
    const { labels, classes } = model;
    this.map = new CodeMap(figure, this.canvas, { low, high, points, labels, classes });
  }

  /** @param {ArrayLike<number>} z (k) @returns {number[]} (2) */
  project(z) {
    const { mean, axes } = this.figure.data.planes[this.role];
    return axes.map((axis) => axis.reduce((sum, a, i) => sum + a * (z[i] - mean[i]), 0));
  }

  /**
   * Shows where the code of x goes; gives how far it moves, as a share of the codes' spread.
   * @param {Float32Array} x @param {Float32Array[]} noisy
   */
  draw(x, noisy) {
    const { figure, role, map } = this;
    const { theme } = figure;
    const z = figure.encode(role, x);
    const moved = noisy.map((each) => figure.encode(role, each));
    if (role === "variant") figure.markCode(moved[0]);
    map.draw((ctx) => {
      const [x0, y0] = map.at(this.project(z));
      const dot = (colour, px, py, radius) => {
        ctx.fillStyle = colour;
        ring(ctx, px, py, radius);
        ctx.fill();
      };
      ctx.strokeStyle = theme.primary;
      ctx.lineWidth = 1.4;
      for (const to of moved) {
        const [px, py] = map.at(this.project(to));
        line(ctx, x0, y0, px, py);
        dot(theme.primary, px, py, 2.2);
      }
      dot(theme.text, x0, y0, 3.5);
    });
    const mean = moved.reduce((sum, to) => sum + squaredError(to, z), 0) / moved.length;
    return Math.sqrt(mean) / figure.data.planes[role].spread;
  }

  /** @param {number} moved @param {number} most of all planes */
  describe(moved, most) {
    const { note, bar, canvas, role, figure } = this;
    const share = make("b", { "data-testid": `moved-${role}` }, `${(100 * moved).toFixed(1)} %`);
    note.replaceChildren("z moves by ", share, " of the codes' spread");
    bar.style.setProperty("--lx-part", String(moved / most));
    setLabel(canvas, `The map of the ${figure.data.roles[role].title}: ${note.textContent}`);
  }
}
