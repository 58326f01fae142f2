// @ts-check
// Points in the plane or in space, and the curve or the sheet that the decoder makes of the code laid over them.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, fit, sizeOf } from "../canvas/context.js";
import { drawPoints } from "../canvas/scatter.js";
import { handle } from "../canvas/strokes.js";

const CURVE = 160; // places along a curve
const LINES = 15; // of a sheet, each way
const FINE = 40; // places along each

export class Space {
  /** radians */
  yaw = 0;
  pitch = 0;

  /** @param {HTMLElement} surface */
  constructor(surface) {
    this.surface = surface;
    this.canvas = /** @type {HTMLCanvasElement} */ (surface.querySelector("canvas"));
  }

  fit() {
    return fit(this.canvas);
  }

  /**
   * @param {import("./spec.js").Spec} spec @param {HTMLCanvasElement[]} stamps @param {Int16Array} shades
   * @param {import("./training/network.js").Network} network
   * @param {[number, number][]} range of the map's two axes @param {number[]} z where the dot is
   * @param {import("../canvas/theme.js").Theme} theme
   */
  draw(spec, stamps, shades, network, range, z, theme) {
    const { width, height } = sizeOf(this.canvas);
    if (!(width > 4)) return;
    const ctx = clearedContext(this.canvas);
    const { samples, size } = spec;
    const place = this.#projection(spec, width, height);
    const positions = new Float32Array(2 * samples.shown.length);
    for (let n = 0; n < samples.shown.length; n++) {
      const at = samples.shown[n] * size;
      positions.set(place(samples.x, at), 2 * n);
    }
    drawPoints(ctx, positions, stamps, shades, 0.6);
    ctx.strokeStyle = NETWORK;
    for (const codes of curves(range, z)) {
      const count = codes.length / network.k;
      const made = network.decode(codes, count);
      ctx.lineWidth = network.k === 1 ? 3 : 1;
      ctx.beginPath();
      for (let n = 0; n < count; n++) ctx.lineTo(...place(made, n * size));
      ctx.stroke();
    }
    const dot = network.decode(Float64Array.from(z), 1);
    handle(ctx, theme, ...place(dot, 0), 6);
  }

  /** @returns {(values: ArrayLike<number>, at: number) => [number, number]} px */
  #projection({ size, span }, width, height) {
    const middle = (span[0] + span[1]) / 2;
    const scale = (0.46 * Math.min(width, height)) / ((span[1] - span[0]) / 2) / (size > 2 ? 1.35 : 1);
    const [cy, sy, cp, sp] = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)];
    return (values, at) => {
      let [x, y] = [values[at] - middle, values[at + 1] - middle];
      if (size > 2) {
        // y is up, as across a roll
        const z = values[at + 2] - middle;
        const depth = sy * x + cy * z;
        x = cy * x - sy * z;
        y = cp * y - sp * depth;
      }
      return [width / 2 + scale * x, height / 2 - scale * y];
    };
  }
}

/**
 * Codes along lines through where the samples' codes are: one line where there is one dimension, else a grid over the
 * first two, the others as the dot has them.
 * @param {[number, number][]} range @param {number[]} z @returns {Float64Array[]} each (count × k)
 */
function curves([[left, right], [bottom, top]], z) {
  const k = z.length;
  const walk = (count, codeAt) => {
    const codes = new Float64Array(count * k);
    for (let n = 0; n < count; n++) {
      codes.set(z, n * k);
      codes.set(codeAt(n / (count - 1)), n * k);
    }
    return codes;
  };
  if (k === 1) return [walk(CURVE, (t) => [left + t * (right - left)])];
  const lines = [];
  for (let i = 0; i < LINES; i++) {
    const part = i / (LINES - 1);
    lines.push(walk(FINE, (t) => [left + part * (right - left), bottom + t * (top - bottom)]));
    lines.push(walk(FINE, (t) => [left + t * (right - left), bottom + part * (top - bottom)]));
  }
  return lines;
}
