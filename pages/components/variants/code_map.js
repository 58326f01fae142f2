// @ts-check
// A map of two dimensions: codes as dots, their classes' names, and what a figure draws over them.
import { classColour, PALETTE } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { StillLayer } from "../canvas/layer.js";
import { dotRadius, dots, drawClassMap, drawPoints } from "../canvas/scatter.js";

export const MOST_POINTS = 3000;
const ALPHA = 0.75; // of the dots

/** @typedef {ArrayLike<number>} Pair */

export class CodeMap {
  #layer = new StillLayer();
  #positions = new Float32Array(0);

  /**
   * @param {import("./figure.js").VariantFigure} figure @param {HTMLCanvasElement} canvas
   * @param {object} map
   * @param {Pair} map.low @param {Pair} map.high its ends
   * @param {Float32Array} [map.points] (N · 2)
   * @param {Uint8Array | null} [map.labels] @param {string[] | null} [map.classes] none: no names are written
   * @param {boolean} [map.glides] whether the points move
   */
  constructor(figure, canvas, { low, high, points = new Float32Array(0), labels = null, classes = null, glides }) {
    this.figure = figure;
    this.canvas = canvas;
    this.low = low;
    this.high = high;
    this.points = points;
    this.labels = labels;
    this.classes = classes;
    this.glides = !!glides;
    figure.sharp.push(canvas);
  }

  /** Where a code lies. @param {Pair} z @returns {[number, number]} px */
  at(z) {
    const { width, height } = sizeOf(this.canvas);
    return [
      ((z[0] - this.low[0]) / (this.high[0] - this.low[0])) * width,
      (1 - (z[1] - this.low[1]) / (this.high[1] - this.low[1])) * height,
    ];
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pair} centre @param {Pair} radii in units of the codes */
  ellipse(ctx, centre, radii) {
    const [x, y] = this.at(centre);
    const [right, top] = this.at([centre[0] + radii[0], centre[1] + radii[1]]);
    ctx.beginPath();
    ctx.ellipse(x, y, right - x, y - top, 0, 0, 2 * Math.PI);
    ctx.stroke();
  }

  /** The standard normal prior: 1, 2 and 3 σ. @param {CanvasRenderingContext2D} ctx */
  prior(ctx) {
    ctx.strokeStyle = this.figure.theme.text;
    ctx.lineWidth = 1;
    ctx.setLineDash([4, 4]);
    ctx.globalAlpha = 0.6;
    for (const r of [1, 2, 3]) this.ellipse(ctx, [0, 0], [r, r]);
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  /** @param {(ctx: CanvasRenderingContext2D) => void} over what is drawn over the dots */
  draw(over) {
    const { theme } = this.figure;
    const ctx = clearedContext(this.canvas);
    if (this.glides) this.#drawCodes(ctx);
    else this.#layer.draw(ctx, "", theme, (still) => this.#drawCodes(still));
    over(ctx);
  }

  /** @param {CanvasRenderingContext2D} ctx */
  #drawCodes(ctx) {
    const { points, labels, classes, low, high } = this;
    const { width, height } = sizeOf(this.canvas);
    if (this.#positions.length !== points.length) this.#positions = new Float32Array(points.length);
    for (let i = 0; i < points.length; i += 2) {
      this.#positions[i] = ((points[i] - low[0]) / (high[0] - low[0])) * width;
      this.#positions[i + 1] = (1 - (points[i + 1] - low[1]) / (high[1] - low[1])) * height;
    }
    const positions = this.#positions;
    if (classes || !labels)
      return drawClassMap(ctx, this.figure.theme, { positions, width, height, labels, classes, alpha: ALPHA });
    const stamps = dots(
      PALETTE.map((_, c) => classColour(c)),
      dotRadius(points.length / 2, width),
    );
    const shades = labels.map((label) => label % PALETTE.length);
    drawPoints(ctx, positions, stamps, shades, ALPHA);
  }
}
