// @ts-check
// Networks in the page against torch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBlock } from "../../pages/components/runtime/format.js";
import { nearestCodes, parseModel, withLabel } from "../../pages/components/runtime/model.js";
import { Projection } from "../../pages/components/runtime/pca.js";
import { classify, nextSample } from "../../pages/components/runtime/samples.js";
import { parseSnapshots } from "../../pages/components/runtime/snapshots.js";
import { Store } from "../../pages/components/runtime/store.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

for (const { name, blob, function: wanted, values, expected, atol } of readFacts("models")) {
  test(`${wanted} of ${name} is torch's`, () => {
    const model = parseModel(readBytes(blob));
    const rtol = name === "mnist" ? 0 : wanted === "decode" ? 1e-5 : 1e-4; // of the shipped model: 1e-5 in all
    for (const [n, value] of values.entries()) {
      const found = model[wanted](value);
      const numbers = wanted === "posterior" ? [...found.mu, ...found.logvar] : found;
      // Far beyond the data float32's own rounding of the sum is larger.
      assertClose(numbers, expected[n], { atol, rtol }, `${n}`);
    }
  });
}

test("a plain encoder has no posterior", () => {
  assert.equal(parseModel(readBytes("deep-encode.lex")).posterior, null);
});

test("snapshots are what was packed", () => {
  const { run, chunk, epochs, maps, pictures } = readFacts("snapshots");
  const found = parseSnapshots(readBytes("snapshots.lex"));
  assert.deepEqual([found.run, found.chunk, found.snapshots.map(({ epoch }) => epoch)], [run, chunk, epochs]);
  for (const [e, { map, made }] of found.snapshots.entries()) {
    assertClose(map, maps[e], { atol: 1e-3 });
    assertClose(made, pictures[e], { atol: 0.5 / 255 + 1e-6 });
  }
});

test("bytes that are no block are refused with a sentence", () => {
  assert.throws(() => readBlock(new Uint8Array(3)), /too short/);
  assert.throws(() => readBlock(new TextEncoder().encode("something else")), /LEX1/);
  const bytes = readBytes("deep-encode.lex");
  assert.throws(() => parseModel(bytes.subarray(0, bytes.length - 100)), /behind the end/);
});

test("a block holds whole and double numbers, wherever they begin", () => {
  const arrays = {
    time: { dtype: "f8", shape: [2], offset: 4 },
    row: { dtype: "i4", shape: [1], offset: 0 },
  };
  const header = new TextEncoder().encode(JSON.stringify({ name: "x", arrays }));
  const bytes = new Uint8Array(8 + header.length + 20);
  bytes.set(new TextEncoder().encode("LEX1"));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  view.setInt32(8 + header.length, -7, true);
  view.setFloat64(8 + header.length + 4, 1.1e12, true);
  view.setFloat64(8 + header.length + 12, -0.1, true);
  const { array } = readBlock(bytes);
  assert.deepEqual([[...array("row")], [...array("time")], array("label")], [[-7], [1.1e12, -0.1], null]);
});

test("the nearest codes are sorted's first", () => {
  const codes = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * i));
  const z = [0.1, -0.2];
  const distances = Array.from({ length: 100 }, (_, n) => Math.hypot(codes[2 * n] - z[0], codes[2 * n + 1] - z[1]));
  const order = [...distances.keys()].sort((a, b) => distances[a] - distances[b]);
  const found = nearestCodes({ codes, count: 100, k: 2 }, z, 7);
  assert.deepEqual(found.indexes, order.slice(0, 7));
  assertClose(
    found.distances,
    order.slice(0, 7).map((n) => distances[n]),
    { atol: 1e-9 },
  );
});

test("a class stands behind the values as one-hot numbers", () => {
  assert.deepEqual([...withLabel(Float32Array.of(5, 6), 3, 1)], [5, 6, 0, 1, 0]);
  assert.deepEqual([...withLabel(Float32Array.of(5, 6), 0, 1)], [5, 6]);
});

test("a store tells subscribers, waits, and forgets the oldest", async () => {
  const store = new Store(2);
  const heard = [];
  const unsubscribe = store.subscribe((name) => heard.push(name));
  const waiting = store.ready("b");
  for (const name of ["a", "b", "a", "c"]) store.put(name, name.toUpperCase());
  unsubscribe();
  store.put("d", "D");
  assert.equal(await waiting, "B");
  assert.deepEqual(heard, ["a", "b", "a", "c"]);
  assert.deepEqual([...store.keys()], ["c", "d"]);
});

test("the next sample is of the class that is wanted", () => {
  const samples = { count: 5, labels: [0, 1, 0, 1, 2] };
  assert.deepEqual([nextSample(samples, -1), nextSample(samples, 4), nextSample(samples, 0, null, -1)], [0, 0, 4]);
  assert.deepEqual([nextSample(samples, 0, 0), nextSample(samples, 2, 0), nextSample(samples, 0, 1, -1)], [2, 0, 3]);
  assert.deepEqual([nextSample(samples, 4, 2), nextSample(samples, 1, 7)], [4, 1]);
});

test("a place has the class of most of its nearest codes, else of the nearest", () => {
  const codes = Float32Array.of(0, 1, 2, 3);
  const model = /** @type {any} */ ({
    codes,
    count: 4,
    k: 1,
    labels: [0, 1, 1, 2],
    off_data: { neighbours: 3, threshold: 2.5 },
  });
  assert.deepEqual(
    [classify(model, [-0.2]).label, classify(model, [9]).off, classify(model, [1]).off],
    [1, true, false],
  );
  model.off_data.neighbours = 2;
  assert.equal(classify(model, [2.6]).label, 2);
});

test("a projection on components comes back the way it went", () => {
  const pca = { mean: Float32Array.of(1, 1, 1), components: Float32Array.of(1, 0, 0, 0, 0.6, 0.8), count: 2 };
  const projection = new Projection(pca);
  projection.start([3, 2, 4]);
  assertClose(projection.at(1), [3, 1, 1]);
  assertClose(projection.at(2), [3, 1 + 3 * 0.6, 1 + 3 * 0.8]);
  assertClose(projection.at(9), projection.at(2));
  assertClose(projection.at(0), [1, 1, 1]);
  assertClose([projection.energy([2, 1, 3], 2)], [4 + 9]);
});
