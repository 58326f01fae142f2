// @ts-check
// A handful of samples: what lies inside a line that the hand draws around them.
import { make } from "../figure/dom.js";
import { clamp } from "../math/stats.js";

const MOST_CORNERS = 40; // of a line in a link
const AROUND = 0.06; // of the view: what the key takes on each side of the dot
const DIGITS = 4;

/**
 * Which places are inside a closed line (even-odd rule).
 * @param {ArrayLike<number>} line (2 · corners) @param {ArrayLike<number>} places (2 · N)
 * @returns {Int32Array} indexes
 */
export function inside(line, places) {
  const corners = line.length / 2;
  if (corners < 3) return new Int32Array(0);
  let [left, right, low, high] = [line[0], line[0], line[1], line[1]];
  for (let c = 1; c < corners; c++) {
    left = Math.min(left, line[2 * c]);
    right = Math.max(right, line[2 * c]);
    low = Math.min(low, line[2 * c + 1]);
    high = Math.max(high, line[2 * c + 1]);
  }
  const found = [];
  for (let n = 0; n < places.length / 2; n++) {
    const x = places[2 * n];
    const y = places[2 * n + 1];
    if (x < left || x > right || y < low || y > high) continue;
    let odd = false;
    for (let c = 0, b = corners - 1; c < corners; b = c++) {
      const [cy, by] = [line[2 * c + 1], line[2 * b + 1]];
      if (cy > y !== by > y && x < ((line[2 * b] - line[2 * c]) * (y - cy)) / (by - cy) + line[2 * c]) odd = !odd;
    }
    if (odd) found.push(n);
  }
  return Int32Array.from(found);
}

/** A line with so few corners that a link can hold them. @param {number[]} line */
export function simplified(line) {
  const corners = line.length / 2;
  const every = Math.max(1, Math.ceil(corners / MOST_CORNERS));
  const kept = [];
  for (let c = 0; c < corners; c += every) kept.push(line[2 * c], line[2 * c + 1]);
  return kept.map((value) => Number(clamp(value, 0, 1).toFixed(DIGITS)));
}

/** A rectangle's corners, one first. @param {number} u @param {number} v @param {number} x @param {number} y */
export const boxOf = (u, v, x, y) => [u, v, x, v, x, y, u, y];

export class Lasso {
  /** @type {number[]} corners as fractions of the map, from the left and the top */
  line = [];
  /** whether the next drag draws it */
  draws = false;
  /** whether it draws a rectangle */
  isBox = false;
  /** @type {Int32Array} samples inside */
  members = new Int32Array(0);

  /** @param {import("./pad.js").LatentPad} pad @param {HTMLElement} element */
  constructor(pad, element) {
    this.pad = pad;
    this.element = element;
    this.said = element.querySelector(".lx-said");
    /** @type {HTMLButtonElement} */ (element.querySelector("[data-testid=clear-group]")).onclick = () => this.clear();
  }

  /** @param {number[] | undefined} line */
  start(line) {
    this.line = line?.length >= 6 && line.length % 2 === 0 && line.every(Number.isFinite) ? simplified(line) : [];
    this.find();
  }

  /** @param {{u: number, v: number}} place of the view */
  add({ u, v }) {
    const { zoom } = this.pad;
    const corner = [clamp(zoom.fractionAcross(u), 0, 1), clamp(zoom.fractionDown(v), 0, 1)];
    if (this.isBox && this.line.length) this.line = boxOf(this.line[0], this.line[1], corner[0], corner[1]);
    else this.line.push(...corner);
    for (const view of this.pad.views) view.drawOverlay();
  }

  /** The hand has closed it. */
  end() {
    this.draws = false;
    if (this.isBox && this.line.length < 8) this.line = []; // pressed, not drawn
    this.line = this.line.length >= 6 ? simplified(this.line) : [];
    this.find();
    this.pad.refresh();
  }

  clear() {
    this.pad.choose(() => this.start([]));
  }

  /** The keyboard's way: what is around the dot. */
  takeAround() {
    const [view] = this.pad.views;
    const { zoom } = this.pad;
    const x = view.x(view.z) / view.width;
    const y = view.y(view.z) / view.height;
    const corners = [-1, 1, 1, -1].map((side) => zoom.fractionAcross(x + side * AROUND));
    const heights = [-1, -1, 1, 1].map((side) => zoom.fractionDown(y + side * AROUND));
    this.pad.choose(() => this.start(corners.flatMap((u, n) => [u, heights[n]])));
  }

  find() {
    const [view] = this.pad.views;
    this.members = this.line.length ? inside(this.line, view.fractions()) : new Int32Array(0);
    this.#say();
  }

  /** In words: how many, and of which classes. */
  #say() {
    const { classes, labels, count } = this.pad.models[0];
    this.element.hidden = !this.line.length;
    const many = this.members.length;
    const head = many
      ? `${many.toLocaleString("en")} of ${count.toLocaleString("en")} samples`
      : "No sample is in there";
    const parts = [make("b", {}, head)];
    if (many && classes && labels) {
      const counts = classes.map(() => 0);
      for (const n of this.members) counts[labels[n]] += 1;
      const order = classes.map((_, c) => c).filter((c) => counts[c]);
      order.sort((a, b) => counts[b] - counts[a]);
      parts.push(make("span", {}, `: ${order.map((c) => `${classes[c]} × ${counts[c]}`).join(", ")}`));
    }
    this.said.replaceChildren(...parts);
    this.element.dataset.members = String(many);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {import("./map_view.js").MapView} view */
  draw(ctx, view) {
    const { line, pad } = this;
    if (line.length < 4 || view.index > 0) return;
    ctx.beginPath();
    for (let c = 0; c < line.length / 2; c++) {
      const [x, y] = [pad.zoom.across(line[2 * c]) * view.width, pad.zoom.down(line[2 * c + 1]) * view.height];
      if (c) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    if (!this.draws) ctx.closePath();
    ctx.lineWidth = 4;
    ctx.strokeStyle = pad.theme.background;
    ctx.stroke();
    ctx.lineWidth = 1.5;
    ctx.setLineDash([6, 4]);
    ctx.strokeStyle = pad.theme.text;
    ctx.stroke();
    ctx.setLineDash([]);
  }
}
