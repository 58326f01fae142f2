// @ts-check
// The hourglass with its real sizes, and what flows through it for one sample: a column a layer, a cell a unit.
import { difference } from "../canvas/colours.js";
import { clearedContext, offscreen, rem, sizeOf } from "../canvas/context.js";
import { toPixels } from "../canvas/sample.js";

const LABEL = 16; // px below the columns

export class Glass {
  /** Pixels of each layer: a canvas that took another size for each of them would be made anew every time. */
  #cells = /** @type {{canvas: HTMLCanvasElement, pixels: ImageData}[]} */ ([]);

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /**
   * @param {import("./training/network.js").Network} network that has just encoded and decoded one sample
   * @param {Float64Array} x what went in @param {Float64Array} z the code @param {Float64Array} y what came out
   * @param {import("./spec.js").Spec} spec @param {import("../canvas/theme.js").Theme} theme
   */
  draw(network, x, z, y, spec, theme) {
    const { width, height } = sizeOf(this.canvas);
    if (!(width > 60)) return;
    const ctx = clearedContext(this.canvas);
    const layers = layersOf(network, x, z, y);
    const most = Math.max(...layers.map(({ length }) => length));
    const tall = height - LABEL * rem;
    const step = width / layers.length;
    const columns = layers.map((values, i) => ({
      values,
      x: (i + 0.5) * step,
      high: tall * Math.max(0.16, (values.length / most) ** 0.35),
    }));
    ctx.fillStyle = theme.text;
    ctx.globalAlpha = 0.06;
    for (let i = 1; i < columns.length; i++) between(ctx, columns[i - 1], columns[i], tall / 2);
    ctx.globalAlpha = 1;
    ctx.font = `${11 * rem}px ${theme.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    const ends = [0, columns.length - 1];
    for (const [i, { values, x: middle, high }] of columns.entries()) {
      if (ends.includes(i) && spec.kind === "pictures") this.#picture(ctx, i, values, middle, tall, step, spec);
      else this.#column(ctx, i, values, middle, high, tall, step, theme);
      const code = i === (columns.length - 1) / 2;
      ctx.fillStyle = code ? theme.primary : theme.text;
      ctx.fillText(String(values.length), middle, height - 2);
    }
  }

  #column(ctx, layer, values, middle, high, tall, step, theme) {
    const count = values.length;
    const wide = Math.min(18 * rem, step * 0.5);
    let most = 1e-9;
    for (let i = 0; i < count; i++) most = Math.max(most, Math.abs(values[i]));
    const cells = this.#cellsOf(layer, 1, count);
    const { data } = cells.pixels;
    for (let i = 0; i < count; i++) {
      const shade = difference(values[i] / most, theme);
      for (let c = 0; c < 3; c++) data[4 * i + c] = shade[c];
      data[4 * i + 3] = 255;
    }
    stamp(ctx, cells, middle - wide / 2, (tall - high) / 2, wide, high);
    ctx.strokeStyle = theme.text;
    ctx.globalAlpha = 0.35;
    ctx.strokeRect(middle - wide / 2, (tall - high) / 2, wide, high);
    ctx.globalAlpha = 1;
  }

  #picture(ctx, layer, values, middle, tall, step, { shape, span }) {
    const [channels, height, width] = shape;
    const cells = this.#cellsOf(layer, width, height);
    toPixels(cells.pixels, values, channels, span);
    const scale = Math.min(tall / height, (step * 0.9) / width);
    stamp(ctx, cells, middle - (scale * width) / 2, (tall - scale * height) / 2, scale * width, scale * height);
  }

  #cellsOf(layer, width, height) {
    const known = this.#cells[layer];
    if (known?.canvas.width === width && known.canvas.height === height) return known;
    this.#cells[layer] = { canvas: offscreen(width, height), pixels: new ImageData(width, height) };
    return this.#cells[layer];
  }
}

function stamp(ctx, { canvas, pixels }, x, y, width, height) {
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(canvas, x, y, width, height);
}

/** What each layer holds after one sample went through. @returns {ArrayLike<number>[]} */
function layersOf({ encoder, decoder, size }, x, z, y) {
  const inside = ({ chain }) => chain.layers.slice(1).map(({ inputs }, l) => chain.read[l + 1].subarray(0, inputs));
  return [x, ...inside(encoder), z, ...inside(decoder), y.subarray(0, size)];
}

function between(ctx, from, to, middle) {
  ctx.beginPath();
  ctx.moveTo(from.x, middle - from.high / 2);
  ctx.lineTo(to.x, middle - to.high / 2);
  ctx.lineTo(to.x, middle + to.high / 2);
  ctx.lineTo(from.x, middle + from.high / 2);
  ctx.fill();
}
