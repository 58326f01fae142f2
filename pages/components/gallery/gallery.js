// @ts-check
// Thousands of samples in a window that scrolls: a frame draws those in sight alone.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, fit, offscreen, rem, sizeOf } from "../canvas/context.js";
import { toPixels } from "../canvas/sample.js";
import { byTestId, find } from "../figure/dom.js";
import { Figure } from "../figure/lifecycle.js";
import { FrameStats } from "../figure/stats.js";
import { fromBase64 } from "../runtime/bytes.js";
import { inSight, rowsOf } from "./rows.js";

const TILE = 48; // px, where type has its usual size
const WIDE = 80; // of a trace
const GAP = 4;
const LINE = 28; // of a line of words

/** @extends {Figure<import("../types").GalleryData>} */
export class Gallery extends Figure {
  /** @type {Uint8Array} */ values = new Uint8Array(0);
  /** @type {HTMLCanvasElement} */ canvas;
  /** @type {HTMLElement} */ scroll;
  /** @type {FrameStats} */ stats;
  /** @type {import("./rows.js").Row[]} */ rows = [];
  #paper = offscreen();
  #stale = true;

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (subjectChanged || elementChanged) {
      this.values = fromBase64(this.data.values) ?? this.values;
      this.scroll = byTestId(this.root, "gallery");
      this.canvas = find(this.root, "canvas");
      this.stats = new FrameStats(this.canvas);
      this.scroll.onscroll = () => this.#draw();
      const words = this.data.groups.map((group) => group.words).join("; ");
      this.scroll.setAttribute("aria-label", `The samples by class: ${words}`);
      this.observe([this.canvas]);
      this.scroll.scrollTop = 0;
    }
    this.resize();
  }

  get isPicture() {
    return this.data.shape.length === 3;
  }

  /** Of a tile with its gap, px. */
  get size() {
    return { width: (this.isPicture ? TILE : WIDE) * rem + GAP, height: TILE * rem + GAP };
  }

  resize() {
    fit(this.canvas);
    const { width } = sizeOf(this.canvas);
    const { size } = this;
    const across = Math.max(1, Math.floor((width - GAP) / size.width));
    const { rows, height } = rowsOf(this.data.groups, across, LINE * rem, size.height);
    this.rows = rows;
    find(this.root, ".lx-room").style.height = `${height}px`;
    this.#draw();
  }

  #draw() {
    this.#stale = true;
    this.wake();
  }

  drawFrame() {
    if (!this.#stale) return false;
    this.#stale = false;
    const began = performance.now();
    const { canvas, theme, size } = this;
    const { height } = sizeOf(canvas);
    const ctx = clearedContext(canvas);
    const top = this.scroll.scrollTop;
    ctx.textBaseline = "middle";
    ctx.font = `600 ${13 * rem}px ${theme.font}`;
    for (const row of inSight(this.rows, top, top + height)) {
      const y = row.top - top;
      ctx.fillStyle = theme.text;
      if (!row.count) ctx.fillText(row.words, 2 * GAP, y + (LINE * rem) / 2);
      for (let n = 0; n < row.count; n++) this.#tile(ctx, row.from + n, GAP + n * size.width, y);
    }
    this.stats.add(began);
    return true;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} n of the sample @param {number} x @param {number} y px */
  #tile(ctx, n, x, y) {
    const { shape } = this.data;
    const { width, height } = this.size;
    const from = n * shape.reduce((product, each) => product * each, 1);
    if (!this.isPicture) return this.#trace(ctx, from, x, y, width - GAP, height - GAP);
    const paper = this.#paper;
    if (paper.width !== shape[2] || paper.height !== shape[1])
      Object.assign(paper, { width: shape[2], height: shape[1] });
    const pixels = new ImageData(shape[2], shape[1]);
    toPixels(pixels, this.values, shape[0], [0, 255], null, from);
    paper.getContext("2d").putImageData(pixels, 0, 0);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(paper, x, y, width - GAP, height - GAP);
  }

  /** @param {CanvasRenderingContext2D} ctx */
  #trace(ctx, from, x, y, width, height) {
    const [channels, length] = this.data.shape;
    ctx.strokeStyle = NETWORK;
    ctx.lineWidth = channels > 1 ? 0.8 : 1.3;
    for (let c = 0; c < channels; c++) {
      ctx.beginPath();
      for (let i = 0; i < length; i++) {
        const value = this.values[from + c * length + i] / 255;
        ctx.lineTo(x + (i / Math.max(1, length - 1)) * width, y + (1 - value) * height);
      }
      ctx.stroke();
    }
  }
}
