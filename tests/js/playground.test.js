// @ts-check
// The playground around its training: a training from a link is always the same, samples are left out while it trains,
// what is compared differs in one knob, and failures are named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../pages/components/playground/failures.js";
import {
  COUNT,
  comparable,
  fromSlider,
  otherOf,
  TURNED,
  toSlider,
  turnedTo,
  withKnob,
} from "../../pages/components/playground/settings.js";
import { SeededDraws } from "../../pages/components/playground/training/draws.js";
import { eigen } from "../../pages/components/playground/training/eigen.js";
import { KNOBS } from "../../pages/components/playground/training/knobs.js";
import { Session } from "../../pages/components/playground/training/session.js";
import { assertClose } from "./fixtures.js";

const rowsOf = (from, to) => Int32Array.from({ length: to - from }, (_, n) => from + n);
const [SIZE, TRAIN, ALL] = [4, 90, 120];

/** Points of a bent curve in four dimensions, of three classes. */
function samples() {
  const u = new SeededDraws(4, 0).uniform(ALL);
  const x = Float64Array.from({ length: ALL * SIZE }, (_, i) => Math.sin((1 + (i % SIZE)) * u[Math.floor(i / SIZE)]));
  const labels = Uint8Array.from({ length: ALL }, (_, n) => n % 3);
  const [train, held] = [rowsOf(0, TRAIN), rowsOf(TRAIN, ALL)];
  return { x, shape: [1, SIZE], range: null, train, test: held, shown: rowsOf(0, 20), labels };
}

const RECIPE = { variant: "vae", k: 2, hidden: [8], activation: "tanh", seed: 3 };
const session = (use = { count: 0, out: [] }, recipe = RECIPE) =>
  new Session(samples(), recipe, { ...KNOBS, lr: 0.01 }, use);

test("the same link gives the same error after 500 steps, to the last digit", () => {
  const errors = [0, 0].map(() => {
    const own = session();
    for (let n = 0; n < 500; n++) own.step();
    return own.measures.at(-1);
  });
  assert.equal(errors[0].step, 500);
  assert.deepEqual(errors[0], errors[1]);
});

test("a plain network gets below PCA on a bent curve", () => {
  const own = session(undefined, { ...RECIPE, variant: "deep", k: 1 });
  for (let n = 0; n < 800; n++) own.step();
  assert.ok(own.measures.at(-1).test < own.pca);
  assert.ok(own.measures.at(-1).testLoss > 0);
});

test("samples are left out while it trains, by number and by class; PCA is that of those that stay", () => {
  const own = session({ count: 10, out: [] });
  assert.equal(own.frame().used, 10);
  const few = own.pca;
  own.use({ count: 0, out: [0, 1] });
  own.step();
  const frame = own.frame();
  assert.equal(frame.used, TRAIN / 3);
  assert.ok([...own.used].every((row) => row % 3 === 2));
  assert.notEqual(frame.pca, few);
  own.use({ count: 0, out: [0, 1, 2] });
  assert.equal(own.frame().used, TRAIN); // of nothing nothing is learned
});

/** @type {[string, import("../../pages/components/playground/training/knobs.js").Knobs | Record<string, number>][]} */
const AT_ONCE = [
  ["deep", { lr: 0.05 }],
  ["deep", { weightDecay: 1 }],
  ["vae", { beta: 20 }],
  ["denoising", { amount: 0.9 }],
  ["masked", { hiddenShare: 0.9 }],
  ["sparse", { sparsityWeight: 3 }],
  ["contractive", { contraction: 3 }],
];

for (const [variant, knob] of AT_ONCE)
  test(`a knob acts at once, on the network as it is: ${variant} ${Object.keys(knob)}`, () => {
    const [left, turned] = [0, 1].map(() => session(undefined, { ...RECIPE, variant }));
    const go = (steps) => {
      for (const own of [left, turned]) for (let n = 0; n < steps; n++) own.step();
    };
    go(100);
    assert.deepEqual(turned.frame().weights, left.frame().weights);
    turned.knobs = { ...turned.knobs, ...knob };
    go(1);
    const [before, after] = [left.frame(), turned.frame()];
    assert.equal(after.steps, 101);
    const apart = after.weights.map((weight, i) => Math.abs(weight - before.weights[i]));
    assert.ok(Math.max(...apart) > 1e-4); // it is felt in the next step
    assert.ok(Math.max(...apart) < 0.1); // and nothing begins anew
  });

