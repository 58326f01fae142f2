// @ts-check
// The playground: a worker trains, the page asks it for a frame as it draws the last one, and decodes with the weights
// that came, so that the dot moves at once. Nothing is sent to the server but choices that were let go.
import { find, prefersStill } from "../figure/dom.js";
import { Figure } from "../figure/lifecycle.js";
import { FrameStats } from "../figure/stats.js";
import { toBase64 } from "../runtime/bytes.js";
import { buildControls, buildData, showControls } from "./controls.js";
import { Lane } from "./lane.js";
import { CHOICES, comparable, startsAgain, withKnob } from "./settings.js";
import { specOf } from "./spec.js";

const LONG = 8; // ms of a frame's 16.7
const TOLD_EVERY = 100; // ms
const AHEAD = 60; // steps that one of two networks may be before the other

/** @typedef {import("../types").PlaygroundView} View */

/** @extends {Figure<import("../types").PlaygroundData>} */
export class Playground extends Figure {
  /** @type {View | null} */
  view = null;
  /** @type {import("./spec.js").Spec | null} */
  spec = null;
  /** @type {Lane[]} the network that the link is about, and the one that it is compared with */
  lanes = [];
  /** Whoever wants nothing to move starts it by hand. */
  playing = !prefersStill();
  /** Whether each step is to be watched. */
  slow = false;
  /** @type {import("../types").PlaygroundKept | null} */
  #kept = null;
  #mode = "";
  /** when each lane's numbers were told last */
  #toldAt = [0, 0];
  #stats;
  /** ms of a frame, lately */
  #cost = 0;
  #whenHidden = () => this.#tellPlaying();

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (elementChanged) this.#build();
    if (subjectChanged || elementChanged || !this.spec) {
      this.#take();
      this.#open();
      this.markSent();
    }
    if (this.#mode !== this.theme.mode) for (const lane of this.lanes) lane.colour();
    this.#mode = this.theme.mode;
    this.refresh();
  }

  close() {
    super.close();
    for (const lane of this.lanes) lane.close();
    document.removeEventListener("visibilitychange", this.#whenHidden);
  }

  /** Whether a frame takes so long that not all of it is to be drawn every time. */
  get hurries() {
    return this.#cost > LONG;
  }

  /** Which true factor colours the maps; −1: the classes do. */
  get colour() {
    const { labels, factorNames } = this.spec;
    const usual = labels || !factorNames.length ? -1 : 0;
    const { colour } = this.view;
    return colour !== null && (colour < 0 ? labels : colour < factorNames.length) ? colour : usual;
  }

  /** Whether steps are made: not while nobody sees them. */
  get runs() {
    return this.playing && !document.hidden;
  }

  // ---- what Python says ----

  #take() {
    const { data } = this;
    const { variant, k, hidden, activation, seed, lr, beta, noise, masked, sparsity, contraction, decay } = data;
    const { count, out, z, sample, colour, turn, compare, other } = data;
    const knobs = { lr, beta, noise, masked, sparsity, contraction, decay, count, out };
    const seen = { z, sample, colour, turn, compare, other };
    this.view = { data: data.name, variant, k, hidden, activation, seed, ...knobs, ...seen };
    this.spec = specOf(data);
    buildData(this);
  }

  #build() {
    for (const lane of this.lanes) lane.close();
    this.#stats = new FrameStats(this.root);
    this.lanes = [new Lane(find(this.root, ".lx-lane"), this, 0)];
    buildControls(this);
    document.addEventListener("visibilitychange", this.#whenHidden);
  }

  // ---- the networks ----

  /** What a lane trains. @param {number} index @returns {View} */
  viewOf(index) {
    const { view } = this;
    return index && view.compare ? withKnob(view, view.compare, view.other) : view;
  }

  /** What tells it from the other one. @param {number} index */
  nameOf(index) {
    const { variant, compare } = this.view;
    const { label } = comparable(variant).find(({ value }) => value === compare) ?? { label: compare };
    const value = String(this.viewOf(index)[compare]);
    const named = CHOICES[compare]?.find((choice) => choice.value === value)?.label ?? value;
    return `${label}: ${compare === "count" && value === "0" ? "all" : named}`;
  }

