// @ts-check
// The curve of rate and distortion over β (Alemi et al. 2018).

import { drawGrid } from "../canvas/axis.js";
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { ticks } from "../canvas/scales.js";
import { haloText, handle, ring } from "../canvas/strokes.js";
import { setLabel } from "../figure/dom.js";
import { between } from "../math/paths.js";
import * as words from "./words.js";

/** @typedef {import("../types").VariantBeta} VariantBeta */

const SIDE = 12; // px above and on the right

/**
 * @param {HTMLCanvasElement} canvas @param {import("../canvas/theme.js").Theme} theme
 * @param {VariantBeta[]} betas ascending @param {number} at index of β, may lie between two
 */
export function drawCurve(canvas, theme, betas, at) {
  const ctx = clearedContext(canvas);
  const { width, height } = sizeOf(canvas);
  const rates = betas.map(({ kl }) => kl);
  const distortions = betas.map(({ reconstruction }) => reconstruction);
  const [left, bottom] = [44 * rem, height - 34 * rem];
  const across = spanOf(rates);
  const up = spanOf(distortions);
  const x = (rate) => left + ((rate - across[0]) / (across[1] - across[0])) * (width - left - SIDE);
  const y = (distortion) => bottom - ((distortion - up[0]) / (up[1] - up[0])) * (bottom - SIDE);
  drawGrid(ctx, theme, ticks(...up, 4), y, { left, right: width - 8 });
  ctx.globalAlpha = 0.75;
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "center";
  for (const tick of ticks(...across, 5)) ctx.fillText(String(tick), x(tick), height - 19 * rem);
  ctx.fillText(words.RATE, (left + width - SIDE) / 2, height - 4);
  ctx.textAlign = "left";
  ctx.fillText(words.DISTORTION, left + 2, 9 * rem);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = NETWORK;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const n of betas.keys()) ctx.lineTo(x(rates[n]), y(distortions[n]));
  ctx.stroke();
  for (const [n, { beta }] of betas.entries()) {
    ctx.fillStyle = NETWORK;
    ring(ctx, x(rates[n]), y(distortions[n]), 3.5);
    ctx.fill();
    haloText(ctx, theme, `β ${beta}`, Math.min(width - 40, x(rates[n]) + 7), y(distortions[n]) - 5, 3);
  }
  handle(ctx, theme, x(between(rates, at)), y(between(distortions, at)), 6);
  const points = betas.map(({ beta }, n) => `β ${beta}: ${rates[n].toFixed(2)} and ${distortions[n].toFixed(1)} nats`);
  setLabel(canvas, `Rate and distortion: ${points.join("; ")}`);
}

/** The ends of an axis that holds these. @param {number[]} values @returns {[number, number]} */
function spanOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [low - 0.08 * (high - low || 1), high + 0.12 * (high - low || 1)];
}
