// @ts-check
// The decoded map: a mosaic of what the network draws, filled from the middle, a few milliseconds a frame.
import { NETWORK } from "../canvas/colours.js";
import { offscreen } from "../canvas/context.js";
import { toPixels } from "../canvas/sample.js";
import { valueAt } from "../canvas/scales.js";
import { drawLanes } from "../canvas/trace.js";

/**
 * @typedef {object} Tiles
 * @property {string} key what they show
 * @property {number} across @property {number} down tiles along each side
 * @property {number[]} rest z, but 0 along the map's axes
 * @property {number[]} axes
 * @property {number[]} order from the middle outwards
 * @property {number} next how many of them are done
 * @property {Float32Array[]} values of a signal's tiles
 * @property {HTMLCanvasElement | null} canvas of pictures, a model's pixel each
 */

export class Mosaic {
  /** @type {Tiles | null} */ tiles = null;

  /** @param {import("./map_view.js").MapView} view */
  constructor(view) {
    this.view = view;
  }

  isFilling() {
    return this.view.pad.backdrop === "manifold" && !!this.tiles && this.tiles.next < this.tiles.order.length;
  }

  /** Begin anew where it would show something else than now. */
  start() {
    const { pad, model, signal, width, z } = this.view;
    if (pad.backdrop !== "manifold") return;
    const axes = this.view.axes();
    const across = signal ? (width < 260 ? 6 : 10) : width < 260 ? 11 : width < 420 ? 15 : 19;
    const down = model.k > 1 ? across : 1;
    const rest = z.map((value, i) => (axes.includes(i) ? 0 : value));
    const key = [across, axes, rest].join(";");
    if (this.tiles?.key === key) return;
    const old = this.tiles?.across === across ? this.tiles : null; // paint the new tiles over the old ones: no flicker
    const order = Array.from({ length: across * down }, (_, n) => n);
    const off = (n) => Math.hypot((n % across) - (across - 1) / 2, Math.floor(n / across) - (down - 1) / 2);
    order.sort((a, b) => off(a) - off(b));
    const canvas = signal ? null : (old?.canvas ?? offscreen(across * model.shape[2], down * model.shape[1]));
    this.tiles = { key, across, down, rest, axes, order, next: 0, values: old?.values ?? [], canvas };
    pad.wake();
  }

  /** Decode tiles for so many ms. @param {number} budget */
  fill(budget) {
    const { model, range } = this.view;
    const { across, down, axes, rest, order, canvas, values } = this.tiles;
    const [a, b] = axes;
    const [channels, height, width] = model.shape;
    const until = performance.now() + budget;
    const z = [...rest];
    const ctx = canvas?.getContext("2d");
    const pixels = ctx && new ImageData(width, height);
    while (this.tiles.next < order.length && performance.now() < until) {
      const tile = order[this.tiles.next++];
      const column = tile % across;
      const row = Math.floor(tile / across);
      z[a] = valueAt(model, a, (column + 0.5) / across);
      if (b !== undefined) z[b] = valueAt(model, b, 1 - (row + 0.5) / down);
      const made = model.decode(z);
      if (ctx) {
        toPixels(pixels, made, channels, range);
        ctx.putImageData(pixels, column * width, row * height);
      } else values[tile] = Float32Array.from(made);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx */
  draw(ctx) {
    const { width, height, model } = this.view;
    const { canvas, across, down } = this.tiles;
    if (!canvas) return this.drawSignals(ctx);
    // square tiles also where there is one row only
    const tall = ((width / across) * down * model.shape[1]) / model.shape[2];
    if (down > 1) ctx.drawImage(canvas, 0, 0, width, height);
    else ctx.drawImage(canvas, 0, (height - tall) / 2, width, tall);
  }

  /** @param {CanvasRenderingContext2D} ctx */
  drawSignals(ctx) {
    const { width, height, model, range } = this.view;
    const { across, down, values } = this.tiles;
    const style = { colour: NETWORK, width: model.shape[0] > 1 ? 0.8 : 1.2, clamps: true };
    const frame = { x: 0, y: 0, width: width / across - 8, height: height / down - 8 };
    for (const [tile, made] of values.entries()) {
      if (!made) continue; // not decoded yet
      frame.x = ((tile % across) * width) / across + 4;
      frame.y = (Math.floor(tile / across) * height) / down + 4;
      drawLanes(ctx, made, model.shape, range, frame, style);
    }
  }
}
