// @ts-check
// Which end of a scale is which.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cividis, classColour, difference, PALETTE } from "../../pages/components/canvas/colours.js";
import { toPixels } from "../../pages/components/canvas/sample.js";
import { shadeOf } from "../../pages/components/canvas/scatter.js";

const THEMES = /** @type {const} */ ([{ mode: "light" }, { mode: "dark" }]);
const parts = (colour) => colour.match(/\d+/g).map(Number);
const brightness = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

for (const theme of THEMES) {
  test(`cividis goes from dark blue to bright yellow on a ${theme.mode} page`, () => {
    const scale = cividis(theme).map(parts);
    for (let n = 1; n < scale.length; n++) assert.ok(brightness(scale[n]) > brightness(scale[n - 1]), `${n}`);
    const [first, last] = [scale[0], scale.at(-1)];
    assert.ok(first[2] > first[0], "the lowest is blue");
    assert.ok(last[0] > last[2], "the highest is yellow");
  });

  test(`of a difference, what is missing is blue and what is too much red, on a ${theme.mode} page`, () => {
    const [missing, none, excess] = [-1, 0, 1].map((value) => difference(value, theme));
    assert.ok(missing[2] > missing[0] && excess[0] > excess[2]);
    assert.ok(Math.max(...none) - Math.min(...none) < 12, "none is grey");
    assert.deepEqual(difference(-9, theme), missing);
    const away = (value) => Math.hypot(...difference(value, theme).map((c, i) => c - none[i]));
    assert.ok(away(0.1) > 0 && away(0.1) < away(0.5) && away(0.5) < away(1));
  });
}

test("the lowest value has the first shade, the highest the last", () => {
  const shades = [-1, 0, 0.5, 1, 2, Number.NaN].map((value) => shadeOf(value, 0, 1, 24));
  assert.deepEqual(shades, [0, 0, 12, 23, 23, 0]);
  assert.equal(shadeOf(3, 3, 3, 24), 0);
});

test("the bottom of a range is black, its top white; beyond them stays so", () => {
  const pixels = /** @type {any} */ ({ data: new Uint8ClampedArray(16), width: 4, height: 1 });
  toPixels(pixels, [-1, -3, 1, 3], 1, [-1, 1]);
  assert.deepEqual(
    [0, 4, 8, 12].map((p) => [...pixels.data.slice(p, p + 4)]),
    [
      [0, 0, 0, 255],
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [255, 255, 255, 255],
    ],
  );
});

test("three channels are red, green and blue", () => {
  const pixels = /** @type {any} */ ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
  toPixels(pixels, [0, 0.4, 1], 3, [0, 1]);
  assert.deepEqual([...pixels.data], [0, 102, 255, 255]);
});

test("classes beyond the palette begin again", () => {
  assert.equal(classColour(PALETTE.length + 1), PALETTE[1]);
});
