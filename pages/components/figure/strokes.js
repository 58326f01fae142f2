// @ts-check
// A hand that draws on a canvas, by mouse, pen or finger: one pointer at a time, every point that it passed.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{begin: () => void, point: (event: PointerEvent) => void, press: () => void, move: () => void,
 *   release: () => void}} handlers begin: a stroke, before its first point; point: each of them; press: after
 *   the first; move: after some
 */
export function followStrokes(canvas, { begin, point, press, move, release }) {
  /** @type {number | null} */
  let pointer = null;
  canvas.onpointerdown = (event) => {
    if (event.button !== 0 || pointer !== null) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    begin();
    point(event);
    press();
    move();
  };
  canvas.onpointermove = (event) => {
    if (pointer !== event.pointerId) return;
    const fine = event.getCoalescedEvents?.() ?? [];
    for (const each of fine.length ? fine : [event]) point(each);
    move();
  };
  canvas.onpointerup =
    canvas.onpointercancel =
    canvas.onlostpointercapture =
      (event) => {
        if (pointer !== event.pointerId) return;
        pointer = null;
        release();
      };
}
