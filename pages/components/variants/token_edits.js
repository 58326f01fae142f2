// @ts-check
// Tokens that the person put in the place of a picture's own. In a link "5-17.6-2": token 5 has code 17, token 6 code
// 2.
import { clamp } from "../math/stats.js";

/** @param {string} text @returns {Map<number, number>} code by token */
export function readEdits(text) {
  return new Map(
    text ? text.split(".").map((pair) => /** @type {[number, number]} */ (pair.split("-").map(Number))) : [],
  );
}

/**
 * The edits with one more; a token's own code is none.
 * @param {string} text @param {number} token @param {number} code @param {ArrayLike<number>} own
 */
export function withEdit(text, token, code, own) {
  const edits = readEdits(text).set(token, code);
  if (own[token] === code) edits.delete(token);
  return [...edits].map(([t, c]) => `${t}-${c}`).join(".");
}

/** Tokens with the edits that fit. @param {ArrayLike<number>} own @param {string} text @param {number} codes in all */
export function applyEdits(own, text, codes) {
  const tokens = Array.from(own);
  for (const [t, c] of readEdits(text)) if (t < tokens.length && c < codes) tokens[t] = c;
  return tokens;
}

/**
 * The part of a picture around a token, twice as wide as its place: [left, top, width, height]; all of it where tokens
 * have no places.
 * @param {number} token @param {number[]} grid [down, across] or [tokens]
 * @param {number[]} shape [channels, height, width]
 */
export function partAround(token, grid, [, height, width]) {
  if (grid.length !== 2) return [0, 0, width, height];
  const [down, across] = grid;
  const wide = Math.ceil((2 * width) / across);
  const tall = Math.ceil((2 * height) / down);
  const from = (index, count, whole, part) =>
    clamp(Math.round(((index + 0.5) * whole) / count - part / 2), 0, whole - part);
  return [from(token % across, across, width, wide), from(Math.floor(token / across), down, height, tall), wide, tall];
}
