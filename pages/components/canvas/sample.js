// @ts-check
// A sample on a canvas: a picture at the model's own resolution, or a signal's lines.
import { drawLaneAxes } from "./axis.js";
import { NETWORK } from "./colours.js";
import { clearedContext, fit, offscreen, rem, sizeOf } from "./context.js";
import { drawLanes } from "./trace.js";

/** @typedef {[number, number]} Range */

/**
 * Values as pixels.
 * @param {ImageData} pixels height × width
 * @param {ArrayLike<number>} values (channels · height · width), from `from`
 * @param {number} channels 3: red, green, blue; otherwise the first is shown in grey
 * @param {Range} range black and white
 * @param {((value: number) => number[]) | null} [colour] of a value, instead of its grey
 * @param {number} [from]
 */
export function toPixels({ data, width, height }, values, channels, [low, high], colour = null, from = 0) {
  const area = width * height;
  const scale = 255 / (high - low || 1);
  const [green, blue] = channels === 3 ? [area, 2 * area] : [0, 0];
  for (let i = from, p = 0; p < 4 * area; i++, p += 4) {
    if (colour) {
      const shade = colour(values[i]);
      data[p] = shade[0];
      data[p + 1] = shade[1];
      data[p + 2] = shade[2];
    } else {
      data[p] = Math.round((values[i] - low) * scale); // clamped by the array
      data[p + 1] = Math.round((values[i + green] - low) * scale);
      data[p + 2] = Math.round((values[i + blue] - low) * scale);
    }
    data[p + 3] = 255;
  }
}

/**
 * Where a signal's lines lie on a canvas of this size.
 * @param {number} width @param {number} height px @param {boolean} axes whether there is room for them
 */
export function lanesFrame(width, height, axes) {
  if (!axes) return { x: 3, y: 2, width: width - 6, height: height - 4 };
  const left = 34 * rem;
  return { x: left, y: 4, width: width - left - 6, height: height - 4 - 20 * rem };
}

/** Names of a signal's channels with their units. @param {import("../runtime/model.js").Display} [display] */
function channelNames(display) {
  if (display?.kind !== "signals") return undefined;
  return display.channels.map(([name, unit]) => (unit ? `${name} [${unit}]`.trim() : name));
}

const INSET = 2; // px that a lane leaves at its top and bottom

/**
 * A sample, or several in a row, on a canvas. Its numbers stand in `values`, on the canvas too: tests compare them with
 * torch's.
 */
export class SampleView {
  /** @type {Float32Array} (count · size) */
  values;
  /** @type {ImageData | null} */ #pixels = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{shape: number[], channels?: {name: string}[], display?: import("../runtime/model.js").Display}} model or
   *   what has its shape
   * @param {{colour?: string, axes?: boolean, count?: number, width?: number}} [options] of a signal: the line's
   *   colour, whether it has axes, and its width in px; count: samples in a row
   */
  constructor(canvas, model, { colour = NETWORK, axes = false, count = 1, width } = {}) {
    this.canvas = canvas;
    this.colour = colour;
    this.axes = axes;
    this.count = count;
    this.lineWidth = width;
    this.setModel(model);
  }

  /**
   * Show another model's samples from now on.
   * @param {{shape: number[], channels?: {name: string}[], display?: import("../runtime/model.js").Display}} model
   */
  setModel(model) {
    if (model === this.model) return;
    this.model = model;
    this.signal = model.shape.length === 2;
    this.size = model.shape.reduce((product, n) => product * n, 1);
    this.values = new Float32Array(this.size * this.count);
    Object.assign(this.canvas, { values: this.values });
    if (this.signal) return;
    const [, height, width] = model.shape;
    this.canvas.height = height;
    this.canvas.width = width * this.count;
    this.#pixels = new ImageData(width, height);
  }

  /** Follows the size of the canvas on the page, which only a signal has; says whether it has to be drawn again. */
  fit() {
    return this.signal && fit(this.canvas);
  }

  /**
   * @param {ArrayLike<number>} values (size)
   * @param {{range: Range, theme: import("./theme.js").Theme, colour?: ((value: number) => number[]) | null, place?:
   *   number}} how colour: of a picture's value, instead of its grey; place: in a row of them
   */
  show(values, how) {
    this.keep(values, how.place);
    this.draw(how);
  }

  /** Takes the values without drawing them. @param {ArrayLike<number>} values @param {number} [place] */
  keep(values, place = 0) {
    this.values.set(values, place * this.size);
  }

  /**
   * @param {{range: Range, theme: import("./theme.js").Theme, colour?: ((value: number) => number[]) | null, place?:
   *   number}} how
   */
  draw({ range, theme, colour = null, place = 0 }) {
    if (this.signal) return this.#drawSignals(range, theme);
    const [channels, , width] = this.model.shape;
    toPixels(this.#pixels, this.values, channels, range, colour, place * this.size);
    this.canvas.getContext("2d").putImageData(this.#pixels, place * width, 0);
  }

  #drawSignals(range, theme) {
    const { canvas, model, count, axes, colour } = this;
    const [channels, length] = model.shape;
    const { width, height } = sizeOf(canvas);
    const ctx = clearedContext(canvas);
    const step = width / count;
    const frame = lanesFrame(step, height, axes);
    if (!(frame.width > 4 && frame.height > 4)) return; // in a hidden tab
    if (axes) {
      const names = model.channels?.map(({ name }) => name) ?? channelNames(model.display);
      drawLaneAxes(
        ctx,
        theme,
        [channels, length],
        range,
        { ...frame, width: width - frame.x - 6 },
        { inset: INSET, names, display: model.display },
      );
    }
    const usual = axes ? (channels > 3 ? 1.6 : 2.25) : channels > 1 ? 0.8 : 1.3;
    const style = { colour, width: this.lineWidth ?? usual, inset: INSET };
    for (let n = 0; n < count; n++)
      drawLanes(
        ctx,
        this.values,
        [channels, length],
        range,
        { ...frame, x: frame.x + n * step },
        { ...style, from: n * this.size },
      );
  }
}

/** Several pictures one below the other on a canvas off the page, a pixel each, to be drawn from at any size. */
export class PictureStack {
  #canvas = offscreen();

  /**
   * @param {ArrayLike<number>} values (count · size)
   * @param {number} count @param {number[]} shape [channels, height, width]
   * @param {Range} range @returns {HTMLCanvasElement} width × (count · height)
   */
  paint(values, count, [channels, height, width], range) {
    if (this.#canvas.width !== width || this.#canvas.height !== height * count) {
      this.#canvas.width = width;
      this.#canvas.height = height * count;
    }
    const pixels = new ImageData(width, height);
    const ctx = this.#canvas.getContext("2d");
    for (let n = 0; n < count; n++) {
      toPixels(pixels, values, channels, range, null, n * channels * height * width);
      ctx.putImageData(pixels, 0, n * height);
    }
    return this.#canvas;
  }
}
