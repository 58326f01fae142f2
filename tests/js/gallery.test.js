// @ts-check
// Where the samples of a gallery lie, and which rows a window shows.
import assert from "node:assert/strict";
import test from "node:test";
import { fromJson, toJson } from "../../pages/components/drawn_set/kept.js";
import { inSight, rowsOf } from "../../pages/components/gallery/rows.js";

test("each class begins with a line of words, and every sample has one place", () => {
  const { rows, height } = rowsOf(
    [
      { count: 5, words: "a" },
      { count: 0, words: "b" },
      { count: 3, words: "c" },
    ],
    3,
    20,
    50,
  );
  assert.deepEqual(
    rows.map(({ top, words, from, count }) => [top, words, from, count]),
    [
      [0, "a", 0, 0],
      [20, "", 0, 3],
      [70, "", 3, 2],
      [120, "b", 5, 0],
      [140, "c", 5, 0],
      [160, "", 5, 3],
    ],
  );
  assert.equal(height, 210);
});

test("of ten thousand samples the rows in sight are found, and no others", () => {
  const { rows, height } = rowsOf([{ count: 10_000, words: "all" }], 20, 20, 50);
  for (const top of [0, 19, 20, 5000, height - 300]) {
    const wanted = rows.filter((row) => row.top < top + 300 && row.top + (row.count ? 50 : 20) > top);
    assert.deepEqual(inSight(rows, top, top + 300), wanted);
  }
});

test("a drawn set is kept as text; what is none is left out", () => {
  const drawn = [
    { pixels: Uint8Array.from([0, 1, 2, 255]), label: "7" },
    { pixels: Uint8Array.from([9, 9, 9, 9]), label: "" },
  ];
  assert.deepEqual(fromJson(toJson(drawn), 2), drawn);
  assert.deepEqual(fromJson(toJson(drawn), 3), []);
  for (const text of ["", "{", "7", '["x", [1]]']) assert.deepEqual(fromJson(text, 2), []);
});
