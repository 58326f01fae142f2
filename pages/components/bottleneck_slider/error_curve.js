// @ts-check
// Held-out error against k: a chart that is also a slider. Its marker stands above the slider's thumb.
import { NETWORK, PCA } from "../canvas/colours.js";
import { clearedContext, fit, sizeOf } from "../canvas/context.js";
import { ticks } from "../canvas/scales.js";
import { line, ring } from "../canvas/strokes.js";
import { find } from "../figure/dom.js";
import { onDrag } from "../figure/pointer.js";
import { clamp } from "../math/stats.js";
import { drawPointsAndNames } from "./curve_labels.js";
import { Plot } from "./plot.js";
import { insets, LINES } from "./style.js";
import { curveCaption } from "./words.js";

export class ErrorCurve {
  /** @type {import("../types").BottleneckCurve | null} */ data = null;
  /** @type {import("../canvas/theme.js").Theme} */ theme;
  /** where the marker is */
  k = 1;
  /** @type {Plot | null} */ #plot = null;
  #look = "";

  /**
   * @param {HTMLElement} surface with its two canvases @param {number} most the largest k
   * @param {{hover: (k: number | null) => void, press: (k: number) => void, release: () => void}} handlers
   *   press: also for the moves after it
   */
  constructor(surface, most, { hover, press, release }) {
    this.surface = surface;
    this.most = most;
    /** @type {HTMLCanvasElement} */
    this.backdrop = find(surface, ".lx-backdrop");
    /** @type {HTMLCanvasElement} */
    this.overlay = find(surface, ".lx-overlay");
    const kAt = (x) => this.#kAt(x);
    let pressed = false;
    onDrag(surface, {
      press() {
        pressed = true;
      },
      move: ({ x }) => press(kAt(x)),
      release() {
        pressed = false;
        release();
      },
      hover({ x, event }) {
        if (event.pointerType === "mouse" && !event.buttons) hover(kAt(x));
      },
    });
    surface.onpointerleave = () => {
      if (!pressed) hover(null);
    };
  }

  /** @param {number} x px */
  #kAt(x) {
    const { left, right } = insets();
    const part = (x - left) / (sizeOf(this.overlay).width - left - right);
    return clamp(Math.round(1 + part * (this.most - 1)), 1, this.most);
  }

  /**
   * @param {import("../types").BottleneckCurve | null | undefined} data
   * @param {import("../canvas/theme.js").Theme} theme
   */
  set(data, theme) {
    const usable = data?.network?.length && data.pca?.length ? data : null;
    const look = JSON.stringify([usable, theme]);
    this.surface.parentElement.hidden = !usable;
    if (look === this.#look) return;
    this.#look = look;
    this.data = usable;
    Object.assign(this.surface, { errors: usable }); // a lesson's task is judged by them
    this.theme = theme;
    if (!this.resize()) this.#draw();
  }

  /** Follows the size on the page; says whether that changed. */
  resize() {
    if (!this.data) return false;
    const changed = fit(this.backdrop, this.surface);
    if (!fit(this.overlay, this.surface) && !changed) return false;
    this.#draw();
    this.mark(this.k);
    return true;
  }

  #draw() {
    const { data, theme, most } = this;
    if (!data) return;
    const points = (data.points ?? []).filter(({ k, error }) => k >= 1 && k <= most && error > 0);
    const network = data.network.slice(0, most);
    const pca = data.pca.slice(0, most);
    const errors = [...network, ...pca, ...points.map(({ error }) => error)].filter((error) => error > 0);
    const high = Math.max(...errors, 1e-9);
    const low = Math.max(Math.min(...errors, high), high * 1e-5);
    const scale = { across: /** @type {[number, number]} */ ([1, most]), log: true };
    const plot = Plot.on(this.backdrop, theme, { ...insets(), top: 8 }, { ...scale, up: [low / 1.3, high * 1.2] });
    this.#plot = plot;
    if (!plot) return;
    plot.grid(4);
    this.#writeSizes(plot);
    plot.line(network, LINES.network, 1);
    plot.line(pca, { ...LINES.pca, width: 2 }, 1);
    drawPointsAndNames(plot, { network, pca }, points);
  }

  /** @param {Plot} plot */
  #writeSizes(plot) {
    const { ctx, theme, width, height } = plot;
    const sizes = ticks(0, this.most, width < 420 ? 4 : 8);
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    ctx.globalAlpha = 0.72;
    ctx.fillStyle = theme.text;
    for (const k of [1, ...sizes.filter((k) => k > (sizes[1] ?? 0) * 0.3 && Number.isInteger(k))])
      ctx.fillText(String(k), plot.x(k), height - 5);
    ctx.globalAlpha = 1;
  }

  /** Moves the marker. @param {number} k */
  mark(k) {
    this.k = k;
    const { data, theme } = this;
    const plot = this.#plot;
    if (!plot || !data) return;
    const ctx = clearedContext(this.overlay);
    const x = plot.x(k);
    ctx.strokeStyle = theme.primary;
    ctx.lineWidth = 2;
    line(ctx, x, 0, x, plot.height - 19);
    const disc = (error, colour, radius) => {
      if (!(error > 0)) return;
      ctx.fillStyle = colour;
      ring(ctx, x, plot.y(error), radius);
      ctx.fill();
    };
    // a ring, and a dot that fits into it
    disc(data.pca[k - 1], theme.background, 7);
    disc(data.pca[k - 1], PCA, 6);
    disc(data.pca[k - 1], theme.background, 4);
    disc(data.network[k - 1], NETWORK, 4);
  }

  /** @param {number} k */
  caption(k) {
    return this.data ? curveCaption(this.data, k) : "";
  }
}
