// @ts-check
// A signal as lines on one scale: the first channel thick, the others thin behind it.
import { NETWORK, ORIGINAL } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { drawLanes } from "../canvas/trace.js";

const MARGIN = 0.12; // of the scale, above and below the data's limits

export class SignalView {
  /**
   * @param {HTMLCanvasElement} canvas @param {number[]} shape [channels, length]
   * @param {[number, number]} limits of the data @param {string} [colour] of the lines
   */
  constructor(canvas, shape, [low, high], colour = NETWORK) {
    const margin = MARGIN * (high - low) || 1;
    this.channels = shape[0];
    this.length = shape[1];
    this.canvas = canvas;
    this.colour = colour;
    this.range = /** @type {[number, number]} */ ([low - margin, high + margin]);
    this.values = new Float32Array(this.channels * this.length);
    Object.assign(canvas, { values: this.values }); // tests compare them with torch's
    canvas.classList.add("lx-trace");
  }

  /**
   * @param {ArrayLike<number>} values (channels · length)
   * @param {{theme: import("../canvas/theme.js").Theme, clean?: Float32Array | null}} look clean: a signal whose first
   *   channel is drawn behind, to compare with
   */
  show(values, { theme, clean = null }) {
    this.values.set(values);
    const ctx = clearedContext(this.canvas);
    const { width, height } = sizeOf(this.canvas);
    const frame = { x: 3, y: 0, width: width - 6, height };
    const draw = (from, channel, colour, thick, alpha) => {
      ctx.globalAlpha = alpha;
      const style = { colour, width: thick, from: channel * this.length };
      drawLanes(ctx, from, [1, this.length], this.range, frame, style);
    };
    for (let c = this.channels - 1; c > 0; c--) draw(this.values, c, theme.text, 1, 0.28);
    if (clean) draw(clean, 0, ORIGINAL, 1.2, 0.8);
    draw(this.values, 0, this.colour, 2.2, 1);
  }
}
