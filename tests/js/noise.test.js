// @ts-check
// Corruption against ae_core's, and random numbers against numpy's arithmetic.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Corruption } from "../../pages/components/math/noise.js";
import { assertClose, readFacts } from "./fixtures.js";

for (const { noise, range, x, corrupted } of readFacts("corruptions")) {
  const { kind, amount, seed } = noise;
  test(`${kind} by ${amount}, seed ${seed}, is ae_core's`, () => {
    assertClose(new Corruption().apply(Float32Array.from(x), noise, range), corrupted, { atol: 1e-6, rtol: 1e-6 });
  });
}

const x = new Float32Array(4000).fill(0.5);
const share = (values, wanted) => values.filter((value) => value === wanted).length / values.length;

test("salt and pepper is half salt, half pepper, at the ends of the range", () => {
  const values = new Corruption().apply(x, { kind: "salt-pepper", amount: 0.4, seed: 1 }, [-1, 2]);
  assertClose([share(values, -1), share(values, 2), share(values, 0.5)], [0.2, 0.2, 0.6], { atol: 0.03 });
});

test("masking sets its share to 0 and keeps the rest; more of it masks more of the same", () => {
  const corruption = new Corruption();
  const [some, more] = [0.1, 0.3].map((amount) => corruption.apply(x, { kind: "masking", amount, seed: 1 }, [-1, 2]));
  assertClose([share(some, 0), share(some, 0.5), share(more, 0)], [0.1, 0.9, 0.3], { atol: 0.03 });
  assert.ok(some.every((value, i) => value !== 0 || more[i] === 0));
});

test("another seed, and another length, has other noise", () => {
  const corruption = new Corruption();
  const noise = (seed, values = x) => corruption.apply(values, { kind: "gaussian", amount: 1, seed }, [0, 1]);
  const first = noise(1);
  assert.notDeepEqual(noise(2), first);
  assert.ok(noise(1, new Float32Array(5000)).every(Number.isFinite));
  assert.deepEqual(noise(1), first);
});
