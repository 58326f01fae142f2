// @ts-check
// The playground: a worker trains, the page asks it for a frame whenever it has drawn the last one, and decodes with
// the weights that came, so that the dot moves at once. Nothing is sent to the server but choices that were let go.
import { difference } from "../canvas/colours.js";
import { byTestId, find, make, setLabel, setText } from "../figure/dom.js";
import { arrowOf, KEY_PAUSE } from "../figure/keys.js";
import { Figure } from "../figure/lifecycle.js";
import { onDrag } from "../figure/pointer.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { fromBase64 } from "../runtime/bytes.js";
import { CodeMap } from "./code_map.js";
import { Curve, short } from "./curve.js";
import { failure } from "./failures.js";
import { drawRows } from "./pictures.js";
import { CHOICES, fromSlider, TURNED, toSlider } from "./settings.js";
import { KNOBS } from "./training/knobs.js";
import { endsOf } from "./training/losses.js";
import { Network } from "./training/network.js";
import { startWorker } from "./training/worker.js";

const SHOWN = 500; // samples on the map
const PAIRS = 8; // reconstructions beside their originals
const FILTERS = 16; // of the first layer's weights

/** @extends {Figure<import("../types").PlaygroundData>} */
export class Playground extends Figure {
  /** @type {Worker | null} */
  worker = null;
  /** @type {import("./training/session.js").Frame | null} */
  last = null;
  /** @type {import("../types").PlaygroundView | null} */
  view = null;
  /** @type {import("./training/session.js").Samples | null} */
  samples = null;
  playing = true;
  /** @type {Network | null} with the weights that came last */
  network = null;
  /** @type {CodeMap} */
  map;
  /** @type {Curve} */
  curve;
  #shownLabels = new Uint8Array(0);
  #generation = 0;
  #waiting = false;
  #whenHidden = () => this.#tellPlaying();

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (elementChanged) this.#build();
    if (subjectChanged || !this.samples) {
      this.#take();
      this.#open();
      this.markSent();
    }
    this.refresh();
  }

  close() {
    super.close();
    this.worker?.terminate();
    document.removeEventListener("visibilitychange", this.#whenHidden);
  }

  // ---- what Python says ----

  #take() {
    const { name: _, shape, range, values, levels, labels, classes: __, train, revision: ___, ...view } = this.data;
    this.view = { ...view };
    const bytes = fromBase64(values);
    const size = shape.reduce((product, n) => product * n, 1);
    const count = bytes.length / size;
    const rows = (from, to) => Int32Array.from({ length: to - from }, (_, n) => from + n);
    this.samples = {
      x: Float64Array.from(bytes, (byte) => byte / levels),
      shape,
      range,
      train: rows(0, train),
      test: rows(train, count),
      shown: rows(0, Math.min(SHOWN, train)),
    };
    this.#shownLabels = Uint8Array.from(fromBase64(labels).subarray(0, this.samples.shown.length));
  }

  #build() {
    const { root } = this;
    this.map = new CodeMap(byTestId(root, "playground-map"));
    this.curve = new Curve(byTestId(root, "curve"));
    for (const [name, choices] of Object.entries(CHOICES)) {
      const menu = byTestId(root, name);
      menu.replaceChildren(...choices.map(({ value, label }) => make("option", { value }, label)));
      menu.onchange = () => this.#choose(name, menu.value);
    }
    find(root, ".lx-knobs").replaceChildren(...TURNED.map((knob) => this.#knob(knob)));
    byTestId(root, "play").onclick = () => this.toggle();
    byTestId(root, "step").onclick = () => this.#stepOnce();
    byTestId(root, "again").onclick = () => {
      this.#open();
      this.refresh();
    };
    const speed = byTestId(root, "speed");
    speed.onchange = () => this.worker?.postMessage({ kind: "speed", slow: speed.value === "slow" });
    this.#bindMap();
    this.observe([this.map.canvas, this.curve.canvas]);
    document.addEventListener("visibilitychange", this.#whenHidden);
  }

  #bindMap() {
    const { surface } = this.map;
    onDrag(surface, {
      press: () => this.hold(surface),
      move: ({ u, v }) => this.#moveTo(this.map.codeAt(Math.min(1, Math.max(0, u)), Math.min(1, Math.max(0, v)))),
      release: () => this.release(surface),
    });
    surface.onkeydown = (event) => {
      if (event.key === " ") this.toggle();
      else {
        const arrow = arrowOf(event);
        if (!arrow) return;
        const step = this.map.range.map(([low, high]) => (high - low) / 40);
        this.#moveTo(this.#z().map((value, i) => (i < 2 ? value + arrow[i] * step[i] : value)));
        this.send(KEY_PAUSE);
      }
      event.preventDefault();
    };
  }

  /** @param {import("./settings.js").Knob} knob */
  #knob(knob) {
    const input = make("input", {
      type: "range",
      min: "0",
      max: "1000",
      step: "1",
      "aria-label": knob.label,
      "data-testid": `knob-${knob.name}`,
    });
    bindSlider(this, input, (at) => {
      this.view[knob.name] = fromSlider(knob, at);
      this.worker?.postMessage({ kind: "knobs", knobs: this.#knobs() });
      this.refresh();
    });
    return make(
      "label",
      { class: "lx-knob", "data-name": knob.name },
      make("span", {}, knob.label),
      make("output"),
      input,
    );
  }

  // ---- the training ----

  /** @returns {import("./training/knobs.js").Knobs} */
  #knobs() {
    const { lr, beta, noise, masked, sparsity, contraction, decay } = this.view;
    const own = { beta, amount: noise, hiddenShare: masked, sparsityWeight: sparsity, contraction };
    return { ...KNOBS, ...own, lr, weightDecay: decay };
  }

  #recipe() {
    const { variant, k, hidden, activation, seed } = this.view;
    return { variant, k, hidden, activation, seed };
  }

  /** A network from its beginning. */
  #open() {
    const { samples } = this;
    this.worker ??= startWorker((frame) => this.#onFrame(frame));
    this.#generation += 1;
    this.#waiting = false;
    this.last = null;
    const size = samples.shape.reduce((product, n) => product * n, 1);
    this.network = new Network(this.#recipe(), size, endsOf(samples.range, this.view.variant).output);
    this.curve.restart();
    this.map.restart();
    const playing = this.playing && !document.hidden;
    const order = { samples, recipe: this.#recipe(), knobs: this.#knobs(), playing, generation: this.#generation };
    this.worker.postMessage({ kind: "open", ...order });
    this.#ask();
  }

  #ask() {
    if (this.#waiting || this.closed) return;
    this.#waiting = true;
    this.worker.postMessage({ kind: "frame" });
  }

  /** @param {import("./training/session.js").Frame} frame */
  #onFrame(frame) {
    if (frame.generation !== this.#generation) return;
    this.#waiting = false;
    this.last = frame;
    this.network.weights.set(frame.weights);
    this.curve.measures.push(...frame.measures);
    this.curve.pca = frame.pca;
    if (frame.diverged && this.playing) {
      this.playing = false;
      this.refresh();
    }
    this.wake();
  }

  #tellPlaying() {
    this.worker?.postMessage({ kind: "play", playing: this.playing && !document.hidden });
    if (this.playing && !document.hidden) this.wake();
  }

  toggle() {
    this.playing = !this.playing && !this.last?.diverged;
    this.#tellPlaying();
    this.#waiting = false; // the frame on its way is of before
    this.#ask();
    this.refresh();
  }

  #stepOnce() {
    this.playing = false;
    this.#tellPlaying();
    this.worker.postMessage({ kind: "step" });
    this.#waiting = false;
    this.#ask();
    this.refresh();
  }

  /** @param {string} name @param {string} text */
  #choose(name, text) {
    this.choose(() => {
      if (name === "hidden") this.view.hidden = text.split(",").map(Number);
      else if (name === "k" || name === "seed") this.view[name] = Number(text);
      else this.view[name] = text;
      if (name === "k") this.view.z = null;
      this.#open();
    });
  }

  // ---- the dot ----

  /** Where the dot is: (k). */
  #z() {
    const { z, k } = this.view;
    return z?.length === k ? z : new Array(k).fill(0);
  }

  /** @param {number[]} place */
  #moveTo(place) {
    const { k } = this.view;
    this.view.z = [...place.slice(0, k), ...this.#z().slice(place.length)].map((value) => Number(value.toPrecision(6)));
    this.wake();
  }

  /** @returns {import("../types").PlaygroundView} */
  state() {
    return { ...this.view };
  }

  // ---- frames ----

  drawFrame() {
    const { last, network, samples, view } = this;
    if (!last || !network) return false;
    const { shape } = samples;
    const range = samples.range ?? /** @type {[number, number]} */ ([-1, 1]);
    const picture = shape.length === 3;
    const decode = (places, count) => ({ values: network.decode(places, count), shape, range });
    this.map.follow(last.codes, view.k);
    const plane = picture && view.k <= 2 && view.variant !== "sparse" ? decode : null;
    this.map.draw(last.codes, view.k, this.#shownLabels, this.data.classes, this.#z(), this.theme, plane);
    const decoded = byTestId(this.root, "decoded");
    const values = network.decode(Float64Array.from(this.#z()), 1).slice(0, network.size);
    Object.assign(decoded, { values });
    drawRows(decoded, [values], 1, shape, range);
    this.#drawPairs(shape, range);
    this.#drawWeights(shape);
    this.curve.draw(this.theme);
    this.#readOut();
    if (this.playing) this.#ask();
    return true;
  }

  /** @param {number[]} shape @param {[number, number]} range */
  #drawPairs(shape, range) {
    const { network, samples } = this;
    const from = samples.test[0] * network.size;
    const x = samples.x.slice(from, from + PAIRS * network.size);
    const z = new Float64Array(PAIRS * network.k);
    network.encode(x, PAIRS, z, this.#knobs());
    drawRows(byTestId(this.root, "pairs"), [x, network.decode(z, PAIRS)], PAIRS, shape, range);
  }

  /** @param {number[]} shape */
  #drawWeights(shape) {
    const { encoder } = this.network;
    const { weight, outputs, inputs } = encoder.chain.layers[0];
    const count = Math.min(FILTERS, outputs);
    let most = 1e-9;
    for (let i = 0; i < count * inputs; i++) most = Math.max(most, Math.abs(weight[i]));
    const colour = (value) => difference(value / most, this.theme);
    drawRows(byTestId(this.root, "weights"), [weight.subarray(0, count * inputs)], count, shape, [-most, most], colour);
  }

  #readOut() {
    const { root, last, curve, view, network } = this;
    const measure = curve.measures.at(-1);
    Object.assign(root, { curve: curve.measures }); // for tests
    root.dataset.steps = String(last.steps);
    if (measure) root.dataset.error = String(measure.test);
    const more = measure?.kl == null ? "" : ` · KL ${short(measure.kl)} nats, ${measure.active} of ${view.k} active`;
    setText(byTestId(root, "count"), `${last.steps.toLocaleString("en")} steps${more}`);
    const about = { variant: view.variant, k: view.k, size: network.size, diverged: last.diverged };
    const words = failure(curve.measures, { ...about, pca: last.pca, beta: view.beta });
    // A screen reader would read every change: the error itself is in the curve's label, when it rests.
    setText(byTestId(root, "said"), words);
  }

  describe() {
    const measure = this.curve?.measures.at(-1);
    if (!measure) return;
    const place = this.#z().map((value) => value.toFixed(2));
    const { surface } = this.map;
    surface.setAttribute("aria-valuetext", place.join(", "));
    surface.setAttribute("aria-valuenow", place[0]);
    setLabel(byTestId(this.root, "decoded"), `What the decoder makes of ${place.join(", ")}`);
    const pca = short(this.curve.pca ?? 0);
    const errors = `training ${short(measure.train)}, held out ${short(measure.test)}, PCA ${pca}`;
    setLabel(this.curve.canvas, `Squared error after ${measure.step} steps: ${errors}`);
    setLabel(byTestId(this.root, "pairs"), `${PAIRS} held-out samples and their reconstructions`);
    setLabel(byTestId(this.root, "weights"), "Weights of the first layer's first units as pictures");
  }

  resize() {
    const [map, curve] = [this.map.fit(), this.curve.fit()];
    if (map || curve) this.frame(performance.now());
  }

  // ---- what no frame changes ----

  refresh() {
    const { root, view, playing } = this;
    const play = byTestId(root, "play");
    setText(play, playing ? "Pause" : "Play");
    play.setAttribute("aria-pressed", String(playing));
    for (const name of Object.keys(CHOICES)) byTestId(root, name).value = String(view[name]);
    for (const knob of TURNED) {
      const label = find(root, `.lx-knob[data-name="${knob.name}"]`);
      label.hidden = knob.only !== undefined && knob.only !== view.variant;
      setText(find(label, "output"), String(view[knob.name]));
      showSlider(find(label, "input"), toSlider(knob, view[knob.name]), 1.75);
      find(label, "input").setAttribute("aria-valuetext", String(view[knob.name]));
    }
    this.describe();
    this.resize();
    this.wake();
  }
}
