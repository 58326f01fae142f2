// @ts-check
// Which kind a flagged stretch is of in the figure.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEUTRAL } from "../../pages/components/canvas/colours.js";
import { KIND_COLOURS, Kinds } from "../../pages/components/signals/kinds.js";

test("a stretch is of the kind that has rows of it, whichever threshold cuts it now", () => {
  const kinds = new Kinds([
    {
      name: "kind A",
      rows: [
        [50, 60],
        [10, 20],
      ],
    },
    { name: "kind of leak", rows: [[30, 40]] },
  ]);
  assert.deepEqual(
    [
      [10, 20],
      [19, 25],
      [20, 30],
      [0, 10],
      [35, 36],
      [60, 70],
      [45, 100],
    ].map(([first, last]) => kinds.of(first, last)),
    [0, 0, -1, -1, 1, -1, 0],
  );
  assert.deepEqual([kinds.short(0), kinds.short(1)], ["A", "kind of leak"]);
});

test("kinds behind the palette's are grey, and nothing is known where nobody asked", () => {
  const kinds = new Kinds(Array.from({ length: 12 }, (_, n) => ({ name: `kind ${n}`, rows: [[n, n + 1]] })));
  assert.deepEqual([kinds.colour(7), kinds.colour(8), kinds.colour(11)], [KIND_COLOURS[7], NEUTRAL, NEUTRAL]);
  assert.equal(new Kinds([]).known, true);
  const none = new Kinds(null);
  assert.deepEqual([none.known, none.names, none.of(0, 5)], [false, [], -1]);
});
