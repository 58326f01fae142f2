// @ts-check
// What lanes, error track and window draw alike.

import { tickText } from "../canvas/axis.js";
import { FLAG, NETWORK, ORIGINAL, PCA } from "../canvas/colours.js";
import { rem } from "../canvas/context.js";
import { ticks } from "../canvas/scales.js";
import { haloText, line } from "../canvas/strokes.js";
import { drawPointsOrBand } from "../canvas/trace.js";
import { clamp } from "../math/stats.js";
import { BUFFERS, spanOf } from "./points.js";

const THIN = 1.3; // px of a band from the least to the most
const APART = 4; // px between two gaps
const LINES = /** @type {const} */ ([
  ["values", ORIGINAL],
  ["reconstruction", NETWORK],
  ["pca", PCA],
]);

/** px on either side of a device's; more than two for one would be drawn for nobody. @param {number} width px */
export function columnsOf(width) {
  return Math.round(width * Math.min(2, devicePixelRatio));
}

/**
 * A channel, its reconstruction, and PCA's where that is wanted; the scale is the channel's, widened by the others.
 * @param {CanvasRenderingContext2D} ctx @param {import("./detection.js").Series} series @param {number} c channel
 * @param {object} frame
 * @param {number} frame.from row @param {number} frame.to row
 * @param {number} frame.pixels columns @param {number} frame.width px
 * @param {number} frame.top px @param {number} frame.height px
 * @param {number} frame.reach by how many times its own span the others may widen the scale
 * @param {number[]} frame.thick px of the three lines
 * @param {boolean} frame.showsPca
 * @param {number} [frame.strength] of the original, which lies below
 */
export function drawChannel(ctx, series, c, frame) {
  const { from, to, pixels, width, top, height, reach, thick, showsPca, strength = 1 } = frame;
  const drawn = showsPca ? 3 : 2;
  for (let n = 0; n < drawn; n++) series[LINES[n][0]].read(c, from, to, pixels, BUFFERS[n], width);
  const span = spanOf(reach, BUFFERS[0], ...BUFFERS.slice(1, drawn));
  const { low, high } = span;
  const y = (value) => top + ((high - clamp(value, low, high)) / (high - low)) * height;
  for (let n = 0; n < drawn; n++) {
    const points = BUFFERS[n];
    ctx.globalAlpha = n === 0 ? strength : 1;
    drawPointsOrBand(ctx, points, y, LINES[n][1], points.line ? thick[n] : Math.min(thick[n], THIN));
  }
  return span;
}

/**
 * The round values at the left edge of a lane, each with a faint line; those whose text would leave the lane are left
 * out. Says which.
 * @param {CanvasRenderingContext2D} ctx @param {import("../canvas/theme.js").Theme} theme
 * @param {{low: number, high: number}} span
 * @param {{top: number, height: number, width: number}} lane px
 */
export function drawValueTicks(ctx, theme, { low, high }, { top, height, width }) {
  if (!(high > low)) return [];
  const half = 7 * rem; // of a line of text
  const y = (value) => top + ((high - value) / (high - low)) * height;
  const fits = (wanted) => {
    const all = ticks(low, high, wanted);
    if (all.length > 1 && y(all[0]) - y(all[1]) < 2 * half) return [];
    return all.filter((tick) => y(tick) >= top + half && y(tick) <= top + height - half);
  };
  const inside = [4, 3, 2, 1].map(fits).find((each) => each.length) ?? [];
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const tick of inside) {
    const at = Math.round(y(tick)) + 0.5;
    ctx.globalAlpha = 0.13;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 1;
    line(ctx, 0, at, width, at);
    ctx.globalAlpha = 0.85;
    haloText(ctx, theme, tickText(tick), 4, at, 3);
  }
  ctx.globalAlpha = 1;
  return inside;
}

/**
 * The flagged stretches, with a bar on top.
 * @param {CanvasRenderingContext2D} ctx @param {import("./signals.js").Signals} figure @param {number} height px
 * @param {boolean} [names] whether their kinds are named, too
 */
export function drawFlagged(ctx, figure, height, names = false) {
  const { theme, view, flaggedRows, kinds } = figure;
  ctx.fillStyle = FLAG[theme.mode];
  ctx.globalAlpha = theme.mode === "dark" ? 0.26 : 0.17;
  view.spans(flaggedRows, (x, width) => ctx.fillRect(x, 0, width, height));
  ctx.globalAlpha = 1;
  view.spans(flaggedRows, (x, width) => ctx.fillRect(x, 0, width, 4));
  if (kinds.names.length) drawKinds(ctx, figure, height, names);
}

/**
 * The kinds of the flagged stretches: the bars' colours, and their names at the foot where there is room.
 * @param {CanvasRenderingContext2D} ctx @param {import("./signals.js").Signals} figure @param {number} height px
 * @param {boolean} names
 */
function drawKinds(ctx, figure, height, names) {
  const { theme, view, kinds, stretches } = figure;
  ctx.font = `600 ${11 * rem}px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  let free = 0; // px from which on nothing is written yet
  for (const stretch of stretches) {
    if (stretch.end < view.first || stretch.start > view.last) continue;
    const kind = figure.kindOf(stretch);
    if (kind < 0) continue;
    const x = Math.max(0, view.x(stretch.start));
    ctx.fillStyle = kinds.colour(kind);
    ctx.fillRect(x, 0, Math.max(2, view.x(stretch.end) - x), 5);
    if (!names || x < free) continue;
    const name = kinds.short(kind);
    haloText(ctx, theme, name, x, height - 8, 3);
    free = x + ctx.measureText(name).width + APART;
  }
}

/**
 * Where time is missing between two rows: dotted lines, not closer than they can be told apart.
 * @param {CanvasRenderingContext2D} ctx @param {import("./signals.js").Signals} figure @param {number} height px
 */
export function drawGaps(ctx, { theme, view, detection }, height) {
  ctx.fillStyle = theme.text;
  ctx.globalAlpha = 0.55;
  let last = -APART;
  for (const row of detection.gaps) {
    const x = Math.round(view.x(row));
    if (x - last < APART || x < 0 || x > view.width) continue;
    last = x;
    for (let y = 0; y < height; y += 6) ctx.fillRect(x - 0.75, y, 1.5, 3);
  }
  ctx.globalAlpha = 1;
}
