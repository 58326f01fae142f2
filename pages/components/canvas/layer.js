// @ts-check
// A layer that no frame changes, drawn once and stamped: dots and names under what moves.
import { offscreen } from "./context.js";

export class StillLayer {
  /** @type {HTMLCanvasElement | null} */ #canvas = null;
  #key = "";

  /** Draw it anew the next time. */
  clear() {
    this.#key = "";
  }

  /**
   * @param {CanvasRenderingContext2D} ctx of a canvas in CSS pixels
   * @param {string} key what it shows, besides size and theme
   * @param {import("./theme.js").Theme} theme @param {(ctx: CanvasRenderingContext2D) => void} draw
   */
  draw(ctx, key, theme, draw) {
    const { width, height } = ctx.canvas;
    const wanted = [width, height, devicePixelRatio, theme.mode, key].join(" ");
    if (this.#key !== wanted || !this.#canvas) {
      this.#key = wanted;
      this.#canvas = offscreen(width, height);
      const still = this.#canvas.getContext("2d");
      still.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      draw(still);
    }
    ctx.drawImage(this.#canvas, 0, 0, width / devicePixelRatio, height / devicePixelRatio);
  }
}
