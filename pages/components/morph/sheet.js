// @ts-check
// A sheet to draw an end on: encoded in every frame, so that the end follows the pen.
import { SampleView } from "../canvas/sample.js";
import { byTestId, find } from "../figure/dom.js";
import { DrawingPad } from "../figure/drawing_pad.js";
import { toRange } from "../runtime/bytes.js";
import { models } from "../runtime/store.js";
import { sheetNote } from "./words.js";

export class EndSheet {
  /** @type {"a" | "b" | null} the end that is drawn; null while the sheet is closed */
  end = null;
  /** whether it was drawn on since the last frame */
  inked = false;

  /** @param {import("./morph.js").Morph} figure @param {HTMLElement} element */
  constructor(figure, element) {
    this.figure = figure;
    this.element = element;
    this.redrawn = new SampleView(byTestId(element, "redrawn"), figure.model);
    this.clear = byTestId(element, "clear");
    this.pad = new DrawingPad(byTestId(element, "draw-pad"), {
      press: () => figure.hold(this),
      move: () => this.ink(),
      release: () => figure.release(this),
    });
    this.clear.onclick = () => this.pad.clear();
    byTestId(element, "done").onclick = () => this.done();
    element.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.done();
    };
  }

  encoder() {
    return models.get(`${this.figure.model.name}:encoder`);
  }

  /** What was drawn is turned into pixels in the next frame. */
  ink() {
    this.inked = true;
    this.figure.wake();
  }

  /** @param {"a" | "b"} end @param {boolean} [focus] whether it takes the focus: not where a link opens it */
  open(end, focus = true) {
    this.end = end;
    this.element.hidden = false;
    find(this.element, "b").textContent = `draw ${end.toUpperCase()}`;
    this.pad.clear();
    this.note();
    if (focus) this.clear.focus({ preventScroll: true });
  }

  done() {
    this.close();
    this.figure.send();
  }

  close() {
    if (this.end === null) return;
    this.element.hidden = true;
    this.figure.choosers[this.end].sketch.focus({ preventScroll: true });
    this.end = null;
  }

  note() {
    find(this.element, ".lx-note").textContent = sheetNote(!!this.encoder());
  }

  /** The encoder came. */
  ready() {
    this.note();
    if (!this.pad.isBlank()) this.ink();
  }

  /** What was drawn becomes the end. */
  read() {
    if (!this.inked) return;
    this.inked = false;
    const { figure, end, pad } = this;
    const { model } = figure;
    const encoder = this.encoder();
    if (!encoder || end === null || encoder.k !== model.k) return;
    const bytes = pad.bytes(model.shape);
    if (!bytes) return;
    Object.assign(pad.canvas, { pixels: bytes }); // tests compare what torch makes of them
    figure.take(end, { z: Array.from(encoder.encode(toRange(bytes, model.range))), name: "drawn" });
  }
}
