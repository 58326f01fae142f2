// @ts-check
// What the figures of the variants compute besides networks and noise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseModel } from "../../pages/components/runtime/model.js";
import { mix, turnedCodes } from "../../pages/components/variants/beta.js";
import {
  klGradient,
  klOfEach,
  klToPrior,
  lossOf,
  posteriorOf,
  reparametrise,
} from "../../pages/components/variants/gaussian.js";
import { maskedCount, PatchGrid, withPatch } from "../../pages/components/variants/patches.js";
import { Samples } from "../../pages/components/variants/samples.js";
import { applyEdits, partAround, readEdits, withEdit } from "../../pages/components/variants/token_edits.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

test("a patch is masked in every channel, and nothing else", () => {
  const grid = new PatchGrid(5, 6, 2); // 3 rows of 3 patches, the last row cut
  const x = new Float32Array(2 * 5 * 6).fill(1);
  const mask = withPatch(
    grid.mask(() => false),
    5,
    true,
  );
  assert.equal(mask, "000001000");
  const zeros = [...grid.apply(x, mask).entries()].filter(([, value]) => value === 0).map(([i]) => i);
  const wanted = [0, 30].flatMap((channel) =>
    [2, 3].flatMap((row) => [4, 5].map((column) => channel + 6 * row + column)),
  );
  assert.deepEqual(zeros, wanted);
  assert.deepEqual(
    grid.apply(
      x,
      grid.mask(() => true),
    ),
    new Float32Array(60),
  );
});

test("the hand and the keys find patches, and stay on the picture", () => {
  const grid = new PatchGrid(28, 28, 4);
  assert.deepEqual([grid.at(0, 0), grid.at(0.99, 0), grid.at(0, 0.99), grid.at(-3, 9)], [0, 6, 42, 42]);
  assert.deepEqual(
    [grid.beside(0, 1, 0), grid.beside(0, 0, -1), grid.beside(0, -1, 1), grid.beside(6, 1, 0)],
    [1, 7, 0, 6],
  );
  assert.deepEqual(grid.placeOf(9), { row: 1, column: 2 });
});

test("a share of the patches is masked by chance, and half of them from the top", () => {
  const grid = new PatchGrid(28, 28, 4);
  for (const [share, count] of [
    [0, 0],
    [0.75, 37],
    [1, 49],
  ])
    assert.equal(maskedCount(grid.random(share, 3)), count);
  assert.equal(grid.random(0.5, 3), grid.random(0.5, 3));
  assert.notEqual(grid.random(0.5, 3), grid.random(0.5, 4));
  assert.equal(grid.upperHalf(), "1".repeat(21) + "0".repeat(28));
});

test("edits of tokens are read, made and taken back", () => {
  assert.deepEqual(
    [...readEdits("5-17.6-2")],
    [
      [5, 17],
      [6, 2],
    ],
  );
  assert.equal(readEdits("").size, 0);
  const own = [9, 8, 7];
  assert.equal(withEdit("", 1, 4, own), "1-4");
  assert.equal(withEdit("1-4", 2, 0, own), "1-4.2-0");
  assert.equal(withEdit("1-4.2-0", 1, 8, own), "2-0"); // its own code is no edit
  assert.deepEqual(applyEdits(own, "1-4.7-1.2-99", 16), [9, 4, 7]); // what does not fit is left out
  assert.deepEqual(own, [9, 8, 7]);
});

test("the part around a token is twice its place, inside the picture", () => {
  const shape = [1, 28, 28];
  assert.deepEqual(partAround(0, [4, 4], shape), [0, 0, 14, 14]);
  assert.deepEqual(partAround(6, [4, 4], shape), [11, 4, 14, 14]);
  assert.deepEqual(partAround(15, [4, 4], shape), [14, 14, 14, 14]);
  assert.deepEqual(partAround(3, [16], shape), [0, 0, 28, 28]);
});

test("z and KL are those of a diagonal Gaussian", () => {
  const encoder = { posterior: () => ({ mu: Float32Array.of(1, -2), logvar: Float32Array.of(0, 2 * Math.log(0.5)) }) };
  const posterior = posteriorOf(/** @type {any} */ (encoder), new Float32Array(0));
  assertClose(posterior.sigma, [1, 0.5]);
  assertClose(reparametrise(posterior, [2, -1]), [3, -2.5]);
  assertClose([klToPrior(posterior)], [0.5 * (1 + 4 + 0.25 - 1 - 2 * Math.log(0.5))]);
  assert.equal(klToPrior({ mu: new Float32Array(2), sigma: [1, 1] }), 0);
});

for (const { name, model, encoder: its, recipe, x: values, epsilon, made } of readFacts("steps")) {
  test(`each step of a loss is what its lines compute in torch: ${name}`, () => {
    const x = Float32Array.from(values);
    const encoder = parseModel(readBytes(its));
    if (made.h) assertClose(encoder.hidden(x), made.h);
    else assert.equal(encoder.hidden, null);
    const posterior = posteriorOf(encoder, x);
    const z = reparametrise(posterior, epsilon);
    const loss = lossOf(parseModel(readBytes(model)), x, posterior, z, recipe);
    const gradient = klGradient(posterior);
    const found = { ...posterior, z, kl: klOfEach(posterior), d_mu: gradient.mu, d_logvar: gradient.logvar };
    for (const [step, numbers] of Object.entries({ ...found, x_hat: loss.xHat }))
      assertClose(numbers, made[step], {}, step);
    if (made.logits) assertClose(loss.raw, made.logits, { rtol: 1e-4 }, "logits");
    assertClose([loss.reconstruction, loss.loss], [...made.reconstruction, ...made.loss], { rtol: 1e-4 }, "loss");
  });
}

test("codes are turned by a matrix, and glide from one model's to the next's", () => {
  const turned = turnedCodes(Float32Array.of(1, 0, 0, 2), [
    [0, 1],
    [-1, 0],
  ]);
  assertClose(turned, [0, 1, -2, 0]);
  const between = new Float32Array(2);
  mix(between, Float32Array.of(0, 4), Float32Array.of(1, 0), 0.25);
  assertClose(between, [0.25, 3]);
});

test("the drawing goes in where there is one, else the sample, the same array until it is another", () => {
  const data = { count: 2, values: btoa("\x00\xff\xff\x00"), labels: [3, 5], classes: ["a"] };
  const samples = new Samples(data, { shape: [1, 1, 2], range: [-1, 1] });
  assert.deepEqual([...samples.of(1)], [1, -1]);
  assert.equal(samples.of(1), samples.of(1));
  assert.deepEqual([...samples.of(1, btoa("\xff\xff"))], [1, 1]);
  assert.deepEqual([...samples.of(1, btoa("\xff"))], [-1, -1]); // of another size: blank
  assert.deepEqual([...samples.of(0, "")], [-1, 1]);
});
