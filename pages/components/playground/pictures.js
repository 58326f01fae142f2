// @ts-check
// Samples in rows on a canvas: pictures with a pixel each, signals as lines; reconstructions with their originals.
import { NETWORK, ORIGINAL } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { toPixels } from "../canvas/sample.js";
import { drawLanes } from "../canvas/trace.js";

/** @typedef {import("./spec.js").Spec} Spec */

/**
 * Rows of pictures, or the lines of each row over one another.
 * @param {HTMLCanvasElement} canvas of pictures: gets their size
 * @param {ArrayLike<number>[]} rows each of `count` samples @param {number} count @param {Spec} spec
 * @param {string[]} [colours] of the lines of each row
 */
export function drawSamples(canvas, rows, count, spec, colours = [ORIGINAL, NETWORK]) {
  if (spec.kind === "pictures") return drawRows(canvas, rows, count, spec.shape, spec.span);
  const { width, height } = sizeOf(canvas);
  const ctx = clearedContext(canvas);
  const [low, high] = spec.span;
  const margin = 0.05 * (high - low);
  const wide = width / count;
  for (const [row, values] of rows.entries())
    for (let n = 0; n < count; n++)
      drawLanes(
        ctx,
        values,
        spec.shape,
        [low - margin, high + margin],
        { x: n * wide + 2, y: 1, width: wide - 4, height: height - 2 },
        { colour: colours[row], width: 1.5, from: n * spec.size, clamps: true },
      );
}

/**
 * Rows of pictures, a pixel each.
 * @param {HTMLCanvasElement} canvas gets their size
 * @param {ArrayLike<number>[]} rows each of `count` pictures
 * @param {number} count @param {number[]} shape [channels, height, width] @param {[number, number]} range
 * @param {((value: number) => number[]) | null} [colour]
 */
export function drawRows(canvas, rows, count, [channels, height, width], range, colour = null) {
  const [wide, high] = [count * (width + 1) - 1, rows.length * (height + 1) - 1];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const ctx = canvas.getContext("2d");
  const pixels = new ImageData(width, height);
  for (const [row, values] of rows.entries()) {
    for (let n = 0; n < count; n++) {
      toPixels(pixels, values, channels, range, colour, n * channels * height * width);
      ctx.putImageData(pixels, n * (width + 1), row * (height + 1));
    }
  }
}
