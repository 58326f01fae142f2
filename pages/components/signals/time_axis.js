// @ts-check
// Below the tracks: round times, or round rows.
import { clearedContext, rem } from "../canvas/context.js";
import { line } from "../canvas/strokes.js";
import { clamp } from "../math/stats.js";

/** @param {HTMLCanvasElement} canvas @param {import("./signals.js").Signals} figure */
export function drawTimeAxis(canvas, { detection, theme, view }) {
  const { first, last, width } = view;
  const ctx = clearedContext(canvas);
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.fillStyle = ctx.strokeStyle = theme.text;
  let free = Number.NEGATIVE_INFINITY; // px from which the next text may stand
  for (const { row, text } of detection.times.ticks(first, last, Math.max(2, Math.floor(width / 110 / rem)))) {
    const x = view.x(row);
    const half = ctx.measureText(text).width / 2;
    ctx.globalAlpha = 0.45;
    line(ctx, x, 0, x, 4);
    ctx.globalAlpha = 0.78;
    const middle = clamp(x, half + 1, width - half - 1);
    if (middle - half < free) continue;
    free = middle + half + 10;
    ctx.fillText(text, middle, 14 * rem);
  }
  ctx.globalAlpha = 1;
}
