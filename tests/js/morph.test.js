// @ts-check
// The morph and the four corners: paths, what is said of them, mixtures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mixtureAt, shuffled, weightsAt } from "../../pages/components/morph/mixture.js";
import { Route } from "../../pages/components/morph/route.js";
import { pathWords, runsOf } from "../../pages/components/morph/words.js";
import { parseModel } from "../../pages/components/runtime/model.js";
import { paths } from "../../pages/components/runtime/store.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

/** A route through a plane whose samples are their codes. @param {object} [model] */
function makeRoute(model = {}) {
  const flat = { name: "flat", k: 2, gaussian: true, decode: (z) => Float32Array.from(z), ...model };
  const route = new Route(/** @type {any} */ (flat), () => paths.get("flat"), 65);
  route.ends = { a: { z: [0, 0] }, b: { z: [1, 0] } };
  route.path = "geodesic";
  return route;
}

const DETOUR = [
  [0, 0],
  [0.5, 1],
  [1, 0],
];

test("a geodesic between other ends than those on the screen is not drawn", () => {
  paths.clear();
  const route = makeRoute();
  const middle = () => {
    route.update(0, true);
    return route.at(0.5);
  };
  const isStraight = (z) => {
    assertClose(middle(), z, { atol: 1e-12 });
    assert.equal(route.geodesic(), null);
    assert.equal(route.along("geodesic"), null);
    assert.ok(route.isWaiting());
  };
  isStraight([0.5, 0]); // none has been found yet

  paths.put("flat", { model: "flat", a: [0, 0], b: [1, 0], points: DETOUR });
  assert.deepEqual(middle(), [0.5, 1]);
  assert.ok(!route.isWaiting());

  route.ends.a = { z: [0, -1] }; // A moved on: what was found is stale
  isStraight([0.5, -0.5]);
  route.ends = { a: { z: [0, 0] }, b: { z: [1, 1e-9] } }; // B, by next to nothing
  isStraight([0.5, 5e-10]);
  route.ends = { a: { z: [1, 0] }, b: { z: [0, 0] } }; // the same ends the other way round
  isStraight([0.5, 0]);

  route.ends = { a: { z: [0, 0] }, b: { z: [1, 0] } }; // back where it was found
  assert.deepEqual(middle(), [0.5, 1]);
  paths.put("flat", { model: "flat", a: [0, 0], b: [2, 0], points: DETOUR }); // an answer that comes too late
  isStraight([0.5, 0]);
});

test("a geodesic goes from A to B, and its ends are theirs to the last digit", () => {
  paths.clear();
  const route = makeRoute();
  route.ends.a = { z: [0.1, 0.2] };
  const points = [
    [0.10000001, 0.2],
    [0.4, 3],
    [1, 1e-8],
  ];
  paths.put("flat", { model: "flat", a: [0.1, 0.2], b: [1, 0], points });
  route.update(0, true);
  assert.deepEqual(
    [route.at(0), route.at(1)],
    [
      [0.1, 0.2],
      [1, 0],
    ],
  );
  assertClose(route.at(0.25), [0.25, 1.6], { atol: 1e-6 });
  assertClose(route.at(0.75), [0.7, 1.5], { atol: 1e-6 });
});

test("the spherical path is offered where codes lie near a sphere", () => {
  const offers = (model) => makeRoute(model).offers("spherical");
  assert.deepEqual([offers({}), offers({ k: 3 }), offers({ k: 3, gaussian: false })], [false, true, false]);
  assert.ok(!makeRoute().offers("constructor") && makeRoute().offers("geodesic"));
});

test("even steps are the core's", () => {
  const { blob, points, a, b, times, t, z } = readFacts("morph");
  const route = new Route(parseModel(readBytes(blob)), () => undefined, points);
  route.ends = { a: { z: a }, b: { z: b } };
  route.even = true;
  route.update(1, true);
  assertClose(route.times, times, { atol: 1e-4 });
  for (const [n, each] of t.entries()) assertClose(route.at(each), z[n], { atol: 1e-4 });
  route.even = false;
  route.update(2, true);
  assert.equal(route.times, null);
});

test("even times are computed at once only where the hand rests", () => {
  const route = makeRoute();
  route.path = "straight";
  route.even = true;
  route.update(1, false);
  assert.equal(route.times, null);
  assertClose(route.at(0.25), [0.25, 0], { atol: 1e-12 });
  route.update(1, true);
  assert.equal(route.times.length, 65);
});

test("a path in words: its classes, and where it is outside the data", () => {
  const timeOf = (n) => n / 10 - 0.5;
  const along = (labels, off = labels.map(() => false)) => ({ labels, off, timeOf });
  const classes = ["one", "two"];
  assert.equal(pathWords(along([1, 1, 1]), classes), "two all the way; never outside the data");
  assert.equal(pathWords(along([0, 0, 0]), null), "never outside the data");
  assert.equal(
    pathWords(along([0, 0, 1, 1, 0], [true, false, false, true, true]), classes),
    "one → two at t = −0.30 → one at −0.10; outside the data at −0.50 and from −0.20 to −0.10",
  );
  const changes = "one → … → two, with 9 changes of class on the way";
  assert.equal(pathWords(along([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]), classes), `${changes}; never outside the data`);
  assert.deepEqual(runsOf([]), []);
});

test("a corner is its own code, and the middle their mean", () => {
  const model = { codes: [0, 0, 4, 0, 0, 8, 4, 8, 9, 9], k: 2 };
  const corners = [0, 1, 2, 4];
  assert.deepEqual(
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ].map((place) => mixtureAt(model, corners, place)),
    [
      [0, 0],
      [4, 0],
      [0, 8],
      [9, 9],
    ],
  );
  assertClose(mixtureAt(model, corners, [0.5, 0.5]), [13 / 4, 17 / 4], { atol: 1e-12 });
  assertClose(weightsAt([0.25, 0.75]), [0.1875, 0.0625, 0.5625, 0.1875], { atol: 1e-12 });
});

test("shuffled corners are of different classes where there are so many", () => {
  const labels = [0, 0, 0, 0, 0, 1, 2, 3];
  let seed = 0;
  const random = () => (seed++ % labels.length) / labels.length;
  const corners = shuffled({ labels, count: labels.length }, random);
  assert.equal(new Set(corners.map((n) => labels[n])).size, 4);
  assert.deepEqual(
    shuffled({ labels: null, count: 9 }, () => 0.5),
    [4, 4, 4, 4],
  );
  assert.equal(shuffled({ labels: [0, 0], count: 2 }).length, 4);
});
