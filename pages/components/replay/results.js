// @ts-check
// Held-out inputs, and what the network makes of them.
import { NETWORK, ORIGINAL } from "../canvas/colours.js";
import { clearedContext, fit, sizeOf } from "../canvas/context.js";
import { PictureStack } from "../canvas/sample.js";
import { line } from "../canvas/strokes.js";
import { drawLanes } from "../canvas/trace.js";
import { setText } from "../figure/dom.js";
import { clamp } from "../math/stats.js";
import { floatsFromBase64, fromBase64, toFloats } from "../runtime/bytes.js";
import { bestGrid, GAPS } from "./picture_grid.js";
import { fewerShown } from "./words.js";

const LANES = 6; // channels of a signal that are shown
const INSET = 2; // px that a lane leaves at its top and bottom

export class Results {
  /** @type {Float32Array} (count · size) what goes in */
  inputs = new Float32Array(0);
  /** @type {Float32Array} (count · size) what comes out */
  values = new Float32Array(0);
  count = 0;
  /** of a sample: [channels, height, width] or [channels, length] @type {number[]} */
  shape = [];
  /** a fixed scale: what the data can be, else what these inputs are @type {[number, number]} */
  range = [0, 1];
  /** @type {import("../canvas/theme.js").Theme} */ theme;
  #packed = "";
  #look = "";
  #stack = new PictureStack();

  /** @param {HTMLCanvasElement} canvas inputs and values stand on it, too, for tests @param {HTMLElement} note */
  constructor(canvas, note) {
    this.canvas = canvas;
    this.note = note;
    Object.assign(canvas, { values: this.values, inputs: this.inputs });
  }

  /** @param {import("../types").ReplayData} data @param {import("../canvas/theme.js").Theme} theme */
  set({ inputs, inputs_shape: [count, ...shape], range }, theme) {
    this.theme = theme;
    if (inputs === this.#packed) return;
    this.#packed = inputs;
    this.count = count;
    this.shape = shape;
    const bytes = fromBase64(inputs);
    const size = shape.reduce((product, n) => product * n, 1);
    this.inputs = bytes.length === count * size ? toFloats(bytes) : floatsFromBase64(inputs);
    Object.assign(this.canvas, { inputs: this.inputs });
    const low = this.inputs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = this.inputs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const margin = this.isSignal ? 0.06 * (high - low) || 1 : 0;
    this.range = range && !this.isSignal ? range : [low - margin, high + margin];
  }

  get isSignal() {
    return this.shape.length === 2;
  }

  refresh() {
    this.#look = "";
  }

  /** Follows the size on the page; says whether it has to be drawn again. */
  fit() {
    const changed = fit(this.canvas);
    if (changed) this.#look = "";
    return changed;
  }

  /** @param {import("./timeline.js").Between | null} between null: the inputs alone */
  draw(between) {
    const { a, b, part } = between ?? { a: null, b: null, part: 0 };
    const weight = b ? clamp((part - 0.35) / 0.3, 0, 1) : 0; // a quick cross-fade half-way between two epochs
    const look = `${a?.epoch},${b?.epoch},${weight}`;
    if (look === this.#look) return;
    this.#look = look;
    if (a) this.#mix(a.made, weight && b ? b.made : null, weight);
    const ctx = clearedContext(this.canvas);
    /** @type {[Float32Array, string][]} */
    const rows = [
      [this.inputs, ORIGINAL],
      ...(a ? [/** @type {[Float32Array, string]} */ ([this.values, NETWORK])] : []),
    ];
    if (this.isSignal) this.#drawSignals(ctx, rows);
    else this.#drawPictures(ctx, rows);
  }

  /** @param {Float32Array} a @param {Float32Array | null} b @param {number} weight */
  #mix(a, b, weight) {
    if (this.values.length !== a.length) {
      this.values = new Float32Array(a.length);
      Object.assign(this.canvas, { values: this.values });
    }
    for (let i = 0; i < a.length; i++) this.values[i] = b ? a[i] + weight * (b[i] - a[i]) : a[i];
  }

  /** A reconstruction under each input. @param {CanvasRenderingContext2D} ctx @param {[Float32Array, string][]} rows */
  #drawPictures(ctx, rows) {
    const { count, shape, range } = this;
    const [, tall, wide] = shape;
    const { width, height } = sizeOf(this.canvas);
    const { columns, w } = bestGrid(count, width, height, tall / wide);
    const h = (w * tall) / wide;
    setText(this.note, "");
    ctx.imageSmoothingEnabled = w < wide; // pixels stay pixels
    for (const [row, [values, colour]] of rows.entries()) {
      const pictures = this.#stack.paint(values, count, [shape[0], tall, wide], range);
      ctx.fillStyle = colour;
      for (let m = 0; m < count; m++) {
        const column = m % columns;
        const top = Math.floor(m / columns) * (2 * h + GAPS.pair + GAPS.band) + row * (h + GAPS.pair);
        ctx.drawImage(pictures, 0, m * tall, wide, tall, GAPS.bar + column * (w + GAPS.pair), top, w, h);
        if (column === 0) ctx.fillRect(0, top, 3, h);
      }
    }
  }

  /**
   * Two columns of plots, as many as stay legible. The reconstruction lies over the input, which is broader: where both
   * agree, each is still seen.
   * @param {CanvasRenderingContext2D} ctx @param {[Float32Array, string][]} rows
   */
  #drawSignals(ctx, rows) {
    const { count, shape, range, theme } = this;
    const [channels, length] = shape;
    const { width, height } = sizeOf(this.canvas);
    const lanes = Math.min(channels, LANES);
    const columns = Math.min(2, count);
    const fitting = Math.max(1, Math.floor(height / Math.max(48, 22 * lanes)));
    const plots = Math.min(Math.ceil(count / columns), fitting);
    const w = (width - (columns - 1) * 20) / columns;
    const h = (height - (plots - 1) * 8) / plots;
    const shown = Math.min(count, plots * columns);
    setText(
      this.note,
      fewerShown([
        [shown, count, "samples"],
        [lanes, channels, "channels"],
      ]),
    );
    for (let m = 0; m < shown; m++) {
      const frame = { x: (m % columns) * (w + 20), y: Math.floor(m / columns) * (h + 8), width: w, height: h };
      drawZeros(ctx, theme, range, frame, lanes);
      for (const [n, [values, colour]] of rows.entries()) {
        const thick = n ? 1.75 : 4;
        const style = { colour, width: h / lanes < 34 ? thick * 0.75 : thick, inset: INSET, clamps: true };
        drawLanes(ctx, values, [lanes, length], range, frame, { ...style, from: m * channels * length });
      }
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("../canvas/theme.js").Theme} theme
 * @param {[number, number]} range @param {import("../canvas/trace.js").Frame} frame @param {number} lanes
 */
function drawZeros(ctx, theme, [low, high], frame, lanes) {
  if (low >= 0 || high <= 0) return;
  const lane = frame.height / lanes;
  ctx.globalAlpha = 0.18;
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1;
  for (let c = 0; c < lanes; c++) {
    const y = frame.y + lane * c + INSET + (high / (high - low)) * (lane - 2 * INSET);
    line(ctx, frame.x, y, frame.x + frame.width, y);
  }
  ctx.globalAlpha = 1;
}
