// What a classifier sees between the places that Python computed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { between, verdict } from "../../pages/components/latent_pad/verdict.js";

test("between places the logits are linear, so a straight border is where it is", () => {
  const size = 8;
  const border = (x, y) => 0.7 * x + 0.4 * y - 4.1; // class 1 where it is positive
  const logits = Float32Array.from({ length: size * size * 2 }, (_, i) => {
    const [place, c] = [i >> 1, i & 1];
    return c ? border(place % size, Math.floor(place / size)) : 0;
  });
  const grid = { logits, near: new Uint8Array(size * size), size, classes: 2 };
  const made = new Float32Array(2);
  for (let y = 0; y < size - 1; y += 0.13)
    for (let x = 0; x < size - 1; x += 0.17) {
      if (Math.abs(border(x, y)) < 1e-3) continue;
      assert.equal(verdict(between(grid, x, y, made))[0], border(x, y) > 0 ? 1 : 0);
    }
  assert.ok(Number.isFinite(between(grid, -1, size + 3, made)[1])); // beyond the edge: the edge
});

test("the best is best, and how far it is ahead says how sure", () => {
  assert.deepEqual(verdict([3, 3, 1]), [0, 0]);
  const [best, ahead] = verdict([-2, 9, 1, -4]);
  assert.equal(best, 1);
  assert.ok(ahead > 0.9 && ahead <= 1);
  assert.ok(verdict([0, 1])[1] < verdict([0, 4])[1]);
});
