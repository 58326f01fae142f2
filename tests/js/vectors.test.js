// @ts-check
// Arithmetic, traversals and samples: what is measured and said, and whose turn it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measured } from "../../pages/components/vectors/attributes.js";
import { Tiles } from "../../pages/components/vectors/tiles.js";
import { measuredWords, traversalWords, worthWords } from "../../pages/components/vectors/words.js";
import { assertClose, readFacts } from "./fixtures.js";

test("a stroke's attributes are ae_core's", () => {
  for (const [n, { shape, values, measured: expected }] of readFacts("attributes").entries()) {
    const found = measured(values, shape);
    for (const name of Object.keys(found))
      assertClose([found[name]], [expected[name]], { atol: 1e-4, rtol: 1e-5 }, `${name} of picture ${n}`);
  }
});

test("small pictures take turns while there is no time for all", () => {
  const tiles = new Tiles();
  const painted = [];
  tiles.list = Array.from({ length: 4 }, (_, n) => ({ paint: () => painted.push(n) }));
  const later = performance.now() + 1e9;
  assert.equal(tiles.paint(later), false);
  assert.deepEqual(painted, []);
  tiles.touch();
  assert.equal(tiles.paint(later), false);
  assert.deepEqual(painted.sort(), [0, 1, 2, 3]);
  assert.ok(!tiles.isStale());

  // The hand never rests, and a frame has time for two.
  painted.length = 0;
  let left = 0;
  tiles.list = Array.from({ length: 4 }, (_, n) => ({
    paint() {
      painted.push(n);
      left -= 1;
      if (!left) tiles.touch();
    },
  }));
  const now = performance.now;
  performance.now = () => (left > 0 ? 0 : 2);
  try {
    for (let frame = 0; frame < 4; frame++) {
      tiles.touch();
      left = 2;
      assert.equal(tiles.paint(1), true);
    }
  } finally {
    performance.now = now;
  }
  assert.equal(painted.length, 8);
  for (const n of [0, 1, 2, 3]) assert.equal(painted.filter((other) => other === n).length, 2);
});

test("numbers in words", () => {
  assert.equal(measuredWords(-1.26, 2, "°"), "−1.3 → 2.0°");
  assert.equal(measuredWords(1, 2.04, "px"), "1.0 → 2.0 px");
  assert.deepEqual(
    [worthWords(0.004, 1), worthWords(1.5, 1), worthWords(undefined, 12.34)],
    ["0 nats", "1.50 nats", "σ 12.3"],
  );
  assert.equal(traversalWords("the middle", [[2, -1.5]]), "from the middle, z3 −1.50");
});
