// @ts-check
// The classes' names on a map, set apart where they would overlap.
import { median } from "../math/stats.js";
import { rem } from "./context.js";
import { haloText } from "./strokes.js";

const REACH = 0.05; // of a map's width: what lies around a name
const CANDIDATES = 60; // points of a class at which its name is tried
const STRAY = 0.02; // of the points in view: a class with fewer has no name there
const ENOUGH = 0.4; // of the densest part's points that make the middle one of its own

/** @typedef {{name: string, x: number, y: number, w: number, h: number}} Label in CSS pixels, x and y its middle */

/**
 * A class's name at its place on a map of this width.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme @param {string} name
 * @param {number} x @param {number} y @param {number} width @returns {Label}
 */
export function makeLabel(ctx, theme, name, x, y, width) {
  const size = (width < 260 ? 12 : 15) * rem;
  ctx.font = `600 ${size}px ${theme.font}`;
  return { name, x, y, w: ctx.measureText(name).width + 6, h: size + 3 };
}

/**
 * Moves labels apart where two would overlap, and into the map.
 * @param {Label[]} labels @param {number} width @param {number} height
 */
export function setApart(labels, width, height) {
  for (let turn = 0; turn < 30; turn++) for (const a of labels) for (const b of labels) push(labels, a, b);
  for (const label of labels) {
    label.x = Math.min(width - label.w / 2, Math.max(label.w / 2, label.x));
    label.y = Math.min(height - 24, Math.max(10, label.y));
  }
}

function push(labels, a, b) {
  const overX = (a.w + b.w) / 2 - Math.abs(a.x - b.x);
  const overY = (a.h + b.h) / 2 - Math.abs(a.y - b.y);
  if (a === b || overX <= 0 || overY <= 0) return;
  const axis = overX < overY ? "x" : "y";
  const before = a[axis] < b[axis] || (a[axis] === b[axis] && labels.indexOf(a) < labels.indexOf(b));
  const by = (Math.min(overX, overY) / 2) * (before ? -1 : 1);
  a[axis] += by;
  b[axis] -= by;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme
 * @param {Pick<Label, "name" | "x" | "y">[]} labels
 */
export function drawLabels(ctx, theme, labels) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { name, x, y } of labels) haloText(ctx, theme, name, x, y, 4);
}

/**
 * Where a class's name stands: at the median of its points, or, where a class in several parts has few of them there,
 * in the densest part.
 * @param {number[]} xs px @param {number[]} ys @param {number} reach px that count as there
 * @returns {[number, number]}
 */
export function labelPlace(xs, ys, reach) {
  const near = (x, y) => {
    let count = 0;
    for (let n = 0; n < xs.length; n++) if (Math.hypot(xs[n] - x, ys[n] - y) < reach) count += 1;
    return count;
  };
  const middle = /** @type {[number, number]} */ ([median([...xs]), median([...ys])]);
  const step = Math.max(1, Math.floor(xs.length / CANDIDATES));
  let [best, most] = [middle, 0];
  for (let n = 0; n < xs.length; n += step) {
    const count = near(xs[n], ys[n]);
    if (count > most) [best, most] = [[xs[n], ys[n]], count];
  }
  return near(...middle) >= most * ENOUGH ? middle : best;
}

/** @param {number} at @param {number} end px, 0 to there */
function outside(at, end) {
  return at < 0 || at > end;
}

/**
 * Each class's label where its points are (`labelPlace`); no label for a class without a point that is shown.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme @param {string[]} classes
 * @param {{positions: Float32Array, labels: ArrayLike<number>, width: number, height: number, shows?: (c: number) =>
 *   boolean}} map positions (N · 2) in CSS pixels
 * @returns {Label[]} set apart
 */
export function classLabels(ctx, theme, classes, { positions, labels, width, height, shows = () => true }) {
  const xs = classes.map(() => /** @type {number[]} */ ([]));
  const ys = classes.map(() => /** @type {number[]} */ ([]));
  for (let n = 0; n < positions.length / 2; n++) {
    if (labels[n] < 0) continue; // of no group
    if (!Number.isFinite(positions[2 * n] + positions[2 * n + 1])) continue;
    if (outside(positions[2 * n], width) || outside(positions[2 * n + 1], height)) continue; // of an enlarged map
    xs[labels[n]].push(positions[2 * n]);
    ys[labels[n]].push(positions[2 * n + 1]);
  }
  const inside = xs.reduce((sum, each) => sum + each.length, 0);
  // On an enlarged map a stray point has no name of its own.
  const fewest = inside < positions.length / 2 ? STRAY * inside : 1;
  const found = classes.flatMap((name, c) =>
    xs[c].length && xs[c].length >= fewest && shows(c)
      ? [makeLabel(ctx, theme, name, ...labelPlace(xs[c], ys[c], REACH * width), width)]
      : [],
  );
  setApart(found, width, height);
  return found;
}
