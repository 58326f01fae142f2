// @ts-check
// Error over time on a logarithmic scale, and the threshold in it.
import { NETWORK, PCA } from "../canvas/colours.js";
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { decades } from "../canvas/scales.js";
import { haloText, line } from "../canvas/strokes.js";
import { drawPointsOrBand } from "../canvas/trace.js";
import { number } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { columnsOf, drawFlagged, drawGaps } from "./drawing.js";
import { BUFFERS } from "./points.js";

const BELOW = 3; // px below the errors

export class ErrorTrack {
  /** @param {import("./signals.js").Signals} figure @param {HTMLCanvasElement} canvas @param {HTMLElement} note */
  constructor(figure, canvas, note) {
    this.figure = figure;
    this.canvas = canvas;
    this.note = note;
  }

  /** px above the errors; on a phone their name stands there. */
  get #above() {
    return this.figure.narrow ? 18 : 5;
  }

  get #tall() {
    return sizeOf(this.canvas).height - this.#above - BELOW;
  }

  /** @param {number} value */
  y(value) {
    return this.#above + (1 - this.figure.detection.scale.fractionOf(value)) * this.#tall;
  }

  /** @param {number} y px */
  valueAt(y) {
    return this.figure.detection.scale.valueAt(1 - (y - this.#above) / this.#tall);
  }

  draw() {
    const { figure, canvas, note } = this;
    const { detection, view } = figure;
    const { range } = detection.scale;
    const ctx = clearedContext(canvas);
    drawFlagged(ctx, figure, sizeOf(canvas).height);
    const { pcaScore } = figure.seriesFor(view.first, view.last);
    const [tall, above] = [this.#tall, this.#above];
    const y = (value) => above + (1 - detection.scale.fractionOf(value)) * tall;
    const draw = (series, colour, thick, strength) => {
      series.read(0, view.first, view.last, columnsOf(view.width), BUFFERS[0], view.width);
      ctx.globalAlpha = strength;
      drawPointsOrBand(ctx, BUFFERS[0], y, colour, thick);
    };
    draw(pcaScore, PCA, 1, 0.8);
    draw(detection.errors, NETWORK, 1.4, 1);
    drawGaps(ctx, figure, sizeOf(canvas).height);
    this.#drawTicks(ctx);
    this.#drawLevel(ctx);
    note.textContent = `${number(range[0])} … ${number(range[1])}`;
  }

  /** Above the lines, with a halo. */
  #drawTicks(ctx) {
    const { detection, theme, view } = this.figure;
    const [low, high] = detection.scale.range;
    const { height } = sizeOf(this.canvas);
    ctx.font = `${11 * rem}px ${theme.font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    for (const tick of decades(low, high, 2)) {
      const y = this.y(tick);
      if (y < 9 || y > height - 8) continue;
      ctx.globalAlpha = 0.2;
      ctx.strokeStyle = theme.text;
      ctx.lineWidth = 1;
      line(ctx, 0, y, view.width, y);
      ctx.globalAlpha = 0.85;
      haloText(ctx, theme, number(tick), 4, y, 3);
    }
    ctx.globalAlpha = 1;
  }

  /** In the accent: it can be moved. */
  #drawLevel(ctx) {
    const { figure, canvas } = this;
    const { theme, view, rule } = figure;
    const { width } = view;
    const rolling = rule === "rolling";
    const constant = rolling ? Number.NaN : this.y(figure.level());
    ctx.strokeStyle = theme.primary;
    ctx.lineWidth = 2;
    ctx.beginPath();
    for (let x = 0; x <= width; x += rolling ? 1 : width) {
      const y = rolling ? this.y(figure.level(view.rowUnder(x))) : constant;
      if (!Number.isNaN(y)) ctx.lineTo(x, y);
    }
    ctx.stroke();
    const level = figure.level(rolling ? clamp(Math.floor(view.last) - 1, 0, view.rows - 1) : null);
    if (!Number.isFinite(level)) return;
    const text = number(level);
    const y = clamp(this.y(level), 11, sizeOf(canvas).height - 11);
    ctx.font = `600 ${11 * rem}px ${theme.font}`;
    const wide = ctx.measureText(text).width + 14;
    ctx.fillStyle = theme.primary;
    ctx.beginPath();
    ctx.roundRect(width - wide - 2, y - 10 * rem, wide, 20 * rem, 10 * rem);
    ctx.fill();
    ctx.fillStyle = theme.onPrimary;
    ctx.textAlign = "center";
    ctx.fillText(text, width - 2 - wide / 2, y + 0.5);
  }
}
