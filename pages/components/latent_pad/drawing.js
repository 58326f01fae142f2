// @ts-check
// A sample of one's own, drawn, pasted or uploaded: encoded in every frame, and where it lands on the maps.
import { ORIGINAL } from "../canvas/colours.js";
import { SampleView } from "../canvas/sample.js";
import { byTestId, find } from "../figure/dom.js";
import { DrawingPad } from "../figure/drawing_pad.js";
import { FrameStats } from "../figure/stats.js";
import { floatsFromBase64, fromBase64, toBase64, toRange } from "../runtime/bytes.js";
import { sampleSize } from "../runtime/model.js";
import { areDigits } from "../runtime/samples.js";
import { CurvePad } from "./curve_pad.js";

export class Drawing {
  isOpen = false;
  /** the sample in base64, a byte a value of pictures, else float32; "" while there is none */
  values = "";
  /** @type {Float32Array | null} the same in the data's own range */
  x = null;
  /** whether it was drawn on since the last frame */
  inked = false;
  /** whether it is not encoded yet */
  stale = false;

  /** @param {import("./pad.js").LatentPad} figure @param {HTMLElement} element @param {HTMLButtonElement} button */
  constructor(figure, element, button) {
    const [{ shape, data, display }] = figure.models;
    this.figure = figure;
    this.element = element;
    this.button = button;
    this.signal = shape.length === 2;
    this.noun = areDigits({ data }) ? "digit" : this.signal ? "sample" : "picture";
    this.size = sampleSize({ shape });
    this.given = new SampleView(byTestId(element, "drawn"), { shape, display }, { colour: ORIGINAL });
    const canvas = byTestId(element, "draw-pad");
    const hands = {
      press: () => figure.hold(this),
      move: () => {
        this.inked = true; // turned into a sample in the next frame
        figure.wake();
      },
      release: () => figure.release(this),
    };
    const how = () => ({ range: figure.views[0].range, theme: figure.theme });
    this.pad =
      this.signal && figure.data.draws
        ? new CurvePad(canvas, { shape, display }, how, hands)
        : new DrawingPad(canvas, hands);
    this.pad.canvas.setAttribute(
      "aria-label",
      `A sheet to draw a ${this.noun} on by mouse, pen or finger; uploading one, below the map, is the keyboard's way`,
    );
    this.stats = new FrameStats(this.pad.canvas);
    find(element, ".lx-results").replaceChildren(...figure.views.map((view) => view.landing.element));
    button.textContent = figure.data.draws ? `Draw a ${this.signal ? "signal" : this.noun}` : "Place one more sample";
    find(element, ".lx-paper").hidden = byTestId(element, "clear-sheet").hidden = !figure.data.draws;
    button.onclick = () => this.turn(!this.isOpen);
    byTestId(element, "close-sheet").onclick = () => this.turn(false);
    byTestId(element, "clear-sheet").onclick = () => {
      this.pad.clear();
      this.take("");
      figure.wake();
      figure.send();
    };
    element.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.turn(false);
    };
  }

  /** @param {boolean} open */
  turn(open) {
    this.isOpen = open;
    this.figure.refresh();
    this.figure.send();
    if (!open) return this.button.focus();
    // On a phone the button lies below both: the map comes into sight, and the sheet as far as there is room.
    for (const part of [find(this.figure.root, ".lx-map"), this.element]) part.scrollIntoView({ block: "nearest" });
  }

  /** @param {{values: string} | null | undefined} wanted null: closed */
  start(wanted) {
    this.isOpen = !!wanted && !!this.figure.data.takes;
    this.pad.clear();
    this.take(wanted?.values);
  }

  /** @param {string} values */
  upload(values) {
    this.isOpen = true;
    this.pad.clear();
    this.take(values);
  }

  /** @param {string | undefined} values base64; a sample of another size is none */
  take(values) {
    const bytes = fromBase64(values ?? "");
    const fits = bytes?.length === this.size * (this.signal ? 4 : 1);
    this.values = fits ? values : "";
    this.x = null;
    if (fits) this.x = this.signal ? floatsFromBase64(values) : toRange(bytes, this.figure.models[0].range);
    if (!this.inked && this.pad instanceof CurvePad) this.pad.take(this.x); // to go on from
    this.stale = true;
  }

  state() {
    return this.isOpen ? { values: this.values } : null;
  }

  refresh() {
    const { figure, isOpen, button } = this;
    button.hidden = !figure.data.takes;
    button.setAttribute("aria-expanded", String(isOpen));
    this.element.hidden = !isOpen;
    find(figure.root, ".lx-body").classList.toggle("lx-drawing", isOpen);
    const what = this.values ? `your ${this.signal ? "sample" : "picture"}` : "nothing yet";
    this.given.canvas.setAttribute("aria-label", `What goes into the network: ${what}`);
    this.resize();
  }

  resize() {
    this.pad.resize();
    this.given.fit();
    for (const view of this.figure.views) view.landing.made.fit();
    this.stale = true;
  }

  /** A frame: what was drawn becomes pixels, and every model says where they lie. Says whether anything was new. */
  draw() {
    const { figure } = this;
    if (!this.isOpen || !(this.stale || this.inked)) return false;
    const began = performance.now();
    const [model] = figure.models;
    const bytes = this.inked ? this.pad.bytes(model.shape) : null;
    if (bytes) this.take(toBase64(bytes));
    if (this.pad instanceof CurvePad) this.pad.show();
    this.inked = this.stale = false;
    if (this.x) this.given.keep(this.x);
    else this.given.values.fill(0);
    const range = this.signal ? figure.views[0].range : (model.range ?? [0, 1]);
    this.given.draw({ range, theme: figure.theme });
    for (const view of figure.views) view.landing.land(this.x);
    this.stats.add(began);
    return true;
  }
}
