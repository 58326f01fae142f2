// Points that are added to the pixels: as a canvas would blend them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { coverage, splat } from "../../pages/components/canvas/splat.js";

test("a dot covers as much as a disc", () => {
  for (const radius of [1.3, 2, 3.4]) {
    const { side, mask } = coverage(radius);
    const area = mask.reduce((sum, each) => sum + each, 0);
    assert.ok(Math.abs(area / (Math.PI * radius * radius) - 1) < 0.12, `${radius}: ${area}`);
    assert.ok(side >= 2 * radius && mask[0] < 0.3);
  }
});

test("one dot over another is blended as source over", () => {
  const pixels = new Uint8ClampedArray(4 * 9 * 9);
  const dot = { side: 1, mask: Float32Array.of(1) };
  splat(
    pixels,
    9,
    9,
    [4.5, 4.5, 4.5, 4.5],
    dot,
    [
      [255, 0, 0],
      [0, 0, 255],
    ],
    [0, 1],
    0.5,
  );
  const at = 4 * (4 * 9 + 4);
  const [red, green, blue, alpha] = pixels.slice(at, at + 4);
  assert.ok(Math.abs(alpha - 255 * 0.75) <= 1); // 0.5 over 0.5
  assert.ok(Math.abs(red - 255 / 3) <= 1 && green === 0 && Math.abs(blue - 510 / 3) <= 1);
  assert.equal(
    pixels.reduce((sum, each) => sum + (each > 0 ? 1 : 0), 0),
    3,
  );
});

test("what lies over an edge is cut there, what is no number or outside is left out", () => {
  const pixels = new Uint8ClampedArray(4 * 6 * 5);
  const dot = coverage(2);
  splat(pixels, 6, 5, [0, 0, 6, 5, Number.NaN, 2, 100, 2, -100, -3], dot, [[9, 9, 9]], null, 1);
  assert.equal(pixels[3], 255);
  assert.equal(pixels[4 * 29 + 3], 255);
  assert.equal(pixels[4 * (2 * 6 + 3) + 3], 0);
});
