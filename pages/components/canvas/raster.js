// @ts-check
// A drawing as pixels, centred and scaled as the training pictures were. Strokes are kept as lines, not as pixels: a
// digit
// drawn small or large then gets lines as thick as the training digits'.
import { offscreen } from "./context.js";

/** @typedef {[number, number][]} Stroke points, as fractions of the pad from its top left */

const FINE = 4; // sub-pixels along a pixel

/**
 * MNIST: the digit scaled so that its longer side is 20 of 28 pixels, its centre of mass in the middle (LeCun et al.
 * 1998); lines there are about 2.4 pixels wide at half their darkness (median of 300 digits). scikit-learn's 8×8 digits
 * fill their height, with lines of 1.85 pixels.
 * @param {number} height
 */
function styleOf(height) {
  if (height >= 16) return { box: (height * 20) / 28, thick: (height * 2.6) / 28, soft: 1 };
  return { box: height, thick: (height * 1.85) / 8, soft: 0.5 };
}

/**
 * Draws strokes as lines.
 * @param {CanvasRenderingContext2D} ctx @param {Stroke[]} strokes
 * @param {{scale: number, x: number, y: number, width: number}} place
 */
export function drawStrokes(ctx, strokes, { scale, x, y, width }) {
  ctx.lineWidth = width;
  ctx.lineCap = ctx.lineJoin = "round";
  for (const stroke of strokes) {
    ctx.beginPath();
    for (const [px, py] of stroke) ctx.lineTo(x + px * scale, y + py * scale);
    if (stroke.length === 1) ctx.lineTo(x + stroke[0][0] * scale + 0.01, y + stroke[0][1] * scale); // a dot
    ctx.stroke();
  }
}

/** @type {HTMLCanvasElement | null} */
let paper = null;

/** Ink 0..255 of each sub-pixel. */
function inkOf(strokes, height, width, { scale, x, y, thick }) {
  paper ??= offscreen();
  const w = width * FINE;
  const h = height * FINE;
  if (paper.width !== w || paper.height !== h) {
    paper.width = w;
    paper.height = h;
  }
  const ctx = paper.getContext("2d", { willReadFrequently: true });
  ctx.clearRect(0, 0, w, h);
  drawStrokes(ctx, strokes, { scale: scale * FINE, x: x * FINE, y: y * FINE, width: thick * FINE });
  const { data } = ctx.getImageData(0, 0, w, h);
  const ink = new Uint8Array(w * h);
  for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i + 3];
  return ink;
}

/**
 * @param {Stroke[]} strokes @param {number} height @param {number} width
 * @returns {Float32Array | null} height × width numbers 0..1; null where nothing is drawn
 */
export function rasterize(strokes, height, width) {
  const points = strokes.flat();
  if (!points.length) return null;
  const { box, thick, soft } = styleOf(Math.min(height, width));
  const ends = (axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [xs, ys] = [ends(0), ends(1)];
  const tall = Math.max(xs[1] - xs[0], ys[1] - ys[0], 0.06); // a dot stays a dot
  const scale = (box - thick) / tall;
  const half = [xs, ys].map(([low, high]) => ((high - low) * scale) / 2 + thick / 2);
  const left = width / 2 - ((xs[0] + xs[1]) / 2) * scale;
  const top = height / 2 - ((ys[0] + ys[1]) / 2) * scale;
  const ink = (dx, dy) => inkOf(strokes, height, width, { scale, x: left + dx, y: top + dy, thick });
  const [mx, my] = centreOfMass(ink(0, 0), width * FINE, height * FINE);
  // Its centre of mass to the middle, as far as the whole of it stays on the picture.
  const shift = (by, free) => Math.min(Math.max(0, free), Math.max(-Math.max(0, free), by));
  const centred = ink(
    shift(width / 2 - mx / FINE, width / 2 - half[0]),
    shift(height / 2 - my / FINE, height / 2 - half[1]),
  );
  return shrink(centred, height, width, soft);
}

function centreOfMass(ink, width, height) {
  let mass = 0;
  let mx = 0;
  let my = 0;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      mass += ink[i];
      mx += ink[i] * (x + 0.5);
      my += ink[i] * (y + 0.5);
    }
  return mass ? [mx / mass, my / mass] : [width / 2, height / 2];
}

/**
 * Sub-pixels to pixels with a tent filter that reaches `soft` pixels each way: edges as soft as in the training
 * pictures.
 */
function shrink(ink, height, width, soft) {
  const reach = Math.max(soft, 0.5) * FINE;
  const beyond = Math.ceil(reach - FINE / 2);
  const weights = [];
  for (let d = -beyond; d < FINE + beyond; d++)
    weights.push([d, soft > 0.5 ? Math.max(0, reach - Math.abs(d + 0.5 - FINE / 2)) : 1]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const rows = new Float32Array(height * FINE * width);
  const result = new Float32Array(height * width);
  for (let y = 0; y < height * FINE; y++)
    for (let x = 0; x < width; x++)
      for (const [d, weight] of weights) {
        const at = x * FINE + d;
        if (at >= 0 && at < width * FINE) rows[y * width + x] += weight * ink[y * width * FINE + at];
      }
  for (let y = 0; y < height; y++)
    for (const [d, weight] of weights) {
      const at = y * FINE + d;
      if (at < 0 || at >= height * FINE) continue;
      for (let x = 0; x < width; x++) result[y * width + x] += weight * rows[at * width + x];
    }
  for (let i = 0; i < result.length; i++) result[i] = Math.min(1, result[i] / (total * total * 255));
  return result;
}
