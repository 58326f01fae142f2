// What a threshold says of samples is what ae_core says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Scores } from "../../pages/components/sample_scores/told.js";
import { readFacts } from "./fixtures.js";

test("levels, counts and shares are those of Python, to the last bit", () => {
  for (const { score, role, told } of readFacts("sample_scores")) {
    const scores = new Scores(
      Float64Array.from(score, (value) => value ?? Number.NaN),
      Uint8Array.from(role),
    );
    for (const { quantile, level, above, judged } of told) {
      assert.equal(scores.level(quantile), level);
      assert.equal(scores.above(level), above);
      const { accuracy, precision, recall } = scores.told(level);
      const shares = [accuracy, precision, recall].map((share) => (Number.isNaN(share) ? null : share));
      assert.deepEqual(shares, judged);
    }
  }
});
