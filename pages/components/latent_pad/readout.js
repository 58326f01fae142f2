// @ts-check
// What is said of the place of the handle: its coordinates, the nearest sample, and whether the data reach there.
import { classColour } from "../canvas/colours.js";
import { showDataState } from "../figure/data_state.js";
import { make } from "../figure/dom.js";
import { minus, short } from "../math/numbers.js";
import { areDigits, isFar } from "../runtime/samples.js";
import { coordinateText } from "./geometry.js";

export class Readout {
  /** what a screen reader says of the handle's place */
  #spoken = "the centre";
  #described = false;

  /** @param {import("./map_view.js").MapView} view */
  constructor(view) {
    this.view = view;
    this.place = view.find("z");
    this.nearest = view.find("near");
    this.status = view.find("status");
  }

  show() {
    const { model, surface, z, near } = this.view;
    const [a] = this.view.axes();
    surface.dataset.z = z.join(",");
    showDataState(this.status, isFar(model, near));
    this.#spoken = [this.showPlace(), ...this.showNearest()].join(", ");
    const numbers = { valuemin: model.low[a], valuemax: model.high[a], valuenow: z[a], valuetext: this.#spoken };
    for (const [name, value] of Object.entries(numbers)) surface.setAttribute(`aria-${name}`, String(value));
    if (!this.#described) this.view.describe();
  }

  /** The coordinates along the map's axes; gives them as text. */
  showPlace() {
    const { model, z } = this.view;
    const axes = this.view.axes();
    if (this.place.childElementCount !== axes.length)
      this.place.replaceChildren(...axes.map(() => make("span", {}, make("i"), make("b"))));
    const texts = axes.map((i, n) => {
      const [label, value] = this.place.children[n].children;
      label.textContent = `z${i + 1} `;
      value.textContent = coordinateText(model, i, z[i]);
      return `${label.textContent}${value.textContent}`;
    });
    return texts.join(", ");
  }

  /** The nearest sample; gives what is said of it. @returns {string[]} */
  showNearest() {
    const { model, near } = this.view;
    if (!near) return [];
    const [sample] = near.indexes;
    const away = `${short(near.distances[0])} away`;
    if (!this.nearest.childElementCount)
      this.nearest.append(make("i"), make("span", { class: "lx-dot" }), make("b"), make("span"));
    const [label, dot, name, distance] = /** @type {HTMLElement[]} */ ([...this.nearest.children]);
    dot.hidden = !model.classes;
    if (model.classes) dot.style.background = classColour(model.labels[sample]);
    name.textContent = this.sampleName(sample);
    // Factors take more than a line: the distance goes in front, where it cannot be cut off.
    label.textContent = model.classes ? "nearest code: " : `nearest code, ${away}${name.textContent && ": "}`;
    distance.textContent = model.classes ? ` · ${away}` : "";
    const spoken = /^\d$/.test(name.textContent) && areDigits(model) ? `digit ${name.textContent}` : name.textContent;
    return [`nearest: ${spoken || "a sample"}`, away, ...(isFar(model, near) ? ["far from the data"] : [])];
  }

  /** What real sample this is: its class, else the factors that made it. @param {number} n */
  sampleName(n) {
    const { classes, labels, factors, factors_of } = this.view.model;
    if (classes) return classes[labels[n]];
    const value = (f) => minus(short(factors_of[n * factors.length + f]));
    return factors.map(({ name, unit }, f) => `${name} ${value(f)}${unit ? ` ${unit}` : ""}`).join(", ");
  }

  describe() {
    this.#described = true;
    const { model, signal, decoded } = this.view;
    const [channels, length, width] = model.shape;
    const several = channels > 1 ? `${channels} channels of ` : "";
    const what = signal ? `Decoded signal, ${several}${length} samples` : `Decoded image, ${width} by ${length} pixels`;
    decoded.canvas.setAttribute("aria-label", `${what}, at ${this.#spoken}`);
  }
}
