// @ts-check
// One network and everything that is seen of it: the flow, the map, reconstructions, the curves, the first weights.
import { difference } from "../canvas/colours.js";
import { fit } from "../canvas/context.js";
import { byTestId, find, setLabel, setText } from "../figure/dom.js";
import { arrowOf, KEY_PAUSE, turnOf } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { CodeMap } from "./code_map.js";
import { Curve, short } from "./curve.js";
import { failure } from "./failures.js";
import { Glass } from "./glass.js";
import { drawRows, drawSamples } from "./pictures.js";
import { Space } from "./space.js";
import { colouringOf, sampleOf } from "./spec.js";
import { Trainer } from "./trainer.js";
import { KNOBS } from "./training/knobs.js";

const PAIRS = 8; // reconstructions beside their originals
const FILTERS = 16; // of the first layer's weights
const DESCRIBED_EVERY = 1000; // ms: what a screen reader finds when it comes, and does not read by itself
const TURN = 0.04; // of half a turn of what is in space, by a key
const TURNED = [0.6, 0.35]; // yaw and pitch at first

/** @typedef {import("./playground.js").Playground} Playground */

export class Lane {
  /** where the dot is: (k); in the middle of the map until somebody moves it @type {number[]} */
  z = [];
  #moved = false;
  said = "";
  /** @type {import("./spec.js").Colouring} */
  #colouring;

  /**
   * @param {HTMLElement} root
   * @param {Playground} host @param {number} index 0: what the link is about, 1: the other
   */
  constructor(root, host, index) {
    this.root = root;
    this.host = host;
    this.index = index;
    this.map = new CodeMap(byTestId(root, "playground-map"));
    this.curve = new Curve(byTestId(root, "curve"));
    this.glass = new Glass(byTestId(root, "flow"));
    this.space = new Space(byTestId(root, "space"));
    this.trainer = new Trainer((frame) => this.#onFrame(frame));
    byTestId(root, "keep").onclick = () => host.keep(this);
    this.#bindMap();
    this.#bindPick();
    this.#bindSpace();
  }

  /** Which held-out sample flows through the network. */
  get picked() {
    return Math.min(this.pairs - 1, this.host.view.sample);
  }

  get view() {
    return this.host.viewOf(this.index);
  }

  close() {
    this.trainer.close();
  }

  // ---- the training ----

  /** @returns {import("./training/knobs.js").Knobs} */
  knobs() {
    const { lr, beta, noise, masked, sparsity, contraction, decay } = this.view;
    const own = { beta, amount: noise, hiddenShare: masked, sparsityWeight: sparsity, contraction };
    return { ...KNOBS, ...own, lr, weightDecay: decay };
  }

  use() {
    const { count, out } = this.view;
    return { count, out };
  }

  /** A network from its beginning. */
  open() {
    const { variant, k, hidden, activation, seed, z } = this.view;
    this.#moved = this.index === 0 && z?.length === k;
    this.z = this.#moved ? z : new Array(k).fill(0);
    this.curve.restart();
    this.map.restart();
    this.colour();
    this.trainer.tell("speed", { slow: this.host.slow });
    this.trainer.open({
      samples: this.host.spec.samples,
      recipe: { variant, k, hidden, activation, seed },
      knobs: this.knobs(),
      use: this.use(),
      playing: this.host.runs,
    });
  }

  /** Colour the map anew: by another choice, or for another theme. */
  colour() {
    const { spec, colour, theme } = this.host;
    this.#colouring = colouringOf(spec, colour, theme);
  }

  /** @param {import("./training/session.js").Frame} frame */
  #onFrame(frame) {
    this.curve.measures.push(...frame.measures);
    this.curve.pca = frame.pca;
    if (frame.diverged) this.host.stopped();
    if (frame.playing && !this.host.runs) this.trainer.ask(); // it was on its way when play was paused
    this.host.wake();
  }

  // ---- the hand ----

