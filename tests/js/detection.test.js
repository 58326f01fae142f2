// @ts-check
// A detection in the page against ae_core.anomaly: what each rule flags, levels, shares, sentences, times.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogScale } from "../../pages/components/canvas/log_scale.js";
import { Detection, largest } from "../../pages/components/signals/detection.js";
import { makePoints, spanOf } from "../../pages/components/signals/points.js";
import { Pyramid } from "../../pages/components/signals/pyramid.js";
import { RowTimes } from "../../pages/components/signals/row_times.js";
import { RowView } from "../../pages/components/signals/row_view.js";
import { note, scoreParts, thresholdSentence } from "../../pages/components/signals/words.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

const facts = readFacts("detections");

/** @param {string} name */
function open(name) {
  return new Detection(readBytes(facts.find((each) => each.name === name).blob));
}

for (const { name, blob, rules, times, rows, shares } of facts) {
  const detection = new Detection(readBytes(blob));
  const { thresholds } = detection;
  for (const { rule, amount, level, flagged, intervals, sparse, promise, alarms } of rules) {
    test(`${rule} ${amount} flags in ${name} what Python flags`, () => {
      const found = thresholds.flag(rule, amount);
      const ends = ({ start, end, at }) => [start, end, at];
      assert.equal(found.flagged, flagged);
      assert.deepEqual(
        thresholds.flag(rule, amount, 3, 40).stretches.map(({ start }) => start),
        sparse,
      );
      assert.deepEqual(found.stretches.map(ends), intervals.map(ends));
      assert.deepEqual(
        found.stretches.map((stretch, n) => detection.told({ ...stretch, before: found.stretches[n - 1]?.end })),
        intervals.map(({ told }) => told),
      );
      const peaks = (list) => list.map(({ peak }) => peak);
      assertClose(peaks(found.stretches), peaks(intervals), { atol: 0, rtol: 1e-6 });
      for (const { start, end, shares: expected } of intervals) {
        const mine = detection.shares(start, end);
        assertClose(mine, expected, { atol: 1e-3 });
        assertClose([mine.reduce((a, b) => a + b)], [1]);
      }
      if (rule !== "rolling") {
        assertClose([thresholds.level(rule, amount)], [level], { atol: 0, rtol: 1e-6 });
        assertClose([thresholds.amountOf(rule, thresholds.level(rule, amount))], [amount], { atol: 1e-6 });
      }
      const sentence = thresholdSentence(detection, rule, amount, found.stretches);
      assert.equal(sentence.includes("independent"), promise !== "");
      if (name !== "another table")
        assert.ok(sentence.includes(`${promise}: ${alarms}; ${intervals.length} stretch`), sentence);
    });
  }
  test(`the rows of ${name} have their times`, () => {
    for (const [row, time] of times) {
      const mine = detection.times.timeOf(row);
      assertClose([mine, detection.times.rowOf(mine)], [time, row], { atol: 1, rtol: 0 });
      assertClose([detection.times.rowOf(mine)], [row], { atol: 1e-6, rtol: 0 });
    }
    if (!times.length) assert.deepEqual([detection.times.timeOf(0), detection.times.text(5)], [null, "row 5"]);
  });
  test(`many rows of ${name} have their shares of the error`, () => {
    assertClose(detection.shares(rows[0], rows[1]), shares, { atol: 1e-3 });
  });
}

test("the rolling rule's level follows the rows, and comes back as its amount", () => {
  const { thresholds } = open("usual");
  assertClose([thresholds.amountOf("rolling", thresholds.level("rolling", 4, 1600), 1600)], [4], { atol: 1e-9 });
});

test("a score is told by what it is made of", () => {
  const made = open("few scores");
  assert.deepEqual(scoreParts(made, 1700), {
    shares: [0.75, 0.25, 0],
    text: "worst channel 3 + distance in latent space 1 + channel that never moved 0, over 2 for what is usual",
  });
  assert.equal(scoreParts(made, 0), null); // no window ends there
  assert.equal(scoreParts(open("usual"), 1700), null);
  assert.equal(made.peak, made.score.indexOf(Math.max(...made.score.filter(Number.isFinite))));
});

test("a threshold is said in a sentence", () => {
  const sentence = (rule, amount, name = "usual") => thresholdSentence(open(name), rule, amount, []);
  const errors =
    "of the errors on your held-out normal data (300 rows): no alarm in 25 h of held-out normal data " +
    "(too short to tell how many a day); 0 stretches flagged.";
  assert.equal(sentence("quantile", 0.995), `Above 99.5 % ${errors}`);
  assert.equal(sentence("robust", 6), `Above the median + 6 robust standard deviations ${errors}`);
  const before = "of the errors in the 512 rows before: ";
  assert.ok(sentence("rolling", 8.5).startsWith(`Above the median + 8.5 robust standard deviations ${before}`));
  assert.ok(!sentence("quantile", 0.99, "another table").includes("expected"));
});

