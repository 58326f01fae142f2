// @ts-check
// The two ends of the normal stretch, which are dragged or moved by keys.
import { hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { clamp } from "../math/stats.js";

/**
 * [start, end] of each part of the normal rows: all between the two edges, or the stretches that were given.
 * @param {number[]} normal the edges @param {number[][] | null} [stretches]
 */
export function partsOf(normal, stretches) {
  const [first, last] = normal;
  const inside = (stretches ?? []).filter(([start, end]) => end > first && start < last);
  const end = inside.length - 1;
  if (end < 1) return [normal];
  return inside.map((part, at) => [at === 0 ? first : part[0], at === end ? last : part[1]]);
}

export class NormalEdges {
  /** @param {import("./signals.js").Signals} figure @param {HTMLElement[]} edges start and end */
  constructor(figure, edges) {
    this.figure = figure;
    this.edges = edges;
    for (const end of [0, 1]) {
      this.#attachDrag(end);
      edges[end].onkeydown = (event) => this.#onKey(event, end);
    }
  }

  /** @param {number} end 0: its start, 1: its end */
  #attachDrag(end) {
    const { figure } = this;
    const edge = this.edges[end];
    onDrag(edge, {
      press({ event }) {
        event.preventDefault();
        edge.focus();
        figure.hold(edge, "normal");
      },
      move: ({ event }) => {
        if (event.type !== "pointermove") return; // a press beside its middle moves nothing
        this.#moveTo(end, figure.view.rowAt(event.clientX - figure.lanes.front.getBoundingClientRect().left));
      },
      release: () => figure.release(edge, "normal"),
    });
  }

  #moveTo(end, row) {
    const { normal, detection } = this.figure;
    const { rows, window } = detection;
    const least = Math.max(2, 2 * window); // rows between them
    const other = normal[1 - end];
    const [low, high] = end ? [Math.min(rows, other + least), rows] : [0, Math.max(0, other - least)];
    normal[end] = Math.round(clamp(row, low, high));
    this.figure.redraw("normal");
  }

  #onKey(event, end) {
    const { view, detection, normal } = this.figure;
    const page = Math.max(1, Math.round(view.length / 20));
    const fine = Math.max(1, Math.round(view.length / 400));
    const { rows } = detection;
    const by = {
      ArrowRight: fine,
      ArrowUp: fine,
      ArrowLeft: -fine,
      ArrowDown: -fine,
      PageUp: page,
      PageDown: -page,
      Home: -rows,
      End: rows,
    }[event.key];
    if (by === undefined || hasModifier(event)) return;
    event.preventDefault();
    this.#moveTo(end, normal[end] + by);
    this.figure.send(KEY_PAUSE, "normal");
  }

  place() {
    const { normal, detection, view } = this.figure;
    for (const [end, edge] of this.edges.entries()) {
      const x = view.x(normal[end]);
      edge.style.visibility = x >= -1 && x <= view.width + 1 ? "" : "hidden";
      edge.style.transform = `translateX(${clamp(x, 1, view.width - 1)}px)`;
      edge.setAttribute("aria-valuemin", "0");
      edge.setAttribute("aria-valuemax", String(detection.rows));
      edge.setAttribute("aria-valuenow", String(normal[end]));
      edge.setAttribute("aria-valuetext", detection.times.text(Math.max(0, normal[end] - end)));
    }
  }
}
