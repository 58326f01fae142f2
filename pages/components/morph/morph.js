// @ts-check
// One sample becomes another while t moves.
import { NETWORK, NEUTRAL } from "../canvas/colours.js";
import { growRange } from "../canvas/range.js";
import { SampleView } from "../canvas/sample.js";
import { find, make, setText } from "../figure/dom.js";
import { KEY_PAUSE } from "../figure/keys.js";
import { buildSegments, markSegment } from "../figure/segments.js";
import { sampleSize } from "../runtime/model.js";
import { codeOf } from "../runtime/samples.js";
import { paths } from "../runtime/store.js";
import { Band } from "./band.js";
import { OneModelFigure } from "./base.js";
import { Chooser } from "./chooser.js";
import { Plane } from "./plane.js";
import { PATHS, Route } from "./route.js";
import { EndSheet } from "./sheet.js";
import { Timeline } from "./timeline.js";
import { endText, mapCaption, mapLabel, notSpherical, timeText } from "./words.js";

/** @typedef {import("../types").MorphEnd} End */
/** @typedef {"a" | "b"} Key */
const KEYS = /** @type {const} */ (["a", "b"]);

/** @extends {OneModelFigure<import("../types").MorphData>} */
export class Morph extends OneModelFigure {
  /** @type {Route} */ route;
  /** @type {Timeline} */ timeline;
  /** @type {Plane} */ plane;
  /** @type {Band} */ band;
  /** @type {EndSheet} */ sheet;
  /** @type {Record<Key, Chooser>} */ choosers;
  /** @type {HTMLElement} the paths to choose from */
  segments;
  /** @type {Key} the end that the map and an upload set */
  choosing = "a";
  /** @type {Record<Key, {z: number[] | null, values: Float32Array}>} what the ends decode to */
  #ends;
  /** @type {Float32Array} */ #blend;
  /** @type {{decoded: SampleView, blend: SampleView}} */ #views;
  #unsubscribePaths = paths.subscribe((name) => {
    if (this.builtIn && name === this.data.model && this.route.geodesic()) this.changed();
  });

  close() {
    this.#unsubscribePaths();
    super.close();
  }

  /** @param {string} name */
  onStoreChange(name) {
    super.onStoreChange(name);
    if (this.builtIn && name === `${this.data.model}:encoder`) this.sheet.ready();
  }

  isBusy() {
    return super.isBusy() || this.timeline.playing;
  }

  // ---- what is asked for, made to fit the model ----

  /** @param {Partial<import("../types").MorphView>} wanted */
  start({ a, b, path, t, even, overshoot, choosing, drawing }) {
    const { route, timeline } = this;
    const last = this.model.count - 1;
    route.ends = { a: this.endOf(a) ?? this.sample(0), b: this.endOf(b) ?? this.sample(last) };
    route.even = !!even;
    route.overshoot = !!overshoot;
    route.path = route.offers(path) ? path : "straight";
    timeline.t = Number.isFinite(t) ? t : 0.5;
    timeline.keepInside();
    this.choosing = choosing === "b" ? "b" : "a";
    this.sheet.close();
    if (drawing && this.data.draws) this.sheet.open(this.choosing, false);
    this.changed();
  }

  /** @param {Partial<End> | undefined} wanted @returns {End | null} null where the model has no such end */
  endOf(wanted) {
    const { count, k } = this.model;
    const { index, z, name = "" } = wanted ?? {};
    if (Number.isInteger(index) && index >= 0 && index < count) return this.sample(index);
    return z?.length === k && z.every(Number.isFinite) ? { z: [...z], name } : null;
  }

  /** A held-out sample as an end. @param {number} index */
  sample(index) {
    return { index, z: Array.from(codeOf(this.model, index)) };
  }

  /** A picture that Python read and encoded: taken once, as the end that is being chosen. */
  accept() {
    const uploaded = this.newUpload();
    if (!uploaded) return;
    this.take(this.choosing, this.endOf({ z: uploaded.z, name: uploaded.name }));
    this.send();
  }

  state() {
    const { choosing, timeline, sheet } = this;
    const { ends, path, even, overshoot } = this.route;
    const { a, b } = ends;
    return {
      a,
      b,
      path,
      t: timeline.t,
      even,
      overshoot,
      choosing,
      drawing: sheet.end !== null,
      chosen: this.chosenAt,
    };
  }

  // ---- the parts ----

  offered() {
    return JSON.stringify(this.data.means);
  }

  build() {
    super.build();
    const { model, data, body } = this;
    const size = sampleSize(model);
    this.route = new Route(model, () => paths.get(model.name), data.even_points);
    this.timeline = new Timeline(this);
    this.stats = this.timeline.stats;
    this.#views = {
      decoded: new SampleView(this.find("decoded"), model, { axes: true, colour: NETWORK }),
      blend: new SampleView(this.find("blend"), model, { axes: true, colour: NEUTRAL }),
    };
    this.#blend = new Float32Array(size);
    const end = () => ({ z: null, values: new Float32Array(size) });
    this.#ends = { a: end(), b: end() };
    this.choosers = { a: this.makeChooser("a"), b: this.makeChooser("b") };
    find(body, ".lx-ends").replaceChildren(this.choosers.a.element, this.choosers.b.element);
    this.segments = find(body, ".lx-paths");
    this.buildPaths();
    for (const name of /** @type {const} */ (["even", "overshoot"])) {
      this.find(name).onchange = ({ target }) => {
        this.route[name] = target.checked;
        this.timeline.keepInside();
        this.refresh();
        this.send();
      };
    }
    this.band = new Band(this);
    this.plane = new Plane(this, this.find("latent-pad"));
    this.sheet = new EndSheet(this, this.find("sheet"));
    Object.assign(this.plane.surface, { route: this.route }); // tests read its ends and its geodesic
    const { decoded } = this.#views;
    const [frame] = this.timeline.frames;
    const sized = [this.plane.surface, this.band.canvas, this.sheet.pad.canvas];
    this.observe([...sized, decoded.canvas, frame.picture.canvas]);
  }

  /** @param {Key} key */
  makeChooser(key) {
    const handlers = {
      choose: () => {
        this.chosenAt = Date.now();
        this.setChoosing(key);
        this.send(KEY_PAUSE);
      },
      take: (index) => this.chooseEnd(key, this.sample(index)),
      draw: this.data.draws ? () => this.openSheet(key) : undefined,
    };
    const takeMean = (end) => this.chooseEnd(key, end);
    return new Chooser(key.toUpperCase(), this.model, handlers, this.data.means, takeMean);
  }

  buildPaths() {
    const choices = Object.entries(PATHS).map(([name, { label, title, border }]) => {
      const disabled = !this.route.offers(name);
      const content = document.createDocumentFragment();
      content.append(make("i", { style: `border-top-style: ${border}` }), label);
      return [name, { label: content, title: disabled ? notSpherical(this.model) : title, disabled }];
    });
    buildSegments(this.segments, Object.fromEntries(choices), (name) => {
      this.route.path = name;
      this.changed();
      this.showChoices();
      this.send();
    });
  }

  // ---- A and B ----

  /** @param {Key} key @param {End | null} end */
  take(key, end) {
    if (!end) return;
    this.route.ends[key] = end;
    this.changed();
    this.choosers[key].show(end);
  }

  /** @param {Key} key */
  setChoosing(key) {
    this.choosing = key;
    this.showChoices();
  }

  /** A choice of the person's: show it, then tell Python. @param {Key} key @param {End} end */
  chooseEnd(key, end) {
    this.chosenAt = Date.now();
    this.sheet.close();
    this.take(key, end);
    this.setChoosing(key);
    this.send();
  }

  /** @param {Key} key */
  openSheet(key) {
    this.chosenAt = Date.now();
    this.sheet.open(key);
    this.setChoosing(key);
    this.#ends[key].z = null; // so that it is shown on the sheet, too
    this.moved();
    this.send(); // Python sends the encoder when it is wanted
  }

  // ---- a frame ----

  /** @param {number} now ms */
  drawFrame(now) {
    const drawn = super.drawFrame(now);
    if (this.builtIn && this.timeline.playing) this.wake();
    return drawn;
  }

  advance() {
    this.sheet.read();
    if (!this.timeline.playing) return;
    this.timeline.advance();
    this.stale = true;
  }

  draw() {
    const { route, timeline } = this;
    const { decoded, blend } = this.#views;
    route.update(this.version, this.held === null);
    for (const key of KEYS) this.drawEnd(key);
    this.z = route.at(timeline.t);
    decoded.show(this.decode(this.z), this.how());
    const { a, b } = this.#ends;
    for (let i = 0; i < this.#blend.length; i++)
      this.#blend[i] = (1 - timeline.t) * a.values[i] + timeline.t * b.values[i];
    growRange(this.range, this.#blend, this.model);
    blend.show(this.#blend, this.how());
    this.plane.draw();
    this.plane.surface.dataset.z = this.z.join(",");
    timeline.show();
  }

  /** What an end decodes to, where it is another. @param {Key} key */
  drawEnd(key) {
    const end = this.#ends[key];
    const { z } = this.route.ends[key];
    if (end.z === z) return;
    end.z = z;
    end.values.set(this.model.decode(z));
    this.choosers[key].picture.show(end.values, this.how());
    if (key === this.sheet.end) this.sheet.redrawn.show(end.values, this.how());
  }

  *work() {
    const { route } = this;
    if (route.even && this.held !== null) {
      // else it has been done for the picture already
      let times = null;
      for (times of route.evenTimes()) yield;
      route.times = times;
      this.moved();
    }
    yield* this.timeline.work();
    yield* this.band.work();
  }

  // ---- what no frame of a drag changes ----

  showChoices() {
    const { route, choosing } = this;
    markSegment(this.segments, route.path);
    for (const key of KEYS) this.choosers[key].mark(key === choosing);
    setText(this.find("caption"), mapCaption(this.plane.map, choosing.toUpperCase()));
  }

  refresh() {
    const { route } = this;
    this.find("even").checked = route.even;
    this.find("overshoot").checked = route.overshoot;
    this.timeline.refresh();
    for (const key of KEYS) {
      this.choosers[key].show(route.ends[key]);
      this.#ends[key].z = null;
    }
    this.showChoices();
    this.plane.stale = true;
    this.changed();
    this.resize();
  }

  resize() {
    if (!this.builtIn || !this.body.isConnected) return;
    this.sheet.pad.resize();
    const plane = this.plane.resize();
    const plots = [this.#views.decoded.fit(), this.#views.blend.fit()].some(Boolean);
    const frames = this.timeline.fit();
    const thumbs = KEYS.map((key) => this.choosers[key].picture.fit()).some(Boolean);
    if (thumbs) for (const key of KEYS) this.#ends[key].z = null;
    if (frames) this.made = -1;
    this.band.draw();
    if (plane || plots || thumbs) {
      this.stale = true;
      this.frame(performance.now()); // now: the canvas is empty until it is drawn
    } else if (frames) this.moved();
  }

  describe() {
    if (!this.z) return;
    const { plane, route, timeline } = this;
    const { decoded, blend } = this.#views;
    const words = timeText(timeline.t);
    const letter = this.choosing.toUpperCase();
    const { z } = route.ends[this.choosing];
    const what = `What the network draws on the ${route.path} path at ${words}; ${this.hereWords()}`;
    decoded.canvas.setAttribute("aria-label", what);
    blend.canvas.setAttribute("aria-label", `A and B laid over each other at ${words}`);
    plane.surface.setAttribute("aria-label", mapLabel(this.model, letter));
    plane.surface.setAttribute("aria-valuenow", String(z[0]));
    plane.surface.setAttribute("aria-valuetext", endText(letter, z));
  }
}
