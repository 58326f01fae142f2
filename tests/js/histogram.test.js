// @ts-check
// A drag in the histogram of the errors moves the threshold, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogScale } from "../../pages/components/canvas/log_scale.js";
import { Histogram } from "../../pages/components/figure/error_histogram.js";
import { assertClose } from "./fixtures.js";

const LEFT = 30; // px

/** A histogram 280 px wide, what it asks for, and a pointer on it. */
function makeHistogram() {
  Object.assign(globalThis, { devicePixelRatio: 2 });
  const canvas = /** @type {any} */ ({
    width: 560,
    height: 200,
    classList: { add() {}, remove() {} },
    setPointerCapture() {},
    getBoundingClientRect: () => ({ left: LEFT, top: 0, width: 280, height: 100 }),
  });
  const asked = [];
  const scale = new LogScale([0.05, 20]);
  const figure = /** @type {any} */ ({
    amount: 0.99,
    detection: { scale },
    setLevel: (level) => asked.push(["level", level]),
    setAmount: (amount) => asked.push(["amount", amount]),
    hold: (_, name) => asked.push(["hold", name]),
    release: (_, name) => asked.push(["release", name]),
  });
  new Histogram(figure, canvas);
  const point = (type, x, pointerType = "mouse") =>
    canvas[`on${type}`]({ type, button: 0, pointerId: 1, pointerType, clientX: LEFT + x, clientY: 0 });
  return { asked, point, scale };
}

test("the threshold goes where the mouse is, and is told at the release", () => {
  const { asked, point, scale } = makeHistogram();
  for (const [type, x] of /** @type {const} */ ([
    ["pointerdown", 0],
    ["pointermove", 140],
    ["pointerup", 210],
  ]))
    point(type, x);
  point("pointermove", 20); // nothing is held any more
  assert.deepEqual(
    asked.map(([what]) => what),
    ["hold", "level", "level", "level", "release"],
  );
  const levels = asked.filter(([what]) => what === "level").map(([, level]) => level);
  assertClose(
    levels,
    [0, 0.5, 0.75].map((fraction) => scale.valueAt(fraction)),
  );
  assert.deepEqual([asked[0][1], asked[4][1]], ["threshold", "threshold"]);
});

test("a finger that scrolls leaves the threshold where it was", () => {
  const { asked, point } = makeHistogram();
  point("pointerdown", 50, "touch");
  point("pointercancel", 50, "touch");
  assert.deepEqual(asked, [
    ["hold", "threshold"],
    ["amount", 0.99],
    ["release", "threshold"],
  ]);
});

test("a tap of a finger takes the threshold there", () => {
  const { asked, point, scale } = makeHistogram();
  point("pointerdown", 70, "touch");
  point("pointerup", 70, "touch");
  assertClose([asked[1][1]], [scale.valueAt(0.25)]);
});
