// @ts-check
// A sheet, a class, and what was drawn so far. The set stays in the tab until it is used, so that a reload loses none.
import { toPixels } from "../canvas/sample.js";
import { byTestId, find, make, setText } from "../figure/dom.js";
import { DrawingPad } from "../figure/drawing_pad.js";
import { Figure } from "../figure/lifecycle.js";
import { toBase64 } from "../runtime/bytes.js";
import { fromJson, toJson } from "./kept.js";

const STORE = "latent-explorer-drawn-set";
export const MOST = 500; // pictures

/** @typedef {import("./kept.js").Drawn} Drawn */

/** @extends {Figure<import("../types").DrawnSetData>} */
export class DrawnSet extends Figure {
  /** @type {Drawn[]} */ drawn = [];
  /** whether the person has said that these are all */
  isDone = false;
  /** @type {DrawingPad} */ pad;
  /** @type {HTMLInputElement} */ label;

  subject() {
    return this.data.side;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (subjectChanged) this.drawn = kept(this.data.side);
    if (elementChanged) this.#build();
    if (subjectChanged) this.markSent();
    this.refresh();
  }

  #build() {
    const { root } = this;
    this.label = byTestId(root, "drawn-class");
    this.pad = new DrawingPad(byTestId(root, "draw-sample"), {
      press: () => this.hold(this.pad),
      move: () => {},
      release: () => this.release(this.pad),
    });
    byTestId(root, "add-drawn").onclick = () => this.add();
    byTestId(root, "wipe-drawn").onclick = () => this.pad.clear();
    byTestId(root, "use-drawn").onclick = () => this.#use();
    root.onkeydown = (event) => {
      if (event.key !== "Enter" || /** @type {HTMLElement} */ (event.target).closest("button")) return;
      event.preventDefault();
      this.add();
    };
    this.observe([this.pad.canvas]);
  }

  /** What is on the sheet joins the set, with the class that is written beside it. */
  add() {
    const { side } = this.data;
    const pixels = this.pad.bytes([1, side, side]);
    if (!pixels || this.drawn.length >= MOST) return;
    this.drawn.push({ pixels, label: this.label.value.trim() });
    this.pad.clear();
    this.#keep();
    this.refresh();
  }

  #use() {
    this.isDone = true;
    this.send();
    this.isDone = false;
    this.drawn = [];
    this.#keep();
    this.refresh();
  }

  #keep() {
    try {
      sessionStorage.setItem(STORE, toJson(this.drawn));
    } catch {
      // for this visit of the page, then
    }
  }

  /** @returns {import("../types").DrawnSetView | null} */
  state() {
    if (!this.isDone) return null;
    const { side } = this.data;
    const bytes = new Uint8Array(this.drawn.length * side * side);
    for (const [n, { pixels }] of this.drawn.entries()) bytes.set(pixels, n * side * side);
    return { values: toBase64(bytes), labels: this.drawn.map(({ label }) => label) };
  }

  refresh() {
    const { root, drawn, data } = this;
    find(root, ".lx-tiles").replaceChildren(...drawn.map((each, n) => this.#tile(each, n)));
    const missing = data.least - drawn.length;
    byTestId(root, "use-drawn").disabled = missing > 0;
    const many = `${drawn.length} drawn`;
    setText(find(root, ".lx-count"), missing > 0 ? `${many}, ${missing} more are needed` : many);
    this.pad.resize();
  }

  resize() {
    this.pad.resize();
  }

  /** @param {Drawn} each @param {number} n */
  #tile({ pixels, label }, n) {
    const { side } = this.data;
    const canvas = make("canvas", { width: side, height: side });
    const image = new ImageData(side, side);
    toPixels(image, pixels, 1, [0, 255]);
    canvas.getContext("2d").putImageData(image, 0, 0);
    const name = `Take out drawing ${n + 1}${label && `, class ${label}`}`;
    const button = make("button", { type: "button", title: name, "aria-label": name }, canvas, label);
    button.onclick = () => {
      this.drawn.splice(n, 1);
      this.#keep();
      this.refresh();
    };
    return button;
  }
}

/** What was drawn before a reload. @param {number} side @returns {Drawn[]} */
function kept(side) {
  try {
    return fromJson(sessionStorage.getItem(STORE) ?? "", side);
  } catch {
    return [];
  }
}
