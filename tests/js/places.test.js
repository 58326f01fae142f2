// Places on several maps: the way between two, who is near, who lies in a direction, and what is said of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { between, nearestOf, towards } from "../../pages/components/map_morph/places.js";
import { mapWords } from "../../pages/components/map_morph/words.js";

const grid = Float32Array.from({ length: 242 }, (_, i) => (i % 2 ? Math.floor(i / 22) : ((i - (i % 2)) / 2) % 11));

test("half of the way is the middle, and a sample that one map has not is nowhere", () => {
  const into = between(Float32Array.of(0, 0, 2, 2, 4, 4), Float32Array.of(2, 4, 2, 0), 0.5, new Float32Array(6));
  assert.deepEqual([...into], [1, 2, 2, 1, Number.NaN, Number.NaN]);
});

test("the nearest are those of sorting all", () => {
  let state = 7;
  const draw = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const places = Float32Array.from({ length: 800 }, draw);
  for (const n of [0, 17, 399]) {
    const away = (m) => Math.hypot(places[2 * m] - places[2 * n], places[2 * m + 1] - places[2 * n + 1]);
    const sorted = Array.from({ length: 400 }, (_, m) => m).filter((m) => m !== n);
    sorted.sort((a, b) => away(a) - away(b));
    assert.deepEqual(nearestOf(places, n, 5), sorted.slice(0, 5));
  }
  assert.deepEqual(nearestOf(Float32Array.of(0, 0, 1, 1), 5, 5), []);
  assert.deepEqual(nearestOf(Float32Array.of(0, 0, 1, 1), 0, 5), [1]);
});

test("an arrow goes to the nearest in its direction", () => {
  assert.equal(towards(grid, 60, 1, 0), 61);
  assert.equal(towards(grid, 60, -1, 0), 59);
  assert.equal(towards(grid, 60, 0, 1), 71);
  assert.equal(towards(grid, 60, 0, -1), 49);
  assert.equal(towards(grid, 10, 1, 0), -1);
});

test("the words say how many neighbours are kept", () => {
  const about = { title: "VAE", shown: 10, count: 10, what: "samples", named: "Sample 3", origin: "PCA", near: 5 };
  assert.match(mapWords({ ...about, kept: 2, here: true }), /5 nearest on PCA, 2 are among its 5 nearest here/);
  assert.match(mapWords({ ...about, shown: 4, kept: 0, here: false }), /4 of 10 samples\. Sample 3 is not among them/);
  assert.match(mapWords({ ...about, named: "", kept: 0, here: true }), /Press a point to follow it/);
});
