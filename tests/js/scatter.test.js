// Points of a map: thinned while it moves, whole at rest; groups of one's own as classes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPoints, marksOf, strideOf } from "../../pages/components/canvas/scatter.js";

globalThis.devicePixelRatio = 1;

/** How many of `count` points are stamped. */
function stamped(count, moving) {
  let drawn = 0;
  const ctx = { drawImage: () => drawn++ };
  const every = strideOf(count, moving);
  drawPoints(ctx, new Float32Array(2 * count).fill(50), [{ width: 4 }], null, 1, { width: 100, height: 100, every });
  return drawn;
}

test("of 200,000 points at most 10,000 are drawn while the map moves, and all of them at rest", () => {
  assert.equal(stamped(200_000, true), 10_000);
  assert.equal(stamped(200_000, false), 200_000);
  assert.equal(stamped(10_001, true), 5001);
  for (const few of [0, 1, 10_000]) assert.equal(stamped(few, true), few);
});

test("marks come as they were packed, with -1 for those of no group", () => {
  const { labels, classes } = marksOf({ names: ["a", "b"], marks: btoa("\xff\x00\x01\xff") });
  assert.deepEqual([...labels], [-1, 0, 1, -1]);
  assert.deepEqual(classes, ["a", "b"]);
});
