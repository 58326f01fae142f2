// @ts-check
// A pad to draw a sample on by mouse, pen or finger, and the drawing as a model's input.
import { fit } from "../canvas/context.js";
import { drawStrokes, rasterize } from "../canvas/raster.js";
import { followStrokes } from "./strokes.js";

const PEN = 0.075; // of the pad: how thick a line looks while one draws

export class DrawingPad {
  /** @type {import("../canvas/raster.js").Stroke[]} */ strokes = [];

  /**
   * @param {HTMLCanvasElement} canvas its parent gets the class lx-blank while nothing is drawn
   * @param {{press: () => void, move: () => void, release: () => void}} handlers
   */
  constructor(canvas, { press, move, release }) {
    this.canvas = canvas;
    followStrokes(canvas, {
      begin: () => this.strokes.push([]),
      point: (event) => {
        const { left, top, width, height } = canvas.getBoundingClientRect();
        this.strokes.at(-1).push([(event.clientX - left) / width, (event.clientY - top) / height]);
      },
      press,
      move: () => {
        this.show();
        move();
      },
      release,
    });
  }

  isBlank() {
    return this.strokes.length === 0;
  }

  clear() {
    this.strokes = [];
    this.show();
  }

  resize() {
    if (fit(this.canvas)) this.show();
  }

  /** White on black, as the pictures are. */
  show() {
    const { canvas } = this;
    const ctx = canvas.getContext("2d");
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000000";
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.strokeStyle = "#ffffff";
    drawStrokes(ctx, this.strokes, { scale: canvas.width, x: 0, y: 0, width: PEN * canvas.width });
    canvas.parentElement.classList.toggle("lx-blank", this.isBlank());
  }

  /**
   * The drawing for a model's shape, a byte a value, every channel alike; null while it is blank.
   * @param {number[]} shape [channels, height, width]
   */
  bytes([channels, height, width]) {
    const grey = rasterize(this.strokes, height, width);
    return (
      grey && Uint8Array.from({ length: channels * grey.length }, (_, i) => Math.round(255 * grey[i % grey.length]))
    );
  }
}
