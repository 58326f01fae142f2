// @ts-check
// The original picture and both reconstructions, side by side, or how these differ from it.
import { difference, differenceGradient, NETWORK, ORIGINAL, PCA } from "../canvas/colours.js";
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
    const traces = model.shape.length === 2;
    const view = (id, colour) => new SampleView(byTestId(body, id), model, { axes: traces, colour });
    this.figure = figure;
    this.views = { original: view("original", ORIGINAL), pca: view("pca", PCA), network: view("decoded", NETWORK) };
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
    return NAMES.map((name) => this.views[name].fit()).includes(true); // pictures have their own resolution
  }

  draw() {
    const { model, comparison, residual, theme, data } = this.figure;
    const range = /** @type {[number, number]} */ (model.range ?? data.samples?.range ?? this.#own());
    const span = range[1] - range[0];
    for (const name of NAMES) {
      const view = this.views[name];
      if (!residual || name === "original") view.show(comparison[name], { range, theme });
      else if (model.shape.length === 2)
        view.show(this.#apart(comparison[name]), { range: [-span / 2, span / 2], theme });
      else
        view.show(this.#apart(comparison[name]), { range, theme, colour: (value) => difference(value / span, theme) });
    }
  }

  /** The range of what is shown, where no sample is here. @returns {[number, number]} */
  #own() {
    const { original } = this.figure.comparison;
    return [Math.min(...original) - 1, Math.max(...original) + 1];
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
