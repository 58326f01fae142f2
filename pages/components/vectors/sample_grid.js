// @ts-check
// A grid of samples: one tab stop, in which the arrows move.
import { SampleView } from "../canvas/sample.js";
import { make } from "../figure/dom.js";
import { arrowOf } from "../figure/keys.js";

/**
 * @typedef {object} Handlers
 * @property {(n: number) => void} look at a sample: the pointer or the focus is on it
 * @property {(n: number) => void} leave
 * @property {(n: number) => void} press
 * @property {() => void} back
 */

export class SampleGrid {
  /** @type {SampleView[]} */ views = [];
  /** @type {HTMLButtonElement[]} */ buttons = [];

  /**
   * @param {import("../runtime/model.js").Model} model @param {number} g its number @param {string} title
   * @param {number} side samples along a side @param {Handlers} handlers
   */
  constructor(model, g, title, side, handlers) {
    this.title = make("b");
    this.about = make("small");
    this.back = make("button", { type: "button", class: "lx-button", "data-testid": "back" }, "← back");
    this.back.onclick = handlers.back;
    for (let n = 0; n < side * side; n++) this.addSample(model, g, n, handlers);
    const grid = make("div", { class: "lx-grid", role: "group", "aria-label": `Samples of ${title}` }, ...this.buttons);
    grid.onkeydown = (event) => this.key(event, side);
    const head = make("div", { class: "lx-head" }, make("span", {}, this.title, this.about), this.back);
    this.element = make("section", { class: "lx-set" }, head, grid);
  }

  /**
   * @param {import("../runtime/model.js").Model} model @param {number} g @param {number} n @param {Handlers} handlers
   */
  addSample(model, g, n, { look, leave, press }) {
    const canvas = make("canvas", { "data-testid": "sample", "data-grid": g, "aria-hidden": true });
    const label = `Sample ${n + 1}: more like this`;
    const attributes = { type: "button", class: "lx-tile", tabindex: n ? -1 : 0, "aria-label": label };
    const button = make("button", attributes, canvas);
    button.onpointerenter = (event) => {
      if (event.pointerType === "mouse") look(n);
    };
    button.onfocus = () => {
      if (button.matches(":focus-visible")) look(n);
    };
    button.onpointerleave = button.onblur = () => leave(n);
    button.onclick = () => press(n);
    this.buttons.push(button);
    this.views.push(new SampleView(canvas, model));
  }

  /** @param {KeyboardEvent} event @param {number} side */
  key(event, side) {
    const arrow = arrowOf(event);
    const { buttons } = this;
    const from = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const to = arrow ? from + arrow[0] - side * arrow[1] : -1;
    if (!buttons[to]) return;
    event.preventDefault();
    buttons[from].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  }

  /** @param {string} title @param {string} note @param {boolean} inside whether it draws around a chosen one */
  refresh(title, note, inside) {
    this.title.textContent = title;
    this.about.textContent = inside ? "around the first one" : note;
    this.back.style.visibility = inside ? "" : "hidden"; // its place stays
    this.buttons[0].classList.toggle("lx-chosen", inside);
  }
}
