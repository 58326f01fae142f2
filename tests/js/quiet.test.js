// @ts-check
// What the page writes into its link itself, and what it need not tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTexts, onlyMoved } from "../../pages/components/figure/quiet_state.js";

const MOVED = [
  { name: "z", key: "z", normal: null },
  { name: "k", key: "k", normal: 8 },
  { name: "noise", key: "input.noise", normal: null },
];

test("a link's texts have nine digits, and nothing as by default", () => {
  const state = { z: [0.1 + 0.2, -1, 1 / 3], k: 8, input: { noise: 0.25 } };
  assert.deepEqual(linkTexts(MOVED, state), { z: "0.3,-1,0.333333333", k: "", noise: "0.25" });
  assert.deepEqual(linkTexts(MOVED, { z: null, k: 9, input: null }), { z: "", k: "9", noise: "" });
});

test("what is moved by name is written as pairs", () => {
  const moved = [{ name: "v_z", key: "moved", normal: {} }];
  assert.deepEqual(linkTexts(moved, { moved: { 13: 1.5, 2: -3 } }), { v_z: "2:-3,13:1.5" });
  assert.deepEqual(linkTexts(moved, { moved: {} }), { v_z: "" });
});

test("what else has changed is told", () => {
  const before = { z: [0, 0], k: 8, input: { source: "signal", noise: 0 }, path: "straight" };
  assert.ok(onlyMoved(MOVED, before, { ...before, z: [1, 1], k: 3, input: { source: "signal", noise: 1 } }));
  assert.ok(!onlyMoved(MOVED, before, { ...before, path: "geodesic" }));
  assert.ok(!onlyMoved(MOVED, before, { ...before, input: { source: "drawn", noise: 0 } }));
  assert.ok(!onlyMoved(MOVED, before, { ...before, input: null }));
});
