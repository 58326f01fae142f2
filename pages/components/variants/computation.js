// @ts-check
// The computation behind the figure: each step with its numbers, and its lines of the program beside it.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { make, setLabel, setText } from "../figure/dom.js";
import { minus } from "../math/numbers.js";
import { addSlider } from "./controls.js";
import { klGradient, klOfEach, lossOf } from "./gaussian.js";
import { drawGaussian } from "./gaussian_curve.js";
import * as words from "./words.js";

/** @typedef {import("./figure.js").VariantFigure} VariantFigure */
/** @typedef {import("./gaussian.js").Gaussian & {logvar: Float32Array}} Posterior */

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const DIGITS = 3; // behind the point
/** What one number of each dimension is called, by its name in the program. */
const SYMBOLS = { mu: "μ", logvar: "log σ²", sigma: "σ", d_mu: "∂KL/∂μ", d_logvar: "∂KL/∂log σ²" };

const exact = (value) => minus(value.toFixed(DIGITS));
const named = (symbol, i) => symbol + SUBSCRIPTS[i + 1];

export class Computation {
  /** @type {HTMLElement[]} sums that are written out */ #sums;
  /** @type {Record<string, HTMLElement>} */ #outputs = {};
  /** @type {HTMLCanvasElement[]} */ #curves;
  /** @type {HTMLCanvasElement} */ #bars;

