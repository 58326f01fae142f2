// @ts-check
// Empty plots that take a guess: a dot on a plane, a curve. By mouse, finger and keys.
import { clearedContext, fit, rem, sizeOf } from "../canvas/context.js";
import { handle, line } from "../canvas/strokes.js";
import { readTheme } from "../canvas/theme.js";
import { make, setLabel } from "../figure/dom.js";
import { arrowOf } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { short } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import * as words from "./words.js";

/** @typedef {import("../types").LessonStep} Step */

const STEPS = 20; // of an arrow key, from one end to the other

class Plot {
  /** @type {number[]} */ values = [];
  /** @type {number[] | null} what is right, once that is shown */ right = null;
  onMove = () => {};

  /** @param {Step} step @param {string} role @param {string} label */
  constructor(step, role, label) {
    this.step = step;
    this.canvas = make("canvas", { "data-testid": "lesson-guess", tabindex: 0, role, class: `lx-${step.guess}` });
    if (role === "slider") this.canvas.setAttribute("aria-roledescription", "two-dimensional slider");
    setLabel(this.canvas, `${label}. ${step.title}`);
    this.canvas.style.touchAction = "none";
    onDrag(this.canvas, {
      press: () => {
        if (this.right) return false;
        this.canvas.focus({ preventScroll: true });
        return true;
      },
      move: ({ u, v }) => this.#moved(() => this.press(this.#inside(u, true), 1 - this.#inside(v, false))),
    });
    this.canvas.onkeydown = (event) => {
      const arrow = arrowOf(event);
      if (!arrow || this.right) return;
      event.preventDefault();
      this.#moved(() => this.nudge(...arrow));
    };
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** px that the axes take */
  get insets() {
    return { left: 2.2 * rem * 16, right: 10, top: 10, bottom: 2.4 * rem * 16 };
  }

  /** A fraction of the canvas as one of the plot. @param {number} part @param {boolean} across */
  #inside(part, across) {
    const { width, height } = sizeOf(this.canvas);
    const { left, right, top, bottom } = this.insets;
    const [size, first, last] = across ? [width, left, right] : [height, top, bottom];
    return clamp((part * size - first) / (size - first - last), 0, 1);
  }

  /** @param {() => void} change */
  #moved(change) {
    change();
    this.say();
    this.draw();
    this.onMove();
  }

  /** A place of the plot, px. @param {number} u @param {number} v 0..1, upwards @returns {[number, number]} */
  at(u, v) {
    const { width, height } = sizeOf(this.canvas);
    const { left, right, top, bottom } = this.insets;
    return [left + u * (width - left - right), top + (1 - v) * (height - top - bottom)];
  }

  /** A height as a fraction. @param {number} value */
  share(value) {
    return (value - this.step.low) / (this.step.high - this.step.low);
  }

  /** @param {number[]} guess */
  answer(guess) {
    this.values = [...guess];
    this.right = this.step.right;
    this.say();
    this.draw();
  }

  draw() {
    if (!this.canvas.isConnected) return;
    fit(this.canvas);
    const ctx = clearedContext(this.canvas);
    const theme = readTheme(this.canvas);
    const { low, high, across, up } = this.step;
    const [x0, y0] = this.at(0, 0);
    const [x1, y1] = this.at(1, 1);
    Object.assign(ctx, { strokeStyle: theme.text, fillStyle: theme.text, lineWidth: 1, font: `12px ${theme.font}` });
    line(ctx, x0, y0, x1, y0);
    line(ctx, x0, y0, x0, y1);
    Object.assign(ctx, { textAlign: "center", textBaseline: "top" });
    ctx.fillText(across, (x0 + x1) / 2, y0 + 7 + 14 * rem);
    let free = Number.NEGATIVE_INFINITY;
    for (const [u, value] of this.marks()) {
      const [x, text] = [this.at(u, 0)[0], short(value, true)];
      const half = ctx.measureText(text).width / 2;
      if (x - half < free) continue;
      line(ctx, x, y0, x, y0 + 4);
      ctx.fillText(text, Math.min(x, x1 + 9 - half), y0 + 6);
      free = x + half + 5;
    }
    Object.assign(ctx, { textAlign: "right", textBaseline: "middle" });
    ctx.fillText(short(low, true), x0 - 5, y0 - 5);
    ctx.fillText(short(high, true), x0 - 5, y1 + 5);
    ctx.save();
    ctx.translate(x0 - 14, (y0 + y1) / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.textAlign = "center";
    ctx.fillText(up, 0, 0);
    ctx.restore();
    this.drawGuess(ctx, theme);
  }

  // ---- its own ----

  /** @returns {[number, number][]} what stands below the axis: where, 0..1, and the number */
  marks() {
    const { low, high } = this.step;
    return [
      [0, low],
      [1, high],
    ];
  }
  /** @param {number} _u @param {number} _v */
  press(_u, _v) {}
  /** @param {number} _right @param {number} _up */
  nudge(_right, _up) {}
  say() {}
  /** @param {CanvasRenderingContext2D} _ctx @param {import("../canvas/theme.js").Theme} _theme */
  drawGuess(_ctx, _theme) {}
}

