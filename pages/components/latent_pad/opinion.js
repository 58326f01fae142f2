// @ts-check
// What a classifier sees in the decoded picture: a bar for each class, in every frame.
import { classColour } from "../canvas/colours.js";
import { make } from "../figure/dom.js";
import { models } from "../runtime/store.js";

/**
 * Probabilities of logits.
 * @param {ArrayLike<number>} logits @returns {Float32Array}
 */
export function softmax(logits) {
  const made = Float32Array.from(logits);
  const most = made.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let i = 0; i < made.length; i++) {
    made[i] = Math.exp(made[i] - most);
    sum += made[i];
  }
  return made.map((value) => value / sum);
}

/** The most likely class. @param {ArrayLike<number>} shares */
export function likeliest(shares) {
  let best = 0;
  for (let i = 1; i < shares.length; i++) if (shares[i] > shares[best]) best = i;
  return best;
}

export class Opinion {
  /** @type {Float32Array | null} (classes) */ shares = null;
  /** @type {HTMLElement[]} */ #bars = [];

  /** @param {import("./map_view.js").MapView} view @param {HTMLElement} element */
  constructor(view, element) {
    this.view = view;
    this.element = element;
    this.bars = element.querySelector(".lx-bars");
    this.verdict = element.querySelector(".lx-verdict");
  }

  /** The network that came from Python; null while it is on its way, or where none is asked for. */
  get network() {
    const { pad, model } = this.view;
    const network = pad.classifies ? models.get(pad.data.classifier ?? "") : null;
    return network?.encode && String(network.shape) === String(model.shape) ? network : null;
  }

  /** @param {Float32Array} values of the decoded sample */
  show(values) {
    const { network } = this;
    this.element.hidden = !network;
    this.shares = network ? softmax(network.encode(values)) : null;
    if (!this.shares) return;
    const { classes } = this.view.model;
    if (this.#bars.length !== classes.length) this.#build(classes);
    const best = likeliest(this.shares);
    for (const [c, bar] of this.#bars.entries()) {
      bar.style.setProperty("--lx-share", String(this.shares[c]));
      bar.classList.toggle("lx-best", c === best);
    }
    this.element.dataset.shares = this.shares.join(",");
    const near = this.view.near?.indexes[0];
    const real = near === undefined ? null : classes[this.view.model.labels[near]];
    const differs = real !== null && real !== classes[best];
    this.verdict.classList.toggle("lx-differs", differs);
    this.verdict.textContent = `${this.spoken()}${differs ? `; the nearest real sample is ${real}` : ""}`;
  }

  /** In words. */
  spoken() {
    const best = likeliest(this.shares);
    return `The classifier sees ${this.view.model.classes[best]}, ${Math.round(100 * this.shares[best])} % sure`;
  }

  /** @param {string[]} classes */
  #build(classes) {
    this.#bars = classes.map((name, c) =>
      make("span", { style: `--lx-own: ${classColour(c)}`, title: name }, make("i"), make("b", {}, name)),
    );
    this.bars.replaceChildren(...this.#bars);
  }
}
