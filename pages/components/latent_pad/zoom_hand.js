// @ts-check
// The hand that zooms: wheel, two fingers, Space and drag, buttons, keys. One finger or the mouse alone moves the dot.
import { find } from "../figure/dom.js";
import { hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { clamp } from "../math/stats.js";

const STEP = 1.6; // times, for a key or a button

export class ZoomHand {
  /** @type {Map<number, {x: number, y: number}>} fingers on the map, as fractions of it */
  #fingers = new Map();
  /** two fingers are at it: the dot stays */
  isPinching = false;
  #space = false;
  /** @type {{x: number, y: number} | null} where the panning hand was */
  #last = null;
  /** @type {number[]} where the dot was before the first finger came */
  #before = [];

  /** @param {import("./map_view.js").MapView} view */
  constructor(view) {
    this.view = view;
    const { surface } = view;
    surface.addEventListener("pointerdown", (event) => this.#press(event), true);
    surface.addEventListener("pointermove", (event) => this.#move(event), true);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      surface.addEventListener(end, (event) => this.#release(/** @type {PointerEvent} */ (event)), true);
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    surface.addEventListener("keyup", (event) => this.#setSpace(event.key === " " ? false : this.#space));
    surface.addEventListener("blur", () => this.#setSpace(false));
    this.buttons = find(view.element, ".lx-zoom");
    const actions = { "zoom-in": () => this.by(STEP), "zoom-out": () => this.by(1 / STEP), whole: () => this.whole() };
    for (const [name, act] of Object.entries(actions)) this.#button(name).onclick = act;
    this.#button("lasso").onclick = () => this.#select(false);
    this.#button("box").onclick = () => this.#select(true);
    this.#button("pan").onclick = () => this.view.pad.choose(() => (this.view.pad.pans = !this.view.pad.pans));
  }

  /** @param {string} name @returns {HTMLButtonElement} */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (this.buttons.querySelector(`[data-name="${name}"]`));
  }

  /** The next drag draws around samples, a line or a rectangle; pressed again, it does not. @param {boolean} isBox */
  #select(isBox) {
    const { pad } = this.view;
    const { lasso } = pad;
    lasso.draws = !(lasso.draws && lasso.isBox === isBox);
    lasso.isBox = isBox;
    pad.pans = false;
    for (const view of pad.views) view.zoomHand.refresh();
  }

  refresh() {
    const { pad, surface } = this.view;
    const { draws = false, isBox = false } = pad.lasso ?? {};
    surface.dataset.zoom = String(pad.zoom.state());
    this.#button("pan").setAttribute("aria-pressed", String(pad.pans));
    this.#button("lasso").setAttribute("aria-pressed", String(draws && !isBox));
    this.#button("box").setAttribute("aria-pressed", String(draws && isBox));
    surface.classList.toggle("lx-selects", draws);
    this.#button("whole").disabled = this.#button("zoom-out").disabled = pad.zoom.isWhole;
    surface.classList.toggle("lx-pans", this.pans);
  }

  /** Whether a drag moves the map rather than the dot. */
  get pans() {
    return this.view.pad.pans || this.#space;
  }

  /** @param {boolean} down */
  #setSpace(down) {
    this.#space = down;
    this.view.surface.classList.toggle("lx-pans", this.pans);
  }

  /** @param {number} times @param {number} [x] @param {number} [y] */
  by(times, x, y) {
    const { pad } = this.view;
    pad.zoom.by(times, x, y);
    pad.zoomed();
    pad.send(KEY_PAUSE);
  }

  whole() {
    const { pad } = this.view;
    pad.zoom.whole();
    pad.zoomed();
    pad.send(KEY_PAUSE);
  }

  /** A drag that pans. @param {{u: number, v: number}} point */
  pan({ u, v }) {
    if (this.#last) this.view.pad.zoom.pan(u - this.#last.x, v - this.#last.y);
    this.#last = { x: u, y: v };
    this.view.pad.zoomed();
  }

  endPan() {
    this.#last = null;
  }

  /** Whether the key was one that zooms. @param {KeyboardEvent} event */
  onKey(event) {
    if (hasModifier(event)) return false;
    const act = {
      "+": () => this.by(STEP),
      "=": () => this.by(STEP),
      "-": () => this.by(1 / STEP),
      0: () => this.whole(),
    };
    const { lasso } = this.view.pad;
    if (event.key === " ") this.#setSpace(true);
    else if (event.key === "s" || event.key === "S") lasso.takeAround();
    else if (event.key === "Escape" && lasso.line.length) lasso.clear();
    else if (act[event.key]) act[event.key]();
    else return false;
    return true;
  }

  // ---- two fingers ----

  #place(event) {
    const { left, top, width, height } = this.view.surface.getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  #press(event) {
    if (event.pointerType !== "touch") return;
    if (!this.#fingers.size) this.#before = this.view.z;
    this.#fingers.set(event.pointerId, this.#place(event));
    if (this.#fingers.size !== 2) return;
    this.isPinching = true; // the first finger took the dot along: it goes back
    this.view.pad.move(this.view, { ...this.#before });
  }

  #move(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    if (this.isPinching && this.#fingers.size === 2) {
      const [other] = [...this.#fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const apart = (place) => Math.max(0.01, Math.hypot(place.x - other.x, place.y - other.y));
      const { zoom } = this.view.pad;
      zoom.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      zoom.by(apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      this.view.pad.zoomed();
    }
    this.#fingers.set(event.pointerId, now);
  }

  #release(event) {
    if (!this.#fingers.delete(event.pointerId) || this.#fingers.size || !this.isPinching) return;
    this.isPinching = false;
    this.view.pad.send(KEY_PAUSE);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const { pad } = this.view;
    const { deltaX, deltaY, shiftKey, ctrlKey } = event;
    if (pad.zoom.isWhole && deltaY >= 0) return; // all is in view: the page scrolls on
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 30 : 1;
    const { width, height } = this.view;
    const { x, y } = this.#place(event);
    if (!ctrlKey && (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)))
      pad.zoom.pan((-(deltaX || deltaY) * unit) / width, shiftKey ? 0 : (-deltaY * unit) / height);
    else pad.zoom.by(2 ** clamp((-deltaY * unit) / (ctrlKey ? 60 : 260), -2, 2), x, y);
    pad.zoomed();
    pad.send(KEY_PAUSE);
  }
}
