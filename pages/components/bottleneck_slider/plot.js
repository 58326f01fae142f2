// @ts-check
// A small plot: axes, lines, bars; in CSS pixels.
import { drawEnds, drawGrid } from "../canvas/axis.js";
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { decades, ticks } from "../canvas/scales.js";

/** @typedef {{left: number, right: number, top: number, bottom: number}} Margins px */
/** @typedef {{across: [number, number], up: [number, number], log?: boolean}} Scale what the ends of both axes mean */

export class Plot {
  /**
   * @param {HTMLCanvasElement} canvas is cleared @param {import("../canvas/theme.js").Theme} theme
   * @param {Margins} margins @param {Scale} scale
   * @returns {Plot | null} null where there is no room: in a hidden tab
   */
  static on(canvas, theme, margins, scale) {
    const { width, height } = sizeOf(canvas);
    const { left, right, top, bottom } = margins;
    return width > left + right && height > top + bottom ? new Plot(canvas, theme, margins, scale) : null;
  }

  /**
   * @param {HTMLCanvasElement} canvas @param {import("../canvas/theme.js").Theme} theme @param {Margins} margins
   * @param {Scale} scale
   */
  constructor(canvas, theme, margins, scale) {
    const { width, height } = sizeOf(canvas);
    this.theme = theme;
    this.width = width;
    this.height = height;
    this.left = margins.left;
    this.right = width - margins.right;
    this.top = margins.top;
    this.bottom = height - margins.bottom;
    this.scale = scale;
    this.ctx = clearedContext(canvas);
    this.ctx.font = `${11 * rem}px ${theme.font}`;
    this.ctx.lineJoin = "round";
  }

  /** @param {number} value @returns {number} px */
  x(value) {
    const [from, to] = this.scale.across;
    return this.left + ((value - from) / (to - from || 1)) * (this.right - this.left);
  }

  /** @param {number} value @returns {number} px */
  y(value) {
    const { up, log } = this.scale;
    const [low, high] = up;
    const bend = (each) => (log ? Math.log(Math.max(each, low)) : each);
    return this.bottom - ((bend(value) - bend(low)) / (bend(high) - bend(low) || 1)) * (this.bottom - this.top);
  }

  /** @param {number} wanted lines */
  grid(wanted) {
    const [low, high] = this.scale.up;
    const values = this.scale.log ? decades(low, high, wanted) : ticks(low, high, wanted);
    drawGrid(this.ctx, this.theme, values, (value) => this.y(value), this);
  }

  /** What stands at the ends of the lower axis. @param {string} first @param {string} last */
  ends(first, last) {
    drawEnds(this.ctx, this.theme, first, last, { left: this.left, right: this.right, y: this.height - 5 });
  }

  /**
   * @param {ArrayLike<number>} values @param {import("./style.js").Line} line @param {number} [first] where they begin
   */
  line(values, { colour, width, dashes }, first = 0) {
    const { ctx } = this;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dashes);
    ctx.beginPath();
    for (let i = 0; i < values.length; i++) ctx.lineTo(this.x(i + first), this.y(values[i]));
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** @param {ArrayLike<number>} values from 0 @param {string} colour */
  bars(values, colour) {
    const { ctx } = this;
    const wide = Math.max(1.5, 0.62 * (this.x(1) - this.x(0)));
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.55;
    for (let i = 0; i < values.length; i++)
      ctx.fillRect(this.x(i) - wide / 2, this.y(values[i]), wide, this.y(0) - this.y(values[i]));
    ctx.globalAlpha = 1;
  }
}