  #bindMap() {
    const { host, map } = this;
    const { surface } = map;
    onDrag(surface, {
      press: () => host.hold(surface),
      move: ({ u, v }) => this.#moveTo(map.codeAt(Math.min(1, Math.max(0, u)), Math.min(1, Math.max(0, v)))),
      release: () => host.release(surface),
    });
    surface.onkeydown = (event) => {
      if (event.key === " ") host.toggle();
      else {
        const arrow = arrowOf(event);
        if (!arrow) return;
        const step = map.range.map(([low, high]) => (high - low) / 40);
        this.#moveTo(this.z.map((value, i) => (i < 2 ? value + arrow[i] * step[i] : value)));
        host.send(KEY_PAUSE);
      }
      event.preventDefault();
    };
  }

  /** @param {number[]} place */
  #moveTo(place) {
    const { k } = this.view;
    this.z = [...place.slice(0, k), ...this.z.slice(place.length)].map((value) => Number(value.toPrecision(6)));
    this.#moved = true;
    if (this.index === 0) this.host.view.z = this.z;
    this.host.wake();
  }

  #bindPick() {
    const pick = byTestId(this.root, "pick");
    const choose = (n, wait = 0) => {
      const sample = Math.min(this.pairs - 1, Math.max(0, n));
      this.host.choose(() => this.host.take({ sample }), wait);
    };
    pick.onclick = (event) => {
      const { left, width } = pick.getBoundingClientRect();
      choose(Math.floor(((event.clientX - left) / width) * this.pairs));
    };
    pick.onkeydown = (event) => {
      const turn = turnOf(event);
      if (!turn) return;
      event.preventDefault();
      choose(this.picked + turn, KEY_PAUSE);
    };
  }

  #bindSpace() {
    const { space, host } = this;
    const { surface } = space;
    let [u, v] = [0, 0];
    const turn = (across, up) => {
      const [yaw, pitch] = host.view.turn ?? TURNED;
      const turned = [yaw + Math.PI * across, Math.min(1.5, Math.max(-1.5, pitch + Math.PI * up))];
      host.take({ turn: turned.map((angle) => Number(angle.toFixed(3))) });
      host.wake();
    };
    onDrag(surface, {
      press: (point) => {
        if (host.spec.size < 3) return false;
        [u, v] = [point.u, point.v];
        host.hold(surface);
      },
      move: (point) => {
        turn(point.u - u, point.v - v);
        [u, v] = [point.u, point.v];
      },
      release: () => host.release(surface),
    });
    surface.onkeydown = (event) => {
      const arrow = arrowOf(event);
      if (!arrow || host.spec.size < 3) return;
      event.preventDefault();
      turn(TURN * arrow[0], -TURN * arrow[1]);
      host.send(KEY_PAUSE);
    };
  }

  get pairs() {
    return Math.min(PAIRS, this.host.spec.samples.test.length);
  }

  // ---- frames ----

  /** Draw what came last; says whether there was anything. */
  draw() {
    const { host, trainer, view, map } = this;
    const { last, network } = trainer;
    if (!last || !network || network.k !== view.k) return false;
    const { spec, theme } = host;
    map.follow(last.codes, view.k);
    if (!this.#moved) this.z = map.middle(last.codes, view.k);
    const onPlane = spec.kind !== "points" && view.k <= 2 && view.variant !== "sparse";
    const decode = onPlane ? (places, count) => network.decode(places, count) : null;
    map.draw(last.codes, view.k, this.#colouring, spec, this.z, theme, decode, host.runs && host.hurries);
    this.#drawDecoded(spec);
    const parts = this.#parts(spec);
    // Where a frame takes long, on a phone, the map and the dot stay quick and the others take turns.
    if (host.runs && host.hurries) parts[this.#turn++ % parts.length]();
    else for (const part of parts) part();
    this.#told(last);
    return true;
  }

  /** What is drawn beside the map and the dot. @param {import("./spec.js").Spec} spec @returns {(() => void)[]} */
  #parts(spec) {
    const alone = this.host.lanes.length === 1 && spec.kind !== "points";
    return [
      () => (spec.kind === "points" ? this.#drawSpace(spec) : this.#drawPairs(spec)),
      () => this.#drawFlow(spec),
      () => this.curve.draw(this.host.theme),
      () => this.#readOut(spec),
      ...(alone ? [() => this.#drawWeights(spec)] : []),
    ];
  }

  #turn = 0;

  #told(last) {
    this.host.told(this);
    const now = performance.now();
    if (!this.host.runs) setText(byTestId(this.root, "count"), this.#countOf(last));
    else if (now - this.#describedAt < DESCRIBED_EVERY) return;
    this.#describedAt = now;
    this.describe();
  }

  #describedAt = 0;

  #drawSpace(spec) {
    const { map, space, view, host, trainer } = this;
    const { last, network } = trainer;
    const stamps = map.stampsOf(this.#colouring, last.codes.length / view.k, map.canvas.width / devicePixelRatio);
    [space.yaw, space.pitch] = view.turn ?? TURNED;
    space.draw(spec, stamps, this.#colouring.shades, network, map.range, this.z, host.theme);
  }

  #drawDecoded(spec) {
    const { network } = this.trainer;
    const canvas = byTestId(this.root, "decoded");
    const values = network.decode(Float64Array.from(this.z), 1).slice(0, spec.size);
    Object.assign(canvas, { values }); // for tests
    if (spec.kind !== "points") drawSamples(canvas, [values], 1, spec, ["#009e73"]);
  }

  #drawPairs(spec) {
    const { network } = this.trainer;
    const count = this.pairs;
    const from = spec.samples.test[0] * spec.size;
    const x = spec.samples.x.subarray(from, from + count * spec.size);
    const z = new Float64Array(count * network.k);
    network.encode(x, count, z, this.knobs());
    drawSamples(byTestId(this.root, "pairs"), [x, network.decode(z, count)], count, spec);
  }

  #drawFlow(spec) {
    const { network } = this.trainer;
    const x = sampleOf(spec, spec.samples.test[this.picked]);
    const z = new Float64Array(network.k);
    network.encode(x, 1, z, this.knobs());
    this.glass.draw(network, x, z, network.decode(z, 1), spec, this.host.theme);
  }

  #drawWeights(spec) {
    const { weight, outputs, inputs } = this.trainer.network.encoder.chain.layers[0];
    const signal = spec.kind === "signals";
    const count = Math.min(signal ? PAIRS : FILTERS, outputs);
    let most = 1e-9;
    for (let i = 0; i < count * inputs; i++) most = Math.max(most, Math.abs(weight[i]));
    const canvas = byTestId(this.root, "weights");
    const shown = weight.subarray(0, count * inputs);
    if (signal) return drawSamples(canvas, [shown], count, { ...spec, span: [-most, most] }, [this.host.theme.text]);
    const colour = (value) => difference(value / most, this.host.theme);
    drawRows(canvas, [shown], count, spec.shape, [-most, most], colour);
  }

  #readOut(spec) {
    const { root, curve, view, trainer, host } = this;
    const { last } = trainer;
    setText(byTestId(root, "count"), this.#countOf(last));
    this.said = failure(curve.measures, {
      variant: view.variant,
      k: view.k,
      size: spec.size,
      diverged: last.diverged,
      pca: last.pca,
      mean: last.mean,
      lr: view.lr,
      beta: view.beta,
      used: last.used,
      distance: this.#moved ? this.map.distance(last.codes, this.z) : null,
    });
    // A screen reader would read every change of a number: what kind of thing is said changes seldom.
    const said = byTestId(root, "said");
    said.setAttribute("aria-live", host.playing ? "off" : "polite");
    setText(said, this.said);
  }

  #countOf({ steps }) {
    const measure = this.curve.measures.at(-1);
    const nats = measure?.kl == null ? "" : measure.kl < 0.005 ? "0.00" : short(measure.kl);
    const kl = nats && ` · KL ${nats} nats, ${measure.active} of ${this.view.k} active`;
    return `${steps.toLocaleString("en")} steps${kl}`;
  }

  /** Text for screen readers. */
  describe() {
    const measure = this.curve.measures.at(-1);
    const { root, map, host } = this;
    const place = this.z.map((value) => value.toFixed(2));
    map.surface.setAttribute("aria-valuetext", place.join(", "));
    map.surface.setAttribute("aria-valuenow", place[0]);
    setLabel(byTestId(root, "decoded"), `What the decoder makes of ${place.join(", ")}`);
    setLabel(this.curve.canvas, measure ? errorsOf(measure, this.curve) : "Squared error: nothing was measured yet");
    setLabel(byTestId(root, "weights"), "Weights of the first layer's first units");
    const sizes = [
      host.spec.size,
      ...this.view.hidden,
      this.view.k,
      ...[...this.view.hidden].reverse(),
      host.spec.size,
    ];
    setLabel(byTestId(root, "flow"), `The network, with one sample in it: ${sizes.join(" → ")} units`);
    const turns = host.spec.size > 2 ? "; arrow keys turn it" : "";
    setLabel(this.space.surface, `The data and what the decoder makes of the code${turns}`);
  }

  /** What no frame changes. */
  refresh() {
    const { root, host, pairs, picked } = this;
    const { spec } = host;
    root.dataset.kind = spec.kind;
    const compared = host.lanes.length > 1;
    const name = find(root, ".lx-name");
    name.hidden = !compared;
    setText(name, compared ? host.nameOf(this.index) : "");
    find(root, ".lx-beside").hidden = !compared;
    byTestId(root, "past").hidden = !this.curve.past.length;
    const signals = spec.kind === "signals";
    setText(
      byTestId(root, "pairs-says"),
      signals ? "held-out samples (orange), reconstructions (green)" : "held-out samples, reconstructions below",
    );
    const pick = byTestId(root, "pick");
    pick.setAttribute("aria-valuemax", String(pairs));
    pick.setAttribute("aria-valuenow", String(picked + 1));
    const mark = find(root, ".lx-mark");
    mark.style.width = `${100 / pairs}%`;
    mark.style.left = `${(100 * picked) / pairs}%`;
    this.describe();
  }

  /** Give the canvases the size that they have on the page; says whether that changed. */
  fit() {
    const { root, host } = this;
    const lines = host.spec.kind === "signals" ? ["decoded", "pairs", "weights"].map((id) => byTestId(root, id)) : [];
    return [
      this.map.fit(),
      this.curve.fit(),
      this.space.fit(),
      fit(this.glass.canvas),
      ...lines.map((canvas) => fit(canvas)),
    ].some(Boolean);
  }
}

/** The curves in words. @param {import("./training/session.js").Measure} measure @param {Curve} curve */
function errorsOf({ step, train, test }, { pca, past }) {
  const beside = pca === null ? "" : `, PCA ${short(pca)}`;
  const before = past.at(-1);
  const grey = before
    ? `; the network before this one, held out: ${short(before.test)} after ${before.step} steps`
    : "";
  return `Squared error after ${step} steps: training ${short(train)}, held out ${short(test)}${beside}${grey}`;
}
