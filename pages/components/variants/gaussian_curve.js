// @ts-check
// One latent dimension: the densities of prior and posterior, and where the KL's gradient pulls the latter.
import { tickText } from "../canvas/axis.js";
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { ticks } from "../canvas/scales.js";
import { arrow, haloText, handle, line } from "../canvas/strokes.js";
import { minus } from "../math/numbers.js";
import { clamp } from "../math/stats.js";

/** @typedef {import("../canvas/theme.js").Theme} Theme */

const REACH = 4; // of the axis, at least
const HIGHEST = 1.3; // density that is drawn: of a posterior with a small σ the rest is cut off
const TAIL = 4; // σ to each side of μ that are drawn
const POINTS = 200; // of a curve
const PRIOR = density(0);

function density(x, mu = 0, sigma = 1) {
  return Math.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
}

/** How far it goes to each side of 0, so that the posterior lies inside. @param {number} mu @param {number} sigma */
function reachOf(mu, sigma) {
  return Math.max(REACH, Math.ceil(Math.abs(mu) + 2 * sigma));
}

/**
 * @param {HTMLCanvasElement} canvas @param {Theme} theme
 * @param {{mu: number, sigma: number, z: number, dMu: number, dLogvar: number}} dimension dMu, dLogvar: the KL's
 *   gradient
 */
export function drawGaussian(canvas, theme, { mu, sigma, z, dMu, dLogvar }) {
  const ctx = clearedContext(canvas);
  const { width, height } = sizeOf(canvas);
  const reach = reachOf(mu, sigma);
  const peak = density(mu, mu, sigma);
  const top = clamp(1.1 * peak, 1.15 * PRIOR, HIGHEST);
  const base = height - 20 * rem;
  const x = (value) => ((value + reach) / (2 * reach)) * width;
  const y = (value) => base - (value / top) * (base - 6);
  drawAxis(ctx, theme, { reach, x, base, width });
  const curve = (m, s) => {
    const [from, to] = [Math.max(-reach, m - TAIL * s), Math.min(reach, m + TAIL * s)];
    ctx.beginPath();
    for (let n = 0; n <= POINTS; n++) {
      const at = from + (n / POINTS) * (to - from);
      ctx.lineTo(x(at), Math.max(-4, y(density(at, m, s))));
    }
  };
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.text;
  ctx.setLineDash([4, 4]);
  curve(0, 1);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.strokeStyle = ctx.fillStyle = NETWORK;
  ctx.lineWidth = 2;
  curve(mu, sigma);
  ctx.stroke();
  ctx.globalAlpha = 0.18;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = mu > 0 ? "right" : "left";
  if (peak > top) haloText(ctx, theme, `↑ ${minus(peak.toFixed(1))}`, x(mu) + (mu > 0 ? -1 : 1) * 12, 3, 3);
  drawPull(ctx, theme, { mu, sigma, dMu, dLogvar, x, y, most: Math.min(peak, top) });
  handle(ctx, theme, clamp(x(z), 0, width), base, 4);
}

/** @param {CanvasRenderingContext2D} ctx @param {Theme} theme */
function drawAxis(ctx, theme, { reach, x, base, width }) {
  ctx.strokeStyle = ctx.fillStyle = theme.text;
  ctx.lineWidth = 1;
  ctx.font = `${11 * rem}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.globalAlpha = 0.6;
  line(ctx, 0, base, width, base);
  ctx.globalAlpha = 0.75;
  for (const tick of ticks(-reach, reach, 4))
    if (Math.abs(tick) < reach) ctx.fillText(tickText(tick), x(tick), base + 14 * rem);
  ctx.globalAlpha = 1;
}

/** A step of length 1 down the gradient: on μ from it, on log σ² from both sides of it. */
function drawPull(ctx, theme, { mu, sigma, dMu, dLogvar, x, y, most }) {
  ctx.strokeStyle = ctx.fillStyle = theme.text;
  ctx.lineWidth = 2;
  const head = 8;
  arrow(ctx, x(mu), y(0.12 * most), x(mu - dMu), y(0.12 * most), head);
  for (const side of [-1, 1])
    arrow(ctx, x(mu + side * sigma), y(0.6 * most), x(mu + side * (sigma - dLogvar)), y(0.6 * most), head);
}
