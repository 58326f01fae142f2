// @ts-check
// The film: where it stands, how it moves, and what Python hears. What rests is an epoch that was measured; between two
// of them, while something moves, points go in straight lines.
import { byTestId, find, make, prefersStill, setLabel, setText } from "../figure/dom.js";
import { Glide } from "../figure/glide.js";
import { hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { Figure } from "../figure/lifecycle.js";
import { clamp } from "../math/stats.js";
import { snapshots } from "../runtime/store.js";
import { CodeMap } from "./code_map.js";
import { Results } from "./results.js";
import { Timeline } from "./timeline.js";
import { epochOf, LOADING, mapLabel, NOTHING_KEPT, ON_ITS_WAY, playWord, resultsLabel } from "./words.js";

const TO_NEWEST = 400; // ms to a new epoch
const STEP = 150; // ms to the one that was asked for
const FILM = 8; // seconds of a whole training at speed 1 ×; a short one is not slowed below PACE
const PACE = 4; // epochs a second

/** @extends {Figure<import("../types").ReplayData>} */
export class Replay extends Figure {
  timeline = new Timeline();
  /** @type {number | null} where the film stands, in epochs; null until the epochs are there */
  at = null;
  /** @type {number | null} the epoch where it comes to rest */
  goal = null;
  /** the newest, also when a newer one comes */
  following = true;
  playing = false;
  /** @type {Glide | null} */ glide = null;
  /** @type {CodeMap} */ map;
  /** @type {Results} */ results;
  /** @type {HTMLInputElement} */ slider;
  /** @type {HTMLButtonElement} */ play;
  /** @type {HTMLButtonElement} */ live;
  /** @type {HTMLSelectElement} */ speed;
  /** @type {HTMLSelectElement} */ colour;
  /** @type {HTMLElement} */ label;
  /** ms, the last frame of what plays */
  #played = 0;
  #run = "";
  #chunks = 0;

  constructor() {
    super(snapshots);
  }

  // ---- what Python says ----

  subject() {
    return this.data.run;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    this.#forgetOldChunks();
    if (elementChanged) this.#build();
    this.map.set(this.data, this.theme);
    this.results.set(this.data, this.theme);
    if (subjectChanged || elementChanged) this.map.restart();
    if (subjectChanged) this.#restart();
    this.#gather();
  }

  /** @param {string} run */
  onStoreChange(run) {
    if (run === this.data.run) this.#gather();
  }

  /**
   * Fewer chunks than before: a new training took this run's name, and what came later in the old one must not mix with
   * it.
   */
  #forgetOldChunks() {
    const { run, chunks } = this.data;
    const known = run === this.#run && chunks < this.#chunks ? snapshots.get(run) : null;
    for (const number of known?.keys() ?? []) if (number >= chunks) known.delete(number);
    this.#run = run;
    this.#chunks = chunks;
  }

  #build() {
    const { root } = this;
    this.map = new CodeMap(byTestId(root, "replay-map"), byTestId(root, "replay-caption"));
    this.results = new Results(byTestId(root, "replay-pictures"), find(root, ".lx-key small"));
    this.slider = byTestId(root, "epoch-slider");
    this.play = byTestId(root, "play");
    this.live = byTestId(root, "live");
    this.speed = byTestId(root, "speed");
    this.colour = byTestId(root, "replay-colour");
    this.label = byTestId(root, "epoch-label");
    const { slider, play, live, colour } = this;
    slider.onpointerdown = () => this.hold(slider);
    slider.oninput = () => this.#slide(Number(slider.value));
    slider.onpointerup = slider.onpointercancel = slider.onlostpointercapture = slider.onchange = () => this.#rest();
    find(root, ".lx-move").onkeydown = (event) => this.#onKey(event);
    play.onclick = () => this.#toggle();
    live.onclick = () => {
      if (this.at === null) return;
      this.#go(this.timeline.newest, TO_NEWEST);
      this.send();
    };
    colour.onchange = () => {
      this.map.colouring.chosen = colour.value;
      this.refresh();
    };
    this.observe([this.map.canvas, this.results.canvas]);
  }

  #restart() {
    this.hold(null);
    this.at = this.goal = this.glide = null;
    this.playing = false;
    this.following = !Number.isFinite(this.data.epoch);
    this.markSent();
  }

  /** Take the epochs that are there. */
  #gather() {
    const { data, timeline, map } = this;
    const known = [...(snapshots.get(data.run) ?? [])].filter(([number]) => number < data.chunks);
    const first = this.at === null;
    const whole = known.length === data.chunks; // at first not piece by piece
    timeline.set(first && !whole ? [] : known.flatMap(([, chunk]) => chunk.snapshots));
    if (!timeline.snapshots.length) return this.refresh();
    map.box.include(timeline.snapshots);
    const rests = this.held === null && !this.playing;
    if (first) {
      this.#jump(this.following ? timeline.newest : timeline.nearest(data.epoch));
      this.following ||= this.at === timeline.newest;
    } else if (this.following && rests) this.#go(timeline.newest, TO_NEWEST);
    else if (rests && !this.glide) this.#jump(timeline.nearest(this.at)); // its epoch may have been thinned out
    this.refresh();
  }

  // ---- time ----

  /** @param {number} epoch */
  #jump(epoch) {
    this.at = this.goal = epoch;
    this.glide = null;
    this.wake();
  }

  /** @param {number} epoch @param {number} lasts ms */
  #go(epoch, lasts) {
    this.playing = false;
    this.following = epoch === this.timeline.newest;
    if (prefersStill()) this.#jump(epoch);
    else if (this.goal !== epoch || this.at !== epoch) {
      if (this.glide?.to[0] !== epoch) this.glide = new Glide([this.at], [epoch], lasts);
      this.goal = epoch;
    }
    this.refresh();
  }

  /** @param {number} value epochs */
  #slide(value) {
    if (this.at === null) return;
    const { oldest, newest } = this.timeline;
    this.at = clamp(value, oldest, newest);
    this.goal = this.timeline.nearest(this.at);
    this.glide = null;
    this.playing = false;
    this.following = this.at === newest;
    this.wake();
  }

  /** Let go: to an epoch that was measured. */
  #rest() {
    this.hold(null);
    if (this.at === null) return;
    this.#go(this.timeline.nearest(this.at), STEP);
    this.send();
  }

  #toggle() {
    const { timeline } = this;
    if (this.playing) return this.#rest();
    if (timeline.snapshots.length < 2) return;
    if (this.at >= timeline.newest) this.at = timeline.oldest;
    this.playing = true;
    this.following = false;
    this.glide = null;
    this.#played = performance.now();
    this.refresh();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {Element} */ (event.target);
    if (hasModifier(event) || this.at === null || target.matches("select")) return;
    if (event.key === " " && target === this.slider) this.#toggle();
    else {
      const to = this.#epochOfKey(event.key);
      if (to === undefined) return;
      this.#go(to, STEP);
      this.send(KEY_PAUSE);
    }
    event.preventDefault();
  }

  /** @param {string} key @returns {number | undefined} */
  #epochOfKey(key) {
    const { timeline, goal } = this;
    const last = timeline.snapshots.length - 1;
    const page = Math.max(1, Math.round(last / 10));
    const here = timeline.indexOf(goal);
    const to = {
      ...{ ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1 },
      ...{ PageUp: here + page, PageDown: here - page, Home: 0, End: last },
    }[key];
    return to === undefined ? undefined : timeline.snapshots[clamp(to, 0, last)].epoch;
  }

  isBusy() {
    return super.isBusy() || this.playing;
  }

  /** @returns {import("../types").ReplayView} */
  state() {
    return { epoch: this.following ? null : (this.goal ?? this.data.epoch) };
  }

  // ---- frames ----

  /** @param {number} now ms */
  drawFrame(now) {
    if (this.at === null) return false;
    const still = prefersStill();
    this.#advance(now);
    const grows = this.map.box.grow(now, still);
    const between = this.timeline.between(this.at, still && this.playing);
    this.map.draw(between);
    Object.assign(this.map.canvas, { epoch: this.at }); // for tests
    this.results.draw(between);
    this.#readOut();
    if (this.playing || this.glide || grows) this.wake();
    else if (this.held === null) this.describe();
    return true;
  }

  /** @param {number} now ms */
  #advance(now) {
    if (this.glide) {
      const { values, done } = this.glide.at(now);
      [this.at] = values;
      if (done) this.glide = null;
    }
    if (!this.playing) return;
    const { oldest, newest } = this.timeline;
    const pace = Math.max(PACE, (newest - oldest) / FILM) * Number(this.speed.value);
    this.at = Math.min(newest, this.at + (Math.max(0, now - this.#played) / 1000) * pace);
    this.#played = now;
    if (this.at < newest) return;
    this.playing = false;
    this.following = true;
    this.goal = newest;
    this.refresh();
    this.send();
  }

  resize() {
    const [map, results] = [this.map.fit(), this.results.fit()];
    if (!map && !results) return;
    if (this.at !== null)
      this.frame(performance.now()); // now: the canvas is empty until it is drawn
    else this.results.draw(null);
  }

  // ---- what no frame changes ----

  refresh() {
    const { root, data, map, results } = this;
    const nothing = this.at === null;
    const body = find(root, ".lx-body");
    body.classList.toggle("lx-strip", data.k === 1);
    body.classList.toggle("lx-signal", results.isSignal);
    const title = find(root, ".lx-title");
    setText(title, data.map_title);
    title.title = `${data.title}: ${data.map_title}`;
    const missing = data.chunks ? LOADING : data.live ? ON_ITS_WAY : NOTHING_KEPT;
    setText(find(root, ".lx-wait"), nothing ? missing : "");
    this.#showColours();
    this.#showControls();
    map.refresh();
    results.refresh();
    this.resize();
    if (nothing) {
      this.slider.value = this.slider.min;
      setText(this.label, epochOf(0, data.epochs_total));
      map.clear();
      results.draw(null);
    }
    this.wake();
  }

  #showColours() {
    const { colour } = this;
    const { colouring } = this.map;
    const names = colouring.names();
    colour.parentElement.hidden = names.length < 2;
    if (colour.dataset.names !== names.join("\n")) {
      colour.dataset.names = names.join("\n");
      colour.replaceChildren(...names.map((name) => make("option", { value: name }, name)));
    }
    colour.value = colouring.chosen;
  }

  #showControls() {
    const { data, timeline, slider, play, live, speed, label, playing } = this;
    const some = this.at !== null;
    slider.min = String(some ? timeline.oldest : 0);
    // While it trains the slider is as long as the training will be: a new epoch then moves nothing but the grey behind
    // it.
    slider.max = String(some ? Math.max(timeline.newest, data.live ? data.epochs_total : 0) : 1);
    slider.disabled = play.disabled = speed.disabled = timeline.snapshots.length < 2;
    play.classList.toggle("lx-playing", playing);
    setLabel(play, playWord(playing));
    play.title = `${playWord(playing)} (Space)`;
    live.style.visibility = data.live ? "" : "hidden"; // hidden rather than gone: nothing moves when the training ends
    live.setAttribute("aria-pressed", String(this.following));
    label.style.setProperty("--lx-words", `${epochOf(data.epochs_total, data.epochs_total).length}ch`);
  }

  #readOut() {
    const { slider, at, timeline } = this;
    const words = epochOf(timeline.nearest(at), this.data.epochs_total);
    const low = Number(slider.min);
    const length = Number(slider.max) - low || 1;
    if (Number(slider.value) !== at) slider.value = String(at);
    slider.style.setProperty("--lx-at", String((at - low) / length));
    const known = (timeline.newest - low) / length;
    // to the track's end, past the thumb's middle
    slider.style.setProperty("--lx-known", String(known < 1 ? known : 2));
    setText(this.label, words);
    slider.setAttribute("aria-valuetext", words);
    this.live.setAttribute("aria-pressed", String(this.following));
  }

  describe() {
    if (this.at === null) return;
    const { data, map, results } = this;
    const when = epochOf(this.goal, data.epochs_total);
    setLabel(map.canvas, mapLabel(map.count, when, data));
    setLabel(results.canvas, resultsLabel(results.count, when));
  }
}
