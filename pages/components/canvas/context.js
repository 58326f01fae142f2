// @ts-check
// Canvases that are as sharp as the screen; what is drawn on them is measured in CSS pixels.

/** How large type is, its usual size being 1: what is written on a canvas follows it, as the style sheets do. */
export let rem = 1;

/** `fit` reads it, too; before it where the size of a box depends on it. */
export function readRem() {
  rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/**
 * Gives a canvas as many device pixels as its box has; says whether that changed.
 * @param {HTMLCanvasElement} canvas @param {Element} [box]
 */
export function fit(canvas, box = canvas) {
  readRem();
  const width = Math.round(box.clientWidth * devicePixelRatio);
  const height = Math.round(box.clientHeight * devicePixelRatio);
  if (!width || (canvas.width === width && canvas.height === height)) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

/**
 * Its size in CSS pixels, from its own: to ask the page for it would lay the page out again in every frame.
 * @param {HTMLCanvasElement} canvas
 */
export function sizeOf(canvas) {
  return { width: canvas.width / devicePixelRatio, height: canvas.height / devicePixelRatio };
}

/**
 * The context of a canvas, in CSS pixels, with nothing drawn.
 * @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D}
 */
export function clearedContext(canvas) {
  const ctx = canvas.getContext("2d");
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return ctx;
}

/** A canvas that is not on the page. @param {number} [width] device pixels @param {number} [height] */
export function offscreen(width = 1, height = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
