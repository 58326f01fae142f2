// @ts-check
// Maps of the same samples: they turn into each other as a slider or a button says, and one sample is followed. Nothing
// of that is sent; Python hears only which sample is followed.
import { classColour, NEUTRAL, rgb } from "../canvas/colours.js";
import { clearedContext, fit, rem, sizeOf } from "../canvas/context.js";
import { classLabels, drawLabels } from "../canvas/labels.js";
import { dotRadius, dots, drawPoints, nearestPoint } from "../canvas/scatter.js";
import { coverage, splat } from "../canvas/splat.js";
import { handle, line, ring } from "../canvas/strokes.js";
import { byTestId, find, prefersStill, setLabel, setText } from "../figure/dom.js";
import { Glide } from "../figure/glide.js";
import { arrowOf, hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { Figure } from "../figure/lifecycle.js";
import { onDrag } from "../figure/pointer.js";
import { buildSegments, markSegment } from "../figure/segments.js";
import { FrameStats } from "../figure/stats.js";
import { clamp } from "../math/stats.js";
import { floatsFromBase64, fromBase64 } from "../runtime/bytes.js";
import { between, nearestOf, towards } from "./places.js";
import { mapWords, surfaceWords } from "./words.js";

const LASTS = 1100; // ms, from map to map
const STEP = 200; // ms, to the map that is nearest as the slider is let go
const EDGE = 1.08; // of the square that is shown
const NEIGHBOURS = 5;
const ALPHA = 0.62;
const MANY = 2000; // points that move are no longer stamped
const REACH = 24; // px around a press

/** @extends {Figure<import("../types").MapMorphData>} */
export class MapMorph extends Figure {
  /** where the slider stands, in maps */
  at = 0;
  /** where it comes to rest */
  goal = 0;
  /** @type {number | null} */ sample = null;
  origin = 0;
  /** @type {Float32Array[]} (M · 2) each */ maps = [];
  /** @type {Uint8Array | null} */ labels = null;
  /** (count · 2) of the frame */
  places = new Float32Array(0);
  /** @type {{from: Float32Array, to: number, glide: Glide} | null} a way that need not lead through other maps */
  way = null;
  /** @type {HTMLElement} */ surface;
  /** @type {HTMLCanvasElement} */ canvas;
  /** @type {HTMLCanvasElement} */ over;
  /** @type {HTMLInputElement} */ slider;
  /** @type {FrameStats} */ stats;
  #positions = new Float32Array(0);
  #look = {
    key: "",
    stamps: /** @type {HTMLCanvasElement[]} */ ([]),
    shades: /** @type {Int16Array | null} */ (null),
    colours: /** @type {number[][]} */ ([]),
    dot: coverage(1),
  };
  /** @type {Map<string, import("../canvas/labels.js").Label[]>} by map and size */ #names = new Map();
  #maps = "";
  /** @type {number | null} the map that the link asks for and that is yet to come */ #awaited = null;

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    const { data } = this;
    const maps = JSON.stringify(data.maps);
    if (maps !== this.#maps) {
      this.#maps = maps;
      this.maps = data.maps.map(({ places }) => floatsFromBase64(places));
      this.labels = data.labels ? fromBase64(data.labels) : null;
      this.places = new Float32Array(2 * data.count);
      this.#positions = new Float32Array(2 * data.count);
      this.#names.clear();
      this.#look.key = "";
      this.at = this.goal = clamp(this.goal, 0, this.maps.length - 1);
      this.way = null;
    }
    if (elementChanged) this.#build();
    if (subjectChanged) this.#start();
    else if (this.#awaited !== null && this.#awaited < this.maps.length) this.go(this.#awaited);
    this.refresh();
  }

  #start() {
    const { data } = this;
    const last = this.maps.length - 1;
    this.at = this.goal = clamp(data.map, 0, last);
    this.#awaited = data.map > last ? data.map : null;
    this.origin = clamp(data.origin, 0, last);
    this.sample = data.sample !== null && data.sample < data.count ? data.sample : null;
    this.way = null;
    this.hold(null);
    this.markSent();
  }

  #build() {
    const { root } = this;
    this.surface = byTestId(root, "morph-surface");
    this.canvas = byTestId(root, "morph-map");
    this.over = find(root, ".lx-over");
    this.slider = byTestId(root, "morph-slider");
    this.stats = new FrameStats(this.canvas);
    const { slider, surface } = this;
    slider.onpointerdown = () => this.hold(slider);
    slider.oninput = () => this.#slide(Number(slider.value));
    slider.onpointerup = slider.onpointercancel = slider.onlostpointercapture = slider.onchange = () => this.#rest();
    slider.onkeydown = (event) => this.#onKey(event);
    surface.onkeydown = (event) => this.#onKey(event);
    onDrag(surface, {
      press: () => {
        this.hold(surface);
        surface.focus({ preventScroll: true });
      },
      move: ({ x, y }) => this.#pick(nearestPoint(this.#positions, x, y, REACH)),
      release: () => this.release(surface),
    });
    this.observe([surface]);
  }

  // ---- from map to map ----

  /** @param {number} to a map @param {number} [lasts] ms */
  go(to, lasts = LASTS) {
    const goal = clamp(to, 0, this.maps.length - 1);
    this.goal = goal;
    this.#awaited = null;
    if (prefersStill()) {
      this.way = null;
      this.at = goal;
    } else this.way = { from: this.places.slice(), to: goal, glide: new Glide([this.at], [goal], lasts) };
    this.refresh();
  }

  /** @param {number} value maps */
  #slide(value) {
    this.way = this.#awaited = null;
    this.at = clamp(value, 0, this.maps.length - 1);
    if (prefersStill()) this.at = Math.round(this.at);
    this.goal = Math.round(this.at);
    this.refresh();
  }

  #rest() {
    const held = this.held === this.slider;
    this.hold(null);
    if (this.at !== this.goal && !this.way) this.go(this.goal, STEP);
    if (held) this.send();
    else this.send(KEY_PAUSE);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (hasModifier(event)) return;
    const last = this.maps.length - 1;
    const onSlider = event.target === this.slider;
    const arrow = arrowOf(event);
    const turn = { PageUp: 1, PageDown: -1 }[event.key] ?? (onSlider && arrow ? arrow[0] || arrow[1] : 0);
    const end = onSlider ? { Home: 0, End: last }[event.key] : undefined;
    if (turn || end !== undefined) this.go(end ?? this.goal + turn);
    else if (event.key === "Escape" && this.sample !== null) this.#pick(-1);
    else if (arrow && !onSlider)
      this.#pick(this.sample === null ? 0 : towards(this.places, this.sample, ...arrow), true);
    else return;
    event.preventDefault();
    this.send(KEY_PAUSE);
  }

  // ---- the sample that is followed ----

  /** @param {number} n −1: none, or, with `keeps`, the one that is @param {boolean} [keeps] */
  #pick(n, keeps = false) {
    if (n < 0 && keeps) return;
    this.sample = n < 0 ? null : n;
    this.origin = this.goal;
    this.refresh();
  }

  /** Those of the followed sample that are marked. */
  neighbours() {
    return this.sample === null ? [] : nearestOf(this.maps[this.origin], this.sample, NEIGHBOURS);
  }

  /** @returns {import("../types").MapMorphView} */
  state() {
    return { map: this.#awaited ?? this.goal, sample: this.sample, origin: this.origin };
  }

  // ---- frames ----

  /** @param {number} now ms */
  drawFrame(now) {
    if (!this.canvas.width) return false;
    const began = performance.now();
    const names = this.#advance(now);
    const { width, height } = sizeOf(this.canvas);
    const { places } = this;
    const positions = this.#positions;
    for (let i = 0; i < places.length; i += 2) {
      positions[i] = (0.5 + places[i] / (2 * EDGE)) * width;
      positions[i + 1] = (0.5 - places[i + 1] / (2 * EDGE)) * height;
    }
    const ctx = clearedContext(this.canvas);
    this.#drawPoints(ctx, width, height);
    ctx.font = `600 ${(width < 260 ? 12 : 15) * rem}px ${this.theme.font}`;
    drawLabels(ctx, this.theme, names);
    this.#drawFollowed();
    Object.assign(this.canvas, { places, at: this.at }); // for tests
    this.slider.value = String(this.at);
    this.slider.style.setProperty("--lx-to", `${(100 * this.at) / Math.max(1, this.maps.length - 1)}%`);
    this.stats.add(began);
    if (this.way) this.wake();
    else if (this.held === null) this.describe();
    return true;
  }

  /** Where the samples are now; gives the classes' names. @param {number} now ms */
  #advance(now) {
    const { way, maps } = this;
    if (way) {
      const { values, done } = way.glide.at(now);
      const [start, end] = [way.glide.from[0], way.to];
      [this.at] = values;
      const part = start === end ? 1 : (this.at - start) / (end - start);
      between(way.from, maps[end], part, this.places);
      if (!done) return this.#namesBetween(Math.round(start), end, part);
      this.way = null;
    }
    const [low, high] = [Math.floor(this.at), Math.ceil(this.at)];
    between(maps[low], maps[high], this.at - low, this.places);
    return this.#namesBetween(low, high, this.at - low);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} width @param {number} height px */
  #drawPoints(ctx, width, height) {
    const { stamps, shades, colours, dot } = this.#lookOf(width);
    const moves = this.way || this.held === this.slider;
    if (!moves || this.data.count < MANY)
      return drawPoints(ctx, this.#positions, stamps, shades, ALPHA, { width, height });
    const image = ctx.createImageData(this.canvas.width, this.canvas.height);
    const positions = this.#positions.map((value) => value * devicePixelRatio);
    splat(image.data, image.width, image.height, positions, dot, colours, shades, ALPHA);
    ctx.putImageData(image, 0, 0);
  }

  /** @param {number} width px */
  #lookOf(width) {
    const { data, theme, labels } = this;
    const key = [width, devicePixelRatio, theme.mode].join();
    if (key !== this.#look.key) {
      const colours = labels && data.classes ? data.classes.map((_, c) => classColour(c)) : [NEUTRAL];
      const shades = labels && data.classes ? Int16Array.from(labels, (c) => c % colours.length) : null;
      const radius = dotRadius(data.count, width);
      const dot = coverage(radius * devicePixelRatio);
      this.#look = { key, stamps: dots(colours, radius), shades, colours: colours.map(rgb), dot };
    }
    return this.#look;
  }

  /** The names glide from where they stand on one map to where they do on the other. */
  #namesBetween(a, b, part) {
    const from = this.#namesOn(a);
    if (a === b) return from;
    const to = new Map(this.#namesOn(b).map((label) => [label.name, label]));
    return from.flatMap(({ name, x, y }) => {
      const end = to.get(name);
      return end ? [{ name, x: x + part * (end.x - x), y: y + part * (end.y - y) }] : [];
    });
  }

  /** @param {number} n a map */
  #namesOn(n) {
    const { data, labels, theme } = this;
    if (!labels || !data.classes) return [];
    const { width, height } = sizeOf(this.canvas);
    const key = [n, width, height, rem].join();
    const known = this.#names.get(key);
    if (known) return known;
    const positions = this.maps[n].map(
      (value, i) => (0.5 + ((i % 2 ? -1 : 1) * value) / (2 * EDGE)) * (i % 2 ? height : width),
    );
    const ctx = this.canvas.getContext("2d");
    const made = classLabels(ctx, theme, data.classes, { positions, labels, width, height });
    this.#names.set(key, made);
    return made;
  }

  #drawFollowed() {
    const { theme, sample } = this;
    const ctx = clearedContext(this.over);
    if (sample === null) return;
    const at = (n) => [this.#positions[2 * n], this.#positions[2 * n + 1]];
    const [x, y] = at(sample);
    if (!Number.isFinite(x)) return;
    for (const n of this.neighbours()) {
      const [nx, ny] = at(n);
      if (!Number.isFinite(nx)) continue;
      for (const [colour, wide] of /** @type {[string, number][]} */ ([
        [theme.background, 4],
        [theme.text, 1.5],
      ])) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = wide;
        line(ctx, x, y, nx, ny);
        ring(ctx, nx, ny, 4.5);
        ctx.stroke();
      }
    }
    handle(ctx, theme, x, y, 5.5);
  }

  resize() {
    const sizes = [fit(this.canvas, this.surface), fit(this.over, this.surface)];
    if (sizes.some(Boolean)) this.frame(performance.now()); // now: the canvas is empty until it is drawn
  }

  // ---- what no frame changes ----

  refresh() {
    const { data, root, slider } = this;
    const titles = data.maps.map(({ title }) => title);
    const group = byTestId(root, "morph-maps");
    if (group.dataset.titles !== titles.join("\n")) {
      group.dataset.titles = titles.join("\n");
      const choices = Object.fromEntries(titles.map((label, n) => [`map ${n}`, { label }]));
      buildSegments(group, choices, (name) => {
        this.go(Number(name.slice(4)));
        this.send();
      });
    }
    markSegment(group, `map ${this.goal}`);
    slider.max = String(titles.length - 1);
    slider.setAttribute("aria-valuetext", titles[this.goal]);
    this.resize();
    this.wake();
  }

  describe() {
    const { data, sample, maps, goal } = this;
    const titles = data.maps.map(({ title }) => title);
    const near = this.neighbours();
    const here = sample === null ? [] : nearestOf(maps[goal], sample, NEIGHBOURS);
    const label = sample !== null && this.labels && data.classes ? ` (${data.classes[this.labels[sample]]})` : "";
    const words = mapWords({
      title: titles[goal],
      shown: maps[goal].length / 2,
      count: data.count,
      what: data.what,
      named: sample === null ? "" : `Sample ${sample}${label}`,
      origin: titles[this.origin],
      near: near.length,
      kept: near.filter((n) => here.includes(n)).length,
      here: sample === null || 2 * sample < maps[goal].length,
    });
    setText(byTestId(this.root, "morph-words"), words);
    setLabel(this.surface, surfaceWords(words, titles));
  }
}
