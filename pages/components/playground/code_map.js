// @ts-check
// The map of the codes as they move: what the decoder draws over the plane, the samples' codes, and the dot.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, fit, offscreen, rem, sizeOf } from "../canvas/context.js";
import { classLabels, drawLabels } from "../canvas/labels.js";
import { toPixels } from "../canvas/sample.js";
import { dotRadius, dots, drawPoints } from "../canvas/scatter.js";
import { haloText, handle } from "../canvas/strokes.js";
import { drawLanes } from "../canvas/trace.js";
import { find, prefersStill } from "../figure/dom.js";

const CELLS = 11; // pictures along a side of the plane
const PLANE_EVERY = 3; // frames, where they take long
const LABELS_EVERY = 6; // frames
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
  #key = "";
  #age = 0;
  /** @type {import("../canvas/labels.js").Label[]} */
  #labels = [];
  /** @type {HTMLCanvasElement[]} */
  #stamps = [];

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
    this.#age = 0;
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
      const share = this.#first || prefersStill() ? 1 : GROW;
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

  /** The middle of it, and beyond its two axes of the codes. @param {Float32Array} codes (N × k) @param {number} k */
  middle(codes, k) {
    return Array.from({ length: k }, (_, i) => {
      if (i < 2) return (this.range[i][0] + this.range[i][1]) / 2;
      let sum = 0;
      for (let n = i; n < codes.length; n += k) sum += codes[n];
      return (sum * k) / codes.length;
    });
  }

  /**
   * How far a place is from the nearest code, as a share of the map.
   * @param {Float32Array} codes @param {number[]} z
   */
  distance(codes, z) {
    const k = z.length;
    const spans = z.map((_, i) => (i < 2 ? this.range[i][1] - this.range[i][0] : this.range[0][1] - this.range[0][0]));
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < codes.length; n += k) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += ((codes[n + i] - z[i]) / spans[i]) ** 2;
      least = Math.min(least, sum);
    }
    return Math.sqrt(least);
  }

  /**
   * @param {Float32Array} codes (N × k) @param {number} k
   * @param {import("./spec.js").Colouring} colouring @param {import("./spec.js").Spec} spec
   * @param {number[]} z where the dot is @param {import("../canvas/theme.js").Theme} theme
   * @param {((places: Float64Array, count: number) => ArrayLike<number>) | null} decode what the decoder makes of
   *   codes; null where nothing can lie on the plane
   * @param {boolean} [hurries] whether the plane's pictures may be those of a frame before
   */
  draw(codes, k, colouring, spec, z, theme, decode, hurries = false) {
    const { width, height } = sizeOf(this.canvas);
    if (!(width > 4)) return;
    const ctx = clearedContext(this.canvas);
    if (decode && spec.kind === "pictures") this.#drawPlane(ctx, width, height, k, z, decode, spec, hurries);
    else if (decode) this.#drawLines(ctx, width, height, k, z, decode, spec);
    const count = codes.length / k;
    if (this.#positions.length !== 2 * count) this.#positions = new Float32Array(2 * count);
    const [[left, right], [bottom, top]] = this.range;
    const across = (value) => ((value - left) / (right - left)) * width;
    const up = (value) => ((top - value) / (top - bottom)) * height;
    const most = Math.max(1, colouring.colours.length - 1);
    for (let n = 0; n < count; n++) {
      this.#positions[2 * n] = across(codes[n * k]);
      // One dimension is a line: what is of another colour lies above it.
      this.#positions[2 * n + 1] = k > 1 ? up(codes[n * k + 1]) : height * (0.88 - (0.66 * colouring.shades[n]) / most);
    }
    const shades = hurries ? colouring.few : colouring.shades;
    drawPoints(ctx, this.#positions, this.stampsOf(colouring, count, width), shades, decode ? 0.75 : 0.9);
    const { labels } = colouring;
    const axes =
      k > 2 ? `z₁ to the right, z₂ up, of ${k}` : k === 1 && colouring.up ? `the code; up: ${colouring.up}` : "";
    if (axes) {
      ctx.font = `${12 * rem}px ${theme.font}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "top";
      haloText(ctx, theme, axes, 8, 8, 4);
    }
    if (labels) {
      const map = { positions: this.#positions, width, height, labels, classes: spec.classes };
      // Where a name stands is looked for now and then: it costs as much as all the rest.
      if (this.#age % LABELS_EVERY === 0) this.#labels = classLabels(ctx, theme, spec.classes, map);
      ctx.font = `600 ${(width < 260 ? 12 : 15) * rem}px ${theme.font}`;
      drawLabels(ctx, theme, this.#labels);
    }
    this.#age += 1;
    handle(ctx, theme, across(z[0]), k > 1 ? up(z[1]) : height / 2, 8);
  }

  /** A dot of each colour, made once. @param {import("./spec.js").Colouring} colouring */
  stampsOf({ colours }, count, width) {
    const key = `${colours} ${count} ${width} ${devicePixelRatio}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#stamps = dots(colours, dotRadius(count, width));
    }
    return this.#stamps;
  }

  #drawPlane(ctx, width, height, k, z, decode, spec, hurries) {
    if (!hurries || this.#age % PLANE_EVERY === 0) this.#paintPlane(k, z, decode, spec);
    ctx.globalAlpha = 0.45;
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.#sheet, 0, 0, width, height);
    ctx.globalAlpha = 1;
  }

  #paintPlane(k, z, decode, { shape, span }) {
    const values = decode(this.#places(k, z), CELLS * CELLS);
    const [channels, high, wide] = shape;
    const sheet = this.#sheet;
    if (sheet.width !== CELLS * wide || sheet.height !== CELLS * high) {
      sheet.width = CELLS * wide;
      sheet.height = CELLS * high;
    }
    const to = sheet.getContext("2d");
    const pixels = new ImageData(wide, high);
    for (let n = 0; n < CELLS * CELLS; n++) {
      toPixels(pixels, values, channels, span, null, n * channels * high * wide);
      to.putImageData(pixels, (n % CELLS) * wide, Math.floor(n / CELLS) * high);
    }
  }

  #drawLines(ctx, width, height, k, z, decode, { shape, size, span }) {
    const values = decode(this.#places(k, z), CELLS * CELLS);
    const [wide, high] = [width / CELLS, height / CELLS];
    const style = { colour: NETWORK, width: 1, clamps: true };
    ctx.globalAlpha = 0.45;
    for (let n = 0; n < CELLS * CELLS; n++) {
      const frame = {
        x: (n % CELLS) * wide + 2,
        y: Math.floor(n / CELLS) * high + 2,
        width: wide - 4,
        height: high - 4,
      };
      drawLanes(ctx, values, shape, span, frame, { ...style, from: n * size });
    }
    ctx.globalAlpha = 1;
  }

  /** The codes in the middles of the cells; beyond the first two dimensions as the dot has them. */
  #places(k, z) {
    const places = new Float64Array(CELLS * CELLS * k);
    for (let row = 0, n = 0; row < CELLS; row++)
      for (let column = 0; column < CELLS; column++, n++) {
        places.set(z, n * k);
        places.set(this.codeAt((column + 0.5) / CELLS, (row + 0.5) / CELLS).slice(0, k), n * k);
      }
    return places;
  }
}
