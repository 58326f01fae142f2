// @ts-check
// The map of the codes as they move: what the decoder draws over the plane, the samples' codes, and the dot.
import { clearedContext, fit, offscreen, sizeOf } from "../canvas/context.js";
import { toPixels } from "../canvas/sample.js";
import { drawClassMap } from "../canvas/scatter.js";
import { handle } from "../canvas/strokes.js";
import { find } from "../figure/dom.js";

const CELLS = 11; // pictures along a side of the plane
const GROW = 0.06; // of the way to a new range, each frame: the map glides rather than jumps

export class CodeMap {
  /** @type {[number, number][]} range of the two axes */
  range = [
    [-1, 1],
    [-1, 1],
  ];
  #positions = new Float32Array(0);
  #sheet = offscreen();
  #first = true;

  /** @param {HTMLElement} surface */
  constructor(surface) {
    this.surface = surface;
    /** @type {HTMLCanvasElement} */
    this.canvas = find(surface, "canvas");
  }

  fit() {
    return fit(this.canvas);
  }

  /** Begin with the range of the next codes. */
  restart() {
    this.#first = true;
  }

  /** Let the map reach to where codes are. @param {Float32Array} codes (N × k) @param {number} k */
  follow(codes, k) {
    for (const axis of [0, 1]) {
      if (axis >= k) break;
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let n = axis; n < codes.length; n += k) {
        low = Math.min(low, codes[n]);
        high = Math.max(high, codes[n]);
      }
      if (!Number.isFinite(high - low)) return;
      const margin = 0.08 * (high - low) + 0.05;
      const wanted = [low - margin, high + margin];
      const share = this.#first ? 1 : GROW;
      this.range[axis] = /** @type {[number, number]} */ (
        this.range[axis].map((end, i) => end + share * (wanted[i] - end))
      );
    }
    this.#first = false;
  }

  /** The two numbers of a place on it. @param {number} u @param {number} v fractions from the top left */
  codeAt(u, v) {
    const [[left, right], [bottom, top]] = this.range;
    return [left + u * (right - left), top - v * (top - bottom)];
  }

  /**
   * @param {Float32Array} codes (N × k) @param {number} k @param {Uint8Array} labels @param {string[]} classes
   * @param {number[]} z where the dot is @param {import("../canvas/theme.js").Theme} theme
   * @param {((places: Float64Array, count: number) => {values: ArrayLike<number>, shape: number[], range: [number,
   *   number]}) | null} decode what the decoder makes of codes; null where no pictures can lie on the plane
   */
  draw(codes, k, labels, classes, z, theme, decode) {
    const { width, height } = sizeOf(this.canvas);
    if (!(width > 4)) return;
    const ctx = clearedContext(this.canvas);
    if (decode) this.#drawPlane(ctx, width, height, k, z, decode);
    const count = codes.length / k;
    if (this.#positions.length !== 2 * count) this.#positions = new Float32Array(2 * count);
    const [[left, right], [bottom, top]] = this.range;
    const across = (value) => ((value - left) / (right - left)) * width;
    const up = (value) => ((top - value) / (top - bottom)) * height;
    for (let n = 0; n < count; n++) {
      this.#positions[2 * n] = across(codes[n * k]);
      this.#positions[2 * n + 1] = k > 1 ? up(codes[n * k + 1]) : height * (0.2 + 0.06 * labels[n]);
    }
    drawClassMap(ctx, theme, {
      positions: this.#positions,
      width,
      height,
      labels,
      classes,
      alpha: decode ? 0.75 : 0.9,
    });
    handle(ctx, theme, across(z[0]), k > 1 ? up(z[1]) : height / 2, 8);
  }

  #drawPlane(ctx, width, height, k, z, decode) {
    const places = new Float64Array(CELLS * CELLS * k);
    for (let row = 0, n = 0; row < CELLS; row++)
      for (let column = 0; column < CELLS; column++, n++) {
        places.set(z, n * k);
        places.set(this.codeAt((column + 0.5) / CELLS, (row + 0.5) / CELLS).slice(0, k), n * k);
      }
    const { values, shape, range } = decode(places, CELLS * CELLS);
    const [channels, high, wide] = shape;
    const sheet = this.#sheet;
    if (sheet.width !== CELLS * wide || sheet.height !== CELLS * high) {
      sheet.width = CELLS * wide;
      sheet.height = CELLS * high;
    }
    const to = sheet.getContext("2d");
    const pixels = new ImageData(wide, high);
    for (let n = 0; n < CELLS * CELLS; n++) {
      toPixels(pixels, values, channels, range, null, n * channels * high * wide);
      to.putImageData(pixels, (n % CELLS) * wide, Math.floor(n / CELLS) * high);
    }
    ctx.globalAlpha = 0.45;
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(sheet, 0, 0, width, height);
    ctx.globalAlpha = 1;
  }
}
