// Where a hint lies.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freePlace, overlap } from "../../pages/components/hint/place.js";

const SIZE = { width: 200, height: 40 };
const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });
const placed = (at, side, taken, wide) => {
  const { left, top } = freePlace(at, SIZE, side, [at, ...taken], wide);
  return box(left, top, SIZE.width, SIZE.height);
};

test("it lies on the side that is wanted, where that is free, and never on its control", () => {
  const control = box(100, 300, 600, 30);
  for (const [side, top] of [
    ["below", 336],
    ["above", 254],
  ]) {
    const at = placed(control, side, [], 1000);
    assert.equal(at.top, top);
    assert.ok(!overlap(at, control));
  }
});

test("it gives way to what it speaks of", () => {
  const control = box(100, 300, 600, 30);
  const below = box(100, 330, 600, 300);
  const above = box(100, 0, 600, 300);
  assert.ok(!overlap(placed(control, "below", [below], 1000), below));
  const at = placed(control, "below", [below, above], 1200);
  for (const each of [control, below, above]) assert.ok(!overlap(at, each));
});

test("where no place beside its control is free it goes further, behind what lies there", () => {
  const control = box(20, 200, 350, 350);
  const [above, below, further] = [box(20, 100, 350, 100), box(20, 560, 350, 60), box(20, 700, 350, 100)];
  const at = placed(control, "below", [above, below, further], 390);
  assert.equal(at.top, below.bottom + 6);
  const wide = placed(control, "below", [above, below, further, box(400, 300, 200, 100)], 1000);
  assert.deepEqual([wide.left, wide.top], [control.right + 6, control.bottom + 6]); // the corner is free
});

test("it stays in the window", () => {
  for (const left of [0, 150, 300]) {
    const at = placed(box(left, 100, 90, 90), "below", [], 390);
    assert.ok(at.left >= 0 && at.right <= 390);
  }
});
