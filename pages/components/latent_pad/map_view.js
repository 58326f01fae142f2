// @ts-check
// One model: its map, what it decodes at the handle, and what is read out there.
import { clearedContext, fit } from "../canvas/context.js";
import { growRange, rangeOf } from "../canvas/range.js";
import { SampleView } from "../canvas/sample.js";
import { fractionOf, valueAt } from "../canvas/scales.js";
import { handle, line, ring } from "../canvas/strokes.js";
import { byTestId } from "../figure/dom.js";
import { FrameStats } from "../figure/stats.js";
import { jitter } from "../math/random.js";
import { clamp } from "../math/stats.js";
import { nearestCodes } from "../runtime/model.js";
import { drawBackdrop, HEAT } from "./backdrop.js";
import { snap } from "./geometry.js";
import { attachHand } from "./hand.js";
import { Landing } from "./landing.js";
import { Mosaic } from "./mosaic.js";
import { Opinion } from "./opinion.js";
import { Peek } from "./peek.js";
import { Readout } from "./readout.js";
import { ZoomHand } from "./zoom_hand.js";

export class MapView {
  /** @type {number[]} (k) where the handle is */
  z;
  /** @type {number[] | null} what the last frame was drawn for */
  drawn = null;
  /** px */
  width = 0;
  height = 0;
  /** @type {ReturnType<typeof nearestCodes> | null} */ near = null;
  /** @type {Float32Array} (count · 2) where the codes are on the map, px */
  positions = new Float32Array(0);
  /** @type {{name: string, u: number, v: number}[]} the classes' names, fractions of the map */ names = [];
  #positionsFor = "";
  #look = "";

  /**
   * @param {import("./pad.js").LatentPad} pad @param {import("../runtime/model.js").Model} model
   * @param {HTMLElement} element @param {number} index
   */
  constructor(pad, model, element, index) {
    this.pad = pad;
    this.model = model;
    this.element = element;
    this.index = index;
    this.z = [...model.centre];
    this.signal = model.shape.length === 2;
    this.range = rangeOf(model);
    element.dataset.view = model.name;
    this.find("title").textContent = model.title;
    this.surface = this.find("surface");
    this.backdrop = /** @type {HTMLCanvasElement} */ (this.find("backdrop"));
    this.overlay = /** @type {HTMLCanvasElement} */ (this.find("overlay"));
    this.decoded = new SampleView(byTestId(element, "decoded"), model, { axes: true });
    this.stats = new FrameStats(this.surface);
    this.mosaic = new Mosaic(this);
    this.readout = new Readout(this);
    this.opinion = new Opinion(this, this.find("opinion"));
    this.landing = new Landing(this, this.find("result"));
    this.zoomHand = new ZoomHand(this);
    this.peek = new Peek(this);
    attachHand(this);
  }

  /** @param {string} name of a part's class, without lx- @returns {HTMLElement} */
  find(name) {
    return this.element.querySelector(`.lx-${name}`);
  }

  /** @param {number[]} z (k) */
  moveTo(z) {
    this.z = z.map((value, i) => snap(this.model, i, value));
  }

  // ---- where things are on the map, px ----

  /** Dimensions along the map and up it; one alone where the code has one number. */
  axes() {
    return this.model.k > 1 ? this.pad.axes.map((i) => Math.min(i, this.model.k - 1)) : [0];
  }

  /** @param {ArrayLike<number>} z (k), at `from` @param {number} [from] */
  x(z, from = 0) {
    const [a] = this.axes();
    return this.pad.zoom.across(fractionOf(this.model, a, z[from + a])) * this.width;
  }

  /** @param {ArrayLike<number>} z (k), at `from` @param {number} [from] */
  y(z, from = 0) {
    const [, b] = this.axes();
    if (b === undefined) return this.height / 2;
    return this.pad.zoom.down(1 - fractionOf(this.model, b, z[from + b])) * this.height;
  }

  /** The values of a dimension at both ends of what is in view. @param {number} i dimension @param {boolean} up */
  ends(i, up) {
    const { zoom } = this.pad;
    const [low, high] = up
      ? [1 - zoom.fractionDown(1), 1 - zoom.fractionDown(0)]
      : [zoom.fractionAcross(0), zoom.fractionAcross(1)];
    return { low: valueAt(this.model, i, low), high: valueAt(this.model, i, high) };
  }

