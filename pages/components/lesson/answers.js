// @ts-check
// What is right, and a guess in words.
import { minus, short } from "../math/numbers.js";
import * as words from "./words.js";

/** @typedef {import("../types").LessonStep} Step */

/** @param {Step} step @param {number[]} guess */
export function isRight({ guess: kind, right, within }, guess) {
  if (kind === "choose") return guess[0] === right[0];
  if (kind === "dot") return Math.hypot(guess[0] - right[0], guess[1] - right[1]) <= within;
  const off = right.map((value, i) => Math.abs(guess[i] - value));
  return off.reduce((a, b) => a + b, 0) / off.length <= within;
}

/** A guess, or what is right, as it is said. @param {Step} step @param {ArrayLike<number>} values */
export function answerText({ guess: kind, choices, unit, at }, values) {
  if (kind === "choose") return choices[values[0]] ?? words.NO_ANSWER;
  const number = (value) => minus(short(value, true));
  if (kind === "slider") return unit ? `${number(values[0])} ${unit}` : number(values[0]);
  if (kind === "dot") return words.place(values[0], values[1]);
  return at.map((x, i) => `${number(x)}: ${number(values[i])}`).join(", ");
}

/** What is said of a guess. @param {Step} step @param {number[]} guess */
export function verdictText(step, guess) {
  const [said, right] = [guess, step.right].map((values) => answerText(step, values));
  if (!isRight(step, guess)) return words.wrong(said, right);
  return step.guess === "choose" ? words.RIGHT : words.near(said, right);
}

/** A guess that somebody's link or browser has kept, where it fits the step. @param {Step} step @param {any} guess */
export function fits(step, guess) {
  if (!Array.isArray(guess) || !guess.every(Number.isFinite)) return false;
  if (step.guess === "choose") return guess.length === 1 && guess[0] in step.choices;
  return guess.length === step.right.length;
}
