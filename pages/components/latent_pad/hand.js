// @ts-check
// The hand on a map: drag, double click, the keys.
import { valueAt } from "../canvas/scales.js";
import { arrowOf, hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { MOVE_TO } from "../figure/move_to.js";
import { onDrag } from "../figure/pointer.js";
import { clamp } from "../math/stats.js";

const ZOOMS = "plus and minus zoom, 0 shows all; S takes the samples around the dot, Escape lets them go.";
const AGAIN = { ms: 350, px: 16 }; // between the two presses of a double click
const STEADY = 6; // px that a hand may tremble in a click

/** @param {import("./map_view.js").MapView} view */
export function attachHand(view) {
  const { surface, pad, model } = view;
  surface.setAttribute(
    "aria-label",
    `Map of the latent space of ${model.title}. Arrow keys move, with Shift faster; Home goes to the centre; ${ZOOMS}`,
  );
  const toCentre = () => pad.move(view, Object.fromEntries(pad.axes.map((i) => [i, model.centre[i]])));
  const onMark = ({ x, y, event }) => {
    const mark = view.landing.mark();
    return !!mark && Math.hypot(x - mark.x, y - mark.y) < (event.pointerType === "touch" ? 22 : 14);
  };
  const last = { time: Number.NEGATIVE_INFINITY, x: 0, y: 0 };
  let pinned = false; // the press was on the drawing's mark

  onDrag(surface, {
    press(point) {
      if (pad.held !== null || view.zoomHand.isPinching) return false;
      const { event, x, y } = point;
      if (view.zoomHand.pans) {
        pad.hold(surface);
        return true;
      }
      if (pad.lasso.draws) {
        pad.hold(surface);
        pad.lasso.line = [];
        return true;
      }
      const again = event.timeStamp - last.time < AGAIN.ms && Math.hypot(x - last.x, y - last.y) < AGAIN.px;
      Object.assign(last, { time: again ? Number.NEGATIVE_INFINITY : event.timeStamp, x, y });
      if (again) {
        toCentre();
        pad.send();
        return false;
      }
      pad.hold(surface);
      pinned = onMark(point);
      if (pinned) view.landing.goThere();
      return true;
    },
    move({ x, y, u, v }) {
      const { zoomHand } = view;
      if (zoomHand.isPinching) return;
      if (zoomHand.pans) return zoomHand.pan({ u, v });
      if (pad.lasso.draws) return pad.lasso.add({ u, v });
      const away = Math.hypot(x - last.x, y - last.y);
      if (pinned && away < STEADY) return;
      pinned = false;
      if (away >= AGAIN.px) last.time = Number.NEGATIVE_INFINITY; // a drag is no half of a double click
      const [a, b] = pad.axes;
      const values = { [a]: valueAt(model, a, pad.zoom.fractionAcross(clamp(u, 0, 1))) };
      if (model.k > 1) values[b] = valueAt(model, b, 1 - pad.zoom.fractionDown(clamp(v, 0, 1)));
      pad.move(view, values);
    },
    release() {
      view.zoomHand.endPan();
      if (pad.lasso.draws) pad.lasso.end();
      pad.release(surface);
    },
    hover: (point) => {
      surface.style.cursor = onMark(point) ? "pointer" : "";
      if (point.event.pointerType !== "touch") view.peek.at(point);
    },
  });

  surface.addEventListener(MOVE_TO, (event) => {
    const { z, ends } = /** @type {CustomEvent} */ (event).detail;
    pad.move(view, Object.fromEntries(z.slice(0, model.k).map((value, i) => [i, value])));
    if (ends) pad.send();
  });

  surface.onkeydown = (event) => {
    const arrow = arrowOf(event);
    if (view.zoomHand.onKey(event)) return event.preventDefault();
    if (!arrow && (event.key !== "Home" || hasModifier(event))) return;
    event.preventDefault();
    if (arrow) nudge(view, arrow, event.shiftKey ? 10 : 1);
    else toCentre();
    pad.send(KEY_PAUSE);
  };
}

/**
 * @param {import("./map_view.js").MapView} view @param {[number, number]} arrow
 * @param {number} steps of a two-hundredth of the map
 */
function nudge(view, [right, up], steps) {
  const { pad, model, z } = view;
  /** @type {Record<number, number>} */
  const values = {};
  const add = (i, sign) => {
    if (sign) values[i] = z[i] + (sign * steps * (model.high[i] - model.low[i])) / (200 * pad.zoom.scale);
  };
  if (model.k > 1) {
    add(pad.axes[0], right);
    add(pad.axes[1], up);
  } else add(0, right || up);
  pad.move(view, values);
}
