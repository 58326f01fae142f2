// @ts-check
// The question below a page's figure (pages/ui/layout.py writes it): opened, it takes a guess as a lesson's step does,
// and then says what is so with the guess beside it. What was guessed stays in this tab; nothing is sent.
import { byTestId, find, make } from "../figure/dom.js";
import { fits, isRight, verdictText } from "./answers.js";
import { guessOf } from "./guesses.js";
import { keepQuestion, questionGuess } from "./progress.js";
import * as words from "./words.js";

const ASKS = "details.lx-ask[data-step]";

/** What is said of a guess: of a choice no more, the buttons show which. @param {import("../types").LessonStep} step */
function said(step, guess) {
  if (step.guess !== "choose") return verdictText(step, guess);
  return isRight(step, guess) ? words.RIGHT : words.NOT_QUITE;
}

/** What takes its guess, where that is not there yet. @param {HTMLElement} details */
function build(details) {
  const place = find(details, ".lx-asked");
  if (place.childElementCount) return;
  /** @type {import("../types").LessonStep} */
  const step = JSON.parse(details.dataset.step ?? "{}");
  const answered = (/** @type {number[]} */ given) => {
    guess.answer(given);
    const answer = find(details, "p[hidden]");
    answer.prepend(make("b", {}, said(step, given)), " ");
    answer.hidden = false;
    return answer;
  };
  const guess = guessOf(step, (given) => {
    if (!find(details, "[role=status] p").hidden) return;
    keepQuestion(step.text, given);
    answered(given).focus({ preventScroll: true });
  });
  place.append(guess.element);
  for (const [id, own] of [
    ["lesson-guess", "question-guess"],
    ["lesson-check", "question-check"],
  ])
    byTestId(place, id)?.setAttribute("data-testid", own);
  const known = questionGuess(step.text);
  if (fits(step, known)) answered(known);
}

/** Answer questions wherever they are unfolded, also those that a link has unfolded before. */
export function followQuestions() {
  for (const type of ["click", "toggle"]) {
    document.addEventListener(
      type,
      ({ target }) => {
        const details = /** @type {Element} */ (target).closest?.(ASKS);
        if (details) build(/** @type {HTMLElement} */ (details));
      },
      { capture: true },
    );
  }
  for (const details of document.querySelectorAll(`${ASKS}[open]`)) build(/** @type {HTMLElement} */ (details));
}
