// @ts-check
// Pictures of samples in rows on a canvas, a pixel each: reconstructions beside their originals, and first weights.
import { toPixels } from "../canvas/sample.js";

/**
 * Rows of pictures.
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
