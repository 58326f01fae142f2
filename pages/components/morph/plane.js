// @ts-check
// The map of a morph: codes, the paths, A and B, and the moving point. Two numbers: the latent plane itself; more: what
// data.map projects it to; one: a strip.
import { clearedContext, fit, rem } from "../canvas/context.js";
import { fractionOf, valueAt } from "../canvas/scales.js";
import { drawClassMap, marksOf, nearestPoint } from "../canvas/scatter.js";
import { handle, ring } from "../canvas/strokes.js";
import { find } from "../figure/dom.js";
import { jitter } from "../math/random.js";
import { clamp } from "../math/stats.js";
import { codeOf } from "../runtime/samples.js";
import { attachHand } from "./hand.js";
import { PATHS } from "./route.js";

const STEPS = 96; // of a path's line
const TIMES = 400; // looked at for the t that is nearest to the hand

export class Plane {
  /** px */
  width = 0;
  height = 0;
  /** whether the backdrop has to be drawn */
  stale = true;
  /** @type {Float32Array} (count · 2) where the codes are, as fractions */
  #fractions;
  /** @type {Float32Array} (count · 2) the same in px */
  positions;

  /** @param {import("./morph.js").Morph} figure @param {HTMLElement} surface */
  constructor(figure, surface) {
    const { model } = figure;
    this.figure = figure;
    this.model = model;
    this.surface = surface;
    this.map = figure.data.map;
    this.box = this.map ?? { low: model.low, high: model.high };
    this.backdrop = find(surface, ".lx-backdrop");
    this.overlay = find(surface, ".lx-overlay");
    this.#fractions = new Float32Array(2 * model.count);
    this.positions = new Float32Array(2 * model.count);
    for (let n = 0; n < model.count; n++) this.#fractions.set(this.project(codeOf(model, n), n), 2 * n);
    attachHand(this);
  }

  /**
   * A code as fractions of the map, from its left and its top.
   * @param {ArrayLike<number>} z (k) @param {number} [n] of the sample whose code it is
   */
  project(z, n = -1) {
    const { model, map, box } = this;
    const along = (axis) => axis.reduce((sum, weight, i) => sum + weight * (z[i] - map.mean[i]), 0);
    const [x, y] = map ? map.axes.map(along) : [z[0], z[1]];
    if (model.k > 1) return [fractionOf(box, 0, x), 1 - fractionOf(box, 1, y)];
    if (n < 0) return [fractionOf(box, 0, x), 0.5];
    // One number: the classes get a row each, and within it the samples are strewn so that they can be told apart.
    const { classes, labels } = model;
    const strewn = classes ? (labels[n] + 0.15 + 0.7 * jitter(n)) / classes.length : 0.2 + 0.6 * jitter(n);
    return [fractionOf(box, 0, x), strewn];
  }

  /** Where a code is, px. @param {ArrayLike<number>} z */
  pixels(z) {
    const [u, v] = this.project(z);
    return [u * this.width, v * this.height];
  }

  /**
   * The end that a place on the map means: the place itself, or with more than two numbers the nearest sample.
   * @param {number} x px @param {number} y @returns {import("../types").MorphEnd}
   */
  endAt(x, y) {
    const { model, box, width, height } = this;
    if (model.k > 2) return this.figure.sample(nearestPoint(this.positions, x, y));
    const value = (part, i) => Number(valueAt(box, i, clamp(part, 0, 1)).toPrecision(5));
    const z = [value(x / width, 0), value(1 - y / height, 1)];
    return { z: z.slice(0, model.k), name: "" };
  }

  /** The t whose place on the map is nearest. @param {number} x px @param {number} y */
  nearestTime(x, y) {
    const { route } = this.figure;
    const low = route.low();
    let best = Number.POSITIVE_INFINITY;
    let nearest = low;
    for (let n = 0; n <= TIMES; n++) {
      const t = low + (n / TIMES) * (route.high() - low);
      const [px, py] = this.pixels(route.at(t));
      const away = Math.hypot(px - x, py - y);
      if (away >= best) continue;
      best = away;
      nearest = t;
    }
    return Number(nearest.toFixed(3));
  }

  /** Says whether it has to be drawn again. */
  resize() {
    const { surface, backdrop, overlay, positions } = this;
    const { clientWidth, clientHeight } = surface;
    if (!clientWidth) return false; // in a hidden tab
    this.width = clientWidth;
    this.height = clientHeight;
    const side = [clientWidth, clientHeight];
    for (let i = 0; i < positions.length; i++) positions[i] = this.#fractions[i] * side[i % 2];
    const changed = fit(backdrop, surface);
    if (changed) this.stale = true;
    return fit(overlay, surface) || changed;
  }

  draw() {
    if (!this.width) return;
    if (this.stale) this.drawBackdrop();
    const { figure } = this;
    const { theme, z } = figure;
    const ctx = clearedContext(this.overlay);
    this.drawPaths(ctx);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = `600 ${12 * rem}px ${theme.font}`;
    this.drawEnd(ctx, "a");
    this.drawEnd(ctx, "b");
    const [x, y] = this.pixels(z);
    handle(ctx, theme, x, y, 6);
  }

  drawBackdrop() {
    const { positions, width, height, model } = this;
    const { groups } = this.figure.data;
    const { labels, classes } = groups ? marksOf(groups) : model;
    this.stale = false;
    // Quiet: the paths are what matters here.
    const map = { positions, width, height, labels, classes, alpha: 0.38, labelAlpha: 0.75 };
    drawClassMap(clearedContext(this.backdrop), this.figure.theme, map);
  }

  /** The paths, the chosen one last and strong. @param {CanvasRenderingContext2D} ctx */
  drawPaths(ctx) {
    const { route, theme } = this.figure;
    ctx.lineJoin = "round";
    const names = Object.keys(PATHS).filter((name) => route.offers(name) && name !== route.path);
    for (const name of [...names, route.path]) {
      const path = route.along(name);
      if (!path) continue;
      const strong = name === route.path;
      const from = strong ? route.low() : 0;
      const to = strong ? route.high() : 1;
      ctx.beginPath();
      for (let n = 0; n <= STEPS; n++) {
        const [x, y] = this.pixels(path(from + (n / STEPS) * (to - from)));
        ctx.lineTo(x, y);
      }
      const stroke = (colour, width, alpha, dashes) => {
        ctx.setLineDash(dashes);
        ctx.strokeStyle = colour;
        ctx.globalAlpha = alpha;
        ctx.lineWidth = width;
        ctx.stroke();
      };
      if (strong) stroke(theme.background, 5.5, 1, []);
      stroke(theme.text, strong ? 2.5 : 1.25, strong ? 1 : 0.6, PATHS[name].dashes);
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {"a" | "b"} key */
  drawEnd(ctx, key) {
    const { theme, route, choosing } = this.figure;
    const [px, py] = this.pixels(route.ends[key].z);
    const x = clamp(px, 13, this.width - 13);
    const y = clamp(py, 13, this.height - 13);
    const [fill, stroke] = choosing === key ? [theme.text, theme.background] : [theme.background, theme.text];
    ring(ctx, x, y, 11 * rem);
    ctx.fillStyle = fill;
    ctx.strokeStyle = stroke;
    ctx.lineWidth = 2;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = stroke;
    ctx.fillText(key.toUpperCase(), x, y + 0.5);
  }
}