test("gaps in time, and rows without a score, are counted and said", () => {
  const [gaps, usual] = [open("gaps"), open("usual")];
  assert.ok([501, 2001].every((row) => gaps.gaps.includes(row)));
  assert.deepEqual([...usual.gaps], []);
  assert.ok(note(gaps, false).startsWith(`Dotted: ${gaps.gaps.length} gaps in time, `), note(gaps, false));
  assert.equal(usual.unscored, 12);
  assert.equal(note(usual, false), "12 of 3,000 rows without a score, which needs 12 rows that follow on each other.");
  assert.equal(note(open("unscored"), false), "");
  const below = note(open("many channels"), false, 7);
  assert.ok(below.startsWith("7 of 40 channels are in sight: scroll the lanes for the others."), below);
});

test("amounts are held within the limits, and are round", () => {
  const { thresholds } = open("usual");
  const asked = /** @type {[import("../../pages/components/signals/thresholds.js").Rule, number][]} */ ([
    ["quantile", 2],
    ["quantile", 0.1],
    ["quantile", 0.98765],
    ["robust", 3.2345],
    ["rolling", 0],
    ["robust", 99],
  ]);
  const found = asked.map(([rule, amount]) => thresholds.round(rule, amount));
  assert.deepEqual(found, [0.9999, 0.5, 0.988, 3.23, 1, 50]);
  for (const [rule, amount] of asked.slice(2, 4)) {
    assertClose([thresholds.fromSlider(rule, thresholds.toSlider(rule, amount))], [amount], { atol: 1e-9 });
  }
});

test("a row without a score is not flagged, and none at all is no error", () => {
  const { thresholds, scored } = open("unscored");
  for (const rule of /** @type {const} */ (["quantile", "robust"]))
    assert.deepEqual(thresholds.flag(rule, 1), { stretches: [], flagged: 0 });
  assert.equal(scored, false);
});

test("the largest shares come first, and tiny ones not at all", () => {
  assert.deepEqual(largest([0.2, 0.7, 0.005, 0.095], 3), [
    [1, 0.7],
    [0, 0.2],
    [3, 0.095],
  ]);
  assert.deepEqual(largest([0, 0], 3), [[0, 0]]);
});

// ---- rows in pixels ----

test("a pixel holds the least and the most of its rows", () => {
  const rows = 20_000;
  const values = Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i * i) + Math.sin(i / 900));
  values.fill(Number.NaN, rows + 1000, rows + 1005);
  const pyramid = new Pyramid(values, values, { count: rows });
  for (const [c, from, to, pixels] of [
    [0, 0, rows, 500],
    [1, 1234, 7234, 300],
    [1, 990, 2040, 333],
  ]) {
    const { low, high, count, line } = pyramid.read(c, from, to, pixels, makePoints());
    assert.deepEqual([count, line], [pixels, false]);
    const wide = (to - from) / pixels;
    const between = (a, b) => values.subarray(c * rows + Math.max(0, a), c * rows + Math.min(rows, b));
    const ends = (a, b) => {
      const part = between(a, b).filter(Number.isFinite);
      return [Math.min(...part), Math.max(...part)];
    };
    for (let n = 0; n < pixels; n++) {
      const [a, b] = [from + n * wide, from + (n + 1) * wide];
      const inside = ends(Math.ceil(a), Math.floor(b) + 1);
      const around = ends(Math.floor(a - wide), Math.floor(b + wide) + 1);
      if (Number.isNaN(low[n])) {
        assert.ok(between(Math.ceil(a), Math.floor(b) + 1).some(Number.isNaN), `pixel ${n}: a hole is made up`);
        continue;
      }
      assert.ok(low[n] <= inside[0] && high[n] >= inside[1], `pixel ${n}: something is lost`);
      assert.ok(low[n] >= around[0] && high[n] <= around[1], `pixel ${n}: something is made up`);
    }
  }
  assert.equal(pyramid.max(), Math.max(...values.filter(Number.isFinite)));
});

test("where there is room, the samples are a line, each in the middle of its row", () => {
  const values = Float32Array.from({ length: 3000 }, (_, i) => i % 7);
  const points = new Pyramid(values, values, { count: 3000 }).read(0, 990, 1040, 800, makePoints(), 400);
  assert.ok(points.line);
  for (let n = 0; n < points.count; n++) {
    const row = points.x[n] / 8 + 990 - 0.5;
    assertClose([row, points.low[n]], [Math.round(row), Math.round(row) % 7], { atol: 1e-3 });
  }
});

