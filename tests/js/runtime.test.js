// @ts-check
// Networks in the page against torch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBlock } from "../../pages/components/runtime/format.js";
import { nearestCodes, parseModel, withLabel } from "../../pages/components/runtime/model.js";
import { parseSnapshots } from "../../pages/components/runtime/snapshots.js";
import { Store } from "../../pages/components/runtime/store.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

for (const { name, blob, function: wanted, values, expected, atol } of readFacts("models")) {
  test(`${wanted} of ${name} is torch's`, () => {
    const model = parseModel(readBytes(blob));
    for (const [n, value] of values.entries()) {
      const found = model[wanted](value);
      const numbers = wanted === "posterior" ? [...found.mu, ...found.logvar] : found;
      // Far beyond the data float32's own rounding of the sum is larger.
      assertClose(numbers, expected[n], { atol, rtol: wanted === "decode" ? 1e-5 : 1e-4 }, `${n}`);
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
