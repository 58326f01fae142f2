// @ts-check
// What a step is about is in sight.
import { isThere } from "../address/view.js";
import { inSight } from "../figure/dom.js";
import { figuresOf } from "../figure/picture.js";

const SETTLES = 900; // ms in which another page comes
const NARROW = "(max-width: 900px)"; // where the panel lies below

let brings = 0;

/**
 * What a step is about comes into sight as soon as it is there; on a narrow screen, where the panel takes the lower
 * part, to the top.
 * @param {string} see data-testid; "top": the page's beginning; "": the figure
 */
export async function bringIntoSight(see) {
  const mine = ++brings;
  const narrow = matchMedia(NARROW).matches;
  if (see === "top" || (!see && !narrow)) return document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  await new Promise((resolve) => setTimeout(resolve, SETTLES));
  for (let looks = 0; looks < 40 && mine === brings; looks++) {
    const [figure] = figuresOf();
    const part = see ? inSight(see) : figure;
    if (figure && part && isThere()) return part.scrollIntoView({ block: see && !narrow ? "nearest" : "start" });
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
