// @ts-check
// What is like the chosen stretch, nearest first: each row goes there, by mouse, finger and keys.
import { byTestId, make, setText } from "../figure/dom.js";
import { hasModifier } from "../figure/keys.js";
import { clamp } from "../math/stats.js";
import { ALIKE } from "./words.js";

export class AlikeList {
  #shown = "";

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} box */
  constructor(figure, box) {
    this.figure = figure;
    this.box = box;
    this.title = byTestId(box, "alike-title");
    /** @type {HTMLElement} */
    this.list = byTestId(box, "alike-list");
    this.list.onclick = (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button) figure.visit(Number(button.dataset.n));
    };
    this.list.onkeydown = (event) => this.#onKey(event);
    /** @type {HTMLButtonElement} */
    this.back = byTestId(box, "alike-back");
    this.back.onclick = () => {
      this.list.querySelector("button")?.focus({ preventScroll: true }); // what was pressed goes
      figure.visit(null);
    };
  }

  /** Those that Python found for what is chosen now; none where it has yet to answer. */
  found() {
    const { alike } = this.figure.data;
    const rows = this.figure.chosenRows();
    return alike && rows && alike.start < rows[1] && alike.end > rows[0] ? alike.found : [];
  }

  #onKey(event) {
    const at = Number(/** @type {HTMLElement} */ (event.target).dataset.n);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || hasModifier(event) || Number.isNaN(at)) return;
    event.preventDefault();
    event.stopPropagation();
    const n = clamp(at + by, 0, this.found().length - 1);
    this.figure.visit(n);
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-n="${n}"]`))?.focus({ preventScroll: true });
  }

  show() {
    const { figure, box } = this;
    const found = this.found();
    const { times } = figure.detection;
    const said = found.map(({ start, end }) => figure.judged.at(start, end));
    const key = JSON.stringify([found, said]);
    if (key !== this.#shown) {
      this.#shown = key;
      box.hidden = !found.length;
      setText(this.title, ALIKE.title);
      const lines = found.map(({ start, end, distance }, n) => {
        const when = `${times.text(start)} … ${times.text(end - 1)}`;
        const opinion = said[n] ? `, ${[said[n].verdict, said[n].name].filter(Boolean).join(" ")}` : "";
        const about = `${Number(distance.toPrecision(3))} ${ALIKE.unit}${opinion}`;
        const go = make("button", { type: "button", class: "lx-button", "data-n": String(n) });
        go.append(make("b", {}, String(n + 1)), ` ${when} `, make("small", {}, about));
        return make("li", {}, go);
      });
      const focused = /** @type {ShadowRoot} */ (box.getRootNode()).activeElement;
      const had = this.list.contains(focused) ? /** @type {HTMLElement} */ (focused).dataset.n : undefined;
      this.list.replaceChildren(...lines);
      if (had !== undefined)
        /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-n="${had}"]`))?.focus({
          preventScroll: true,
        });
    }
    for (const button of this.list.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.n) === figure.visited));
    this.back.hidden = figure.visited === null;
  }
}
