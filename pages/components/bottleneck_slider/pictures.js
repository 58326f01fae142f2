// @ts-check
// The original picture and both reconstructions, side by side, or how these differ from it.
import { difference, differenceGradient } from "../canvas/colours.js";
import { SampleView } from "../canvas/sample.js";
import { byTestId, find, setLabel } from "../figure/dom.js";
import { NAMES } from "./style.js";
import { pictureLabels } from "./words.js";

/** @typedef {import("./bottleneck.js").Bottleneck} Bottleneck */

export class Pictures {
  /** @type {Float32Array} a reconstruction minus the original */
  #difference;

  /** @param {Bottleneck} figure */
  constructor(figure) {
    const { body, model, comparison } = figure;
    const view = (id) => new SampleView(byTestId(body, id), model);
    this.figure = figure;
    this.views = { original: view("original"), pca: view("pca"), network: view("decoded") };
    this.#difference = new Float32Array(comparison.size);
    byTestId(body, "residual").onchange = ({ target }) =>
      figure.choose(() => {
        figure.residual = target.checked;
      });
  }

  refresh() {
    const { body, residual, theme } = this.figure;
    byTestId(body, "residual").checked = residual;
    const scale = find(body, ".lx-scale");
    scale.hidden = !residual;
    find(scale, "i").style.background = differenceGradient(theme);
  }

  resize() {
    return false; // pictures have their own resolution
  }

  draw() {
    const { model, comparison, residual, theme } = this.figure;
    const range = model.range ?? [0, 1];
    const span = range[1] - range[0];
    for (const name of NAMES) {
      const view = this.views[name];
      if (!residual || name === "original") view.show(comparison[name], { range, theme });
      else
        view.show(this.#apart(comparison[name]), { range, theme, colour: (value) => difference(value / span, theme) });
    }
  }

  /** @param {Float32Array} values */
  #apart(values) {
    const { original } = this.figure.comparison;
    for (let i = 0; i < values.length; i++) this.#difference[i] = values[i] - original[i];
    return this.#difference;
  }

  /** @param {string} source what goes in */
  describe(source) {
    const { k, comparison, residual } = this.figure;
    const labels = pictureLabels(source, k, comparison.error, residual);
    for (const name of NAMES) setLabel(this.views[name].canvas, labels[name]);
  }
}
