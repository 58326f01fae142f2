// @ts-check
// Conditional VAE: the style by drag, every class in it.
import { NETWORK } from "../canvas/colours.js";
import { handle } from "../canvas/strokes.js";
import { make, setLabel } from "../figure/dom.js";
import { minus } from "../math/numbers.js";
import { normals } from "../math/random.js";
import { clamp } from "../math/stats.js";
import { codeOf } from "../runtime/samples.js";
import { CodeMap, MOST_POINTS } from "./code_map.js";
import { addButton, attachHand } from "./controls.js";
import { VariantFigure } from "./figure.js";
import * as words from "./words.js";

const STEPS = 50; // of an arrow key, from the middle of the map to its edge

export class Style extends VariantFigure {
  /** @type {CodeMap} */ map;
  /** @type {ReturnType<VariantFigure["sampleView"]>[]} a class each */
  pictures = [];
  reach = 0;

  parts() {
    const { model, samples } = this;
    const { noun, limits } = samples;
    this.reach = Math.max(...model.high.slice(0, 2));
    const { reach } = this;
    const pad = make("canvas", { "data-testid": "latent-pad" });
    const points = new Float32Array(2 * Math.min(MOST_POINTS, model.count));
    for (let n = 0; n < points.length / 2; n++) points.set(codeOf(model, n).subarray(0, 2), 2 * n);
    this.map = new CodeMap(this, pad, { low: [-reach, -reach], high: [reach, reach], points, labels: model.labels });
    attachHand(this, pad, {
      move: (u, v) => this.#moveTo((2 * u - 1) * reach, (1 - 2 * v) * reach),
      nudge: (right, up) => this.#moveTo(this.view.x + (right * reach) / STEPS, this.view.y + (up * reach) / STEPS),
    });
    let turn = 0;
    const draw = () => {
      const [x, y] = normals(performance.now() + turn++, 2);
      this.#moveTo(x, y);
    };
    const copy = () => {
      const [x, y] = this.encode("variant", this.x());
      this.#moveTo(x, y);
    };
    const tools = [
      addButton(this, limits ? "another style" : "another handwriting", draw, { "data-testid": "again" }),
      addButton(this, `that of this ${noun}`, copy, { "data-testid": "copy" }),
    ];
    const about = make("p", { class: "lx-note" }, words.styleMap(noun));
    const map = make("figure", { class: "lx-map lx-moved" }, make("figcaption", {}, words.STYLE), pad, about);
    const title = make("p", { class: "lx-title" }, words.everyClass(!!limits && model.shape[0] > 1));
    const classes = make("div", { class: "lx-grow lx-column" }, title, this.#classes());
    const input = this.inputTile(words.STYLE_FROM, { draws: false });
    const from = make("div", { class: "lx-column" }, input, make("div", { class: "lx-tools" }, ...tools));
    return [make("div", { class: "lx-stage" }, map, classes, from)];
  }

  #classes() {
    const { limits } = this.samples;
    const row = make("div", { class: `lx-row${limits ? " lx-lines" : ""}` });
    row.style.setProperty("--lx-count", "5");
    this.pictures = this.model.classes.map((name, c) => {
      const canvas = make("canvas", { "data-testid": c ? `class-${c}` : "decoded", role: "img" });
      setLabel(canvas, limits ? `A signal of the class ${name} in this style` : `A ${name} in this handwriting`);
      row.append(make("figure", {}, canvas, make("p", {}, name)));
      return this.sampleView(canvas, NETWORK);
    });
    return row;
  }

  #moveTo(x, y) {
    const { reach } = this;
    Object.assign(this.view, { x: clamp(x, -reach, reach), y: clamp(y, -reach, reach) });
  }

  draw() {
    const { map } = this;
    const { x, y } = this.view;
    const z = new Float32Array(this.model.k);
    z.set([x, y]);
    this.markCode(z);
    for (const [c, picture] of this.pictures.entries()) picture.show(this.decode("variant", z, c), this.look());
    map.draw((ctx) => {
      map.prior(ctx);
      handle(ctx, this.theme, ...map.at(z));
    });
    setLabel(map.canvas, `Style: ${minus(z[0].toFixed(2))}, ${minus(z[1].toFixed(2))}; arrows move it`);
  }
}