test("what stands for several rows is a band, from its first row on", () => {
  const [low, high] = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)];
  const pyramid = new Pyramid(low, high, { count: 3, first: 100, every: 10 });
  assert.deepEqual([pyramid.holds(100, 130), pyramid.holds(99, 120), pyramid.holds(110, 131)], [true, false, false]);
  assert.deepEqual(
    [pyramid.valueAt(0, 109), pyramid.valueAt(0, 110)],
    [
      [1, 4],
      [2, 5],
    ],
  );
  const points = pyramid.read(0, 100, 130, 300, makePoints());
  assert.deepEqual([points.line, points.count, points.x[0], points.x[1]], [false, 3, 50, 150]);
});

test("a lane's scale is its own, widened by others up to its reach", () => {
  const points = (...values) =>
    Object.assign(makePoints(), {
      low: Float32Array.from(values),
      high: Float32Array.from(values),
      count: values.length,
    });
  assert.deepEqual(spanOf(1, points(0, 10), points(5, 500)), { low: 0, high: 20, least: 0, most: 10 });
  assert.deepEqual(spanOf(1, points(3), points()), { low: 1.5, high: 4.5, least: 3, most: 3 });
  assert.deepEqual(spanOf(1, points(Number.NaN)), { low: 0, high: 1, least: 0, most: 1 });
});

test("a zoom keeps the row under the pointer, and never leaves the table", () => {
  const view = new RowView();
  view.start(3000, 0, 3000);
  view.width = 600;
  view.zoom(0.25, 0.25);
  assert.deepEqual([view.length, view.rowAt(150), view.x(750)], [750, 750, 150]);
  view.pan(-10_000);
  assert.deepEqual([view.first, view.last], [0, 750]);
  view.zoom(1e-6);
  assert.equal(view.length, 8);
  view.zoom(1e9);
  assert.ok(view.showsAll);
  assert.deepEqual(view.around(100, 140, 12), [80, 160]);
  view.show(10.4, 20.2);
  assert.deepEqual(view.wholeRows(), { first: 10, last: 21 });
});

test("a glide ends where it was asked to, and that is what is told meanwhile", () => {
  const view = new RowView();
  view.start(1000, 0, 1000);
  view.glideTo(100, 200);
  view.advance(performance.now() + 20);
  assert.ok(view.isGliding && view.length > 100);
  assert.deepEqual(view.wholeRows(), { first: 100, last: 200 });
  view.advance(performance.now() + 1000);
  assert.deepEqual([view.first, view.last, view.isGliding, view.advance(0)], [100, 200, false, false]);
});

test("stretches that touch on the screen are drawn as one, a pixel at least", () => {
  const view = new RowView();
  view.start(1000, 0, 1000);
  view.width = 100;
  const drawn = [];
  const stretches = [
    [0, 1],
    [3, 5],
    [500, 600],
    [900, 900],
  ];
  view.spans(stretches, (x, width) => drawn.push([x, width]));
  assertClose(drawn.flat(), [0, 1.3, 50, 10, 90, 1], { atol: 1e-9 });
});

// ---- the scale of the errors ----

test("a score is counted in the bar that it lies in", () => {
  const scale = new LogScale([0.05, 20]);
  const bars = 8;
  for (let bar = 0; bar < bars; bar++)
    for (const within of [0.02, 0.25, 0.75, 0.98]) {
      const counted = scale.shares([scale.valueAt((bar + within) / bars), Number.NaN], bars);
      assert.deepEqual(
        [...counted],
        Array.from({ length: bars }, (_, n) => (n === bar ? 1 : 0)),
      );
    }
  assert.deepEqual([...scale.shares([0, 1e9, 1e9, 1e9], 2)], [0.25, 0.75]);
  assert.deepEqual([...scale.shares([Number.NaN], 2)], [0, 0]);
});

test("a place on the scale of the errors is a value, and back", () => {
  const scale = new LogScale([0.05, 20]);
  assertClose([scale.valueAt(0), scale.valueAt(1)], [0.05 * Math.exp(-0.1), 20 * Math.exp(0.15)]);
  for (const fraction of [0, 0.2, 0.5, 1]) assertClose([scale.fractionOf(scale.valueAt(fraction))], [fraction]);
  assert.deepEqual([scale.fractionOf(1e-9), scale.fractionOf(1e9)], [0, 1]);
});

test("a clock that was set back is no time without a row, and an hour that is missing is", () => {
  const minutes = (/** @type {number[]} */ of) => Float64Array.from(of, (each) => each * 60_000);
  const said = (/** @type {number[]} */ of) =>
    note(
      Object.assign(open("usual"), {
        rows: 21,
        unscored: 0,
        gaps: Int32Array.of(3),
        times: new RowTimes(Int32Array.of(0, 2, 3, 20), minutes(of), 300),
      }),
      false,
    );
  assert.equal(said([0, 10, -45, 40]), "Dotted: 1 gap in time (1 time the clock jumps back).");
  assert.equal(said([0, 10, 75, 160]), "Dotted: 1 gap in time, 1 h without a row.");
  assert.equal(said([160, 150, 85, 0]), "Dotted: 1 gap in time, 1 h without a row.");
});
