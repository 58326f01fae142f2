// @ts-check
// What a hand moves need not be told to Python at once: the page writes it into the link itself, and Python hears of it
// with the next thing that it is asked, or where something is on the screen that it alone can say.
import { writeLink } from "../address/writer.js";
import { linkTexts, onlyMoved } from "./quiet_state.js";

/** @typedef {import("./lifecycle.js").Figure} Figure */

/** Figures with something that Python has yet to hear. @type {Set<Figure>} */
const quiet = new Set();

/** Whether something of this selector can be seen. @param {string} selector */
function isOnScreen(selector) {
  return [...document.querySelectorAll(selector)].some((element) => {
    const { width, height, top, bottom } = element.getBoundingClientRect();
    return width > 0 && height > 0 && bottom > 0 && top < window.innerHeight;
  });
}

/**
 * Take what was moved upon the page alone, if that is all that Python is to hear; says whether.
 * @param {Figure} figure @param {any} before what Python knows @param {any} now
 */
export function keepQuiet(figure, before, now) {
  const { moved, asks, also } = figure.data.own ?? {};
  if (!moved) return false;
  const texts = linkTexts(moved, now);
  writeLink({ ...texts, ...(Object.values(texts).some(Boolean) ? also : {}) });
  if (!before || !onlyMoved(moved, before, now) || figure.asksPython() || asks.some(isOnScreen)) return false;
  quiet.add(figure);
  return true;
}

/** There is nothing more that Python has yet to hear of this one. @param {Figure} figure */
export function forget(figure) {
  quiet.delete(figure);
}

/** @param {Event} event after which Python may be asked for something */
function leave({ type, target }) {
  for (const figure of quiet) {
    const inside = target instanceof Node && figure.root.contains(target);
    const { asks = [] } = figure.data.own ?? {};
    if (type === "scroll" ? asks.some(isOnScreen) : !inside) figure.tellPython();
  }
}

for (const type of ["pointerover", "pointerdown", "focusin", "keydown", "scroll"])
  document.addEventListener(type, leave, { capture: true, passive: true });
