// @ts-check
// The classes along the path, as a band under the slider and as a sentence.
import { classColour, NEUTRAL } from "../canvas/colours.js";
import { clearedContext, fit, rem, sizeOf } from "../canvas/context.js";
import { haloText, line } from "../canvas/strokes.js";
import { setLabel, setText } from "../figure/dom.js";
import { clamp } from "../math/stats.js";
import { classify } from "../runtime/samples.js";
import { pathWords, runsOf, WAITING } from "./words.js";

const PARTS = 100; // of t = 0..1 in which the classes are looked up

/**
 * @typedef {object} Along what lies at evenly spaced places of a path
 * @property {number[]} labels class of each
 * @property {boolean[]} off whether it is outside the data
 * @property {(n: number) => number} timeOf t of the n-th
 */

export class Band {
  /** @type {Along | null} */ along = null;

  /** @param {import("./morph.js").Morph} figure */
  constructor(figure) {
    this.figure = figure;
    this.canvas = figure.find("band");
    this.words = figure.find("words");
  }

  /** Look the classes up, one place at a time. */
  *work() {
    const { route, model } = this.figure;
    const low = route.low();
    const last = Math.round(PARTS * (route.high() - low));
    const labels = [];
    const off = [];
    for (let n = 0; n <= last; n++) {
      const here = classify(model, route.at(low + n / PARTS));
      labels.push(here.label);
      off.push(here.off);
      yield;
    }
    this.along = { labels, off, timeOf: (n) => low + n / PARTS };
    this.draw();
  }

  draw() {
    const { canvas, along, figure } = this;
    const { classes } = figure.model;
    fit(canvas);
    if (!along || !canvas.width) return;
    const { width, height } = sizeOf(canvas);
    const ctx = clearedContext(canvas);
    const last = along.labels.length - 1;
    const x = (n) => clamp(((n - 0.5) / last) * width, 0, width);
    const spans = (values) => runsOf(values).map(([value, from, to]) => ({ value, left: x(from), right: x(to + 1) }));
    const runs = spans(along.labels);
    for (const { value, left, right } of runs) {
      ctx.fillStyle = classes ? classColour(value) : NEUTRAL;
      ctx.globalAlpha = classes ? 0.9 : 0.45;
      ctx.fillRect(left, 0, right - left, height);
    }
    ctx.globalAlpha = 1;
    for (const { value, left, right } of spans(along.off)) if (value) this.hatch(ctx, left, right, height);
    this.drawNames(ctx, runs, height);
    const words = pathWords(along, classes);
    setText(this.words, figure.route.isWaiting() ? WAITING + words : words);
    setLabel(canvas, `The classes along the path: ${words}`);
  }

  /** Nobody has ever shown the decoder such a place. */
  hatch(ctx, left, right, height) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, 0, right - left, height);
    ctx.clip();
    ctx.strokeStyle = this.figure.theme.background;
    ctx.lineWidth = 2.5;
    for (let x = -height; x < right; x += 7) line(ctx, x, height, x + height, 0);
    ctx.restore();
  }

  drawNames(ctx, runs, height) {
    const { theme, model } = this.figure;
    const { classes } = model;
    ctx.font = `600 ${12 * rem}px ${theme.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const [n, { value, left, right }] of runs.entries()) {
      ctx.fillStyle = theme.background;
      if (n) ctx.fillRect(left - 1, 0, 2, height);
      const name = classes?.[value];
      if (!name || right - left <= ctx.measureText(name).width + 8) continue;
      haloText(ctx, theme, name, (left + right) / 2, height / 2 + 0.5, 3.5);
    }
  }
}
