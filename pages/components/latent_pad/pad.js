// @ts-check
// What the maps of the pad share: choices, the one handle, and what Python hears.
import { fractionOf, valueAt } from "../canvas/scales.js";
import { find } from "../figure/dom.js";
import { ModelFigure } from "../figure/lifecycle.js";
import { samples } from "../runtime/store.js";
import { BACKDROPS, HEAT, OWN } from "./backdrop.js";
import { Drawing } from "./drawing.js";
import { Lasso } from "./lasso.js";
import { MapView } from "./map_view.js";
import { DimensionSliders } from "./sliders.js";
import { Toolbar } from "./toolbar.js";
import { Zoom } from "./zoom.js";

const REST = 120; // ms without a move, after which the maps are drawn with all they have
const SLICE = 7; // ms of each idle frame for the decoded map

/** @extends {ModelFigure<import("../types").LatentPadData>} */
export class LatentPad extends ModelFigure {
  /** @type {MapView[]} */ views = [];
  /** @type {Toolbar} */ toolbar;
  /** @type {DimensionSliders} */ sliders;
  /** @type {Drawing} */ drawing;
  /** @type {Lasso} */ lasso;
  backdrop = "points";
  /** "class", a factor's name, or "none" */
  colour = "none";
  /** @type {Set<number>} classes that are not shown */
  hidden = new Set();
  /** dimensions along the map and up it */
  axes = [0, 1];
  /** whether a classifier says what it sees in the decoded pictures */
  classifies = false;
  /** whether a hand has rested on a point, so that the samples themselves are wanted */
  peeks = false;
  /** @type {number | null} the sample that is pinned */ pin = null;
  /** the part of the maps that is in view */
  zoom = new Zoom();
  /** whether a drag moves the maps rather than the dot */
  pans = false;
  /** whether the maps are on the move: then they are drawn with fewer points and without new names */
  moving = false;
  /** whether another part is in view than in the last frame */
  #reframed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #rest;
  /** the samples that were asked for have come */
  #forget = samples.subscribe(() => {
    for (const view of this.views) view.peek.show();
  });
  /** whether the person has found out that it moves */
  touched = false;

  modelNames() {
    return this.data.views;
  }

  /** @param {string} name */
  onStoreChange(name) {
    super.onStoreChange(name);
    if (this.builtIn && name === this.data.classifier) this.refresh();
    if (!this.drawing || !this.data.views.includes(name.replace(/:encoder$/, ""))) return;
    this.drawing.stale = true;
    this.wake();
  }

  // ---- the parts ----

  build() {
    const { root, models } = this;
    const [first] = models;
    const body = find(root, ".lx-body");
    const [legend, dims, drawing] = [".lx-legend", ".lx-dims", ".lx-sheet"].map((part) => find(root, part));
    body.append(dims, legend, drawing); // out of the view that goes
    const template = root.querySelector("template").content.firstElementChild;
    const makeView = (model, n) => new MapView(this, model, /** @type {HTMLElement} */ (template.cloneNode(true)), n);
    this.views = models.map(makeView);
    find(root, ".lx-views").replaceChildren(...this.views.map((view) => view.element));
    if (models.length === 1) {
      this.views[0].element.append(dims, drawing);
      this.views[0].find("foot").append(legend);
    } else body.insertBefore(drawing, legend);
    this.toolbar = new Toolbar(this, root);
    this.sliders = new DimensionSliders(this, dims);
    this.lasso = new Lasso(this, find(root, ".lx-group"));
    this.drawing = new Drawing(this, drawing, find(root, ".lx-open"));
    const kinds = {
      "lx-compare": models.length > 1,
      "lx-many": first.k > 2,
      "lx-line": first.k === 1,
      "lx-signal": first.shape.length === 2,
      "lx-named": !!first.classes,
    };
    body.className = ["lx-body", ...Object.keys(kinds).filter((name) => kinds[name])].join(" ");
    find(root, ".lx-wait").hidden = true;
    body.hidden = false;
    this.observe([...this.views.flatMap((view) => [view.surface, view.decoded.canvas]), this.drawing.pad.canvas]);
  }

  offered() {
    return String(this.data.groups?.names);
  }

  /** Colours that the codes can have. @returns {string[]} */
  colours() {
    const [{ classes, factors }] = this.models;
    const own = this.data.groups ? [OWN] : [];
    return [...(classes ? ["class"] : []), ...factors.map(({ name }) => name), ...own];
  }

  /** @param {Partial<import("../types").LatentPadView>} wanted */
  start({ z, backdrop, colour, hidden, axes, sheet, zoom, classifies, lasso, pin, peeks }) {
    const [first] = this.models;
    const { k, centre, classes } = first;
    const colours = this.colours();
    const known = (i) => Number.isInteger(i) && i >= 0 && i < k;
    const usable = axes?.length === 2 && axes[0] !== axes[1] && axes.every(known);
    const start = z?.length === k && z.every(Number.isFinite) ? z : centre;
    this.backdrop = BACKDROPS[backdrop] ? backdrop : "points";
    this.colour = colours.includes(colour) ? colour : (colours[0] ?? "none");
    this.hidden = new Set((hidden ?? []).filter((c) => c < (classes?.length ?? 0)));
    this.axes = usable ? [...axes] : [0, Math.min(1, k - 1)];
    // One handle: the same relative place in every view; a dimension that only the second has starts at its centre.
    for (const view of this.views) {
      const same = (i) => valueAt(view.model, i, fractionOf(first, i, start[i]));
      view.moveTo(view.model.centre.map((middle, i) => (i < k ? same(i) : middle)));
    }
    this.drawing.start(sheet);
    this.classifies = !!classifies && !!this.data.classifier;
    const [u, v, scale] = zoom ?? [];
    this.zoom.show(u, v, scale);
    this.lasso.start(lasso);
    this.pin = Number.isInteger(pin) && pin < first.count ? pin : null;
    this.peeks = !!peeks;
  }

  /** A sample that Python read: shown once, as soon as it is a new one. */
  accept() {
    const uploaded = this.newUpload();
    if (!uploaded) return;
    this.drawing.upload(uploaded.values);
    this.send();
  }

  refresh() {
    this.toolbar.refresh();
    this.sliders.refresh();
    this.drawing.refresh();
    for (const view of this.views) view.refresh();
    this.wake();
  }

  resize() {
    for (const view of this.views) view.resize();
    this.drawing?.resize();
  }

  // ---- the handle ----

  /**
   * The other view goes to the same relative place.
   * @param {MapView} from whose units the values have @param {Record<number, number>} values by dimension
   */
  move(from, values) {
    this.touched = true;
    for (const view of this.views) {
      const z = [...view.z];
      for (const [dimension, value] of Object.entries(values)) {
        const i = Number(dimension);
        if (i < view.model.k) z[i] = view === from ? value : valueAt(view.model, i, fractionOf(from.model, i, value));
      }
      view.moveTo(z);
    }
    if (this.held === null) this.#reveal();
    this.wake();
  }

  /** A hand rests on a point: Python sends the samples, once. */
  askForSamples() {
    if (this.held !== null) return;
    this.peeks = true;
    this.send();
  }

  // ---- the part in view ----

  /** Another part of the maps is in view. */
  zoomed() {
    this.moving = this.#reframed = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.moving = false;
      this.#reframed = true;
      this.wake();
    }, REST);
    for (const view of this.views) view.zoomHand.refresh();
    this.wake();
  }

  /** The dot, moved by keys or a slider, stays in view. */
  #reveal() {
    if (this.zoom.isWhole) return;
    const [{ model, z }] = this.views;
    const [a, b] = this.axes;
    const before = String(this.zoom.state());
    this.zoom.reveal(fractionOf(model, a, z[a]), model.k > 1 ? 1 - fractionOf(model, b, z[b]) : 0.5);
    if (String(this.zoom.state()) !== before) this.zoomed();
  }

  close() {
    clearTimeout(this.#rest);
    this.#forget();
    super.close();
  }

  /** What the handle and the choices are; also what `data` starts with. @returns {import("../types").LatentPadView} */
  state() {
    return {
      z: [...this.views[0].z],
      backdrop: this.backdrop,
      colour: this.colour,
      hidden: [...this.hidden].sort((a, b) => a - b),
      axes: [...this.axes],
      sheet: this.drawing.state(),
      zoom: this.zoom.state(),
      classifies: this.classifies,
      lasso: this.lasso.draws ? [] : [...this.lasso.line],
      pin: this.pin,
      peeks: this.peeks,
    };
  }

  /** A picture of the map that depends on where the dot is is made by Python. */
  asksPython() {
    const { backdrop, models } = this;
    return backdrop === "verdict" || (backdrop in HEAT && models.some(({ k }) => k > 2));
  }

  describe() {
    for (const view of this.views) view.describe();
  }

  // ---- frames ----

  drawFrame() {
    const landed = this.drawing.draw();
    const reframed = this.#reframed;
    this.#reframed = false;
    if (reframed) for (const view of this.views) view.reframe();
    let moved = false;
    for (const view of this.views) moved = view.draw(landed) || moved;
    if (moved) this.sliders.show();
    const filling = this.views.filter((view) => view.mosaic.isFilling());
    if (filling.length) this.wake();
    if (reframed) return true;
    if (moved || landed || this.held !== null) return moved || landed; // the hand comes first
    for (const view of filling) view.fill(SLICE / filling.length);
    return filling.length > 0;
  }
}
