// @ts-check
// Axes: a grid behind a plot, and ticks at the edges of a map.
import { minus } from "../math/numbers.js";
import { rem } from "./context.js";
import { ticks } from "./scales.js";
import { haloText, line } from "./strokes.js";

const FAINT = 0.13; // of a grid line
const QUIET = 0.72; // of what is written at it

/** Without a value's float noise: 0.30000000000000004 is 0.3. @param {number} tick */
export function tickText(tick) {
  return minus(String(Number(tick.toPrecision(6))));
}

/**
 * A horizontal line with its value on the left, for each tick.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme
 * @param {number[]} values @param {(value: number) => number} y value -> px
 * @param {{left: number, right: number, writes?: boolean}} frame px; writes: whether the values are written
 */
export function drawGrid(ctx, theme, values, y, { left, right, writes = true }) {
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.lineWidth = 1;
  ctx.strokeStyle = ctx.fillStyle = theme.text;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const tick of values) {
    const height = Math.round(y(tick)) + 0.5;
    ctx.globalAlpha = FAINT;
    line(ctx, left, height, right, height);
    ctx.globalAlpha = QUIET;
    if (writes) ctx.fillText(tickText(tick), left - 6, height);
  }
  ctx.globalAlpha = 1;
}

/**
 * What stands below a plot, at its two ends.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme @param {string} first
 * @param {string} last @param {{left: number, right: number, y: number}} place px, y of the text's line
 */
export function drawEnds(ctx, theme, first, last, { left, right, y }) {
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.globalAlpha = QUIET;
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  ctx.fillText(first, left, y);
  ctx.textAlign = "right";
  ctx.fillText(last, right, y);
  ctx.globalAlpha = 1;
}

/**
 * The grid and the ends of a signal's lanes; see `drawLanes`.
 * @param {CanvasRenderingContext2D} ctx @param {import("./theme.js").Theme} theme
 * @param {number[]} shape [channels, length] @param {[number, number]} range
 * @param {import("./trace.js").Frame} frame
 * @param {{inset?: number, names?: (string | undefined)[], display?: import("../runtime/model.js").Display}} [options]
 *   names of the channels; display: what the values stand for, in whose units the ticks then are
 */
export function drawLaneAxes(
  ctx,
  theme,
  [channels, length],
  [low, high],
  frame,
  { inset = 0, names = [], display } = {},
) {
  const lane = frame.height / channels;
  const right = frame.x + frame.width;
  const writes = lane >= 24;
  const measured = display?.kind === "signals";
  for (let c = 0; c < channels; c++) {
    const spread = (measured && display.spread[c]) || 1;
    const centre = measured ? display.centre[c] : 0;
    const ends = /** @type {[number, number]} */ ([low * spread + centre, high * spread + centre]);
    const values = ticks(ends[0], ends[1], lane > 120 ? 4 : 1).filter((tick) => writes || tick === 0);
    const y = (value) =>
      frame.y + lane * (c + 1) - inset - ((value - ends[0]) / (ends[1] - ends[0])) * (lane - 2 * inset);
    drawGrid(ctx, theme, values, y, { left: frame.x, right, writes });
    if (!names[c] || !writes) continue;
    ctx.globalAlpha = QUIET;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(names[c], frame.x + 4, frame.y + lane * c + 2);
  }
  const [first, last] = endsOf(display, length);
  drawEnds(ctx, theme, first, last, { left: frame.x, right, y: frame.y + frame.height + 15 * rem });
}

/**
 * What stands at the two ends of a signal's axis.
 * @param {import("../runtime/model.js").Display | undefined} display @param {number} length @returns {[string, string]}
 */
export function endsOf(display, length) {
  if (display?.kind === "features") return [display.channels[0][0], display.channels[length - 1][0]];
  if (!display?.axis.length) return ["0", `${length} sample${length === 1 ? "" : "s"}`];
  const unit = display.axis_unit ? ` ${display.axis_unit}` : "";
  const name = display.axis_name ? `${display.axis_name} ` : "";
  return [`${name}${tickText(display.axis[0])}${unit}`, `${tickText(display.axis[length - 1])}${unit}`];
}

/**
 * Ticks at the lower and the left edge of a map, inside it, and the axes' names at their ends.
 * @param {CanvasRenderingContext2D} ctx @param {Pick<import("./theme.js").Theme, "text" | "background" | "font">} theme
 * @param {object} map
 * @param {number} map.width px @param {number} map.height px
 * @param {{name: string, low: number, high: number}} map.across
 * @param {{name: string, low: number, high: number} | null} map.up none where the map has one dimension
 * @param {number} [map.strength] of what is written
 */
export function drawMapAxes(ctx, theme, { width, height, across, up, strength = 0.78 }) {
  const wanted = width < 260 ? 2 : 5;
  ctx.font = `${11 * rem}px ${theme.font}`;
  const label = (text, x, y, align, baseline) => {
    ctx.textAlign = align;
    ctx.textBaseline = baseline;
    ctx.globalAlpha = strength;
    haloText(ctx, theme, text, x, y, 3);
    ctx.globalAlpha = 1;
  };
  const mark = (x1, y1, x2, y2) => {
    ctx.globalAlpha = 0.45;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 1;
    line(ctx, x1, y1, x2, y2);
  };
  const free = width - ctx.measureText(across.name).width - 22;
  for (const tick of ticks(across.low, across.high, wanted)) {
    const x = ((tick - across.low) / (across.high - across.low)) * width;
    if (x < 22 || x > free) continue;
    mark(x, height, x, height - 4);
    label(tickText(tick), x, height - 7, "center", "bottom");
  }
  label(across.name, width - 8, height - 7, "right", "bottom");
  if (!up) return;
  for (const tick of ticks(up.low, up.high, wanted)) {
    const y = (1 - (tick - up.low) / (up.high - up.low)) * height;
    if (y < 32 || y > height - 26) continue;
    mark(0, y, 4, y);
    label(tickText(tick), 7, y, "left", "middle");
  }
  label(up.name, 8, 7, "left", "top");
}
