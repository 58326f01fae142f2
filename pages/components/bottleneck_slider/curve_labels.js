// @ts-check
// The models of one size as points on the error curves, and the names of curves and points.
import { NETWORK } from "../canvas/colours.js";
import { rem } from "../canvas/context.js";
import { diamond, haloText } from "../canvas/strokes.js";
import { FreeSpace } from "./free_space.js";

/** @typedef {[number, number][]} Ways as `FreeSpace.place` has them */

const ALONG = [0.42, 0.3, 0.55, 0.7, 0.2, 0.85, 0.12]; // where a curve's name may stand, of its length
/** @type {Ways} */
const PCA_WAYS = [
  [0, -1],
  [1, -1],
  [1, -1.6],
];
/** @type {Ways} */
const NETWORK_WAYS = [
  [0, 1],
  [-1, 1],
  [-1, 1.6],
  [0, -1],
  [1, -1],
];
/** @type {Ways} */
const POINT_WAYS = [
  [0, -1],
  [1, 0],
  [-1, 0],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
  [0, 1.8],
  [0, -1.8],
];
const NAMES_FROM = 420; // px of width

/**
 * @param {import("./plot.js").Plot} plot @param {{network: number[], pca: number[]}} curves
 * @param {import("../types").BottleneckPoint[]} points
 */
export function drawPointsAndNames(plot, curves, points) {
  const { ctx, theme, width } = plot;
  const space = new FreeSpace({ left: plot.left, right: width - 2, top: 2, bottom: plot.bottom });
  const dots = points.map(({ name, k, error }) => ({ name, x: plot.x(k), y: plot.y(error) }));
  for (const { x, y } of dots) space.block(x, y, 12);
  for (const values of [curves.pca, curves.network])
    for (const [n, value] of values.entries()) if (value > 0) space.block(plot.x(n + 1), plot.y(value), 4);
  const write = (text, x, y, ways) => {
    const box = space.place(x, y, ctx.measureText(text).width, 13 * rem, ways);
    if (box) haloText(ctx, theme, text, box.x, box.y + box.h - 3, 3);
    return box !== null;
  };
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = `600 ${12 * rem}px ${theme.font}`;
  for (const { name, values, ways } of [
    { name: "PCA", values: curves.pca, ways: PCA_WAYS },
    { name: "network", values: curves.network, ways: NETWORK_WAYS },
  ])
    ALONG.some((part) => {
      const k = Math.max(1, Math.round(plot.scale.across[1] * part));
      return values[k - 1] > 0 && write(name, plot.x(k), plot.y(values[k - 1]), ways);
    });
  ctx.font = `${11 * rem}px ${theme.font}`;
  for (const { x, y } of dots) drawPoint(ctx, theme, x, y);
  if (width >= NAMES_FROM) for (const { name, x, y } of dots) write(name, x, y, POINT_WAYS);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import("../canvas/theme.js").Theme} theme
 * @param {number} x @param {number} y
 */
function drawPoint(ctx, theme, x, y) {
  diamond(ctx, x, y, 5.5);
  ctx.fillStyle = theme.background;
  ctx.fill();
  ctx.strokeStyle = NETWORK;
  ctx.lineWidth = 2;
  ctx.stroke();
}
