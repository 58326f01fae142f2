// @ts-check
// The curves: training and held-out error by steps, PCA's as a line, and the training before this one in grey.
import { NETWORK, ORIGINAL, PCA } from "../canvas/colours.js";
import { clearedContext, fit, rem, sizeOf } from "../canvas/context.js";
import { line } from "../canvas/strokes.js";

const GREY = "#8a8f98";
const NOTHING = 1e-9; // what rounding leaves of an error

/** @typedef {import("./training/session.js").Measure} Measure */

export class Curve {
  /** @type {Measure[]} */
  measures = [];
  /** @type {Measure[]} of the network before */
  past = [];
  /** @type {number | null} */
  pca = null;
  /** @type {Measure[]} of the network that this one is compared with */
  beside = [];

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  fit() {
    return fit(this.canvas);
  }

  /** Another network: what was measured so far stays in grey. */
  restart() {
    if (this.measures.length > 1) this.past = this.measures;
    this.measures = [];
  }

  /** @param {import("../canvas/theme.js").Theme} theme */
  draw(theme) {
    const { width, height } = sizeOf(this.canvas);
    if (!(width > 60)) return;
    const ctx = clearedContext(this.canvas);
    const all = [...this.measures, ...this.past, ...this.beside];
    if (!all.length) return;
    const last = Math.max(500, this.measures.at(-1)?.step ?? 0, this.beside.at(-1)?.step ?? 0);
    const values = all.flatMap(({ train, test }) => [train, test]);
    const high = Math.max(...values, this.pca ?? 0) * 1.05;
    const low = lowest(values, this.pca) * 0.9;
    const [x0, y1] = [44 * rem, height - 16 * rem];
    const x = (step) => x0 + (Math.min(step, last) / last) * (width - x0 - 6);
    const scale = Math.log(high / low) || 1;
    const y = (value) => 4 + Math.min(1, Math.log(high / value) / scale) * (y1 - 4);
    ctx.font = `${11 * rem}px ${theme.font}`;
    ctx.fillStyle = theme.text;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const value of [high / 1.05, low / 0.9]) ctx.fillText(short(value), x0 - 6, y(value));
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.fillText("0", x0, height - 3);
    ctx.textAlign = "right";
    ctx.fillText(`${last.toLocaleString("en")} steps`, width - 6, height - 3);
    ctx.lineWidth = 1.75;
    if (this.pca !== null) {
      ctx.strokeStyle = PCA;
      line(ctx, x0, y(this.pca), width - 6, y(this.pca));
    }
    const path = (measures, name, colour) => {
      ctx.strokeStyle = colour;
      ctx.beginPath();
      for (const each of measures) if (each.step <= last) ctx.lineTo(x(each.step), y(each[name]));
      ctx.stroke();
    };
    ctx.globalAlpha = 0.5;
    path(this.past, "test", GREY);
    ctx.setLineDash([4, 3]);
    path(this.beside, "test", theme.text);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    path(this.measures, "train", ORIGINAL);
    path(this.measures, "test", NETWORK);
  }
}

/**
 * Where the scale ends: PCA that loses nothing is none of its values.
 * @param {number[]} errors @param {number | null} pca
 */
function lowest(errors, pca) {
  const least = Math.max(NOTHING, Math.min(...errors));
  return pca !== null && pca > 0.01 * least ? Math.min(least, pca) : least;
}

/** An error with three digits. @param {number} value */
export function short(value) {
  if (value < NOTHING) return "0";
  if (value < 0.001) return value.toExponential(1);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