  /** Where the codes are: computed once for a size, for axes and for what is in view. */
  codePositions() {
    const key = [this.width, this.height, this.axes(), this.pad.zoom.state()].join();
    if (key === this.#positionsFor) return this.positions;
    this.#positionsFor = key;
    const { codes, k, count, labels, classes } = this.model;
    if (this.positions.length !== 2 * count) this.positions = new Float32Array(2 * count);
    for (let n = 0; n < count; n++) {
      this.positions[2 * n] = this.x(codes, n * k);
      // One number: the classes get a row each, and within it the samples are strewn so that they can be told apart.
      const strewn = jitter(n);
      const row = classes ? (labels[n] + 0.15 + 0.7 * strewn) / classes.length : 0.2 + 0.6 * strewn;
      this.positions[2 * n + 1] = k > 1 ? this.y(codes, n * k) : 8 + row * (this.height - 32);
    }
    return this.positions;
  }

  /** Where the codes are on the whole map, fractions from the left and the top. @returns {Float64Array} (count · 2) */
  fractions() {
    const [a, b] = this.axes();
    const { codes, k, count } = this.model;
    const made = new Float64Array(2 * count);
    for (let n = 0; n < count; n++) {
      made[2 * n] = fractionOf(this.model, a, codes[n * k + a]);
      made[2 * n + 1] = b === undefined ? 0.5 : 1 - fractionOf(this.model, b, codes[n * k + b]);
    }
    return made;
  }

  /** A heat map that Python computed for these axes. @param {string} name */
  field(name) {
    const field = this.pad.data.fields?.[this.model.name]?.[name];
    return field && (!field.axes || String(field.axes) === String(this.axes())) ? field : null;
  }

  /** What a classifier sees at the places of a part of this map, as Python computed it. */
  verdict() {
    const found = this.pad.data.verdicts?.[this.model.name];
    return found && String(found.axes) === String(this.axes()) ? found : null;
  }

  /**
   * Where the colour scale of the chosen factor ends: 1 % at each end is left out, so that one outlier does not take it
   * all.
   */
  factorRange() {
    const { factors, factors_of, count } = this.model;
    const f = factors.findIndex((factor) => factor.name === this.pad.colour);
    const sorted = Float32Array.from({ length: count }, (_, n) => factors_of[n * factors.length + f]).sort();
    const [low, high] = [sorted[Math.floor(count * 0.01)], sorted[Math.ceil(count * 0.99) - 1]];
    return { f, low, high, unit: factors[f].unit ?? "" };
  }

  // ---- a frame: decode, draw, read out ----

  /**
   * Says whether the handle has moved since the last frame.
   * @param {boolean} [landed] whether the drawing's mark may have moved
   */
  draw(landed = false) {
    if (!this.width) return false;
    if (this.drawn && this.z.every((value, i) => value === this.drawn[i])) {
      if (landed) this.drawOverlay();
      return false;
    }
    const began = performance.now();
    const values = this.model.decode(this.z);
    growRange(this.range, values, this.model);
    this.decoded.show(values, { range: this.range, theme: this.pad.theme });
    this.stats.add(began);
    this.drawn = this.z; // never changed in place: `moveTo` makes a new one
    const { count, off_data } = this.model;
    this.near = count ? nearestCodes(this.model, this.z, off_data?.neighbours ?? 1) : null;
    this.drawOverlay();
    this.readout.show();
    this.opinion.show(values);
    this.peek.show();
    return true;
  }

  /** The handle, the thread to the nearest code, and the drawing's mark. */
  drawOverlay() {
    const { pad, width, height, near } = this;
    const { theme } = pad;
    const ctx = clearedContext(this.overlay);
    const x = this.x(this.z);
    const y = this.y(this.z);
    if (this.model.k === 1) {
      ctx.strokeStyle = theme.primary;
      ctx.lineWidth = 1.5;
      line(ctx, x, 0, x, height);
    }
    pad.lasso?.draw(ctx, this);
    if (near) this.drawThread(ctx, x, y, near.indexes[0]);
    this.landing.drawMark(ctx);
    this.peek.mark(ctx);
    handle(ctx, theme, x, y);
    const hint = this.find("hint");
    hint.hidden = pad.touched || pad.drawing.isOpen || this.index > 0;
    if (hint.hidden) return;
    const left = x > width * 0.6;
    hint.style.setProperty("--lx-nudge", left ? "-4px" : "4px");
    const across = left ? `calc(${x - 18}px - 100%)` : `${x + 18}px`;
    hint.style.transform = `translate(${across}, ${clamp(y - 12, 2, height - 26)}px)`;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} n of the nearest code */
  drawThread(ctx, x, y, n) {
    const { theme } = this.pad;
    const positions = this.codePositions();
    const draw = (colour, width) => {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      line(ctx, x, y, positions[2 * n], positions[2 * n + 1]);
      ring(ctx, positions[2 * n], positions[2 * n + 1], 4);
      ctx.stroke();
    };
    draw(theme.background, 3.75); // a halo, then the line: reads on any backdrop
    draw(theme.text, 1.25);
  }

  describe() {
    this.readout.describe();
    if (this.opinion.shares) this.opinion.bars.setAttribute("aria-label", this.opinion.spoken());
    this.landing.describe();
  }

  // ---- what no frame of a drag changes ----

  resize() {
    const { clientWidth, clientHeight } = this.surface;
    if (!clientWidth) return false; // in a hidden tab
    this.width = clientWidth;
    this.height = clientHeight;
    const backdrop = fit(this.backdrop, this.surface);
    if (backdrop) this.drawBackdrop();
    const overlay = fit(this.overlay, this.surface);
    const decoded = this.decoded.fit();
    if (overlay || decoded) {
      this.drawn = null;
      this.draw(); // now: the canvas is empty until it is drawn
    }
    return backdrop;
  }

  /** The same data again, or only another view's fields: nothing is drawn. */
  refresh() {
    const { theme, backdrop, colour, hidden, axes } = this.pad;
    const field = backdrop in HEAT ? this.field(backdrop) : backdrop === "verdict" && this.verdict();
    const opinion = !!this.opinion.network;
    const { zoom, lasso } = this.pad;
    const look = JSON.stringify([theme, backdrop, colour, [...hidden], axes, field, zoom.state(), opinion, lasso.line]);
    this.zoomHand.refresh();
    const redrawn = this.resize();
    if (this.width) this.peek.show();
    if (look === this.#look) return;
    this.#look = look;
    if (!redrawn) this.drawBackdrop();
    this.drawn = null; // the handle, the curve and the readouts follow the theme and the axes too
  }

  /** Another part is in view, or it has come to rest. */
  reframe() {
    this.drawBackdrop();
    if (!this.width || !this.drawn) return;
    this.drawOverlay();
    this.peek.show();
  }

  drawBackdrop() {
    if (!this.width) return;
    if (!this.pad.moving) this.mosaic.start();
    drawBackdrop(this);
  }

  /** Decode more of the map, for so many ms. @param {number} budget */
  fill(budget) {
    this.mosaic.fill(budget);
    drawBackdrop(this);
  }
}