test("a network that runs away stops with its last good weights", () => {
  const own = new Session(samples(), { ...RECIPE, variant: "deep" }, { ...KNOBS, lr: 1e6, clip: 1e12 });
  for (let n = 0; n < 500; n++) own.step();
  const frame = own.frame();
  assert.ok(frame.diverged);
  assert.ok(frame.weights.every(Number.isFinite));
  assert.ok(frame.codes.every(Number.isFinite));
});

test("eigenvectors of a symmetric matrix", () => {
  const size = 12;
  const drawn = new SeededDraws(2, 0).normal(size * size);
  const matrix = drawn.map((_, i) => drawn[i] + drawn[(i % size) * size + Math.floor(i / size)]);
  const { values, vectors } = eigen(matrix, size);
  for (let n = 0; n < size; n++) {
    const own = vectors.subarray(n * size, (n + 1) * size);
    const image = own.map((_, i) => own.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0));
    assertClose(
      image,
      own.map((value) => values[n] * value),
      { atol: 1e-10, rtol: 0 },
    );
  }
});

test("a slider keeps its values", () => {
  for (const knob of TURNED)
    for (const at of [0, 250, 1000]) assert.ok(Math.abs(toSlider(knob, fromSlider(knob, at)) - at) <= 2, knob.name);
});

test("keys lead from any number of samples to its neighbours, and to no broken one", () => {
  const knob = { ...COUNT, log: true, high: 1437 };
  for (const before of [10, 11, 50, 1436]) {
    const at = toSlider(knob, before);
    for (const by of [-1, 1]) {
      const next = turnedTo(knob, before, Math.max(0, at + by));
      assert.ok(Number.isInteger(next) && next >= 10 && next <= 1437);
      assert.ok(before === 10 && by < 0 ? next === 10 : Math.sign(next - before) === by, `${before} ${by}: ${next}`);
    }
  }
});

test("a second network differs in the knob that was chosen and in nothing else", () => {
  const knobs = { lr: 0.003, beta: 1, noise: 0.3, masked: 0.5, sparsity: 0.1, contraction: 0.1, decay: 0, count: 0 };
  const made = { data: "digits", variant: "vae", k: 2, hidden: [64, 32], activation: "relu", seed: 0 };
  const view = { ...made, ...knobs, out: [], z: null, sample: 0, colour: null, turn: null, compare: "", other: "" };
  const names = comparable("vae").map(({ value }) => value);
  assert.ok(names.includes("beta") && !names.includes("noise"));
  for (const name of names) {
    const other = withKnob(view, name, otherOf(view, name));
    const changed = Object.keys(view).filter((key) => JSON.stringify(view[key]) !== JSON.stringify(other[key]));
    assert.deepEqual(changed, [name]);
  }
});

const measure = (step, train, held, active = null) => ({
  step,
  train,
  test: held,
  active,
  trainLoss: 1,
  testLoss: 1,
  kl: null,
});
const ABOUT = {
  variant: "deep",
  k: 2,
  size: 64,
  diverged: false,
  pca: 3.4,
  mean: 4.9,
  lr: 0.003,
  beta: 1,
  used: 50,
  distance: null,
};

const COLLAPSED = { variant: "vae", beta: 30 };

/** @type {[string, ReturnType<typeof measure>[], object][]} */
const FAILURES = [
  ["Diverged", [measure(50, 3, 3)], { diverged: true }],
  ["Divergence", [measure(100, 30, 30)], {}],
  [
    "Divergence: the error was 2.00",
    [...[1, 2, 3, 4].map(() => measure(250, 2, 2)), ...[1, 2, 3, 4].map(() => measure(500, 4.8, 4.8))],
    { lr: 1 },
  ],
  ["Posterior collapse: no latent dimension says anything at β = 30. Lower β.", [measure(200, 4.8, 4.8, 0)], COLLAPSED],
  ["Posterior collapse", [measure(200, 4.8, 4.8, 0)], { ...COLLAPSED, lr: 0.5 }],
  ["Stuck", [measure(300, 4.85, 4.85)], { lr: 1 }],
  ["The identity", [measure(300, 0.001, 0.001)], { k: 3, size: 3 }],
  ["Overfitting", [...[0, 1, 2, 3].map(() => measure(100, 2, 3)), ...[0, 1, 2, 3].map(() => measure(900, 0.7, 4))], {}],
  ["A hole", [measure(300, 2, 2)], { distance: 0.3 }],
  ["Held-out error 2.00, below", [measure(300, 2, 2)], { distance: 0.01 }],
];

for (const [words, measures, about] of FAILURES)
  test(`it is named: ${words}`, () => assert.ok(failure(measures, { ...ABOUT, ...about }).startsWith(words)));
