// @ts-check
// What a hand moves need not be told to Python at once: the page writes it into the link itself, and Python hears of it
// with the next thing that it is told, or where something comes into sight that it alone can say. Where the figure goes
// before that, the page keeps it for when the figure comes again.
import { keepUntold, writeLink } from "../address/writer.js";
import { linkTexts, onlyMoved } from "./quiet_state.js";

/** @typedef {import("./lifecycle.js").Figure} Figure */

const SCROLLED = 200; // ms after which what is in sight stays there

/** Figures with something that Python has yet to hear, and that. @type {Map<Figure, any>} */
const quiet = new Map();
/** What figures that have gone had not told, by their keys. @type {Map<string, any>} */
const left = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let scrolled;

/** Whether something of this selector can be seen. @param {string} selector */
function isOnScreen(selector) {
  return [...document.querySelectorAll(selector)].some((element) => {
    const { width, height, top, bottom } = element.getBoundingClientRect();
    return width > 0 && height > 0 && bottom > 0 && top < window.innerHeight;
  });
}

/** Whether Python alone can say what belongs to the figure's state, and that is in sight. @param {Figure} figure */
const asks = (figure) => figure.asksPython() || figure.data.own.asks.some(isOnScreen);

/**
 * Take what was moved upon the page alone, if that is all that Python is to hear; says whether.
 * @param {Figure} figure @param {any} before what Python knows @param {any} now
 */
export function keepQuiet(figure, before, now) {
  const { moved, also } = figure.data.own ?? {};
  if (!moved) return false;
  const texts = linkTexts(moved, now);
  const written = { ...texts, ...(Object.values(texts).some(Boolean) ? also : {}) };
  writeLink(written);
  if (!before || !onlyMoved(moved, before, now) || asks(figure)) return false;
  quiet.set(figure, now);
  document.addEventListener("scroll", onScroll, { capture: true, passive: true }); // the same one, however often
  keepUntold(written);
  return true;
}

/** Python hears of what this one has kept. @param {Figure} figure */
export function told(figure) {
  if (quiet.delete(figure)) keepUntold({});
}

/** The figure goes: what it has not told stays here. @param {Figure} figure */
export function leave(figure) {
  const { key, forgets } = figure.data.own ?? {};
  if (quiet.has(figure) && !(forgets && figure.isOnItsPage())) left.set(key, quiet.get(figure));
  told(figure);
}

/** What a figure of this key had not told when it went; once. @param {Figure} figure */
export function comeAgain(figure) {
  const key = figure.data.own?.key;
  const state = left.get(key);
  left.delete(key);
  return state;
}

/** Tell what Python is asked for by what is in sight. @param {Iterable<Figure>} [figures] */
export function tellWhatIsAsked(figures = quiet.keys()) {
  for (const figure of [...figures]) if (quiet.has(figure) && asks(figure)) figure.tellPython();
}

function onScroll() {
  clearTimeout(scrolled);
  if (quiet.size) scrolled = setTimeout(tellWhatIsAsked, SCROLLED);
}
