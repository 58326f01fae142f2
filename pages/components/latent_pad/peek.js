// @ts-check
// The sample behind a point: as it was recorded beside what the network makes of its code. Where the hand hovers or is
// held, or where the person has pinned it.
import { SampleView } from "../canvas/sample.js";
import { nearestPoint } from "../canvas/scatter.js";
import { ring } from "../canvas/strokes.js";
import { byTestId, setText } from "../figure/dom.js";
import { clamp } from "../math/stats.js";
import { toRange } from "../runtime/bytes.js";
import { codeOf } from "../runtime/samples.js";
import { samples } from "../runtime/store.js";

const REACH = 9; // px from a point
const ASKS = 450; // ms that a hand rests on a point before the samples are asked for, once
const HOLDS = 550; // ms of a long press
const STEADY = 8; // px that a finger may tremble in it

export class Peek {
  /** @type {number | null} the sample under the hand */
  hovered = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #asks;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #holds;
  /** @type {{x: number, y: number} | null} */ #pressed = null;
  #shown = "";

  /** @param {import("./map_view.js").MapView} view */
  constructor(view) {
    this.view = view;
    this.card = view.find("peek");
    this.words = this.card.querySelector("p");
    this.recorded = new SampleView(byTestId(this.card, "peek-recorded"), view.model, { width: 1.5 });
    this.made = new SampleView(byTestId(this.card, "peek-made"), view.model, { width: 1.5 });
    this.button = /** @type {HTMLButtonElement} */ (view.find("pin"));
    this.button.onclick = () => this.#pin();
    const { surface } = view;
    surface.addEventListener("pointerleave", () => this.at(null));
    surface.addEventListener("pointerdown", (event) => this.#press(event), true);
    surface.addEventListener("pointermove", (event) => this.#move(event), true);
    for (const end of ["pointerup", "pointercancel"]) surface.addEventListener(end, () => this.#release(), true);
  }

  /** @param {{x: number, y: number} | null} point px on the map; null: the hand has left it */
  at(point) {
    const { view } = this;
    const n = point && view.model.count ? nearestPoint(view.codePositions(), point.x, point.y, REACH) : -1;
    const hidden = n >= 0 && view.model.labels && view.pad.hidden.has(view.model.labels[n]);
    const found = n < 0 || hidden ? null : n;
    if (found === this.hovered) return;
    this.hovered = found;
    clearTimeout(this.#asks);
    if (found !== null && this.#isWanting()) this.#asks = setTimeout(() => this.view.pad.askForSamples(), ASKS);
    this.show();
    if (view.drawn) view.drawOverlay();
  }

  /** The sample that is meant; null: none. */
  get sample() {
    const { pad, model } = this.view;
    return this.hovered ?? (pad.pin !== null && pad.pin < model.count ? pad.pin : null);
  }

  /** A ring around its point. @param {CanvasRenderingContext2D} ctx */
  mark(ctx) {
    const { view, sample } = this;
    if (sample === null) return;
    const [x, y] = [view.codePositions()[2 * sample], view.codePositions()[2 * sample + 1]];
    for (const [colour, wide] of /** @type {[string, number][]} */ ([
      [view.pad.theme.background, 4],
      [view.pad.theme.text, 2],
    ])) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = wide;
      ring(ctx, x, y, 5.5);
      ctx.stroke();
    }
  }

  /** Whether the samples can be had and have not been asked for. */
  #isWanting() {
    const { pad } = this.view;
    return !!pad.data.samples && !pad.peeks && !samples.has(pad.data.samples);
  }

  // ---- a long press ----

  #press(event) {
    this.at(null);
    clearTimeout(this.#holds);
    if (event.pointerType !== "touch") return;
    const { left, top } = this.view.surface.getBoundingClientRect();
    const place = { x: event.clientX - left, y: event.clientY - top };
    this.#pressed = { x: event.clientX, y: event.clientY };
    this.#holds = setTimeout(() => {
      this.at(place);
      if (this.hovered !== null && this.#isWanting()) this.view.pad.peeks = true; // told with the release
    }, HOLDS);
  }

  #move(event) {
    const { x, y } = this.#pressed ?? { x: event.clientX, y: event.clientY };
    if (Math.hypot(event.clientX - x, event.clientY - y) > STEADY) this.#release();
  }

  #release() {
    clearTimeout(this.#holds);
    if (this.#pressed) this.at(null);
    this.#pressed = null;
  }

  // ---- what is pinned ----

  #pin() {
    const { pad, near } = this.view;
    const n = near?.indexes[0];
    if (n === undefined) return;
    pad.choose(() => {
      pad.pin = pad.pin === n ? null : n;
      pad.peeks ||= pad.pin !== null;
    });
  }

  /** Draw the sample that is meant, where it is not there yet. */
  show() {
    const { view, card, button } = this;
    const { pad, model, near } = view;
    const n = this.sample;
    const pinned = pad.pin !== null && near?.indexes[0] === pad.pin;
    button.hidden = !model.count;
    button.setAttribute("aria-pressed", String(pinned));
    setText(button, pinned ? "unpin" : "pin");
    card.hidden = n === null;
    if (n === null) return;
    const known = samples.get(pad.data.samples ?? "");
    const [x, y] = [view.codePositions()[2 * n], view.codePositions()[2 * n + 1]];
    this.#placeCard(x, y);
    const shown = JSON.stringify([n, !!known, pad.theme]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { size } = this.made;
    const here = !!known && (n + 1) * size <= known.values.length;
    this.recorded.canvas.parentElement.hidden = !here;
    this.recorded.fit();
    this.made.fit();
    const how = { range: view.range, theme: pad.theme };
    if (here) this.recorded.show(toRange(known.values.subarray(n * size, (n + 1) * size), known.range), how);
    this.made.show(model.decode(codeOf(model, n)), how);
    const name = view.readout.sampleName(n);
    setText(this.words, name ? `${n}: ${name}` : `sample ${n}`);
  }

  /** Beside its point, px, inside the map, and not over the dot. @param {number} x @param {number} y */
  #placeCard(x, y) {
    const { view, card } = this;
    const { offsetWidth: wide, offsetHeight: high } = card;
    const at = (left, up) => [
      clamp(left ? x - wide - 16 : x + 16, 4, view.width - wide - 4),
      clamp(up ? y - high - 16 : y + 16, 4, view.height - high - 4),
    ];
    const [dotX, dotY] = [view.x(view.z), view.y(view.z)];
    /** @param {number[]} place */
    const covers = ([left, top]) =>
      dotX > left - 12 && dotX < left + wide + 12 && dotY > top - 12 && dotY < top + high + 12;
    const [before, above] = [x > view.width / 2, y > view.height / 2];
    const tried = [at(before, above), at(before, !above), at(!before, above), at(!before, !above)];
    const [left, top] = tried.find((place) => !covers(place)) ?? tried[0];
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }
}
