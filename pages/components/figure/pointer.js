// @ts-check
// A press, the moves after it, and the release, of one pointer at a time.

/**
 * @typedef {{x: number, y: number, u: number, v: number, event: PointerEvent}} Point x, y: px from the top left; u, v:
 *   the same as fractions
 */

/**
 * @param {HTMLElement} surface
 * @param {object} handlers
 * @param {(point: Point) => boolean | void} [handlers.press] false: the press is not taken
 * @param {(point: Point) => void} handlers.move also for the press itself
 * @param {(event: PointerEvent) => void} [handlers.release] its type tells a release from what was cancelled
 * @param {(point: Point) => void} [handlers.hover] moves while nothing is held
 */
export function onDrag(surface, { press, move, release, hover }) {
  /** @type {number | null} */
  let pointer = null;
  const pointOf = (event) => {
    const { left, top, width, height } = surface.getBoundingClientRect();
    const x = event.clientX - left;
    const y = event.clientY - top;
    return { x, y, u: x / width, v: y / height, event };
  };
  surface.onpointerdown = (event) => {
    if (event.button !== 0 || pointer !== null) return;
    const point = pointOf(event);
    if (press?.(point) === false) return;
    pointer = event.pointerId;
    surface.setPointerCapture(pointer);
    surface.classList.add("lx-dragging");
    move(point);
  };
  surface.onpointermove = (event) => {
    if (event.pointerId === pointer) move(pointOf(event));
    else if (pointer === null) hover?.(pointOf(event));
  };
  const end = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    surface.classList.remove("lx-dragging");
    release?.(event);
  };
  surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = end;
}
