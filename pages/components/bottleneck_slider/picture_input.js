// @ts-check
// A picture that goes in: a held-out one, one that is drawn, or one that Python read.
import { byTestId, find, make, setText } from "../figure/dom.js";
import { DrawingPad } from "../figure/drawing_pad.js";
import { floatsFromBase64, fromBase64, toBase64, toRange } from "../runtime/bytes.js";
import { areDigits, nextSample } from "../runtime/samples.js";
import { classLabel, DIGIT_CENTRED, DRAWING_CENTRED, DRAWING_KEPT, padLabel } from "./words.js";

/** @typedef {import("../types").BottleneckInput} Input */
/** @typedef {{input: Input, x: Float32Array, clean: Float32Array | null}} Taken clean: x without its noise */

export class PictureInput {
  /** @type {string | null} the class of the last sample */
  #lastClass = null;
  #lastIndex = -1;
  /** whether it was drawn on since the last frame */
  #inked = false;
  /** what `#bytes` are of */
  #packed = "";
  /** @type {Uint8Array | Float32Array} */ #bytes;

  /** @param {import("./bottleneck.js").Bottleneck} figure */
  constructor(figure) {
    const { body } = figure;
    this.figure = figure;
    this.pad = new DrawingPad(byTestId(body, "draw-pad"), {
      press: () => figure.hold(this.pad),
      move: () => {
        this.#inked = true; // turned into pixels in the next frame
        figure.wake();
      },
      release: () => figure.release(this.pad),
    });
    byTestId(body, "next").onclick = () => this.#next(this.#lastClass);
    byTestId(body, "clear").onclick = () => {
      this.clear();
      figure.refresh();
    };
    const [open, sheet] = [byTestId(body, "open-pad"), find(body, ".lx-draw")];
    open.onclick = () => {
      const shown = sheet.classList.toggle("lx-shown");
      open.setAttribute("aria-expanded", String(shown));
      open.textContent = shown ? "close" : "draw";
    };
    if (!this.#count) open.click(); // nothing else to choose from
  }

  get #count() {
    return this.figure.data.samples?.count ?? 0;
  }

  /** @returns {Input} */
  usual() {
    return { source: "sample", index: 0 };
  }

  clear() {
    this.pad.clear();
    this.#inked = false;
  }

  /** An input, if it can be meant. @param {Input | null | undefined} input @returns {Taken | null} */
  read(input) {
    if (input?.source === "sample") return this.#readSample(input.index);
    if (input?.source !== "drawn" && input?.source !== "uploaded") return null;
    const bytes = fromBase64(input.values);
    const { size } = this.figure.comparison;
    const { source, values } = input;
    if (source === "uploaded" && this.figure.data.samples?.floats) {
      if (bytes?.length !== 4 * size) return null;
      return this.#taken({ source, name: String(input.name ?? ""), values }, floatsFromBase64(values));
    }
    if (bytes?.length !== size) return null;
    if (source === "drawn") return this.#taken({ source, values }, bytes);
    this.pad.clear();
    return this.#taken({ source, name: String(input.name ?? ""), values }, bytes);
  }

  /** @param {number} index @returns {Taken | null} */
  #readSample(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return null;
    const { values } = this.figure.data.samples;
    const { size } = this.figure.comparison;
    if (this.#packed !== values)
      this.#bytes = this.figure.data.samples.floats ? floatsFromBase64(values) : fromBase64(values);
    this.#packed = values;
    this.pad.clear();
    return this.#taken({ source: "sample", index }, this.#bytes.subarray(index * size, (index + 1) * size));
  }

  /** @param {Input} input @param {Uint8Array | Float32Array} bytes floats are values already @returns {Taken} */
  #taken(input, bytes) {
    const x = bytes instanceof Float32Array ? bytes : toRange(bytes, this.figure.model.range);
    return { input, x, clean: null };
  }

  /** The next sample, of a class or of any. @param {string | null} name */
  #next(name) {
    const { figure } = this;
    if (!this.#count) return;
    const from = figure.input?.source === "sample" ? figure.input.index : this.#lastIndex;
    this.#lastIndex = nextSample(figure.data.samples, from, name);
    figure.choose(() => figure.take({ source: "sample", index: this.#lastIndex }));
  }

  /** What was drawn since the last frame goes in. */
  update() {
    if (!this.#inked) return;
    this.#inked = false;
    const { figure } = this;
    const bytes = this.pad.bytes(figure.model.shape);
    if (!bytes) return;
    const before = figure.input?.source;
    figure.take({ source: "drawn", values: toBase64(bytes) });
    if (before !== "drawn") this.refresh();
  }

  /** The class of what goes in; null where it has none. */
  #label() {
    const { input, data } = this.figure;
    return input?.source === "sample" ? (data.samples.labels?.[input.index] ?? null) : null;
  }

  refresh() {
    const { body, data, model, input } = this.figure;
    this.#showClasses(data.samples?.labels ? (data.samples.classes ?? []) : []);
    byTestId(body, "next").hidden = !this.#count;
    const digit = areDigits(model);
    this.pad.canvas.setAttribute("aria-label", padLabel(digit ? "a digit" : "a picture"));
    const blank = input?.source === "drawn" ? DRAWING_KEPT : digit ? DIGIT_CENTRED : DRAWING_CENTRED;
    setText(find(body, ".lx-note"), this.pad.isBlank() ? blank : "");
  }

  /** @param {string[]} classes */
  #showClasses(classes) {
    const chips = find(this.figure.body, ".lx-classes");
    const names = classes.join("\n");
    if (chips.dataset.classes !== names) {
      chips.dataset.classes = names;
      const short = classes.length > 0 && classes.every((name) => name.length < 3);
      chips.parentElement.classList.toggle("lx-six", short);
      chips.replaceChildren(...classes.map((name) => this.#chip(name)));
    }
    const label = this.#label();
    if (label !== null) this.#lastClass = label;
    for (const [n, name] of classes.entries()) chips.children[n].setAttribute("aria-pressed", String(name === label));
  }

  /** @param {string} name */
  #chip(name) {
    const button = make("button", { type: "button", class: "lx-button", "aria-label": classLabel(name) }, name);
    button.onclick = () => this.#next(name);
    return button;
  }

  resize() {
    this.pad.resize();
  }

  /** What goes in, in words. */
  words() {
    const { input } = this.figure;
    const label = this.#label();
    if (input?.source === "sample") return label !== null ? `class ${label}` : `sample ${input.index + 1}`;
    if (input?.source === "uploaded")
      return input.name || (this.figure.data.samples?.floats ? "your sample" : "your picture");
    return input ? "drawn by hand" : "the average";
  }

  readOut() {
    const { input, data, body } = this.figure;
    const note = input?.source === "sample" && data.samples.note ? ` · ${data.samples.note}` : "";
    setText(byTestId(body, "note"), note);
  }
}
