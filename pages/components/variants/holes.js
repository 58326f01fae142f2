// @ts-check
// AE against VAE: where on the map a decoded code is encoded again.

import { valueAt } from "../canvas/scales.js";
import { arrow, handle } from "../canvas/strokes.js";
import { make, setLabel } from "../figure/dom.js";
import { clamp } from "../math/stats.js";
import { CodeMap, MOST_POINTS } from "./code_map.js";
import { addSegments, attachHand } from "./controls.js";
import { VariantFigure } from "./figure.js";
import * as words from "./words.js";

const FIELD = 14; // arrows along a side

export class Holes extends VariantFigure {
  /** @type {Side[]} */ sides = [];

  parts() {
    this.sides = Object.keys(this.data.roles).map((role, n) => new Side(this, role, n));
    const tools = [
      addSegments(this, "field", "What the map shows", words.FIELD),
      make("span", { class: "lx-quiet" }, words.FIELD_HOW),
    ];
    return [
      make("div", { class: "lx-stage" }, ...this.sides.flatMap(({ element, tile }) => [element, tile.element])),
      make("div", { class: "lx-tools" }, ...tools),
    ];
  }

  draw() {
    for (const [n, side] of this.sides.entries()) {
      const z = side.draw();
      if (!n) this.markCode(z);
      if (this.view.field === "on")
        for (let row = side.rows(); row < FIELD; row++) this.background.add(() => side.fill());
    }
  }
}

/** A model's map, with what is decoded beside it. */
class Side {
  /** @type {[number[], Float32Array][]} codes, and where each is encoded again: row by row */
  #field = [];
  /** @type {number[]} the place of the hand */
  #z = [];
  /** @type {ArrayLike<number>} where that is encoded again */
  #again = [];

  /** @param {Holes} figure @param {string} role @param {number} n which of the sides */
  constructor(figure, role, n) {
    const { low, high, codes, labels, classes } = figure.roles[role].model;
    this.figure = figure;
    this.role = role;
    this.model = figure.roles[role].model;
    this.tile = figure.tile(n ? role : "decoded", words.DECODED_THERE, { mine: true });
    const canvas = make("canvas", { "data-testid": n ? `pad-${role}` : "latent-pad" });
    this.note = make("p", { class: "lx-note" });
    const points = codes.subarray(0, 2 * MOST_POINTS);
    this.map = new CodeMap(figure, canvas, { low, high, points, labels, classes });
    const { title } = figure.data.roles[role];
    const caption = make("figcaption", {}, title);
    this.element = make("figure", { class: "lx-map lx-moved lx-half" }, caption, canvas, this.note);
    const moveTo = (x, y) => Object.assign(figure.view, { x: clamp(x, 0, 1), y: clamp(y, 0, 1) });
    attachHand(figure, canvas, {
      move: (u, v) => moveTo(u, 1 - v),
      nudge: (right, up) => moveTo(figure.view.x + right / FIELD, figure.view.y + up / FIELD),
    });
  }

  /** The code at shares of the map. @param {number} x @param {number} y upwards */
  #codeAt(x, y) {
    return [x, y].map((part, i) => Math.fround(valueAt(this.model, i, part)));
  }

  /** @returns {number[]} the code at the hand's place */
  draw() {
    const { figure, role, model, note, map } = this;
    const { x, y } = figure.view;
    this.#z = this.#codeAt(x, y);
    const decoded = figure.decode(role, this.#z);
    this.tile.show(decoded);
    this.#again = figure.encode(role, decoded);
    const gaps = this.#z.map((value, i) => (this.#again[i] - value) / (model.high[i] - model.low[i]));
    const share = `${(100 * Math.hypot(...gaps)).toFixed(1)} %`;
    const drift = make("b", { "data-testid": `drift-${role}` }, share);
    note.replaceChildren("re-encoding error ", drift, " of the map's width");
    this.#paint();
    setLabel(map.canvas, `Map of the ${figure.data.roles[role].title}: arrows move the place; ${note.textContent}`);
    return this.#z;
  }

  /** Rows of the field that are there. */
  rows() {
    return this.#field.length / FIELD;
  }

  /** One more row of it. */
  fill() {
    const { figure, role } = this;
    const y = (this.rows() + 0.5) / FIELD;
    for (let column = 0; column < FIELD; column++) {
      const z = this.#codeAt((column + 0.5) / FIELD, y);
      this.#field.push([z, figure.encode(role, figure.decode(role, z))]);
    }
    this.#paint();
  }

  #paint() {
    const { map } = this;
    const { theme, view } = this.figure;
    map.draw((ctx) => {
      ctx.strokeStyle = ctx.fillStyle = theme.text;
      ctx.lineWidth = 1.1;
      ctx.globalAlpha = 0.75;
      if (view.field === "on") for (const [z, again] of this.#field) arrow(ctx, ...map.at(z), ...map.at(again), 4);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = ctx.fillStyle = theme.primary;
      ctx.lineWidth = 3;
      arrow(ctx, ...map.at(this.#z), ...map.at(this.#again), 9);
      handle(ctx, theme, ...map.at(this.#z));
    });
  }
}
