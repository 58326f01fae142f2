// @ts-check
// What a hand moves the page writes into the link itself. Python hears of it with the next thing that it is told, or
// where something comes into sight that it alone can say; where the figure goes before that, the page keeps it.
import { keepUntold, writeMoved } from "../address/writer.js";
import { linkTexts, onlyMoved } from "./quiet_state.js";

const SCROLLED = 200; // ms after which what is in sight stays there

const quiet = new Map(); // figures with a state that Python has yet to hear
const left = new Map(); // the same of figures that have gone, by their keys
let scrolled;

function isOnScreen(selector) {
  return [...document.querySelectorAll(selector)].some((element) => {
    const { width, height, top, bottom } = element.getBoundingClientRect();
    return width > 0 && height > 0 && bottom > 0 && top < window.innerHeight;
  });
}

const asks = (figure) => figure.asksPython() || figure.data.own.asks.some(isOnScreen);

/** Take upon the page what was moved, if that is all that Python would hear; says whether. before: what it knows. */
export function keepQuiet(figure, before, now) {
  const { moved, also } = figure.data.own ?? {};
  if (!moved) return false;
  const texts = linkTexts(moved, now);
  const written = { ...texts, ...(Object.values(texts).some(Boolean) ? also : {}) };
  const isChoice = !before || !onlyMoved(moved, before, now);
  writeMoved(written, isChoice);
  if (isChoice || asks(figure)) return false;
  quiet.set(figure, now);
  document.addEventListener("scroll", onScroll, { capture: true, passive: true }); // the same one, however often
  keepUntold(written);
  return true;
}

export function told(figure) {
  if (quiet.delete(figure)) keepUntold({});
}

/** The figure goes. */
export function leave(figure) {
  const { key, forgets } = figure.data?.own ?? {};
  if (quiet.has(figure) && !(forgets && figure.isOnItsPage())) left.set(key, quiet.get(figure));
  told(figure);
}

/** What a figure of this key had not told when it went; once. */
export function comeAgain(figure) {
  const key = figure.data.own?.key;
  const state = left.get(key);
  left.delete(key);
  return state;
}

/** @param {Iterable<any>} [figures] */
export function tellWhatIsAsked(figures = quiet.keys()) {
  for (const figure of [...figures]) if (quiet.has(figure) && asks(figure)) figure.tellPython();
}

function onScroll() {
  clearTimeout(scrolled);
  if (quiet.size) scrolled = setTimeout(tellWhatIsAsked, SCROLLED);
}
