// @ts-check
// What takes a guess: buttons to choose from, a slider, a dot, a curve. Each is given up once, and then shows what is
// right beside it.
import { make } from "../figure/dom.js";
import { answerText } from "./answers.js";
import { Curve, Dot } from "./plots.js";
import * as words from "./words.js";

/** @typedef {import("../types").LessonStep} Step */
/** @typedef {{element: HTMLElement, answer: (guess: number[]) => void, theme?: () => void}} Guess */

/** @param {Step} step @param {(guess: number[]) => void} commit @returns {Guess} */
function choose(step, commit) {
  const buttons = step.choices.map((text, n) => {
    const button = make("button", { type: "button", class: "lx-button" }, text);
    button.onclick = () => commit([n]);
    return button;
  });
  const attributes = { class: "lx-choices", role: "group", "aria-label": step.title, "data-testid": "lesson-guess" };
  const element = make("div", attributes, ...buttons);
  const answer = (/** @type {number[]} */ [guess]) => {
    for (const [n, button] of buttons.entries()) {
      button.disabled = true;
      button.classList.toggle("lx-mine", n === guess);
      button.classList.toggle("lx-so", n === step.right[0]);
      const marks = [n === guess && "your guess", n === step.right[0] && "right"].filter(Boolean).join(", ");
      if (marks) button.setAttribute("aria-label", `${step.choices[n]}: ${marks}`);
    }
  };
  return { element, answer };
}

/** @param {() => number[]} value @param {(guess: number[]) => void} commit */
function giveUp(value, commit) {
  const button = make(
    "button",
    { type: "button", class: "lx-button lx-strong", "data-testid": "lesson-check" },
    words.GUESS,
  );
  button.onclick = () => commit(value());
  return button;
}

/** @param {Step} step @param {(guess: number[]) => void} commit @returns {Guess} */
function slider(step, commit) {
  const range = { type: "range", min: step.low, max: step.high, step: step.step, "aria-label": step.title };
  const input = make("input", { ...range, class: "lx-slider", "data-testid": "lesson-guess" });
  input.value = String((step.low + step.high) / 2);
  const output = make("output");
  const mark = make("i", { hidden: "", "aria-hidden": "true" });
  const show = () => {
    output.textContent = answerText(step, [Number(input.value)]);
    input.setAttribute("aria-valuetext", output.textContent);
    const part = (Number(input.value) - step.low) / (step.high - step.low);
    input.style.setProperty("--lx-to", `calc(.875rem + (100% - 1.75rem) * ${part})`);
  };
  input.oninput = show;
  show();
  const button = giveUp(() => [Number(input.value)], commit);
  const element = make(
    "div",
    { class: "lx-guess-slider" },
    make("p", {}, output),
    make("div", {}, input, mark),
    button,
  );
  const answer = (/** @type {number[]} */ [guess]) => {
    input.value = String(guess);
    show();
    input.disabled = button.hidden = true;
    mark.hidden = false;
    mark.style.left = `calc(.875rem + (100% - 1.75rem) * ${(step.right[0] - step.low) / (step.high - step.low)})`;
  };
  return { element, answer };
}

/** @param {Step} step @param {(guess: number[]) => void} commit @returns {Guess} */
function drawn(step, commit) {
  const plot = step.guess === "dot" ? new Dot(step) : new Curve(step);
  const button = giveUp(() => [...plot.values], commit);
  button.disabled = step.guess === "curve";
  plot.onMove = () => {
    button.disabled = false;
  };
  const element = make("div", { class: "lx-guess-plot" }, plot.canvas, button);
  const answer = (guess) => {
    button.hidden = true;
    plot.answer(guess);
  };
  return { element, answer, theme: () => plot.draw() };
}

/** What takes a step's guess. @param {Step} step @param {(guess: number[]) => void} commit */
export function guessOf(step, commit) {
  return { choose, slider, dot: drawn, curve: drawn }[step.guess](step, commit);
}
