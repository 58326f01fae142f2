// @ts-check
// The hand on the map of a morph: it takes A, B or the moving point, or sends an end to where it presses.
import { arrowOf, KEY_PAUSE } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { clamp } from "../math/stats.js";

const GRAB = 24; // px around a handle that take hold of it
const STEADY = 3; // px that a press may tremble without moving a handle

/** @typedef {import("./plane.js").Plane} Plane */

/** @param {Plane} plane */
export function attachHand(plane) {
  const { figure, surface } = plane;
  /** @type {{key: "a" | "b" | "t", dx: number, dy: number}} what is held, and how far its middle is from the hand */
  let grabbed;
  /** @type {{x: number, y: number} | null} the press, while it has moved nothing */
  let pressed = null;

  onDrag(surface, {
    press({ x, y }) {
      figure.hold(surface);
      figure.timeline.play(false);
      grabbed = grab(plane, x, y);
      pressed = { x, y };
      if (grabbed.key !== "t" && grabbed.key !== figure.choosing) figure.setChoosing(grabbed.key);
    },
    move({ x, y }) {
      const { key, dx, dy } = grabbed;
      const steady = pressed && (dx || dy) && Math.hypot(x - pressed.x, y - pressed.y) < STEADY;
      if (steady) return; // a press alone moves no handle
      pressed = null;
      if (key !== "t") return figure.take(key, plane.endAt(x + dx, y + dy));
      figure.timeline.t = plane.nearestTime(x + dx, y + dy);
      figure.moved();
    },
    release: () => figure.release(surface),
  });

  surface.onkeydown = (event) => {
    const arrow = arrowOf(event);
    if (!arrow) return;
    event.preventDefault();
    nudge(plane, arrow, event.shiftKey ? 10 : 1);
  };
}

/**
 * The nearest handle within reach, else the end that is being chosen.
 * @param {Plane} plane @param {number} x px @param {number} y
 * @returns {{key: "a" | "b" | "t", dx: number, dy: number}}
 */
function grab(plane, x, y) {
  const { route, choosing, z } = plane.figure;
  const handleOf = (key, code) => {
    const [px, py] = plane.pixels(code);
    return { key, dx: px - x, dy: py - y, away: Math.hypot(px - x, py - y) };
  };
  const moving = handleOf("t", z);
  const chosen = handleOf(choosing, route.ends[choosing].z);
  // A point that rests on an end would hide it: then the end that is being chosen comes first.
  const resting = chosen.away < GRAB && moving.away < GRAB && Math.abs(chosen.away - moving.away) < 4;
  const others = [moving, chosen, handleOf("a", route.ends.a.z), handleOf("b", route.ends.b.z)];
  const nearest = resting ? chosen : others.reduce((best, each) => (each.away < best.away ? each : best));
  return nearest.away < GRAB ? nearest : { key: choosing, dx: 0, dy: 0 };
}

/** @param {Plane} plane @param {[number, number]} arrow @param {number} steps of a two-hundredth of the map */
function nudge({ figure, model, box }, [right, up], steps) {
  const key = figure.choosing;
  const turn = /** @type {1 | -1} */ (right || up);
  if (model.k > 2) return figure.choosers[key].next(turn);
  const by = model.k === 1 ? [turn] : [right, up];
  const z = figure.route.ends[key].z.map((value, i) => {
    const moved = value + (by[i] * steps * (box.high[i] - box.low[i])) / 200;
    return Number(clamp(moved, box.low[i], box.high[i]).toPrecision(6));
  });
  figure.take(key, { z, name: "" });
  figure.send(KEY_PAUSE);
}
