// Where a class's name stands on a map.
import assert from "node:assert/strict";
import { test } from "node:test";
import { labelPlace } from "../../pages/components/canvas/labels.js";

const heap = (x, y, count) => Array.from({ length: count }, (_, n) => [x + (n % 7), y + (n % 5)]);
const placed = (points) =>
  labelPlace(
    points.map(([x]) => x),
    points.map(([, y]) => y),
    20,
  );

test("in one heap it stands in the middle", () => {
  const [x, y] = placed(heap(100, 200, 70));
  assert.ok(Math.hypot(x - 103, y - 202) < 4);
});

test("of a class in two heaps it stands in the larger one, and not between them", () => {
  for (const [left, right] of [
    [60, 50],
    [50, 60],
  ]) {
    const [x] = placed([...heap(0, 0, left), ...heap(300, 0, right)]);
    assert.ok(left > right ? x < 20 : x > 290, `${x}`);
  }
});
