// @ts-check
// What follows from judged stretches in the page against ae_core.anomaly.judged; and the acts that are waiting.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Detection } from "../../pages/components/signals/detection.js";
import { dragged, Judged } from "../../pages/components/signals/judged.js";
import {
  between,
  changeWords,
  levelsOf,
  propose,
  reaches,
  tally,
  tallyWords,
} from "../../pages/components/signals/judgement.js";
import { assertClose, readBytes, readFacts } from "./fixtures.js";

for (const { name, blob, judged } of readFacts("detections")) {
  const detection = new Detection(readBytes(blob));
  for (const [n, each] of judged.entries()) {
    const { rule, amount, events, least_merge: both, proposed, says } = each;
    test(`judged stretches of ${name}, ${n}: what follows is what Python says`, () => {
      const [least, merge] = both;
      const { rows, window, score } = detection;
      assert.deepEqual(reaches(events, rows, window), each.reaches);
      assertClose(levelsOf(score, events, window, least), each.levels, { atol: 0, rtol: 1e-6 });
      const { stretches } = detection.thresholds.flag(rule, amount, least, merge);
      const now = tally(stretches, events, rows, window);
      assert.deepEqual(now.verdicts, each.verdicts);
      assert.equal(tallyWords(now), each.tally);
      const found = propose(detection, events, { rule, amount, least, merge, stretches });
      assert.deepEqual([found.rule, found.amount], proposed);
      assert.deepEqual([found.why, changeWords(found.change), tallyWords(found.tally)], says);
    });
  }
}

test("the interval of a few is where either tail has a twentieth", () => {
  assertClose(between({ part: 3, whole: 3 }), [0.05 ** (1 / 3), 1], { atol: 1e-9 });
  assertClose(between({ part: 0, whole: 5 }), [0, 1 - 0.05 ** (1 / 5)], { atol: 1e-9 });
  const [low, high] = between({ part: 700, whole: 1000 });
  // By SciPy's betaincinv.
  assertClose(between({ part: 2500, whole: 5000 }), [0.488271325959, 0.511728674041], { atol: 1e-9 });
  assertClose(between({ part: 1, whole: 5000 }), [1.02586062576e-5, 0.000948417770004], { atol: 1e-9 });
  assertClose(between({ part: 4999, whole: 5000 }), [0.99905158223, 0.999989741394], { atol: 1e-9 });
  assert.ok(low > 0.67 && low < 0.7 && high > 0.7 && high < 0.73);
});

/** @param {any} [more] */
const told = (more = {}) => ({ scope: "s", file: "f", events: [], written: [], ...more });

test("what is judged anew gives way, comes back, and waits until it is written", () => {
  const judged = new Judged();
  assert.equal(judged.canJudge, false);
  judged.take(told());
  judged.put([10, 20], "fault", "bearing", "");
  judged.put([5, 12], "normal", "", "a test");
  assert.deepEqual(
    judged.events.map(({ start, verdict }) => [start, verdict]),
    [[5, "normal"]],
  );
  assert.ok(judged.undo());
  assert.deepEqual(
    judged.events.map(({ start, verdict, name }) => [start, verdict, name]),
    [[10, "fault", "bearing"]],
  );
  judged.put([10, 20], "look again", "", ""); // the same rows: the same event
  assert.equal(judged.events.length, 1);
  judged.drop(judged.events[0].id);
  assert.deepEqual(judged.events, []);
  assert.ok(judged.undo() && judged.undo() && judged.undo());
  assert.deepEqual([judged.events, judged.canUndo, judged.undo()], [[], false, false]);
  const { waiting } = judged;
  assert.deepEqual(
    waiting.map((act) => act.act),
    waiting.map((act) => act.act).sort(),
  );
  const other = { id: "event-other", start: 50, end: 60, verdict: "fault", name: "", comment: "" };
  judged.put([100, 110], "fault", "", "");
  judged.take(told({ events: [other], written: waiting.map(({ act }) => act) }));
  assert.deepEqual(
    judged.events.map(({ start }) => start),
    [50, 100], // another tab's, and one that is not written yet
  );
  assert.equal(judged.waiting.length, 1);
});

test("rows that a hand dragged over lie in the table", () => {
  assert.deepEqual(dragged(20.4, 10.2, 100), [10, 21]);
  assert.deepEqual(dragged(-5, 0, 100), [0, 1]);
  assert.deepEqual(dragged(99.5, 140, 100), [99, 100]);
});
