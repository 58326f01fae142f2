// @ts-check
// The original signal and both reconstructions as lines over each other, and their spectra.
import { fit, rem } from "../canvas/context.js";
import { byTestId, setLabel } from "../figure/dom.js";
import { Plot } from "./plot.js";
import { insets, LINES, NAMES } from "./style.js";
import { amplitudes } from "./waveform.js";
import { linesLabel, SPECTRUM_LABEL } from "./words.js";

const TONES = 64; // frequencies that are shown

export class Lines {
  /** what the axes hold: they only ever grow, else the curve would seem to stand still while its axis moves */
  #wave = 1.2;
  #tone = 0.8;

  /** @param {import("./bottleneck.js").Bottleneck} figure */
  constructor(figure) {
    const { body, comparison } = figure;
    const { network, original, pca } = comparison;
    this.figure = figure;
    /** @type {HTMLCanvasElement} */
    this.canvas = byTestId(body, "decoded");
    /** @type {HTMLCanvasElement} */
    this.spectrum = byTestId(body, "spectrum");
    Object.assign(this.canvas, { values: network, original, pca }); // for tests
    byTestId(body, "spectrum-toggle").onchange = ({ target }) =>
      figure.choose(() => {
        figure.spectrum = target.checked;
      });
  }

  refresh() {
    const { body, spectrum } = this.figure;
    byTestId(body, "spectrum-toggle").checked = spectrum;
    body.classList.toggle("lx-beside", spectrum);
    this.spectrum.hidden = !spectrum;
  }

  /** Follows the size on the page; says whether that changed. */
  resize() {
    const changed = fit(this.canvas);
    return (!this.spectrum.hidden && fit(this.spectrum)) || changed;
  }

  draw() {
    const { comparison, theme, spectrum } = this.figure;
    const { size } = comparison;
    for (const name of NAMES) this.#wave = grown(this.#wave, comparison[name]);
    const plot = Plot.on(
      this.canvas,
      theme,
      { ...insets(), top: 6 },
      { across: [0, size - 1], up: [-this.#wave, this.#wave] },
    );
    plot?.grid(4);
    plot?.ends("0", `${size} samples`);
    for (const name of NAMES) plot?.line(comparison[name], LINES[name]);
    if (spectrum) this.#drawSpectrum();
  }

  #drawSpectrum() {
    const { comparison, theme } = this.figure;
    const [original, network, pca] = NAMES.map((name) => amplitudes(comparison[name], TONES));
    for (const values of [original, network, pca]) this.#tone = grown(this.#tone, values);
    Object.assign(this.spectrum, { values: network }); // for tests
    const margins = { left: 30 * rem, right: 8, top: 6, bottom: 20 * rem };
    const scale = { across: [-0.5, original.length - 0.5], up: [0, this.#tone] };
    const plot = Plot.on(this.spectrum, theme, margins, /** @type {import("./plot.js").Scale} */ (scale));
    if (!plot) return;
    plot.grid(3);
    plot.ends("0", `${original.length - 1} cycles a window`);
    plot.bars(original, LINES.original.colour);
    plot.line(network, LINES.network);
    plot.line(pca, LINES.pca);
  }

  /** @param {string} source what goes in */
  describe(source) {
    const { k, comparison } = this.figure;
    setLabel(this.canvas, linesLabel(source, k, comparison.error));
    setLabel(this.spectrum, SPECTRUM_LABEL);
  }
}

/** @param {number} limit @param {ArrayLike<number>} values @returns {number} it, or a little more than they need */
function grown(limit, values) {
  let result = limit;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > result) result = Math.abs(values[i]) * 1.05;
  return result;
}
