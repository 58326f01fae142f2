// @ts-check
// The training in the page: ten steps against torch's, gradients against central differences, PCA against ae_core's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Batches, SeededDraws } from "../../pages/components/playground/training/draws.js";
import { KNOBS } from "../../pages/components/playground/training/knobs.js";
import { pcaError, principalComponents } from "../../pages/components/playground/training/pca.js";
import { Steps } from "../../pages/components/playground/training/steps.js";
import { assertClose, readFacts } from "./fixtures.js";

const rowsOf = (count) => Int32Array.from({ length: count }, (_, n) => n);

/** Gives the numbers that torch drew, in its order. */
class Drawn {
  #at = 0;

  constructor(numbers) {
    this.numbers = numbers;
  }

  uniform(count) {
    this.#at += count;
    return Float64Array.from(this.numbers.slice(this.#at - count, this.#at));
  }

  normal(count) {
    return this.uniform(count);
  }

  get rest() {
    return this.numbers.length - this.#at;
  }
}

for (const facts of readFacts("trainings")) {
  const { recipe, kind, knobs, shape, range, rows, x, draws, before, gradient, losses, after } = facts;
  const size = shape.reduce((product, n) => product * n, 1);
  const name = [recipe.variant, knobs.corruption ?? knobs.sparsity ?? "", kind, recipe.activation].join(" ");
  test(`ten steps: ${name}`, () => {
    const samples = Float64Array.from(x);
    const pca = principalComponents(samples, rowsOf(samples.length / size), size);
    const steps = new Steps(recipe, { shape, range }, pca);
    assert.equal(steps.network.weights.length, before.length);
    steps.network.weights.set(before);
    const drawn = new Drawn(draws);
    const found = losses.map((_, n) => {
      const batch = samples.subarray(n * rows * size, (n + 1) * rows * size);
      assert.ok(steps.step(batch, rows, { ...KNOBS, ...knobs }, drawn));
      if (n === 0) assertClose(steps.network.gradient, gradient, { atol: 1e-4, rtol: 1e-4 }, "gradient");
      return steps.loss;
    });
    assert.equal(drawn.rest, 0);
    assertClose(found, losses, { atol: 1e-4, rtol: 1e-4 }, "losses");
    assertClose(steps.network.weights, after, { atol: 1e-4, rtol: 1e-4 }, "weights");
  });
}

/** @type {[string, Record<string, any>][]} */
const SETTINGS = [
  ["deep", {}],
  ["vae", { beta: 3 }],
  ["denoising", { corruption: "gaussian" }],
  ["masked", {}],
  ["sparse", { sparsity: "l1" }],
  ["sparse", { sparsity: "kl", rate: 0.2 }],
  ["sparse", { sparsity: "topk", onShare: 0.5 }],
  ["contractive", { contraction: 0.7 }],
  ["nested", {}],
];

for (const [variant, own] of SETTINGS) {
  test(`the gradient is that of central differences: ${variant} ${own.sparsity ?? ""}`, () => {
    const recipe = { variant, k: 4, hidden: [6, 5], activation: "tanh", seed: 3 };
    const x = new SeededDraws(1, 0).uniform(7 * 8);
    const pca = principalComponents(x, rowsOf(7), 8);
    const steps = new Steps(recipe, { shape: [1, 2, 4], range: [0, 1] }, pca);
    const { weights } = steps.network;
    const shaken = new SeededDraws(5, 0).normal(weights.length);
    for (let i = 0; i < weights.length; i++) weights[i] += 0.3 * shaken[i]; // an ordered code's last layers begin at 0
    const knobs = { ...KNOBS, ...own };
    const lossOf = () => steps.measure(x, 7, knobs, new SeededDraws(2, 0));
    lossOf();
    const gradient = steps.network.gradient.slice();
    const step = 1e-5;
    const differences = weights.map((weight, i) => {
      weights[i] = weight + step;
      const more = lossOf();
      weights[i] = weight - step;
      const less = lossOf();
      weights[i] = weight;
      return (more - less) / (2 * step);
    });
    assertClose(gradient, differences, { atol: 1e-6, rtol: 1e-5 });
  });
}

test("PCA and what it leaves are ae_core's", () => {
  const { x, size, variance, errors } = readFacts("components");
  const samples = Float64Array.from(x);
  const rows = rowsOf(samples.length / size);
  const pca = principalComponents(samples, rows, size);
  assertClose(pca.variance, variance, { atol: 1e-5, rtol: 1e-4 });
  assertClose(
    [1, 2, 3].map((k) => pcaError(pca, samples, rows, k)),
    errors,
    { atol: 1e-5, rtol: 1e-4 },
  );
});

test("each pass takes every sample once; a seed's order is always the same", () => {
  const orders = [0, 0, 1].map((seed) => {
    const batches = new Batches(seed);
    batches.use(rowsOf(10));
    return Array.from({ length: 6 }, () => [...batches.next(4)]);
  });
  assert.deepEqual(orders[0], orders[1]);
  assert.notDeepEqual(orders[0], orders[2]);
  assert.deepEqual(
    orders[0].map((batch) => batch.length),
    [4, 4, 2, 4, 4, 2],
  );
  assert.deepEqual(
    orders[0]
      .slice(0, 3)
      .flat()
      .sort((a, b) => a - b),
    [...rowsOf(10)],
  );
});
