// @ts-check
// What goes in: a held-out sample, or a digit drawn by hand.
import { make } from "../figure/dom.js";
import { DrawingPad } from "../figure/drawing_pad.js";
import { arrowOf } from "../figure/keys.js";
import { toBase64 } from "../runtime/bytes.js";
import { nextSample } from "../runtime/samples.js";
import { addButton } from "./controls.js";
import { Tile } from "./tile.js";

export class SampleInput {
  /** @type {DrawingPad | null} */ pad = null;
  /** @type {HTMLElement} */ #paper;
  /** @type {HTMLButtonElement} */ #draw;

  /**
   * @param {import("./figure.js").VariantFigure} figure @param {string} [title]
   * @param {{draws?: boolean}} [options] draws: whether one can draw, where the models can encode it
   */
  constructor(figure, title = "input", { draws = true } = {}) {
    const { data, samples } = figure;
    const { noun } = samples;
    this.figure = figure;
    this.tile = new Tile(figure, "input", title);
    const { canvas, element } = this.tile;
    this.steps = make("div", { class: "lx-steps" });
    element.append(this.steps);
    const step = (label, words, id, turn) =>
      addButton(figure, label, () => this.step(turn), { "aria-label": `${words} ${noun}`, "data-testid": id });
    this.steps.append(step("‹", "Previous", "previous", -1), step("›", "Next", "next", 1));
    this.#addClasses();
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.onkeydown = (event) => {
      const [turn] = arrowOf(event) ?? [0];
      if (!turn) return;
      event.preventDefault();
      figure.choose(() => this.step(/** @type {1 | -1} */ (turn)));
    };
    if (draws && "drawn" in data.start && Object.values(data.roles).every(({ encodes }) => encodes)) this.#addDrawing();
  }

  /** A menu of classes: the next sample of the chosen one. */
  #addClasses() {
    const { figure } = this;
    const { classes, labels } = figure.samples;
    if (!classes.length) return;
    const select = make("select", { "aria-label": "A held-out sample of which class", "data-testid": "class" });
    select.append(...classes.map((name, c) => make("option", { value: c }, name)));
    select.onchange = () => figure.choose(() => this.step(1, Number(select.value)));
    figure.controls.push(() => {
      if (!figure.view.drawn) select.value = String(labels[figure.view.sample]);
    });
    this.steps.append(select);
  }

  #addDrawing() {
    const { figure, tile } = this;
    const label = `A sheet to draw a ${this.figure.samples.noun} on by mouse, pen or finger`;
    const canvas = make("canvas", { "data-testid": "draw-pad", role: "img", "aria-label": label });
    this.#paper = make("div", { class: "lx-paper lx-blank" }, canvas, make("span", { class: "lx-hint" }, "draw here"));
    this.#paper.hidden = true;
    tile.canvas.before(this.#paper);
    this.pad = new DrawingPad(canvas, {
      press: () => figure.hold(canvas),
      move: () => {
        figure.view.drawn = toBase64(this.pad.bytes(figure.model.shape));
        figure.change();
      },
      release: () => figure.release(canvas),
    });
    this.#draw = make("button", { type: "button", class: "lx-button", "data-testid": "draw" }, "draw");
    this.#draw.setAttribute("aria-pressed", "false");
    this.#draw.onclick = () =>
      figure.choose(() => {
        figure.view.draw = this.#paper.hidden === true;
        figure.view.drawn = "";
        this.pad.clear();
      });
    this.steps.append(this.#draw);
    figure.controls.push(() => this.#showSheet());
  }

  /** The sheet is there while one draws; a drawing that a link brought is shown as what goes in. */
  #showSheet() {
    const { draw, drawn } = this.figure.view;
    if (!draw) this.pad.clear();
    const open = Boolean(draw) && (!drawn || !this.pad.isBlank());
    this.#paper.hidden = !open;
    this.tile.canvas.hidden = open;
    this.#draw.setAttribute("aria-pressed", String(Boolean(draw)));
    if (open) this.pad.resize();
  }

  /** The next sample, of a class or of any. @param {1 | -1} turn @param {number | null} [label] */
  step(turn, label = null) {
    const { view, samples } = this.figure;
    view.sample = nextSample(samples, view.sample, label, turn);
    if ("drawn" in view) Object.assign(view, { draw: false, drawn: "" });
    this.figure.onSample();
  }

  show() {
    this.tile.show(this.figure.x());
  }
}
