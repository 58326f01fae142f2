// @ts-check
// VAE: μ, σ and ε.
import { rem } from "../canvas/context.js";
import { handle, line } from "../canvas/strokes.js";
import { make, setLabel } from "../figure/dom.js";
import { minus } from "../math/numbers.js";
import { normals } from "../math/random.js";
import { clamp } from "../math/stats.js";
import { CodeMap, MOST_POINTS } from "./code_map.js";
import { Computation } from "./computation.js";
import { addButton, attachHand } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { klToPrior, posteriorOf, reparametrise } from "./gaussian.js";
import * as words from "./words.js";

/** @typedef {import("./gaussian.js").Gaussian} Gaussian */
/** @typedef {import("./computation.js").Posterior} Posterior */

const STEP = 0.1; // σ, of an arrow key
const OTHERS = 20; // posteriors of other samples

export class Epsilon extends VariantFigure {
  /** @type {CodeMap} */ map;
  /** @type {CodeMap} the posterior, enlarged */
  enlarged;
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {Gaussian[]} */ others = [];
  /** @type {Computation} */ computation;
  /** @type {{x: Float32Array, h: Float32Array | null, posterior: Posterior} | null} of the last x */ #encoded = null;
  sum = make("p", { class: "lx-note", "data-testid": "words" });
  kl = make("p", { class: "lx-note" });

  parts() {
    const { codes, labels, classes, high } = this.model;
    const { reach: edge } = this.data; // of the enlarged posterior, σ
    const reach = Math.max(...high);
    const map = make("canvas", { "data-testid": "map", role: "img" });
    const pad = make("canvas", { "data-testid": "latent-pad" });
    const points = codes.subarray(0, 2 * MOST_POINTS);
    this.map = new CodeMap(this, map, { low: [-reach, -reach], high: [reach, reach], points, labels, classes });
    this.enlarged = new CodeMap(this, pad, { low: [-edge, -edge], high: [edge, edge] });
    attachHand(this, pad, {
      move: (u, v) => this.#moveTo((2 * u - 1) * edge, (1 - 2 * v) * edge),
      nudge: (right, up) => this.#moveTo(this.view.e1 + STEP * right, this.view.e2 + STEP * up),
    });
    const { count } = this.samples;
    this.others = Array.from({ length: Math.min(OTHERS, count) }, (_, n) =>
      posteriorOf(this.roles.variant.encoder, this.samples.at(Math.floor((n * count) / OTHERS))),
    );
    let turn = 0;
    const draw = () => {
      const [e1, e2] = normals(performance.now() + turn++, 2);
      this.#moveTo(e1, e2);
    };
    const figure = (title, canvas, note, kind = "") =>
      make("figure", { class: `lx-map lx-half${kind}` }, make("figcaption", {}, title), canvas, note);
    const input = this.inputTile("x");
    this.decoded = this.tile("decoded", "decoded", { mine: true });
    const maps = [figure(words.POSTERIOR, map, this.kl), figure(words.POSTERIOR_ENLARGED, pad, this.sum, " lx-moved")];
    const tools = [
      addButton(this, "draw ε again", draw, { "data-testid": "again" }),
      addButton(this, "ε = 0", () => this.#moveTo(0, 0)),
      this.#opener(),
      make("span", { class: "lx-quiet" }, words.posteriors(this.samples.noun)),
    ];
    this.#encoded = null;
    this.computation = new Computation(this, this.model.k);
    return [
      make("div", { class: "lx-stage" }, input, ...maps, this.decoded.element),
      make("div", { class: "lx-tools" }, ...tools),
      this.computation.element,
    ];
  }

  /** The button that opens the computation. */
  #opener() {
    const toggle = () => {
      this.view.numbers = !this.view.numbers;
    };
    const button = addButton(this, words.NUMBERS, toggle, { "data-testid": "numbers" });
    this.controls.push(() => {
      button.setAttribute("aria-expanded", String(Boolean(this.view.numbers)));
      this.computation.element.hidden = !this.view.numbers;
    });
    return button;
  }

  /** h and the posterior of x: neither changes with ε. @param {Float32Array} x */
  #encode(x) {
    if (this.#encoded?.x !== x) {
      const { encoder } = this.roles.variant;
      this.#encoded = { x, h: encoder.hidden?.(x).slice() ?? null, posterior: posteriorOf(encoder, x) };
    }
    return this.#encoded;
  }

  #moveTo(e1, e2) {
    const { reach } = this.data;
    Object.assign(this.view, { e1: clamp(e1, -reach, reach), e2: clamp(e2, -reach, reach) });
    for (const show of this.controls) show();
  }

  draw() {
    const x = this.x();
    const epsilon = [this.view.e1, this.view.e2];
    const { h, posterior } = this.#encode(x);
    const z = reparametrise(posterior, epsilon);
    this.markCode(z);
    this.decoded.show(this.decode("variant", z), x);
    this.map.draw((ctx) => this.#drawMap(ctx, posterior, z));
    this.enlarged.draw((ctx) => this.#drawEnlarged(ctx, epsilon));
    this.#describe(posterior, z, epsilon);
    if (this.view.numbers) this.computation.show(x, h, posterior, epsilon, z);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Gaussian} posterior @param {Float32Array} z */
  #drawMap(ctx, { mu, sigma }, z) {
    const { theme, map } = this;
    map.prior(ctx);
    ctx.strokeStyle = theme.text;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = 1;
    for (const other of this.others) map.ellipse(ctx, other.mu, other.sigma);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.primary;
    ctx.lineWidth = 2;
    map.ellipse(
      ctx,
      mu,
      sigma.map((s) => 2 * s),
    );
    handle(ctx, theme, ...map.at(z), 4);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number[]} epsilon */
  #drawEnlarged(ctx, epsilon) {
    const { theme, enlarged } = this;
    ctx.strokeStyle = theme.primary;
    ctx.lineWidth = 1.5;
    for (const r of [1, 2, 3]) {
      ctx.globalAlpha = 1 / r;
      enlarged.ellipse(ctx, [0, 0], [r, r]);
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = ctx.strokeStyle = theme.text;
    ctx.font = `${12 * rem}px ${theme.font}`;
    const [x0, y0] = enlarged.at([0, 0]);
    const [x, y] = enlarged.at(epsilon);
    ctx.fillText("μ", x0 + 5, y0 + 15);
    line(ctx, x0, y0, x, y);
    handle(ctx, theme, x, y);
  }

  /** @param {Gaussian} posterior @param {Float32Array} z @param {number[]} epsilon */
  #describe(posterior, z, epsilon) {
    const { sum, kl } = this;
    const list = (values) => Array.from(values, (value) => minus(value.toFixed(2))).join(", ");
    const { mu, sigma } = posterior;
    sum.textContent = `z = μ + σ·ε: (${list(z)}) = (${list(mu)}) + (${list(sigma)}) · (${list(epsilon)})`;
    const nats = make("b", { "data-testid": "kl" }, `${klToPrior(posterior).toFixed(2)} nats`);
    kl.replaceChildren("KL to the prior ", nats);
    setLabel(this.map.canvas, `The map: ${kl.textContent}; ${sum.textContent}`);
    setLabel(this.enlarged.canvas, `ε, arrows move it: ${list(epsilon)}`);
  }
}
