// Which samples lie in a line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, inside, simplified } from "../../pages/components/latent_pad/lasso.js";

const grid = Array.from({ length: 441 }, (_, n) => [(n % 21) / 20, Math.floor(n / 21) / 20]).flat();

test("a disc holds what is nearer than its radius", () => {
  const turns = Array.from({ length: 720 }, (_, n) => (n * Math.PI) / 360);
  const line = turns.flatMap((turn) => [0.5 + 0.33 * Math.cos(turn), 0.5 + 0.33 * Math.sin(turn)]);
  const wanted = Array.from({ length: 441 }, (_, n) => n).filter(
    (n) => Math.hypot(grid[2 * n] - 0.5, grid[2 * n + 1] - 0.5) < 0.33,
  );
  assert.deepEqual([...inside(line, grid)], wanted);
});

test("a line that crosses itself leaves out what it goes round twice; an empty one holds nothing", () => {
  const star = [0, 1, 2, 3, 4].flatMap((n) => {
    const turn = (n * 4 * Math.PI) / 5 - Math.PI / 2;
    return [0.5 + 0.5 * Math.cos(turn), 0.5 + 0.5 * Math.sin(turn)];
  });
  assert.equal(inside(star, [0.5, 0.5]).length, 0);
  assert.equal(inside(star, [0.5, 0.12]).length, 1);
  for (const few of [[], [0.1, 0.2], [0, 0, 1, 1]]) assert.equal(inside(few, grid).length, 0);
});

test("a long line is cut to what a link can hold, inside the map", () => {
  const made = simplified(Array.from({ length: 5000 }, (_, n) => Math.sin(n) * 2));
  assert.ok(made.length <= 80 && made.length % 2 === 0);
  assert.ok(made.every((value) => value >= 0 && value <= 1));
});

test("a rectangle holds what lies between its corners, however it was drawn", () => {
  const wanted = Array.from({ length: 441 }, (_, n) => n).filter(
    (n) => grid[2 * n] > 0.22 && grid[2 * n] < 0.61 && grid[2 * n + 1] > 0.18 && grid[2 * n + 1] < 0.83,
  );
  for (const box of [boxOf(0.22, 0.18, 0.61, 0.83), boxOf(0.61, 0.83, 0.22, 0.18), boxOf(0.61, 0.18, 0.22, 0.83)])
    assert.deepEqual([...inside(box, grid)], wanted);
});
