// @ts-check
// β-VAE: models that differ in the weight of the KL term.
import { SampleView } from "../canvas/sample.js";
import { handle } from "../canvas/strokes.js";
import { make, setLabel } from "../figure/dom.js";
import { normals } from "../math/random.js";
import { CodeMap } from "./code_map.js";
import { addSlider } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { posteriorOf, reparametrise } from "./gaussian.js";
import { drawCurve } from "./rate_distortion.js";
import * as words from "./words.js";

const GLIDING = 1500; // codes that move
const DRAWS = 5;

export class Beta extends VariantFigure {
  /** @type {Float32Array[]} (N · 2) codes of each model, turned to lie best on those of the one before */
  turned = [];
  /** @type {CodeMap} */ map;
  /** @type {HTMLCanvasElement} */ curve;
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {SampleView[]} */ draws = [];
  note = make("p", { class: "lx-note" });
  #epsilon = normals(7, 2 * DRAWS);

  parts() {
    const { betas, reach } = this.data;
    const { labels, classes } = this.model;
    const map = make("canvas", { "data-testid": "map", role: "img" });
    this.turned = betas.map(({ role, turn }) => turnedCodes(this.roles[role].model.codes, turn));
    const points = new Float32Array(this.turned[0].length);
    const low = [-reach, -reach];
    this.map = new CodeMap(this, map, { low, high: [reach, reach], labels, classes, points, glides: true });
    this.curve = make("canvas", { "data-testid": "curve", role: "img" });
    this.sharp.push(this.curve);
    const row = make("div", { class: "lx-row" });
    row.style.setProperty("--lx-count", String(DRAWS));
    this.draws = Array.from({ length: DRAWS }, () => {
      const canvas = make("canvas", { role: "img", "aria-hidden": true });
      row.append(canvas);
      return new SampleView(canvas, this.model);
    });
    const input = this.inputTile("x");
    this.decoded = this.tile("decoded", words.FROM_MEAN, { mine: true });
    const format = (at) => `β = ${betas[Math.round(at)].beta}`;
    const codes = make("figure", { class: "lx-map" }, make("figcaption", {}, words.SAME_DIGITS), map, this.note);
    const plot = [
      make("p", { class: "lx-title" }, words.RATE_DISTORTION),
      this.curve,
      make("p", { class: "lx-quiet" }, words.SAMPLES_OF_Z),
      row,
    ];
    const pair = make("div", { class: "lx-pair" }, input, this.decoded.element);
    return [
      addSlider(this, "at", "β", { low: 0, high: betas.length - 1, wide: true, format }),
      make("div", { class: "lx-stage" }, codes, pair, make("div", { class: "lx-plot lx-column" }, ...plot)),
    ];
  }

  draw() {
    const { map, theme, turned } = this;
    const { betas } = this.data;
    const { at } = this.view;
    const { role, turn, beta, kl, reconstruction } = betas[Math.round(at)];
    mix(map.points, turned[Math.floor(at)], turned[Math.min(turned.length - 1, Math.floor(at) + 1)], at % 1);
    const x = this.x();
    const posterior = posteriorOf(this.roles[role].encoder, x);
    const { mu } = posterior;
    map.draw((ctx) => {
      map.prior(ctx);
      handle(ctx, theme, ...map.at(turnedCodes(mu, turn)), 5);
    });
    this.markCode(mu);
    this.body.dataset.role = role;
    this.decoded.show(this.decode(role, mu), x);
    for (const [n, picture] of this.draws.entries()) {
      const z = reparametrise(posterior, this.#epsilon.subarray(2 * n, 2 * n + 2));
      picture.show(this.decode(role, z), this.look());
    }
    drawCurve(this.curve, theme, betas, at);
    const nats = `KL ${kl.toFixed(2)} nats, reconstruction ${reconstruction.toFixed(1)} nats`;
    this.note.textContent = `β = ${beta}: ${nats}`;
    setLabel(map.canvas, this.note.textContent);
  }
}

/** Codes (N · 2) turned by a matrix, the first ones. @param {Float32Array} codes @param {number[][]} turn (2, 2) */
export function turnedCodes(codes, turn) {
  const turned = new Float32Array(2 * Math.min(GLIDING, codes.length / 2));
  for (let n = 0; n < turned.length; n += 2)
    for (let i = 0; i < 2; i++) turned[n + i] = codes[n] * turn[0][i] + codes[n + 1] * turn[1][i];
  return turned;
}

/**
 * Between two lists of numbers.
 * @param {Float32Array} into @param {Float32Array} a @param {Float32Array} b @param {number} part 0..1
 */
export function mix(into, a, b, part) {
  for (let i = 0; i < into.length; i++) into[i] = a[i] + part * (b[i] - a[i]);
}
