// @ts-check
// How large errors are: held-out normal ones, and others. A press anywhere takes the threshold there.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { decades } from "../canvas/scales.js";
import { line } from "../canvas/strokes.js";
import { number } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { onDrag } from "./pointer.js";

const BARS = 56;

/**
 * A figure with a threshold. score: what the outline counts; amount: what a drag that is cancelled comes back to.
 * @typedef {import("./lifecycle.js").Figure & {
 *   amount: number,
 *   detection: {
 *     scale: import("../canvas/log_scale.js").LogScale,
 *     thresholds: {held: ArrayLike<number>},
 *     score: ArrayLike<number>,
 *   },
 *   level(): number,
 *   setLevel(level: number): void,
 *   setAmount(amount: number): void,
 * }} WithThreshold
 */

export class Histogram {
  /** @type {{held: Float64Array, all: Float64Array} | null} share of the errors in each bar */
  #shares = null;

  /** @param {WithThreshold} figure @param {HTMLCanvasElement} canvas */
  constructor(figure, canvas) {
    this.figure = figure;
    this.canvas = canvas;
    this.#attachDrag();
  }

  #attachDrag() {
    const { figure, canvas } = this;
    let before = 0;
    const moveTo = (x) => figure.setLevel(figure.detection.scale.valueAt(x / sizeOf(canvas).width));
    onDrag(canvas, {
      press() {
        before = figure.amount;
        figure.hold(canvas, "threshold");
      },
      move({ x, event }) {
        // A finger's press may begin a scroll.
        if (event.type === "pointermove" || event.pointerType === "mouse") moveTo(x);
      },
      release(event) {
        if (event.type === "pointercancel")
          figure.setAmount(before); // it was one
        else if (event.type === "pointerup") moveTo(event.clientX - canvas.getBoundingClientRect().left);
        figure.release(canvas, "threshold");
      },
    });
  }

  /** Count anew in the next frame. */
  clear() {
    this.#shares = null;
  }

  draw() {
    const { figure, canvas } = this;
    const { theme, detection } = figure;
    const { scale, thresholds, score } = detection;
    this.#shares ??= { held: scale.shares(thresholds.held, BARS), all: scale.shares(score, BARS) };
    const { held, all } = this.#shares;
    const ctx = clearedContext(canvas);
    const { width, height } = sizeOf(canvas);
    const base = height - 18 * rem;
    const most = Math.max(...held, ...all) || 1;
    const step = width / BARS;
    const y = (share) => base - Math.sqrt(share / most) * (base - 16); // the root lets a tail be seen
    ctx.fillStyle = NETWORK;
    ctx.globalAlpha = 0.55;
    for (let n = 0; n < BARS; n++) if (held[n]) ctx.fillRect(n * step, y(held[n]), step + 0.4, base - y(held[n]));
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 1.5;
    ctx.lineJoin = "miter";
    ctx.beginPath();
    ctx.moveTo(0, base);
    for (let n = 0; n < BARS; n++) {
      ctx.lineTo(n * step, y(all[n]));
      ctx.lineTo((n + 1) * step, y(all[n]));
    }
    ctx.lineTo(width, base);
    ctx.stroke();
    this.#drawTicks(ctx, width, base);
    const level = figure.level();
    if (Number.isFinite(level)) this.#drawHandle(ctx, clamp(scale.fractionOf(level) * width, 1, width - 1), base);
  }

  #drawTicks(ctx, width, base) {
    const { theme, detection } = this.figure;
    const [low, high] = detection.scale.range;
    ctx.font = `${11 * rem}px ${theme.font}`;
    ctx.textBaseline = "bottom";
    ctx.textAlign = "center";
    ctx.fillStyle = theme.text;
    for (const tick of decades(low, high, 2)) {
      const x = detection.scale.fractionOf(tick) * width;
      const text = number(tick);
      const half = ctx.measureText(text).width / 2;
      ctx.globalAlpha = 0.4;
      line(ctx, x, base, x, base + 4);
      ctx.globalAlpha = 0.8;
      if (x > half && x < width - half) ctx.fillText(text, x, base + 18 * rem);
    }
    ctx.globalAlpha = 1;
  }

  #drawHandle(ctx, x, base) {
    ctx.strokeStyle = ctx.fillStyle = this.figure.theme.primary;
    ctx.lineWidth = 2;
    line(ctx, x, 0, x, base + 4);
    ctx.beginPath();
    ctx.roundRect(x - 5, base / 2 - 13, 10, 26, 5);
    ctx.fill();
  }
}