  /** @param {VariantFigure} figure @param {number} k latent dimensions, each with a slider e1, e2, … */
  constructor(figure, k) {
    const { loss, lines, reach } = figure.data;
    const { size } = figure.samples;
    const dimensions = Array.from({ length: k }, (_, i) => i);
    const each = (...names) => dimensions.map((i) => make("p", {}, ...names.flatMap((name) => this.#number(name, i))));
    const picture = (id) => {
      const canvas = make("canvas", { role: "img", "data-testid": `step-${id}`, "aria-label": words.STEPS[id][0] });
      const view = figure.sampleView(canvas);
      return { view, parts: [canvas, make("p", {}, this.#output(`${id}-range`))] };
    };
    const sharp = (id, label) => {
      const canvas = make("canvas", { role: "img", class: `lx-${id}`, "aria-label": label, "data-testid": id });
      figure.sharp.push(canvas);
      return canvas;
    };
    const slider = (i) =>
      addSlider(figure, `e${i + 1}`, named("ε", i), { low: -reach, high: reach, step: 0.05, format: exact });
    this.figure = figure;
    this.input = picture("x");
    this.xHat = picture("x_hat");
    this.#bars = sharp("hidden", words.STEPS.h[0]);
    this.#curves = dimensions.map((i) => sharp(`curve-${i + 1}`, ""));
    for (const curve of this.#curves) curve.classList.add("lx-curve");
    this.#sums = dimensions.map((i) => make("p", { "data-testid": `step-z${i + 1}` }));
    const numbers = {
      x: this.input.parts,
      h: [this.#bars, make("p", {}, this.#output("h"))],
      posterior: each("mu", "logvar"),
      sigma: each("sigma"),
      epsilon: dimensions.map(slider),
      z: this.#sums,
      x_hat: this.xHat.parts,
      reconstruction: [make("p", {}, this.#output("reconstruction"))],
      kl: [...this.#curves.map((curve, i) => this.#curve(curve, i)), make("p", {}, this.#output("kl-sum"))],
      pull: each("d_mu", "d_logvar"),
      loss: [make("p", {}, this.#output("loss"))],
    };
    const about = (step) => words.STEPS[step][1]({ size, crossEntropy: loss === "cross-entropy" });
    const rows = Object.entries(lines).map(([step, code]) =>
      make(
        "li",
        { "data-step": step },
        make("p", { class: "lx-what" }, make("b", {}, words.STEPS[step][0]), " ", about(step)),
        make("div", { class: "lx-numbers" }, ...numbers[step]),
        make("pre", {}, make("code", {}, code)),
      ),
    );
    this.element = make("section", { class: "lx-computation", "data-testid": "computation" }, make("ol", {}, ...rows));
    this.element.setAttribute("aria-label", words.NUMBERS);
  }

  /** What a number of a dimension is called, and its place. @param {string} name @param {number} i */
  #number(name, i) {
    return [make("span", {}, named(SYMBOLS[name], i), " ", this.#output(`${name}${i + 1}`))];
  }

  #output(id) {
    this.#outputs[id] = make("b", { "data-testid": `step-${id}` });
    return this.#outputs[id];
  }

  #curve(canvas, i) {
    return make("figure", {}, canvas, make("figcaption", {}, named("KL", i), " ", this.#output(`kl${i + 1}`)));
  }

  /**
   * @param {Float32Array} x @param {Float32Array | null} h @param {Posterior} posterior @param {number[]} epsilon
   * @param {Float32Array} z
   */
  show(x, h, posterior, epsilon, z) {
    const { figure } = this;
    const { loss, beta } = figure.data;
    const result = lossOf(figure.roles.variant.model, x, posterior, z, { loss, beta });
    const unit = loss === "cross-entropy" ? " nats" : "";
    this.input.view.show(x, figure.look());
    this.xHat.view.show(result.xHat, figure.look());
    const logits = loss === "cross-entropy" ? words.logitRange(rangeText(result.raw)) : "";
    this.#say("x-range", rangeText(x));
    this.#say("x_hat-range", rangeText(result.xHat) + logits);
    if (h) this.#showHidden(h);
    this.#showDimensions(posterior, epsilon, z);
    this.#say("kl-sum", `${words.SUM} ${exact(result.kl)} nats`);
    this.#say("reconstruction", exact(result.reconstruction) + unit);
    this.#say("loss", `${exact(result.reconstruction)} + ${beta} · ${exact(result.kl)} = ${exact(result.loss)}${unit}`);
  }

  /** @param {Posterior} posterior @param {number[]} epsilon @param {Float32Array} z */
  #showDimensions(posterior, epsilon, z) {
    const { mu, logvar, sigma } = posterior;
    const { mu: d_mu, logvar: d_logvar } = klGradient(posterior);
    for (const [i, kl] of klOfEach(posterior).entries()) {
      for (const [name, values] of Object.entries({ mu, logvar, sigma, d_mu, d_logvar }))
        this.#say(`${name}${i + 1}`, exact(values[i]));
      const product = `${exact(mu[i])} + ${exact(sigma[i])} · ${exact(epsilon[i])}`;
      setText(this.#sums[i], `${named("z", i)} = ${product} = ${exact(z[i])}`);
      this.#say(`kl${i + 1}`, `${exact(kl)} nats`);
      const at = { mu: mu[i], sigma: sigma[i], z: z[i], dMu: d_mu[i], dLogvar: d_logvar[i] };
      drawGaussian(this.#curves[i], this.figure.theme, at);
      setLabel(this.#curves[i], words.curveLabel(i + 1, exact(mu[i]), exact(sigma[i]), exact(kl)));
    }
  }

  /** @param {Float32Array} h */
  #showHidden(h) {
    const first = Array.from(h.subarray(0, 3), exact);
    this.#say("h", words.hiddenNumbers(h.length, first));
    Object.assign(this.#bars, { values: h });
    const ctx = clearedContext(this.#bars);
    const { width, height } = sizeOf(this.#bars);
    const [low, high] = rangeOf([0, ...h]);
    const y = (value) => ((high - value) / (high - low || 1)) * height;
    ctx.fillStyle = NETWORK;
    const step = width / h.length;
    for (const [i, value] of h.entries()) ctx.fillRect(i * step, y(value), Math.max(1, step - 0.5), y(0) - y(value));
  }

  #say(id, text) {
    setText(this.#outputs[id], text);
  }
}

/** @param {ArrayLike<number>} values */
function rangeText(values) {
  const [low, high] = rangeOf(values);
  return words.valueRange(exact(low), exact(high));
}

/** @param {ArrayLike<number>} values @returns {[number, number]} */
function rangeOf(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}
