// @ts-check
// A sample with its name above it, and its error and a bar below.
import { ORIGINAL } from "../canvas/colours.js";
import { make, setLabel } from "../figure/dom.js";
import { clamp, squaredError } from "../math/stats.js";

/**
 * @typedef {object} TileOptions
 * @property {string} [small] behind the name
 * @property {boolean} [mine] whether the figure is about it
 * @property {boolean} [moved] whether the hand moves it
 * @property {string} [colour] of its bar, and of a signal's line; without one there is no bar
 */

export class Tile {
  /** @type {number | null} squared error of what is shown */
  error = null;
  /** @type {HTMLElement | null} */ bar = null;

  /**
   * @param {import("./figure.js").VariantFigure} figure @param {string} id @param {string} title
   * @param {TileOptions} [options]
   */
  constructor(figure, id, title, { small = "", mine = false, moved = false, colour = "" } = {}) {
    this.figure = figure;
    this.id = id;
    this.title = title;
    this.canvas = make("canvas", { "data-testid": id, role: "img" });
    this.note = make("p", { class: "lx-note" });
    const caption = make("figcaption", {}, title, " ", make("small", {}, small));
    const kind = `lx-tile${mine ? " lx-mine" : ""}${moved ? " lx-moved" : ""}`;
    this.element = make("figure", { class: kind, title: `${title} ${small}` }, caption, this.canvas, this.note);
    if (colour) {
      this.bar = makeBar(colour);
      this.element.append(make("div", { class: "lx-bar" }, this.bar));
    }
    this.view = figure.sampleView(this.canvas, colour || ORIGINAL);
  }

  /**
   * @param {ArrayLike<number>} values
   * @param {Float32Array | null} [clean] what it is compared with; values beyond the data's range are clipped for that
   */
  show(values, clean = null) {
    const { view, figure, canvas, id, title, note } = this;
    view.show(values, { ...figure.look(), clean });
    if (!clean) return setLabel(canvas, title);
    const { range } = figure.model;
    this.error = squaredError(range ? view.values.map((value) => clamp(value, ...range)) : view.values, clean);
    const text = this.error.toFixed(this.error < 10 ? 2 : 1);
    note.replaceChildren("squared error ", make("b", { "data-testid": `${id}-error` }, text));
    setLabel(canvas, `${title}: squared error ${text}`);
  }
}

/** The filled part of a bar. @param {string} colour */
export function makeBar(colour) {
  const bar = make("i");
  bar.style.setProperty("--lx-colour", colour);
  return bar;
}

/** Bars as long as the errors of their tiles. @param {Tile[]} tiles */
export function drawBars(tiles) {
  const most = Math.max(...tiles.map(({ error }) => error), 1e-9);
  for (const { bar, error } of tiles) bar?.style.setProperty("--lx-part", String(error / most));
}
