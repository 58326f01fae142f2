// @ts-check
// t: its slider, the frames under it, and playing.
import { SampleView } from "../canvas/sample.js";
import { make, setText } from "../figure/dom.js";
import { bindSlider } from "../figure/slider.js";
import { FrameStats } from "../figure/stats.js";
import { clamp } from "../math/stats.js";
import { PLAY, timeText } from "./words.js";

const SECONDS = 3; // from A to B when it plays

export class Timeline {
  t = 0.5;
  playing = false;
  /** there and back, without end */
  loop = false;
  /** 1: towards B */
  #direction = 1;
  #last = 0;

  /** @param {import("./morph.js").Morph} figure */
  constructor(figure) {
    const { model } = figure;
    this.figure = figure;
    this.route = figure.route;
    this.slider = /** @type {HTMLInputElement} */ (figure.find("t-slider"));
    this.stats = new FrameStats(this.slider);
    bindSlider(figure, this.slider, (t) => this.go(t));
    this.button = figure.find("play");
    this.button.onclick = () => this.play(!this.playing);
    this.output = figure.find("t");
    this.here = figure.find("here");
    const loop = figure.find("loop");
    loop.onclick = () => {
      this.loop = !this.loop;
      loop.setAttribute("aria-pressed", String(this.loop));
    };
    this.frames = Array.from({ length: Math.max(...figure.data.frames) }, (_, n) => {
      const button = make("button", { type: "button" });
      const picture = new SampleView(make("canvas", { "aria-hidden": "true" }), model);
      button.append(picture.canvas);
      button.onclick = () => {
        this.go(this.timeOf(n));
        figure.send();
      };
      return { button, picture };
    });
    figure.body.querySelector(".lx-strip").replaceChildren(...this.frames.map(({ button }) => button));
  }

  /** Frames under the slider. */
  count() {
    return this.figure.data.frames[this.route.overshoot ? 1 : 0];
  }

  /** t of a frame. @param {number} n */
  timeOf(n) {
    const low = this.route.low();
    return Number((low + (n / (this.count() - 1)) * (this.route.high() - low)).toFixed(6));
  }

  /** @param {number} t */
  go(t) {
    this.play(false);
    this.t = t;
    this.figure.moved();
  }

  /** The path has other ends of t. */
  keepInside() {
    this.t = clamp(this.t, this.route.low(), this.route.high());
  }

  /** @param {boolean} on */
  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.showButton();
    if (!on) return this.figure.send();
    this.#direction = 1;
    if (this.t >= this.route.high()) this.t = this.route.low();
    this.#last = performance.now();
    this.figure.wake();
  }

  showButton() {
    const { text, label } = this.playing ? PLAY.on : PLAY.off;
    this.button.textContent = text;
    this.button.setAttribute("aria-label", label);
  }

  /** Before a frame that plays. */
  advance() {
    const now = performance.now();
    const wanted = this.t + (this.#direction * (now - this.#last)) / 1000 / SECONDS;
    this.#last = now;
    this.t = wanted;
    this.keepInside();
    if (this.t === wanted) return;
    if (this.loop) this.#direction = wanted > this.t ? -1 : 1;
    else setTimeout(() => this.play(false)); // after this last frame
  }

  /** What a frame of a drag changes. */
  show() {
    const { slider, t, figure } = this;
    const low = this.route.low();
    const part = (t - low) / (this.route.high() - low);
    if (figure.held !== slider) slider.value = String(t);
    slider.style.setProperty("--lx-at", String(part));
    const words = timeText(t);
    const here = figure.hereWords();
    setText(this.output, words);
    setText(this.here, here);
    slider.setAttribute("aria-valuetext", here ? `${words}, ${here}` : words);
    const at = part * (this.count() - 1);
    for (const [n, { button }] of this.frames.entries())
      button.setAttribute("aria-current", String(Math.abs(at - n) < 0.01));
  }

  /** The frames, one at a time. */
  *work() {
    const { figure } = this;
    for (const [n, { button, picture }] of this.frames.slice(0, this.count()).entries()) {
      const t = this.timeOf(n);
      const values = figure.decode(this.route.at(t));
      picture.show(values, figure.how());
      button.setAttribute("aria-label", timeText(t));
      yield;
    }
  }

  refresh() {
    const { slider, route } = this;
    slider.min = String(route.low());
    slider.max = String(route.high());
    this.showButton();
    this.figure.body.style.setProperty("--lx-n", String(this.count()));
    for (const [n, { button }] of this.frames.entries()) {
      const t = this.timeOf(n);
      button.hidden = n >= this.count();
      button.dataset.end = t === 0 ? "A" : t === 1 ? "B" : "";
    }
  }

  /** Says whether the frames have to be drawn again. */
  fit() {
    return this.frames.map(({ picture }) => picture.fit()).some(Boolean);
  }
}
