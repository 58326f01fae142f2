// @ts-check
// A map's points. Each colour is drawn once and stamped: ten thousand points as paths would take several times as long.
import { fromBase64 } from "../runtime/bytes.js";
import { classColour, NEUTRAL } from "./colours.js";
import { offscreen, rem } from "./context.js";
import { classLabels, drawLabels } from "./labels.js";
import { ring } from "./strokes.js";

/**
 * The more points, the smaller; as wide as the map allows.
 * @param {number} count @param {number} width px of the map
 * @returns {number} px
 */
export function dotRadius(count, width) {
  return Math.min(3, Math.max(1.3, 170 / Math.sqrt(count || 1))) * Math.sqrt(Math.min(1, width / 500));
}

/** A dot on a canvas of its own. @param {string} colour @param {number} radius px */
export function dot(colour, radius) {
  const side = 2 * Math.ceil((radius + 0.5) * devicePixelRatio);
  const canvas = offscreen(side, side);
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colour;
  ring(ctx, side / 2, side / 2, radius * devicePixelRatio);
  ctx.fill();
  return canvas;
}

/** One dot for each colour. @param {string[]} colours @param {number} radius px */
export function dots(colours, radius) {
  return colours.map((colour) => dot(colour, radius));
}

/**
 * Which colour a value has on a scale of `count` colours; the first one where it is no number.
 * @param {number} value @param {number} low @param {number} high @param {number} count
 */
export function shadeOf(value, low, high, count) {
  const shade = Math.round(((value - low) / (high - low || 1)) * (count - 1));
  return Math.min(count - 1, Math.max(0, shade)) || 0;
}

const MOVING = 10_000; // points that are drawn while a map moves

/** Of how many points one is drawn. @param {number} count @param {boolean} moving whether the map moves */
export const strideOf = (count, moving) => (moving ? Math.max(1, Math.ceil(count / MOVING)) : 1);

/**
 * Stamps every point.
 * @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} positions (N · 2) in CSS pixels
 * @param {HTMLCanvasElement[]} stamps of `dots`
 * @param {ArrayLike<number> | null} shades which stamp each point gets, −1: none; null: the first for all
 * @param {number} alpha
 * @param {{width?: number, height?: number, every?: number}} [part] what lies outside of this, px, is left out; and of
 *   so many points all but one
 */
export function drawPoints(ctx, positions, stamps, shades, alpha, { width, height, every = 1 } = {}) {
  const side = stamps[0].width / devicePixelRatio;
  const half = side / 2;
  ctx.globalAlpha = alpha;
  const [right, bottom] = [(width ?? Number.POSITIVE_INFINITY) + half, (height ?? Number.POSITIVE_INFINITY) + half];
  for (let n = 0; n < positions.length / 2; n += every) {
    const shade = shades ? shades[n] : 0;
    const x = positions[2 * n];
    const y = positions[2 * n + 1];
    if (shade < 0 || (width && (x < -half || x > right || y < -half || y > bottom))) continue;
    ctx.drawImage(stamps[shade], x - half, y - half, side, side);
  }
  ctx.globalAlpha = 1;
}

/**
 * The point nearest to a place; −1 where none is within reach.
 * @param {ArrayLike<number>} positions (N · 2) px @param {number} x @param {number} y @param {number} [reach] px
 */
export function nearestPoint(positions, x, y, reach = Number.POSITIVE_INFINITY) {
  let best = -1;
  let least = reach * reach;
  for (let n = 0; n < positions.length / 2; n++) {
    const squared = (positions[2 * n] - x) ** 2 + (positions[2 * n + 1] - y) ** 2;
    if (squared >= least) continue;
    least = squared;
    best = n;
  }
  return best;
}

/**
 * Groups of one's own as labels: those of no group have −1, and are drawn in grey.
 * @param {import("../types").OwnGroups} groups
 */
export function marksOf({ names, marks }) {
  return { labels: new Int8Array(fromBase64(marks).buffer), classes: names };
}

/**
 * A whole map of codes: dots in their classes' colours, and the classes' names over them.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme
 * @param {{positions: Float32Array, width: number, height: number, labels: ArrayLike<number> | null, classes: string[]
 *   | null, alpha: number, labelAlpha?: number, shows?: (c: number) => boolean, grows?: number, every?: number,
 *   labelled?: {name: string, x: number, y: number}[]}} map positions (N · 2) px; grows: times the usual dots; every:
 *   of so many points one is drawn; labelled: names that have their places
 * @returns {{name: string, x: number, y: number}[]} the names that were written
 */
export function drawClassMap(ctx, theme, map) {
  const { positions, width, height, labels, classes, alpha, labelAlpha = 1, shows = () => true } = map;
  const { grows = 1, every = 1, labelled } = map;
  const count = positions.length / 2;
  const radius = dotRadius(count, width) * grows;
  const part = { width, height, every };
  if (!labels || !classes) {
    drawPoints(ctx, positions, dots([NEUTRAL], radius), null, alpha, part);
    return [];
  }
  const stamps = dots(
    classes.map((_, c) => classColour(c)),
    radius,
  );
  if (labels instanceof Int8Array) drawPoints(ctx, positions, dots([NEUTRAL], radius), null, alpha / 2, part);
  const shades = Int16Array.from({ length: count }, (_, n) => (shows(labels[n]) ? labels[n] : -1));
  drawPoints(ctx, positions, stamps, shades, alpha, part);
  const found = labelled ?? classLabels(ctx, theme, classes, { ...map, labels });
  ctx.font = `600 ${(width < 260 ? 12 : 15) * rem}px ${theme.font}`;
  ctx.globalAlpha = labelAlpha;
  drawLabels(ctx, theme, found);
  ctx.globalAlpha = 1;
  return found;
}