  /** Networks from their beginning, as many as there are to be. */
  #open() {
    const wanted = this.view.compare ? 2 : 1;
    const [first] = this.lanes;
    for (const lane of this.lanes.splice(wanted)) {
      lane.close();
      lane.root.remove();
    }
    if (this.lanes.length < wanted) {
      const copy = /** @type {HTMLElement} */ (first.root.cloneNode(true));
      find(this.root, ".lx-lanes").append(copy);
      this.lanes.push(new Lane(copy, this, 1));
    }
    find(this.root, ".lx-lanes").classList.toggle("lx-two", wanted > 1);
    for (const lane of this.lanes) lane.open();
    for (const lane of this.lanes) lane.curve.beside = this.lanes.find((each) => each !== lane)?.curve.measures ?? [];
    this.observe(this.lanes.flatMap(({ root }) => [...root.querySelectorAll("canvas")]));
    this.resize();
  }

  /** @param {string} kind @param {object} order */
  tell(kind, order) {
    for (const { trainer } of this.lanes) trainer.tell(kind, order);
  }

  #ask() {
    const steps = this.lanes.map(({ trainer }) => trainer.last?.steps ?? 0);
    const until = steps.length > 1 ? Math.min(...steps) + AHEAD : Number.POSITIVE_INFINITY;
    for (const { trainer } of this.lanes) trainer.ask(until);
  }

  #tellPlaying() {
    this.tell("play", { playing: this.runs });
    if (this.runs) this.wake();
  }

  /** @param {boolean} slow */
  goSlowly(slow) {
    this.slow = slow;
    this.tell("speed", { slow });
  }

  /** A network has run away: where all have, nothing plays any more. */
  stopped() {
    if (!this.playing || !this.lanes.every(({ trainer }) => trainer.last?.diverged)) return;
    this.playing = false;
    this.refresh();
  }

  toggle() {
    this.playing = !this.playing && !this.lanes.every(({ trainer }) => trainer.last?.diverged);
    this.#tellPlaying();
    this.#ask();
    this.refresh();
  }

  stepOnce() {
    this.playing = false;
    this.#tellPlaying();
    this.tell("step", {});
    this.#ask();
    this.refresh();
  }

  startAgain() {
    this.#open();
    this.refresh();
  }

  // ---- choices ----

  /** Other values of the view. @param {Partial<View>} values */
  take(values) {
    Object.assign(this.view, values);
  }

  /** Another network. @param {string} name @param {string} text */
  chooseNetwork(name, text) {
    this.choose(() => {
      this.view = withKnob(this.view, name, text);
      if (name === "k") this.view.z = null;
      if (!comparable(this.view.variant).some(({ value }) => value === this.view.compare))
        this.take({ compare: "", other: "" });
      this.#open();
    });
  }

  /** A knob acts at once. @param {string} name @param {number} value */
  turn(name, value) {
    this.take({ [name]: value });
    this.#tellKnobs();
  }

  #tellKnobs() {
    for (const lane of this.lanes) lane.trainer.tell("knobs", { knobs: lane.knobs() });
    this.refresh();
  }

  /** Other samples to train on, at once. @param {Partial<View>} values */
  leaveOut(values) {
    this.take(values);
    // Before its first step it is the network that a link with these samples opens.
    if (!this.lanes.some(({ trainer }) => trainer.last?.steps)) return this.startAgain();
    for (const lane of this.lanes) lane.trainer.tell("use", { use: lane.use() });
    this.#ask();
    this.refresh();
  }

  /** A class, or back in; the last one stays. @param {number} c */
  leaveOutClass(c) {
    const { out } = this.view;
    const next = out.includes(c) ? out.filter((each) => each !== c) : [...out, c].sort((a, b) => a - b);
    if (next.length < this.spec.classes.length) this.choose(() => this.leaveOut({ out: next }));
  }

  /** @param {number} factor */
  colourBy(factor) {
    this.choose(() => {
      this.take({ colour: factor });
      for (const lane of this.lanes) lane.colour();
    });
  }

  /** A second network with one knob otherwise, "" for none. @param {string} name @param {string} other */
  compare(name, other) {
    this.choose(() => {
      this.take({ compare: name, other });
      this.#open();
    });
  }

  /** The second one's knob is turned. @param {string} other */
  turnOther(other) {
    this.take({ other });
    if (startsAgain(this.view.compare)) return this.startAgain();
    if (this.view.compare === "count") this.leaveOut({});
    else this.#tellKnobs();
  }

  // ---- what Python hears ----

  /** Send a network to the server, once. @param {Lane} lane */
  keep({ trainer: { last }, curve, index }) {
    if (!last?.steps) return;
    const points = curve.measures.map(({ step, trainLoss, testLoss, test }) => ({ step, trainLoss, testLoss, test }));
    const weights = toBase64(new Uint8Array(Float32Array.from(last.weights).buffer));
    const { steps, used, pca } = last;
    this.#kept = { stamp: Date.now(), steps, used, pca, weights, curve: points, view: { ...this.viewOf(index) } };
    this.send(0, "kept");
  }

  /** @param {string} [name] @returns {View | import("../types").PlaygroundKept | null} */
  state(name = "view") {
    return name === "kept" ? this.#kept : { ...this.view };
  }

  // ---- frames ----

  drawFrame() {
    const began = performance.now();
    if (this.runs) this.#ask(); // the next one is made while this one is drawn
    const drawn = this.lanes.map((lane) => lane.draw());
    if (drawn.includes(true)) this.#stats.add(began);
    this.#cost += 0.1 * (performance.now() - began - this.#cost);
    return drawn.includes(true);
  }

  /** What tests and the page's style read of a lane. @param {Lane} lane */
  told({ index, trainer: { last }, curve }) {
    const now = performance.now();
    // Each change of an attribute is a look at all styles.
    if (this.runs && now - this.#toldAt[index] < TOLD_EVERY) return;
    this.#toldAt[index] = now;
    const measure = curve.measures.at(-1);
    const { dataset } = this.root;
    dataset[index ? "otherSteps" : "steps"] = String(last.steps);
    if (measure) dataset[index ? "otherError" : "error"] = String(measure.test);
    if (!index) Object.assign(this.root, { curve: curve.measures });
  }

  describe() {
    for (const lane of this.lanes) lane.describe();
  }

  resize() {
    const changed = this.lanes.map((lane) => lane.fit());
    if (changed.includes(true)) this.frame(performance.now());
  }

  // ---- what no frame changes ----

  refresh() {
    showControls(this);
    for (const lane of this.lanes) lane.refresh();
    this.resize();
    this.wake();
  }
}
