// @ts-check
// More than two dimensions: a slider for each that the map does not show.
import { make } from "../figure/dom.js";
import { bindSlider } from "../figure/slider.js";
import { coordinateText } from "./geometry.js";

export class DimensionSliders {
  /** @type {{i: number, input: HTMLInputElement, output: HTMLOutputElement}[]} */ rows = [];
  #signature = "";

  /** @param {import("./pad.js").LatentPad} pad @param {HTMLElement} element */
  constructor(pad, element) {
    this.pad = pad;
    this.element = element;
    element.hidden = pad.models[0].k < 3;
    element.replaceChildren();
  }

  /** The sliders for the axes that are chosen now. */
  refresh() {
    const { axes, models } = this.pad;
    const [{ centre, k }] = models;
    const others = centre.map((_, i) => i).filter((i) => k > 2 && !axes.includes(i));
    if (this.#signature !== String(others)) {
      this.#signature = String(others);
      this.rows = others.map((i) => this.row(i));
      const title = "Double-click: back to the centre";
      const labels = this.rows.map(({ i, input, output }) => make("label", { title }, `z${i + 1}`, input, output));
      this.element.replaceChildren(...labels);
    }
    this.show();
  }

  /** @param {number} i dimension */
  row(i) {
    const { pad } = this;
    const { low, high, centre } = pad.models[0];
    const input = make("input", { type: "range", min: low[i], max: high[i], step: "any", "aria-label": `z${i + 1}` });
    bindSlider(pad, input, (value) => pad.move(pad.views[0], { [i]: value }), { reset: centre[i] });
    // The decoded map is another with every value: drawn anew when the hand rests.
    for (const rests of ["change", "dblclick"]) {
      input.addEventListener(rests, () => {
        for (const view of pad.views) view.drawBackdrop();
      });
    }
    return { i, input, output: make("output") };
  }

  show() {
    const [{ z, model }] = this.pad.views;
    for (const { i, input, output } of this.rows) {
      if (Number(input.value) !== z[i]) input.value = String(z[i]);
      output.textContent = coordinateText(model, i, z[i]);
      input.setAttribute("aria-valuetext", output.textContent);
    }
  }
}
