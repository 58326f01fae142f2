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
 * @property {number[]} part of the map that they show: [u, v, scale]
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
    const { backdrop, moving } = this.view.pad;
    return backdrop === "manifold" && !moving && !!this.tiles && this.tiles.next < this.tiles.order.length;
  }

  /** Begin anew where it would show something else than now. */
  start() {
    const { pad, model, signal, width, z } = this.view;
    if (pad.backdrop !== "manifold") return;
    const axes = this.view.axes();
    const across = signal ? (width < 260 ? 6 : 10) : width < 260 ? 11 : width < 420 ? 15 : 19;
    const down = model.k > 1 ? across : 1;
    const rest = z.map((value, i) => (axes.includes(i) ? 0 : value));
    const part = pad.zoom.state();
    const key = [across, axes, rest, part].join(";");
    if (this.tiles?.key === key) return;
    // Paint the new tiles over the old ones: no flicker.
    const old =
      this.tiles?.across === across && (!signal || String(this.tiles.part) === String(part)) ? this.tiles : null;
    const order = Array.from({ length: across * down }, (_, n) => n);
    const off = (n) => Math.hypot((n % across) - (across - 1) / 2, Math.floor(n / across) - (down - 1) / 2);
    order.sort((a, b) => off(a) - off(b));
    let canvas = signal ? null : (old?.canvas ?? offscreen(across * model.shape[2], down * model.shape[1]));
    if (canvas && old && String(old.part) !== String(part)) {
      canvas = offscreen(canvas.width, canvas.height);
      this.#stamp(canvas.getContext("2d"), canvas.width, canvas.height);
    }
    this.tiles = { key, across, down, rest, axes, part, order, next: 0, values: old?.values ?? [], canvas };
    pad.wake();
  }

  /** Decode tiles for so many ms. @param {number} budget */
  fill(budget) {
    const { model, range, pad } = this.view;
    const { zoom } = pad;
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
      z[a] = valueAt(model, a, zoom.fractionAcross((column + 0.5) / across));
      if (b !== undefined) z[b] = valueAt(model, b, 1 - zoom.fractionDown((row + 0.5) / down));
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
    if (!this.tiles) return;
    const { canvas, across, down } = this.tiles;
    if (!canvas) return this.drawSignals(ctx);
    // square tiles also where there is one row only
    const tall = ((width / across) * down * model.shape[1]) / model.shape[2];
    if (down > 1) this.#stamp(ctx, width, height);
    else ctx.drawImage(canvas, 0, (height - tall) / 2, width, tall);
  }

  /** The tiles where the part of the map that they show is now. */
  #stamp(ctx, width, height) {
    const { canvas, part } = this.tiles;
    const { zoom } = this.view.pad;
    const [u, v, scale] = part;
    const times = zoom.scale / scale;
    const [x, y] = [zoom.across(u - 0.5 / scale) * width, zoom.down(v - 0.5 / scale) * height];
    ctx.drawImage(canvas, x, y, width * times, height * times);
  }

  /** @param {CanvasRenderingContext2D} ctx */
  drawSignals(ctx) {
    if (String(this.tiles.part) !== String(this.view.pad.zoom.state())) return; // drawn anew as soon as the map rests
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
