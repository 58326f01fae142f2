// @ts-check
// The latent map: a point a window.
import { cividis, cividisGradient, FLAG, NEUTRAL, PALETTE } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { classLabels, drawLabels } from "../canvas/labels.js";
import { StillLayer } from "../canvas/layer.js";
import { dotRadius, dots, drawPoints, nearestPoint, shadeOf } from "../canvas/scatter.js";
import { ring } from "../canvas/strokes.js";
import { find, make } from "../figure/dom.js";
import { arrowOf } from "../figure/keys.js";
import { number, whole } from "../math/numbers.js";
import { clamp, trimmedRange } from "../math/stats.js";
import { KIND_COLOURS } from "./kinds.js";
import { PressedButtons } from "./pressed_buttons.js";
import { KIND } from "./words.js";

const FAR = 0.006; // share of the points at each end that may lie on the border: one stray window must not take the map
const BORDER = 7; // px
const MARGIN = 16; // px around the others
const REACH = 30; // px from a point that take it

export class LatentMap {
  /** windows that are flagged */
  flagged = 0;
  /** the window with the largest error */
  worst = 0;
  /** what the points are coloured by */
  colour = "time";
  /** @type {Float32Array | null} (windows · 2) px; null: to be laid out anew */
  #positions = null;
  /** @type {Float32Array} (windows) the largest error in each */
  #errors = new Float32Array(0);
  /** @type {[number, number]} the least and the largest of those */
  #errorEnds = [1, 1];
  #radius = 2;
  /** @type {HTMLCanvasElement[]} the stamp around a flagged window */
  #halo = [];
  #layer = new StillLayer();
  #halos = new StillLayer();
  #described = "";
  /** @type {import("./kinds.js").Kinds | null} */
  #kinds = null;

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} box */
  constructor(figure, box) {
    this.figure = figure;
    /** @type {HTMLCanvasElement} */
    this.canvas = find(box, "canvas");
    this.caption = find(box, ".lx-caption");
    this.colours = new PressedButtons(box, "colour", (colour) => {
      this.colour = colour;
      this.draw();
      figure.send(0, "look");
    });
    this.canvas.onclick = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      const n = nearestPoint(this.#positions ?? [], event.clientX - left, event.clientY - top, REACH);
      if (n >= 0) figure.chooseWindow(n);
    };
    this.canvas.onkeydown = (event) => {
      const [right, up] = arrowOf(event) ?? [0, 0];
      const by = right || -up;
      if (!by) return;
      event.preventDefault();
      const last = figure.detection.windows.length - 1;
      const from = this.marked();
      figure.chooseWindow(from >= 0 ? clamp(from + by, 0, last) : by > 0 ? 0 : last);
    };
  }

  /** Lay it out anew in the next frame. */
  clear() {
    this.#positions = null;
    this.#layer.clear();
    this.#halos.clear();
  }

  /** The chosen window, or the one around the chosen stretch's peak; −1: none. */
  marked() {
    const { chosen, visited } = this.figure;
    if (!chosen) return -1;
    const like = visited === null ? null : this.figure.alike.found()[visited];
    if (like) return this.#around((like.start + like.end) / 2);
    if ("window" in chosen) return chosen.window;
    return this.#around("row" in chosen ? chosen.row : (chosen.span[0] + chosen.span[1]) / 2);
  }

  /** The window whose middle is nearest to a row. @param {number} row */
  #around(row) {
    const { windows, window } = this.figure.detection;
    const far = (n) => Math.abs(windows[n] + window / 2 - row);
    let best = -1;
    for (let n = 0; n < windows.length; n++) if (best < 0 || far(n) < far(best)) best = n;
    return best;
  }

  #layOut() {
    const { figure, canvas } = this;
    const { windows, window, rows, z, score } = figure.detection;
    const { width, height } = sizeOf(canvas);
    const place = (axis, size) => {
      const values = z.filter((_, i) => i % 2 === axis);
      const [low, high] = trimmedRange(values, FAR) ?? [0, 0];
      const [from, to] = high > low ? [low, high] : [low - 1, low + 1];
      const inside = (value) => MARGIN + ((value - from) / (to - from)) * (size - 2 * MARGIN);
      return values.map((value) => clamp(inside(value), BORDER, size - BORDER));
    };
    const [xs, ys] = [place(0, width), place(1, height)];
    this.#positions = z.map((_, i) => (i % 2 ? height - ys[i >> 1] : xs[i >> 1]));
    this.#errors = Float32Array.from(windows, (start) => {
      let most = Number.NaN;
      for (let row = start; row < Math.min(rows, start + window); row++)
        if (!(score[row] <= most) && !Number.isNaN(score[row])) most = score[row];
      return most;
    });
    const errors = this.#errors;
    this.worst = errors.reduce((best, value, n) => (value > errors[best] || Number.isNaN(errors[best]) ? n : best), 0);
    const known = errors.filter((value) => value > 0).sort();
    this.#errorEnds = [known[0] ?? 1, known.at(-1) ?? 1];
    this.#radius = clamp(dotRadius(windows.length, width), 2, 4);
    this.#halo = dots([FLAG[figure.theme.mode]], this.#radius + 2);
  }

  /** The points, and the clusters' numbers where they are told apart. @param {CanvasRenderingContext2D} ctx */
  #drawPoints(ctx) {
    const { detection, theme } = this.figure;
    const { windows, clusters, rows } = detection;
    const positions = this.#positions;
    const byCluster = this.colour === "cluster";
    const colours = byCluster ? PALETTE : cividis(theme);
    const [low, high] = this.#errorEnds.map(Math.log);
    const shade = (n) => {
      if (byCluster) return clusters[n] % PALETTE.length;
      if (this.colour === "time") return shadeOf(windows[n], 0, rows - 1, colours.length);
      return shadeOf(Math.log(this.#errors[n]), low, high, colours.length);
    };
    drawPoints(
      ctx,
      positions,
      dots(colours, this.#radius),
      Int16Array.from(windows, (_, n) => shade(n)),
      1,
    );
    if (!byCluster) return;
    const names = Array.from({ length: Math.max(...clusters) + 1 }, (_, c) => String(c + 1));
    drawLabels(ctx, theme, classLabels(ctx, theme, names, { positions, labels: clusters, ...sizeOf(this.canvas) }));
  }

  /**
   * The windows that are flagged in the colours of their kinds, with their names. @param {CanvasRenderingContext2D} ctx
   */
  #drawKinds(ctx) {
    const { figure } = this;
    const { windows, window } = figure.detection;
    const { theme, kinds } = figure;
    const positions = this.#positions;
    const shades = Int16Array.from(windows, (start) => {
      const stretch = figure.stretchAt(start, start + window);
      const kind = stretch ? figure.kindOf(stretch) : -1;
      return kind < 0 ? -1 : Math.min(kind, KIND_COLOURS.length);
    });
    const rest = shades.map((shade) => (shade < 0 ? 0 : -1));
    drawPoints(ctx, positions, dots([NEUTRAL], this.#radius), rest, 0.45);
    drawPoints(ctx, positions, dots([...KIND_COLOURS, NEUTRAL], this.#radius), shades, 1);
    const of = [...shades.keys()].filter((n) => shades[n] >= 0 && shades[n] < KIND_COLOURS.length);
    const at = Float32Array.from(of.flatMap((n) => [positions[2 * n], positions[2 * n + 1]]));
    const labels = of.map((n) => shades[n]);
    const names = kinds.names.slice(0, KIND_COLOURS.length).map((_, kind) => kinds.short(kind));
    drawLabels(ctx, theme, classLabels(ctx, theme, names, { positions: at, labels, ...sizeOf(this.canvas) }));
  }

  draw() {
    const { figure, canvas } = this;
    const { detection, theme } = figure;
    const { windows, window } = detection;
    if (!windows.length) return;
    if (!this.#positions) this.#layOut();
    const positions = this.#positions;
    const ctx = clearedContext(canvas);
    const byKind = this.colour === "kind"; // there only what is flagged has a colour
    const threshold = `${figure.rule} ${figure.amount}`;
    this.#halos.draw(ctx, `${byKind} ${threshold}`, theme, (still) => {
      const flagged = Int16Array.from(windows, (start) => (figure.stretchAt(start, start + window) ? 0 : -1));
      this.flagged = flagged.reduce((count, shade) => count + shade + 1, 0);
      if (!byKind) drawPoints(still, positions, this.#halo, flagged, 1);
    });
    // On top: where most is flagged the colours can still be read.
    const key = byKind ? `${this.colour} ${threshold}` : this.colour;
    this.#layer.draw(ctx, key, theme, (still) => (byKind ? this.#drawKinds(still) : this.#drawPoints(still)));
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 1.5;
    for (const { start, end } of figure.alike.found()) {
      const n = this.#around((start + end) / 2);
      ring(ctx, positions[2 * n], positions[2 * n + 1], this.#radius + 4);
      ctx.stroke();
    }
    const marked = this.marked();
    for (const [colour, thick] of /** @type {const} */ ([
      [theme.background, 6],
      [theme.text, 3],
    ])) {
      if (marked < 0) break;
      ctx.strokeStyle = colour;
      ctx.lineWidth = thick;
      ring(ctx, positions[2 * marked], positions[2 * marked + 1], this.#radius + 7);
      ctx.stroke();
    }
    this.#describe();
  }

  /** What the colours of kinds mean, with how often each is flagged. */
  #legend() {
    const { kinds, stretches } = this.figure;
    if (!kinds.known) return [make("span", {}, KIND.unknown)];
    const counts = kinds.names.map(() => 0);
    for (const stretch of stretches) {
      const kind = this.figure.kindOf(stretch);
      if (kind >= 0) counts[kind] += 1;
    }
    const named = kinds.names.flatMap((name, kind) => {
      const swatch = make("i", { class: "lx-swatch", style: `background: ${kinds.colour(kind)}` });
      return kind < KIND_COLOURS.length
        ? [make("span", { class: "lx-kind" }, swatch, `${name} (${whole(counts[kind])})`)]
        : [];
    });
    const others = kinds.names.length - named.length;
    if (others > 0) named.push(make("span", { class: "lx-kind" }, KIND.more(others)));
    return named.length ? named : [make("span", {}, KIND.nothing)];
  }

  #describe() {
    const { detection, theme } = this.figure;
    const { times, rows } = detection;
    const said = JSON.stringify([this.colour, this.flagged, this.#errorEnds, theme.mode, this.figure.sentence]);
    if (this.#described === said && this.figure.kinds === this.#kinds) return;
    this.#described = said;
    this.#kinds = this.figure.kinds;
    this.colours.mark(this.colour);
    const ends = { time: [times.day(0), times.day(rows - 1)], error: this.#errorEnds.map((error) => number(error)) };
    const scale = make("i", { class: "lx-scale", style: `background: ${cividisGradient(theme)}` });
    const [low, high] = ends[this.colour] ?? [];
    const plain = this.colour === "kind" ? this.#legend() : [make("span", {}, "numbered clusters")];
    const key = low ? [make("span", {}, low), scale, make("span", {}, high)] : plain;
    const flagged = make("span", {}, `${whole(this.flagged)} flagged`);
    const ringed = this.colour === "kind" ? [] : [make("i", { class: "lx-ringed" })];
    this.caption.replaceChildren(...key, ...ringed, flagged);
  }
}