/** A dot on a plane. */
export class Dot extends Plot {
  /** @param {Step} step */
  constructor(step) {
    super(step, "slider", words.PLACE_LABEL);
    const { low, high } = step;
    this.values = [low + 0.15 * (high - low), low + 0.15 * (high - low)];
    this.say();
  }

  press(u, v) {
    const { low, high } = this.step;
    this.values = [u, v].map((part) => low + part * (high - low));
  }

  nudge(right, up) {
    const { low, high } = this.step;
    const by = (high - low) / STEPS;
    this.values = [clamp(this.values[0] + right * by, low, high), clamp(this.values[1] + up * by, low, high)];
  }

  say() {
    const { canvas, values, step } = this;
    canvas.setAttribute("aria-valuemin", String(step.low));
    canvas.setAttribute("aria-valuemax", String(step.high));
    canvas.setAttribute("aria-valuenow", values[0].toFixed(6)); // never 1e-7, which is no number there
    canvas.setAttribute("aria-valuetext", words.place(values[0], values[1]));
  }

  drawGuess(ctx, theme) {
    const place = (values) => this.at(this.share(values[0]), this.share(values[1]));
    if (this.right) cross(ctx, theme, ...place(this.right));
    handle(ctx, theme, ...place(this.values));
  }
}

/** A curve over given places. */
export class Curve extends Plot {
  /** knots that have been drawn */
  #set = new Set();
  #knot = 0;

  /** @param {Step} step */
  constructor(step) {
    super(step, "slider", words.CURVE_LABEL);
    this.canvas.setAttribute("aria-roledescription", "curve");
    this.values = step.at.map(() => (step.low + step.high) / 2);
    this.say();
  }

  /** Each knot: they need not be as far from each other as they look. @returns {[number, number][]} */
  marks() {
    return this.step.at.map((value, n) => [this.#across(n), value]);
  }

  /** Where a knot is across: evenly, for the places of most curves of a size grow by factors. @param {number} n */
  #across(n) {
    return n / (this.step.at.length - 1);
  }

  press(u, v) {
    const n = Math.round(u * (this.step.at.length - 1));
    this.#put(n, this.step.low + v * (this.step.high - this.step.low));
  }

  /** @param {number} n @param {number} value */
  #put(n, value) {
    this.#knot = n;
    this.values[n] = clamp(value, this.step.low, this.step.high);
    if (!this.#set.size) this.values.fill(this.values[n]);
    this.#set.add(n);
    this.values = this.values.map((old, i) => (this.#set.has(i) ? old : this.#between(i)));
  }

  /** A knot that was not drawn, between those that were. @param {number} i */
  #between(i) {
    const drawn = [...this.#set].sort((a, b) => a - b);
    const [before, after] = [drawn.filter((n) => n < i).at(-1), drawn.find((n) => n > i)];
    if (before === undefined || after === undefined) return this.values[before ?? after];
    return this.values[before] + ((i - before) / (after - before)) * (this.values[after] - this.values[before]);
  }

  nudge(right, up) {
    const { step, values } = this;
    this.#knot = clamp(this.#knot + right, 0, step.at.length - 1);
    if (up) this.#put(this.#knot, values[this.#knot] + (up * (step.high - step.low)) / STEPS);
  }

  say() {
    const { canvas, values, step } = this;
    const n = this.#knot;
    canvas.setAttribute("aria-valuemin", String(step.low));
    canvas.setAttribute("aria-valuemax", String(step.high));
    canvas.setAttribute("aria-valuenow", values[n].toFixed(6));
    canvas.setAttribute("aria-valuetext", words.knot(n + 1, step.at[n], values[n]));
  }

  drawGuess(ctx, theme) {
    const { values, right } = this;
    if (right) this.#line(ctx, right, theme.text, [5, 4]);
    if (this.#set.size || right) {
      this.#line(ctx, values, theme.primary, []);
      if (!right) handle(ctx, theme, ...this.at(this.#across(this.#knot), this.share(values[this.#knot])), 6);
      return;
    }
    const [x, y] = this.at(0.5, 0.5);
    Object.assign(ctx, { fillStyle: theme.text, textAlign: "center" });
    ctx.fillText(words.DRAW_HERE, x, y);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number[]} values @param {string} colour @param {number[]} dashes */
  #line(ctx, values, colour, dashes) {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: 2 });
    ctx.setLineDash(dashes);
    ctx.beginPath();
    for (const [n, value] of values.entries()) ctx.lineTo(...this.at(this.#across(n), this.share(value)));
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

/** What is right. @param {CanvasRenderingContext2D} ctx @param {import("../canvas/theme.js").Theme} theme */
function cross(ctx, theme, x, y) {
  Object.assign(ctx, { strokeStyle: theme.text, lineWidth: 2 });
  line(ctx, x - 7, y - 7, x + 7, y + 7);
  line(ctx, x - 7, y + 7, x + 7, y - 7);
}
