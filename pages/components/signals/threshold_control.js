// @ts-check
// The threshold's rule and amount: buttons, a slider, and a sentence that says what they mean.
import { byTestId, find, setText } from "../figure/dom.js";
import { hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { PressedButtons } from "./pressed_buttons.js";

const KEYS = {
  ArrowRight: 0.02,
  ArrowUp: 0.02,
  ArrowLeft: -0.02,
  ArrowDown: -0.02,
  PageUp: 0.2,
  PageDown: -0.2,
  Home: -9,
  End: 9,
};
const THUMB = 1.5; // rem

export class ThresholdControl {
  /** @param {import("./signals.js").Signals} figure */
  constructor(figure) {
    const { root } = figure;
    this.figure = figure;
    /** @type {HTMLInputElement} */
    this.slider = byTestId(root, "threshold-slider");
    this.sentence = byTestId(root, "threshold-words");
    this.rules = new PressedButtons(find(root, ".lx-threshold"), "rule", (rule) => figure.setRule(rule));
    bindSlider(figure, this.slider, (position) => this.#moveTo(position), { name: "threshold" });
    this.slider.onkeydown = (event) => {
      const by = KEYS[event.key];
      if (by === undefined || hasModifier(event)) return;
      event.preventDefault();
      this.#step(by);
      figure.send(KEY_PAUSE, "threshold");
    };
  }

  #moveTo(position) {
    const { figure } = this;
    figure.setAmount(figure.detection.thresholds.fromSlider(figure.rule, position));
  }

  /** An amount is a round number: a step so small that it would be rounded away is made longer. */
  #step(by) {
    const { rule, amount, detection } = this.figure;
    const { thresholds } = detection;
    const here = thresholds.toSlider(rule, amount);
    let steps = 1;
    while (steps < 20 && thresholds.round(rule, thresholds.fromSlider(rule, here + steps * by)) === amount) steps++;
    this.#moveTo(here + steps * by);
  }

  show() {
    const { figure, slider } = this;
    const { rule, amount, detection, sentence } = figure;
    const [low, high] = detection.thresholds.sliderEnds(rule);
    Object.assign(slider, { min: low, max: high });
    showSlider(slider, detection.thresholds.toSlider(rule, amount), THUMB);
    slider.setAttribute("aria-valuetext", sentence);
    setText(this.sentence, sentence);
    this.rules.mark(rule);
  }
}
