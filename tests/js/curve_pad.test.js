// What a hand draws on the axis of a signal is joined to a whole one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../pages/components/latent_pad/curve_pad.js";

const { NaN: none } = Number;

test("between known places in straight lines, beyond them as at the nearest", () => {
  assert.deepEqual([...joined([none, 1, none, none, 4, none])], [1, 1, 2, 3, 4, 4]);
  assert.deepEqual([...joined([none, 2, none])], [2, 2, 2]);
  assert.equal(joined([none, none]), null);
});
