// @ts-check
// What a step is about is in sight.
import { isThere } from "../address/view.js";
import { inSight, prefersStill } from "../figure/dom.js";
import { figuresOf } from "../figure/picture.js";

const SETTLES = 900; // ms in which another page comes
const HEAD = 64; // px of the page's own head, over what lies below it
const NARROW = "(max-width: 900px)"; // where the panel lies below

let brings = 0;

/**
 * What a step is about comes into sight as soon as it is there; on a narrow screen, where the panel takes the lower
 * part, to the top.
 * @param {string} see data-testid; "top": the page's beginning; "": the figure
 * @param {boolean} [glides] on a page that is there, for the answer
 */
export async function bringIntoSight(see, glides = false) {
  const mine = ++brings;
  const narrow = matchMedia(NARROW).matches;
  if (see === "top" || (!see && !narrow)) return document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  if (!glides) await new Promise((resolve) => setTimeout(resolve, SETTLES));
  for (let looks = 0; looks < 40 && mine === brings; looks++) {
    const [figure] = figuresOf();
    const part = see ? inSight(see) : figure;
    if (figure && part && isThere()) {
      const { top, bottom } = part.getBoundingClientRect();
      if (!narrow && top >= HEAD && bottom <= innerHeight) return;
      const behavior = glides && !prefersStill() ? "smooth" : "auto";
      return part.scrollIntoView({ block: narrow ? "start" : "center", behavior });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * With few sliders a digit is to be rebuilt; and what is to be guessed is not in sight.
 * @param {import("../types").LessonStep | undefined} step undefined: of no lesson @param {boolean} guessed
 */
export function limitFigure(step, guessed) {
  const { dataset } = document.documentElement;
  if (step?.task === "rebuild") dataset.lxSliders = step.given.sliders;
  else delete dataset.lxSliders;
  if (step?.guess === "curve" && !guessed) dataset.lxHides = "curve";
  else delete dataset.lxHides;
}
