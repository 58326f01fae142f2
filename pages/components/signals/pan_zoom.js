// @ts-check
// The hand on a track: wheel and pinch zoom, a drag pans, on the threshold it moves that; keys.
import { hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { clamp } from "../math/stats.js";
import { dragged } from "./judged.js";

const STILL = 3; // px that a hand may tremble in a click
const NEAR = { mouse: 7, finger: 22 }; // px from the threshold that take it

/** @typedef {import("./signals.js").Signals} Signals */

export class PanZoom {
  /** @type {Map<number, number>} pointers that are down, and their x */
  #pointers = new Map();
  /** where they were, and the view, when the last of them came or went */
  #start = { xs: [0], rows: [0], first: 0, last: 0 };
  /** px that the hand has moved, as far as it matters */
  #moved = 0;
  /** whether the hand is on the threshold */
  #onLevel = false;
  /** @type {number | null} the row from which on rows are marked */
  #marksFrom = null;

  /**
   * @param {Signals} figure @param {HTMLCanvasElement} canvas @param {import("./error_track.js").ErrorTrack | null}
   * track where the threshold is
   */
  constructor(figure, canvas, track) {
    this.figure = figure;
    this.canvas = canvas;
    this.track = track;
    // A finger that takes the threshold, or two fingers, must not scroll the page too.
    const onTouch = (event) => {
      if (!track && figure.panel.isMarking) return event.preventDefault();
      const [x, y] = this.#position(event.touches[0]);
      if (event.touches.length > 1 || this.#isNear(x, y, NEAR.finger)) event.preventDefault();
    };
    canvas.addEventListener("touchstart", onTouch, { passive: false });
    canvas.onpointerdown = (event) => this.#press(event);
    canvas.onpointermove = (event) => (this.#pointers.has(event.pointerId) ? this.#move(event) : this.#hover(event));
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => this.#release(event);
    canvas.onpointerleave = () => figure.hoverOn(null);
    canvas.ondblclick = () => figure.zoomBy("all");
    canvas.onwheel = (event) => this.#onWheel(event);
    canvas.onkeydown = (event) => onKey(figure, event);
  }

  /** @param {{clientX: number, clientY: number}} event @returns {[number, number]} px */
  #position(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #isNear(x, y, slack) {
    const { figure, track } = this;
    return !!track && Math.abs(track.y(figure.level(figure.view.rowUnder(x))) - y) < slack;
  }

  #begin() {
    const { view } = this.figure;
    const xs = [...this.#pointers.values()];
    this.#start = { xs, rows: xs.map((x) => view.rowAt(x)), first: view.first, last: view.last };
  }

  #press(event) {
    if (event.button !== 0 || this.#pointers.size > 1) return;
    const { figure, canvas } = this;
    const [x, y] = this.#position(event);
    canvas.setPointerCapture(event.pointerId);
    if (!this.#pointers.size) {
      const { judged, panel } = figure;
      const marks = !this.track && judged.canJudge && (panel.isMarking || event.shiftKey);
      this.#marksFrom = marks ? figure.view.rowAt(x) : null;
      this.#moved = 0;
      this.#onLevel = this.#isNear(x, y, event.pointerType === "mouse" ? NEAR.mouse : NEAR.finger);
    }
    this.#pointers.set(event.pointerId, x);
    figure.view.stopGlide();
    figure.hold(canvas, this.#onLevel ? "threshold" : "view");
    this.#begin();
  }

  #hover(event) {
    if (this.#pointers.size || event.pointerType !== "mouse") return;
    const [x, y] = this.#position(event);
    this.figure.hoverOn(this.figure.view.rowUnder(x));
    if (this.track) this.canvas.classList.toggle("lx-on-level", this.#isNear(x, y, NEAR.mouse));
  }

  #move(event) {
    const { figure, canvas, track } = this;
    const [x, y] = this.#position(event);
    const twoFingers = this.#pointers.size > 1;
    this.#moved = Math.max(this.#moved, Math.abs(x - this.#pointers.get(event.pointerId)), twoFingers ? STILL : 0);
    if (this.#onLevel) return figure.setLevel(track.valueAt(y), figure.view.rowUnder(x));
    if (this.#moved < STILL) return;
    if (this.#marksFrom !== null) {
      return figure.choosing({ span: dragged(this.#marksFrom, figure.view.rowAt(x), figure.detection.rows) }, false);
    }
    this.#pointers.set(event.pointerId, x);
    canvas.classList.add("lx-dragging");
    this.#follow();
    figure.redraw("view");
    figure.hoverOn(null);
  }

  /** The rows stay under their fingers. */
  #follow() {
    const { view } = this.figure;
    const { rows, first, last } = this.#start;
    const [a, b] = this.#pointers.values();
    if (b === undefined) {
      const start = rows[0] - (a / view.width) * (last - first);
      view.show(start, start + last - first);
    } else if (Math.abs(a - b) > 4) {
      const each = (rows[1] - rows[0]) / (b - a);
      const start = rows[0] - each * a;
      if (each > 0) view.show(start, start + each * view.width);
    }
  }

  #release(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size) return this.#begin();
    const { figure, canvas } = this;
    canvas.classList.remove("lx-dragging");
    figure.release(canvas, this.#onLevel ? "threshold" : "view");
    if (this.#marksFrom !== null && this.#moved >= STILL) {
      figure.panel.toggleMarking(false);
      return figure.send(0, "look");
    }
    if (event.type !== "pointerup" || this.#onLevel || this.#moved >= STILL) return;
    figure.chooseStretch(figure.stretchAt(Math.floor(figure.view.rowAt(this.#position(event)[0]))));
  }

  #onWheel(event) {
    const { figure } = this;
    const { view } = figure;
    const { deltaX, deltaY, shiftKey, ctrlKey } = event;
    const along = shiftKey ? deltaX || deltaY : Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0;
    if (view.showsAll && (along || deltaY > 0) && !ctrlKey) return; // nothing more to show: the page scrolls on
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 30 : 1;
    if (along) view.pan(((along * unit) / view.width) * view.length);
    else view.zoom(2 ** clamp((deltaY * unit) / (ctrlKey ? 60 : 260), -2, 2), this.#position(event)[0] / view.width);
    figure.redraw("view");
    figure.send(KEY_PAUSE);
  }
}

/** @param {Signals} figure @param {KeyboardEvent} event */
function onKey(figure, event) {
  const { view } = figure;
  const zoom = (factor) => () => view.zoom(factor);
  const actions = {
    "+": zoom(0.5),
    "=": zoom(0.5),
    "-": zoom(2),
    _: zoom(2),
    ArrowLeft: () => view.pan(-view.length / 10),
    ArrowRight: () => view.pan(view.length / 10),
    Home: () => view.show(0, view.length),
    End: () => view.show(view.rows - view.length, view.rows),
    ArrowDown: () => figure.lanes.scrollBy(1),
    ArrowUp: () => figure.lanes.scrollBy(-1),
    0: () => view.show(0, view.rows),
    Escape: figure.chosen && (() => figure.chooseStretch(null)),
  };
  const action = hasModifier(event) ? null : actions[event.key];
  if (!action) return;
  action();
  figure.redraw("view");
  event.preventDefault();
  figure.send(KEY_PAUSE);
}
