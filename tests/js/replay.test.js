// @ts-check
// What a film computes besides its pictures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Colouring } from "../../pages/components/replay/colouring.js";
import { MapBox } from "../../pages/components/replay/map_box.js";
import { classMedians } from "../../pages/components/replay/medians.js";
import { bestGrid } from "../../pages/components/replay/picture_grid.js";
import { Timeline } from "../../pages/components/replay/timeline.js";
import { fewerShown, threeDigits } from "../../pages/components/replay/words.js";
import { toBase64 } from "../../pages/components/runtime/bytes.js";
import { assertClose } from "./fixtures.js";

const LIGHT = /** @type {any} */ ({ mode: "light" });
const snapshot = (epoch, ...map) => ({ epoch, map: Float32Array.from(map), made: new Float32Array(0) });

test("the film stands between two epochs, or at one", () => {
  const timeline = new Timeline();
  const [first, second, third] = [snapshot(1), snapshot(2), snapshot(6)];
  timeline.set([third, first, second]);
  assert.deepEqual([timeline.oldest, timeline.newest], [1, 6]);
  assert.deepEqual(
    [0, 1.4, 1.5, 4, 4.1, 9].map((epoch) => timeline.nearest(epoch)),
    [1, 1, 1, 2, 6, 6],
  );
  assert.deepEqual(timeline.between(3, false), { a: second, b: third, part: 0.25 });
  assert.deepEqual(timeline.between(3, true), { a: second, b: third, part: 0 });
  assert.deepEqual(timeline.between(6, false), { a: third, b: null, part: 0 });
  assert.deepEqual(timeline.between(0.5, false), { a: first, b: null, part: 0 });
});

test("the map holds the points of every epoch, grows towards them and never shrinks", () => {
  const box = new MapBox(false);
  box.include([snapshot(1, 0, 10, 1, 20)]);
  assertClose([...box.low, ...box.high], [-0.06, 9.4, 1.06, 20.6]);
  assert.equal(box.grow(0, false), false);
  box.include([snapshot(2, 2, 12, Number.NaN, 13)]);
  assertClose([...box.low, ...box.high], [-0.06, 9.4, 1.06, 20.6]); // not at once
  let [frames, high] = [0, box.high[0]];
  for (let now = 0; box.grow(now, false); now += 16, frames += 1) {
    assert.ok(box.high[0] > high);
    high = box.high[0];
  }
  assert.ok(frames > 10);
  assertClose([...box.low, ...box.high], [-0.12, 9.4, 2.12, 20.6]);
  box.include([snapshot(3, -50, 15, -50, 15)]);
  box.grow(0, true); // who wants no motion
  assertClose([...box.low, ...box.high], [-53.12, 9.4, 5.12, 20.6], { atol: 1e-4 });
});

test("the prior's circles are round, in the middle, and whole", () => {
  const box = new MapBox(true);
  box.include([snapshot(1, 0, 0, 1, 1)]);
  assertClose([...box.low, ...box.high], [-3.18, -3.18, 3.18, 3.18]);
  box.include([snapshot(2, 0, 0, 1, -5)]);
  box.grow(0, true);
  assertClose([...box.low, ...box.high], [-5.3, -5.3, 5.3, 5.3]);
});

test("a factor's colours leave out a hundredth at each end; without classes and factors there is one colour", () => {
  const values = Float32Array.from({ length: 201 }, (_, n) => (n === 0 ? -1e6 : n === 200 ? 1e6 : n));
  const factors = [{ name: "frequency", values: toBase64(new Uint8Array(values.buffer)) }];
  const colouring = new Colouring();
  const data = { labels: btoa("\x00\x01"), classes: ["a", "b"], factors };
  colouring.set(/** @type {any} */ (data));
  assert.deepEqual([colouring.chosen, colouring.names()], ["class", ["class", "frequency"]]);
  assert.deepEqual([...colouring.shade(2, LIGHT).shades], [0, 1]);
  colouring.chosen = "frequency";
  assert.deepEqual([colouring.factor.low, colouring.factor.high], [2, 198]);
  const { shades, colours } = colouring.shade(201, LIGHT);
  assert.deepEqual([shades[0], shades[2], shades[198], shades[200]], [0, 0, colours.length - 1, colours.length - 1]);
  colouring.set(/** @type {any} */ ({ ...data, labels: null, classes: null, factors: null }));
  assert.deepEqual([colouring.chosen, colouring.shade(2, LIGHT).shades], ["none", null]);
});

test("a class lies at the median of its points", () => {
  const map = Float32Array.of(0, 5, 2, 4, 9, 6, Number.NaN, 1, 3, 3, 7, 7);
  assert.deepEqual(classMedians(map, [0, 0, 0, 0, 2, 9], 3), [[2, 5], null, [3, 3]]);
});

test("pictures are as large as their place allows", () => {
  assert.deepEqual(bestGrid(4, 150, 1000, 1), { columns: 1, w: (1000 - 3 * 14) / 4 / 2 - 2 });
  assert.deepEqual(bestGrid(1, 2000, 1000, 1), { columns: 1, w: 132 });
  assert.equal(bestGrid(6, 600, 100, 1).columns, 6);
});

test("three digits, and what is left out", () => {
  assert.deepEqual([-0.00012345, 1234.5, 0.5, 2e5].map(threeDigits), ["−0.000123", "1230", "0.5", "200000"]);
  assert.equal(
    fewerShown([
      [4, 4, "samples"],
      [6, 8, "channels"],
    ]),
    "6 of 8 channels",
  );
});
