// @ts-check
// The channels, a lane each.
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { line } from "../canvas/strokes.js";
import { find, make, setText } from "../figure/dom.js";
import { number } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { columnsOf, drawChannel, drawFlagged, drawGaps, drawValueTicks } from "./drawing.js";
import { drawJudged } from "./judged_bars.js";
import { partsOf } from "./normal_edges.js";
import { valueText } from "./words.js";

const IN_SIGHT = 7; // channels
const IN_SIGHT_NARROW = 5;
const BELOW = 5; // px below a signal
const ALL = 336; // px at 16 px a rem of all lanes in sight, where the style says nothing else with --lx-lanes
const THICK = [2.6, 1.4, 1.2]; // px of original, network, PCA

export class Lanes {
  /** @type {number[]} channels from top to bottom; none: to be arranged anew */
  #order = [];
  #key = "";
  /** px, kept: to ask the page for it would lay the page out again */
  #scrolled = 0;
  /** px of a lane */
  #height = 0;
  /** px above the signal */
  #above = 0;
  /** @type {{title: HTMLElement, range: HTMLElement, box: HTMLElement, span: string, ticks: number[]}[]} */
  #labels = [];
  #named = "";

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} box */
  constructor(figure, box) {
    this.figure = figure;
    this.scroller = find(box, ".lx-scroll");
    this.inner = find(box, ".lx-long");
    /** @type {HTMLCanvasElement} */
    this.back = find(box, ".lx-back");
    /** @type {HTMLCanvasElement} */
    this.front = find(box, ".lx-front");
    this.scroller.onscroll = () => {
      this.#scrolled = this.scroller.scrollTop;
      figure.redraw("lanes");
    };
  }

  get mostInSight() {
    return this.figure.narrow ? IN_SIGHT_NARROW : IN_SIGHT;
  }

  measure() {
    const { figure, scroller } = this;
    const { channels } = figure.detection;
    const { narrow, root } = figure;
    const shown = Math.min(channels, this.mostInSight);
    const all = Number(getComputedStyle(root).getPropertyValue("--lx-lanes")) || ALL;
    const lane = narrow ? clamp(320 / shown, 60, 170) : clamp(all / shown, all / IN_SIGHT, 230);
    this.#height = lane * rem;
    this.#above = narrow ? 18 * rem : 5; // on a phone its name stands there
    const set = (name, value) => root.style.setProperty(`--lx-${name}`, value);
    set("shown", `${(lane * shown) / 16}rem`); // rem: whoever makes all type smaller sees at once what fits
    set("full", `${(lane * channels) / 16}rem`);
    set("gutter", narrow ? "0px" : "8.25rem");
    set("error", narrow ? "6.875rem" : "7.75rem");
    scroller.classList.toggle("lx-all", channels <= shown);
    set("bar", `${scroller.offsetWidth - scroller.clientWidth}px`);
  }

  /** Names and units, which are the file's: text, never HTML. */
  fill() {
    const { names, units } = this.figure.detection;
    const text = JSON.stringify([names, units]);
    if (this.#named === text) return;
    this.#named = text;
    for (const { box } of this.#labels) box.remove();
    this.#labels = names.map((name, c) => {
      const title = make("b", {}, units[c] ? `${name}, ${units[c]}` : name);
      const range = make("small");
      return {
        title,
        range,
        box: make("div", { class: "lx-name", title: title.textContent }, title, range),
        span: "",
        ticks: [],
      };
    });
    this.inner.append(...this.#labels.map(({ box }) => box));
    this.reorder();
  }

  /** Arrange the lanes anew in the next frame. */
  reorder() {
    this.#order = [];
  }

  /**
   * The file's order; where not all are in sight, the main channels of the chosen stretch, or of all, first. Says
   * whether they moved.
   */
  arrange() {
    const { figure } = this;
    const { channels } = figure.detection;
    const chosen = figure.chosenStretch();
    const all = channels <= this.mostInSight;
    const key = `${all ? "file" : chosen ? `${chosen.start}-${chosen.end}` : "all"} ${this.#height}`;
    if (this.#order.length && this.#key === key) return false;
    this.#key = key;
    const sums = new Float64Array(channels);
    for (const stretch of all ? [] : chosen ? [chosen] : figure.stretches) {
      const shares = figure.sharesOf(stretch);
      for (let c = 0; c < channels; c++) sums[c] += shares[c] * (stretch.end - stretch.start);
    }
    this.#order = Array.from({ length: channels }, (_, c) => c).sort((a, b) => sums[b] - sums[a] || a - b);
    for (const [place, c] of this.#order.entries()) {
      const height = figure.narrow ? "" : `${this.#height}px`;
      Object.assign(this.#labels[c].box.style, { top: `${place * this.#height}px`, height });
    }
    return true;
  }

  /** @param {number} lanes */
  scrollBy(lanes) {
    this.scroller.scrollTop += lanes * this.#height;
  }

  /** The channels that can be seen, from top to bottom. */
  inSight() {
    const first = Math.floor(this.#scrolled / this.#height);
    return this.#order.slice(first, Math.ceil((this.#scrolled + sizeOf(this.front).height) / this.#height));
  }

  /** The values written at the lanes in sight, from top to bottom. */
  ticksInSight() {
    return this.inSight().map((c) => this.#labels[c].ticks);
  }

  draw() {
    const { figure, front } = this;
    const { view, theme, showsPca } = figure;
    const { first: from, last: to, width } = view;
    const ctx = clearedContext(front);
    const tall = sizeOf(front).height;
    const height = this.#height;
    if (!this.#order.length) this.arrange();
    const series = figure.seriesFor(from, to);
    const frame = { from, to, pixels: columnsOf(width), width, reach: 1, thick: THICK, showsPca, strength: 0.8 };
    for (const [place, c] of this.#order.entries()) {
      const top = place * height - this.#scrolled;
      if (top > tall || top < -height) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(0, top, width, height);
      ctx.clip();
      const size = { top: top + this.#above, height: height - this.#above - BELOW };
      const span = drawChannel(ctx, series, c, { ...frame, ...size });
      this.#labels[c].ticks = drawValueTicks(ctx, theme, span, { ...size, width });
      ctx.restore();
      if (place) {
        ctx.globalAlpha = 0.16;
        ctx.strokeStyle = theme.text;
        ctx.lineWidth = 1;
        line(ctx, 0, Math.round(top) + 0.5, width, Math.round(top) + 0.5);
        ctx.globalAlpha = 1;
      }
      this.#labels[c].span = `${number(span.least)} … ${number(span.most)}`;
    }
    drawGaps(ctx, figure, tall);
  }

  /** Below the lines: normal and labelled stretches, and flagged ones. */
  shade() {
    const { figure, back } = this;
    const { normal, detection, theme, view } = figure;
    const ctx = clearedContext(back);
    const { height } = sizeOf(back);
    const fill = (x, width) => ctx.fillRect(x, 0, width, height);
    ctx.fillStyle = theme.text;
    ctx.globalAlpha = 0.07;
    view.spans(partsOf(figure.normal, figure.data.stretches), fill);
    if (detection.scored && normal.join() === detection.normal.join()) view.spans([detection.heldOut], fill);
    drawFlagged(ctx, figure, height, true);
    drawJudged(ctx, figure, height);
    const marked = figure.marked();
    if (marked) {
      ctx.strokeStyle = theme.text;
      ctx.lineWidth = 1.5;
      const box = (rows) => {
        const [a, b] = rows.map((row) => view.x(row));
        ctx.strokeRect(a, 0.75, Math.max(2, b - a), height - 1.5);
      };
      box(marked);
      ctx.globalAlpha = 0.45;
      if (figure.visited !== null) box(figure.chosenRows());
      ctx.globalAlpha = 1;
    }
    ctx.fillStyle = theme.text;
    view.spans(detection.labels, (x, width) => {
      const end = x + width;
      for (let at = Math.max(0, x); at < Math.min(view.width, end); at += 5)
        ctx.fillRect(at, height - 5, Math.min(3, end - at), 5);
    });
  }

  /** At the left of each lane: the least and the most in view, or what the pointer is on. @param {number | null} row */
  showValues(row) {
    const { figure } = this;
    const { view, detection } = figure;
    const { values, reconstruction } = figure.seriesFor(view.first, view.last);
    for (const c of this.inSight()) {
      const { range, span } = this.#labels[c];
      if (row === null) setText(range, span);
      else if (!detection.scored) setText(range, valueText(values.valueAt(c, row)));
      else setText(range, `${valueText(values.valueAt(c, row))} → ${valueText(reconstruction.valueAt(c, row))}`);
    }
  }
}
