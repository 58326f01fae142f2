// @ts-check
// What fixtures.py wrote, in the folder that FIXTURES names; and how near numbers have to be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const FOLDER = process.env.FIXTURES;
if (!FOLDER)
  throw new Error(
    "FIXTURES names no folder: run these tests by pytest, or write it with python -m tests.js.fixtures FOLDER.",
  );

/** @param {string} name @returns {any} */
export function readFacts(name) {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
}

/** @param {string} file @returns {Uint8Array} */
export function readBytes(file) {
  return new Uint8Array(readFileSync(join(FOLDER, file)));
}

/**
 * numpy's assert_allclose.
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} expected
 * @param {{atol?: number, rtol?: number}} [by]
 * @param {string} [what]
 */
export function assertClose(found, expected, { atol = 1e-5, rtol = 1e-5 } = {}, what = "") {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < found.length; i++) {
    const off = Math.abs(found[i] - expected[i]);
    assert.ok(off <= atol + rtol * Math.abs(expected[i]), `${what} [${i}]: ${found[i]}, not ${expected[i]}`);
  }
}
