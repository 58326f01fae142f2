// @ts-check
// The map of an epoch: a point a held-out sample, wherever the film stands.
import { drawMapAxes } from "../canvas/axis.js";
import { clearedContext, fit, rem, sizeOf } from "../canvas/context.js";
import { drawLabels, makeLabel, setApart } from "../canvas/labels.js";
import { fractionOf } from "../canvas/scales.js";
import { dotRadius, dots, drawPoints } from "../canvas/scatter.js";
import { haloText, ring } from "../canvas/strokes.js";
import { FrameStats } from "../figure/stats.js";
import { Colouring } from "./colouring.js";
import { MapBox } from "./map_box.js";
import { classMedians } from "./medians.js";

/** @typedef {import("./timeline.js").Snapshot} Snapshot */

export class CodeMap {
  colouring = new Colouring();
  /** held-out samples that are shown */
  count = 0;
  /** @type {import("../types").ReplayData} */ data;
  /** @type {import("../canvas/theme.js").Theme} */ theme;
  /** what is shown of the plane */
  box = new MapBox(false);
  width = 0;
  height = 0;
  /** (N · 2) the film's place, in the codes' own units: on the canvas, for tests */
  #positions = new Float32Array(0);
  #pixels = new Float32Array(0);
  /**
   * @type {{stamps: HTMLCanvasElement[], shades: Int16Array | null, alpha: number} | null} once for a colour, a theme,
   *   a size
   */
  #look = null;
  /** @type {WeakMap<Snapshot, ([number, number] | null)[]>} */ #medians = new WeakMap();

  /** @param {HTMLCanvasElement} canvas @param {HTMLElement} caption */
  constructor(canvas, caption) {
    this.canvas = canvas;
    this.caption = caption;
    this.stats = new FrameStats(canvas);
    Object.assign(canvas, { positions: this.#positions });
  }

  /** @param {import("../types").ReplayData} data @param {import("../canvas/theme.js").Theme} theme */
  set(data, theme) {
    this.data = data;
    this.theme = theme;
    this.colouring.set(data);
  }

  /** Whether the prior's circles are shown. */
  get round() {
    return this.data.gaussian && this.data.k === 2;
  }

  restart() {
    this.box = new MapBox(this.round);
  }

  refresh() {
    this.#look = null;
    this.caption.replaceChildren(...this.colouring.caption(this.count, this.theme));
  }

  /** Follows the size on the page; says whether it has to be drawn again. */
  fit() {
    const changed = fit(this.canvas);
    if (changed) this.#look = null;
    return changed;
  }

  clear() {
    clearedContext(this.canvas);
  }

  /** @param {import("./timeline.js").Between} between */
  draw({ a, b, part }) {
    const began = performance.now();
    this.#place(a, b, part);
    const ctx = clearedContext(this.canvas);
    const { width, height } = sizeOf(this.canvas);
    this.width = width;
    this.height = height;
    if (this.round) this.#drawPrior(ctx);
    this.#drawPoints(ctx);
    this.#drawAxes(ctx);
    if (this.colouring.byClass) this.#drawNames(ctx, a, b, part);
    this.stats.add(began);
  }

  /**
   * Between two epochs the points move in straight lines.
   * @param {Snapshot} a @param {Snapshot | null} b @param {number} part
   */
  #place(a, b, part) {
    if (this.#positions.length !== a.map.length) {
      this.#positions = new Float32Array(a.map.length);
      this.#pixels = new Float32Array(a.map.length);
      Object.assign(this.canvas, { positions: this.#positions });
      this.count = a.map.length / 2;
      this.refresh();
    }
    const positions = this.#positions;
    for (let i = 0; i < positions.length; i++) positions[i] = b ? a.map[i] + part * (b.map[i] - a.map[i]) : a.map[i];
  }

  /** @param {number} value */
  #x(value) {
    return fractionOf(this.box, 0, value) * this.width;
  }

  /** @param {number} value */
  #y(value) {
    return (1 - fractionOf(this.box, 1, value)) * this.height;
  }

  /** @param {CanvasRenderingContext2D} ctx */
  #drawPoints(ctx) {
    this.#look ??= this.#makeLook();
    const { stamps, shades, alpha } = this.#look;
    const [positions, pixels] = [this.#positions, this.#pixels];
    for (let i = 0; i < positions.length; i += 2) {
      pixels[i] = this.#x(positions[i]);
      pixels[i + 1] = this.#y(positions[i + 1]);
    }
    drawPoints(ctx, pixels, stamps, shades, alpha);
  }

  #makeLook() {
    const { colours, shades, alpha } = this.colouring.shade(this.count, this.theme);
    return { stamps: dots(colours, dotRadius(this.count, this.width)), shades, alpha };
  }

  /**
   * Each class's name at the median of its codes. The names of two epochs are set apart each for itself and then glide
   * like the points: set apart anew in every frame they would hop.
   * @param {CanvasRenderingContext2D} ctx @param {Snapshot} a @param {Snapshot | null} b @param {number} part
   */
  #drawNames(ctx, a, b, part) {
    const names = this.#names(ctx, a);
    for (const [n, to] of (b ? this.#names(ctx, b) : []).entries()) {
      if (!names[n]) continue;
      names[n].x += part * (to.x - names[n].x);
      names[n].y += part * (to.y - names[n].y);
    }
    drawLabels(ctx, this.theme, names);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Snapshot} snapshot */
  #names(ctx, snapshot) {
    const { theme, width, height } = this;
    const { classes, labels } = this.colouring;
    const medians = this.#medians.get(snapshot) ?? classMedians(snapshot.map, labels, classes.length);
    this.#medians.set(snapshot, medians);
    const names = classes.flatMap((name, c) => {
      const at = medians[c];
      return at ? [makeLabel(ctx, theme, name, this.#x(at[0]), this.#y(at[1]), width)] : [];
    });
    setApart(names, width, height);
    return names;
  }

  /** @param {CanvasRenderingContext2D} ctx */
  #drawPrior(ctx) {
    const { theme } = this;
    const x = this.#x(0);
    const y = this.#y(0);
    ctx.font = `${10 * rem}px ${theme.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const sigma of [1, 2, 3]) {
      const radius = this.#x(sigma) - x;
      const beside = radius * Math.SQRT1_2;
      ctx.globalAlpha = 0.25;
      ctx.lineWidth = 1;
      ctx.strokeStyle = theme.text;
      ring(ctx, x, y, radius);
      ctx.stroke();
      ctx.globalAlpha = 0.85;
      haloText(ctx, theme, `${sigma} σ`, x + beside, y + beside, 3);
    }
    ctx.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} ctx */
  #drawAxes(ctx) {
    const { data, theme, width, height, box } = this;
    const axis = (i) => ({ name: data.axes[i], low: box.low[i], high: box.high[i] });
    drawMapAxes(ctx, theme, { width, height, across: axis(0), up: data.k > 1 ? axis(1) : null });
  }
}
