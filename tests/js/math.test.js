// @ts-check
// Numbers, statistics, random numbers and paths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decades, ticks, timeTicks } from "../../pages/components/canvas/scales.js";
import {
  duration,
  number,
  percent,
  percentBelowAll,
  plural,
  short,
  shortError,
  signed,
} from "../../pages/components/math/numbers.js";
import { along, between, evenTimes, spherical, straight } from "../../pages/components/math/paths.js";
import { mulberry32, normals, uniforms } from "../../pages/components/math/random.js";
import { quantile, rank, trimmedRange } from "../../pages/components/math/stats.js";
import { assertClose, readFacts } from "./fixtures.js";

test("numbers are written as people read them", () => {
  const said = [
    short(123.4),
    short(12.34),
    short(-1.234),
    short(2, true),
    number(-123456),
    number(0.00012),
    number(Math.PI, 3),
  ];
  assert.deepEqual(said, ["123", "12.3", "-1.23", "2", "−1.23e5", "1.20e−4", "3.14"]);
  assert.deepEqual(
    [shortError(0), shortError(0.0004), shortError(0.05), shortError(5)],
    ["0.00", "< 0.001", "0.050", "5.00"],
  );
  assert.deepEqual(
    [percent(0.996), percentBelowAll(0.996), percentBelowAll(0.9996), percentBelowAll(1)],
    ["100 %", "99.6 %", "99.9 %", "100 %"],
  );
  assert.deepEqual([signed(0.004), signed(1), signed(-0.5)], ["+0.00", "+1.00", "−0.50"]);
  assert.deepEqual(
    [duration(0.5), duration(90), duration(3600), duration(90_000)],
    ["500 ms", "1.5 min", "1 h", "1 d"],
  );
  assert.deepEqual([plural(1, "sample"), plural(1200, "sample")], ["1 sample", "1,200 samples"]);
});

test("quantiles are numpy's, to the last bit", () => {
  for (const { sorted, q, quantiles } of readFacts("stats")) {
    assert.deepEqual(
      q.map((part) => quantile(sorted, part)),
      quantiles,
    );
    if (sorted.length > 1)
      assertClose(
        q.map((part) => rank(sorted, quantile(sorted, part))),
        q,
        { atol: 1e-9 },
      );
  }
});

test("a scale leaves out what is far off and what is no number", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i);
  assert.deepEqual(trimmedRange([...values, Number.NaN], 0.01), [9, 990]);
  assert.equal(trimmedRange([Number.NaN], 0.01), null);
});

test("random numbers are the same for a seed, and spread as they should", () => {
  assert.deepEqual([...uniforms(3, 5)], [...uniforms(3, 5)]);
  assert.notDeepEqual([...uniforms(3, 5)], [...uniforms(4, 5)]);
  const next = mulberry32(1);
  assertClose([next(), next(), next()], [0.6270739405881613, 0.002735721180215478, 0.5274470399599522], {
    atol: 0,
    rtol: 0,
  });
  const sample = normals(7, 20_000);
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const square = sample.reduce((sum, value) => sum + value * value, 0) / sample.length;
  assertClose([mean, square], [0, 1], { atol: 0.03 });
});

test("paths are ae_core's", () => {
  for (const { a, b, times, ...expected } of readFacts("paths")) {
    for (const [name, path] of Object.entries({ straight, spherical })) {
      const way = path(a, b);
      for (const [n, t] of times.entries()) assertClose(way(t), expected[name][n], { atol: 1e-9 }, `${name} at ${t}`);
    }
  }
});

test("a path through points goes on beyond its ends", () => {
  const way = along([[0], [1], [4]]);
  assert.deepEqual(
    [-0.5, 0, 0.25, 0.75, 1, 1.5].map((t) => way(t)[0]),
    [-1, 0, 0.5, 2.5, 4, 7],
  );
  assert.equal(between([0, 10, 30], 1.5), 20);
});

test("even times have the same change from each to the next", () => {
  const decode = (z) => Float32Array.of(z[0] ** 2);
  const times = [...evenTimes(decode, straight([0], [1]), 65)].at(-1);
  const changes = times.slice(1).map((t, n) => t ** 2 - times[n] ** 2);
  assertClose(
    changes,
    changes.map(() => 1 / 64),
    { atol: 1e-3 },
  );
  assert.equal([...evenTimes(() => Float32Array.of(1), straight([0], [1]), 65)].at(-1), null);
});

test("ticks are round, and times too", () => {
  assert.deepEqual(ticks(-0.32, 1.07, 4), [0, 0.5, 1]);
  const day = 86_400_000;
  const begin = Date.UTC(2024, 1, 28, 22);
  assert.deepEqual(
    timeTicks(begin, begin + day / 6, 3).map(({ text }) => text),
    ["22:00", "00:00", "02:00"].map((text) => (text === "00:00" ? "29 Feb" : text)),
  );
  assert.deepEqual(
    timeTicks(Date.UTC(2023, 10, 3), Date.UTC(2024, 3, 2), 5).map(({ text }) => text),
    ["Dec 2023", "2024", "Feb", "Mar", "Apr"],
  );
});

test("the ticks of a logarithmic axis are never too many", () => {
  assert.deepEqual(decades(0.09, 0.6, 2), [0.1, 0.2, 0.5]);
  assert.deepEqual(decades(0.02, 3, 2), [0.1, 1]);
  assert.deepEqual(decades(1e-6, 1e6, 2), [1e-6, 1e-2, 1e2, 1e6]);
});
