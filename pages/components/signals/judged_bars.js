// @ts-check
// What was judged, and what is like the chosen stretch, on the lanes: a bar below those of the flags, told apart by
// form, too.
import { OPINION } from "./words.js";

const HIGH = 9; // px
const TOP = 5; // px, below the flags' bars

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("./signals.js").Signals} figure @param {number} height px
 */
export function drawJudged(ctx, { judged, view, theme, alike, visited }, height) {
  const { mode } = theme;
  for (const [verdict, colours] of Object.entries(OPINION)) {
    const spans = judged.events.filter((event) => event.verdict === verdict).map(({ start, end }) => [start, end]);
    ctx.fillStyle = colours[mode];
    view.spans(spans, (x, width) => {
      const wide = Math.max(width, 3);
      if (verdict === "normal") return ctx.fillRect(x, TOP + HIGH / 2, wide, HIGH / 2);
      if (verdict === "fault") return ctx.fillRect(x, TOP, wide, HIGH);
      for (let at = Math.max(x, 0); at < Math.min(x + wide, view.width); at += 6)
        ctx.fillRect(at, TOP, Math.min(3, x + wide - at), HIGH);
    });
  }
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([4, 3]);
  for (const [n, { start, end }] of alike.found().entries()) {
    if (n === visited || end < view.first || start > view.last) continue;
    ctx.strokeRect(view.x(start), 6, Math.max(3, view.x(end) - view.x(start)), height - 12);
  }
  ctx.setLineDash([]);
}
