// @ts-check
// A signal that goes in: its sliders.
import { byTestId, find, make, setText } from "../figure/dom.js";
import { bindSlider } from "../figure/slider.js";
import { clamp } from "../math/stats.js";
import { waveform } from "./waveform.js";
import { signalWords } from "./words.js";

/** @typedef {import("../types").BottleneckInput} Input */
/**
 * @typedef {{title: string, low: number, high: number, step: number, usual: number, show: (value: number) => string,
 *   unit: string}} Knob
 */
/** @typedef {import("./picture_input.js").Taken} Taken */

const NAMES = /** @type {const} */ (["complexity", "frequency", "phase", "noise"]);

/** A round step, about so large. @param {number} step */
const tidy = (step) => Number(step.toPrecision(1));
/** @param {number} value */
const twoDecimals = (value) => value.toFixed(2);

/**
 * What the sliders of a signal move.
 * @param {import("../types").BottleneckSignal} limits @returns {Record<string, Knob>}
 */
export function knobsOf({ complexity, noise, frequency, trained }) {
  /** @param {number[]} ends */
  const between = ([low, high]) => ({ low, high, show: twoDecimals, unit: "" });
  const [low, high] = frequency;
  return {
    complexity: {
      ...between(complexity),
      title: "sinusoids added",
      step: 1,
      usual: trained?.complexity ?? Math.min(3, complexity[1]),
      show: String,
    },
    frequency: {
      ...between(frequency),
      title: "base frequency",
      step: tidy((high - low) / 60),
      usual: low,
      unit: " cycles a window",
    },
    phase: { ...between([0, 1]), title: "phase", step: 0.01, usual: 0, unit: " turns" },
    noise: {
      ...between(noise),
      title: "noise",
      step: tidy((noise[1] - noise[0]) / 100),
      usual: trained?.noise ?? noise[0],
    },
  };
}

/**
 * A signal as the sliders can make it: steps and ends are kept, and what is missing is what is usual.
 * @param {Record<string, any>} input @param {Record<string, Knob>} knobs
 * @returns {Input & import("./waveform.js").Recipe}
 */
export function fitted(input, knobs) {
  const value = (name) => {
    const { low, high, step, usual } = knobs[name];
    const wanted = Number.isFinite(input[name]) ? input[name] : usual;
    return Number(clamp(Math.round(wanted / step) * step, low, high).toFixed(6));
  };
  const values = Object.fromEntries(NAMES.map((name) => [name, value(name)]));
  return /** @type {any} */ ({ source: "signal", seed: Math.abs(Math.trunc(input.seed)) || 0, ...values });
}

export class SignalInput {
  /** @param {import("./bottleneck.js").Bottleneck} figure */
  constructor(figure) {
    const { body, data } = figure;
    this.figure = figure;
    this.knobs = knobsOf(data.signal);
    const again = byTestId(body, "new-signal");
    this.sliders = Object.fromEntries(NAMES.map((name) => [name, this.#slider(name)]));
    for (const { label } of Object.values(this.sliders)) find(body, ".lx-knobs").insertBefore(label, again);
    again.onclick = () =>
      figure.choose(() => figure.take({ ...figure.input, seed: (figure.input.seed + 1) % 2 ** 31 }));
  }

  /** @param {string} name */
  #slider(name) {
    const { figure } = this;
    const { title, low, high, step, unit } = this.knobs[name];
    const input = make("input", { type: "range", min: low, max: high, step, "data-testid": name });
    const value = make("b");
    const words = make("span", {}, title, make("i", {}, unit && `,${unit}`));
    bindSlider(figure, input, (moved) => {
      figure.take({ ...figure.input, [name]: moved });
      figure.wake();
    });
    return { input, value, label: make("label", { class: "lx-knob" }, words, " ", value, input) };
  }

  /** @returns {Input} */
  usual() {
    return { source: "signal" };
  }

  clear() {}

  /** An input, if it can be meant. @param {Input | null | undefined} given @returns {Taken | null} */
  read(given) {
    if (given?.source !== "signal") return null;
    const { data, comparison } = this.figure;
    const input = fitted(given, this.knobs);
    const make = (recipe) => waveform(recipe, data.signal, comparison.size);
    return { input, x: make(input), clean: input.noise > 0 ? make({ ...input, noise: 0 }) : null };
  }

  update() {}

  refresh() {}

  resize() {}

  /** What goes in, in words. */
  words() {
    const { input, comparison } = this.figure;
    return signalWords(input.complexity, comparison.passed);
  }

  readOut() {
    const { figure } = this;
    for (const name of NAMES) {
      const { show, unit } = this.knobs[name];
      const { input, value } = this.sliders[name];
      const number = figure.input[name];
      if (figure.held !== input) input.value = String(number);
      setText(value, show(number));
      input.setAttribute("aria-valuetext", show(number) + unit);
    }
  }
}
