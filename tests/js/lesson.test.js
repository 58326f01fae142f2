import assert from "node:assert/strict";
import { test } from "node:test";
import { answerText, fits, isRight, verdictText } from "../../pages/components/lesson/answers.js";
import { lessonOf, packed, unpacked } from "../../pages/components/lesson/fragment.js";
import { hullOf, isInside } from "../../pages/components/lesson/hull.js";
import { keepProgress, keyOf, progressOf } from "../../pages/components/lesson/progress.js";
import { sheetOf, sheetText } from "../../pages/components/lesson/sheet_link.js";
import { partsOf } from "../../pages/components/lesson/text.js";

const STEP = { guess: "slider", choices: [], right: [16], within: 4, unit: "numbers", at: [] };
const CHOOSE = { ...STEP, guess: "choose", choices: ["one", "two"], right: [1] };
const CURVE = { ...STEP, guess: "curve", right: [40, 30, 10], at: [1, 2, 8], within: 5 };

test("a guess is right within what the lesson says, and is said beside what is so", () => {
  assert.ok(isRight(STEP, [20]));
  assert.ok(!isRight(STEP, [20.5]));
  assert.equal(verdictText(STEP, [14]), "Near enough: it is 16 numbers; you said 14 numbers.");
  assert.equal(verdictText(STEP, [40]), "Not quite: it is 16 numbers; you said 40 numbers.");
  assert.equal(verdictText(STEP, [16]), "Right.");
  assert.equal(verdictText(CHOOSE, [0]), "Not quite: it is two; you said one.");
  const dot = { ...STEP, guess: "dot", right: [0, 0], within: 1 };
  assert.ok(isRight(dot, [0.6, -0.8]));
  assert.ok(!isRight(dot, [0.8, -0.8]));
  assert.ok(isRight(CURVE, [45, 25, 15])); // the mean of the three is 5 off
  assert.ok(!isRight(CURVE, [46, 25, 15]));
  assert.equal(answerText(CURVE, CURVE.right), "1: 40, 2: 30, 8: 10");
});

test("a guess that a link brought counts only where it fits the step", () => {
  assert.ok(fits(CHOOSE, [1]));
  for (const foreign of [[2], [-1], [0.5], ["1"], [1, 1], [Number.NaN], "1", null, undefined, {}])
    assert.ok(!fits(CHOOSE, foreign), String(foreign));
  assert.ok(fits(CURVE, [1, 2, 3]));
  assert.ok(!fits(CURVE, [1, 2]));
});

test("a lesson of 8,192 bytes goes through a link's fragment, and what is cut or foreign does not", () => {
  const text = "# Ähnliches → 4 wird 9\n".repeat(400).slice(0, 7000);
  assert.equal(unpacked(packed(text)), text);
  assert.equal(lessonOf(`#lesson=${packed(text)}`), text);
  assert.equal(unpacked(packed("x".repeat(8192))).length, 8192);
  assert.equal(unpacked(packed("x".repeat(8200))), null);
  assert.equal(unpacked("%%%"), null);
  assert.equal(unpacked("_w"), null); // a byte that is no text
  assert.equal(lessonOf("#lesson=%%%"), null);
  assert.equal(lessonOf("#something"), undefined);
});

const HANDED = {
  wanted: { name: "", text: "# Ä\n".repeat(1600) }, // a file of 8,000 bytes
  answers: { 0: { guess: [1], right: true }, 3: { score: 38.2, said: "squared error 38.2", right: false } },
  pictures: { 0: "data:image/webp;base64,UklG+/w=", 11: "data:image/jpeg;base64,/9j/4A==" },
  by: "Zoë",
  on: "2026-11-30",
};

test("a sheet goes through a link's fragment with its name, its day and its figures", () => {
  const pad = (url) => url.replace(/=+$/, ""); // an image does not need it
  const back = sheetOf(`#${sheetText({ ...HANDED, answers: { ...HANDED.answers, 1: null } })}`);
  const pictures = Object.fromEntries(Object.entries(HANDED.pictures).map(([step, url]) => [step, pad(url)]));
  assert.deepEqual(back, { ...HANDED, pictures });
  assert.deepEqual(sheetOf(`#${sheetText({ ...HANDED, pictures: {} })}`), { ...HANDED, pictures: {} });
  assert.match(sheetText(HANDED), /^[\w=&.-]+$/); // nothing that an address would have to escape
});

test("of a sheet's link what is foreign is left out, and of one that is cut off what was cut", () => {
  const text = sheetText(HANDED);
  assert.equal(sheetOf("#lesson=x"), undefined);
  for (const broken of ["#sheet=", "#sheet=%%%", `#${text.slice(0, 900)}`]) assert.equal(sheetOf(broken), null, broken);
  assert.deepEqual(Object.keys(sheetOf(`#${text.slice(0, text.indexOf(".11.") + 4)}`).pictures), ["0"]);
  const said = text.split("&")[0];
  for (const foreign of ["0.svg.AAAA", "0.webp.<b>", "x.webp.AAAA", "0.webp.", "0.html,.AAAA", "100.webp.AAAA"])
    assert.deepEqual(sheetOf(`#${said}&figures=${encodeURIComponent(foreign)}`).pictures, {}, foreign);
});

test("of Markdown there is emphasis, and nothing that is HTML", () => {
  assert.deepEqual(partsOf("a *b* **c** `d` <b>e</b> 2 * 3"), [
    ["", "a "],
    ["em", "b"],
    ["", " "],
    ["strong", "c"],
    ["", " "],
    ["code", "d"],
    ["", " <b>e</b> 2 * 3"],
  ]);
});

test("the hull holds its points, and a place outside of one of its sides is outside", () => {
  const points = Array.from({ length: 300 }, (_, n) => [Math.sin(n * 12.9) * 3, Math.cos(n * 78.2) * 2]);
  const hull = hullOf(points);
  const model = { k: 2, count: 300, codes: Float32Array.from(points.flat()) };
  const area = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  for (const point of points)
    assert.ok(hull.every((corner, n) => area(corner, hull[(n + 1) % hull.length], point) >= -1e-9));
  assert.ok(isInside(model, [0, 0]));
  for (const outside of [
    [3.1, 0],
    [-3.1, 0],
    [0, 2.1],
    [0, -2.1],
    [2.99, 1.99],
  ])
    assert.ok(!isInside(model, outside));
});

test("how far somebody is stays where the browser keeps nothing, and what it keeps may be broken", () => {
  assert.deepEqual(progressOf("a"), { step: 0, answers: {} });
  keepProgress("a", { step: 3, answers: { 1: { guess: [1], right: true } } });
  assert.equal(progressOf("a").step, 3);
  keepProgress("b", /** @type {any} */ ({ step: "x" }));
  assert.deepEqual(progressOf("b"), { step: 0, answers: {} });
  assert.equal(keyOf({ name: "machine", text: "" }), "machine");
  assert.notEqual(keyOf({ name: "", text: "# A" }), keyOf({ name: "", text: "# B" }));
});
