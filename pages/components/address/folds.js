// @ts-check
// What is unfolded on a page, an answer or a section, stands in its link as `open`. The page does this alone: Python
// need not know what is open, and nothing is sent for it.
import { beginPress, lastAddress, tidyLink, writeLink } from "./writer.js";

export const OPEN = "open"; // the parameter, as in pages/ui/link/state.py
const MAX_NAME = 24;

/** What the link says is open. @type {Set<string>} */
let wanted = new Set();
/** Whether the page is being made as the link says: until somebody does something. */
let following = true;
/** Whether Python has yet to hear of Back: what is clicked at that moment, in its place, would be heard alone. */
let waiting = false;
/**
 * Those that somebody, or a link, unfolded: what a page unfolds by itself is not folded by a link. @type {Set<string>}
 */
const touched = new Set();
let waits = false;

/** The name of a section in a link: its first words. @param {string} text */
export function nameOf(text) {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return plain.length <= MAX_NAME ? plain : plain.slice(0, MAX_NAME + 1).replace(/-[^-]*$/, "");
}

/** The names in an address. @param {string} search */
export function namesIn(search) {
  const text = new URLSearchParams(search).get(OPEN) ?? "";
  return new Set(text.split(",").filter(Boolean));
}

/** Whether Python is at work on the page: the entry of what was pressed may be yet to come. */
function isBusy() {
  /** @type {HTMLElement | null} */
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === "running";
}

/** The page's sections with their names. @returns {[string, HTMLDetailsElement][]} */
function sections() {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const all = document.querySelectorAll('[data-testid="stMain"] details');
  return [...all].map((details) => {
    const summary = details.querySelector("summary");
    const label = summary?.querySelector('[data-testid="stMarkdownContainer"]') ?? summary;
    return [details.matches(".lx-ask") ? "answer" : nameOf(label?.textContent ?? ""), details];
  });
}

/** Unfold what the link says. @param {boolean} [closes] whether the others are folded */
function follow(closes = false) {
  for (const [name, details] of sections()) {
    const [is, be] = [details.open, wanted.has(name)];
    if (be) touched.add(name);
    if (is !== be && (be || (closes && touched.has(name)))) details.querySelector("summary")?.click();
  }
}

/** Let the link say what is open. @param {boolean} push as a new entry: somebody opened or closed something */
function say(push) {
  const names = sections().flatMap(([name, details]) => (details.open ? [name] : []));
  for (const name of names) if (push) touched.add(name);
  const text = names.join(",");
  if (!lastAddress() || text === [...wanted].join(",")) return;
  wanted = new Set(names);
  if (push) writeLink({ [OPEN]: text }, true);
  else tidyLink({ [OPEN]: text });
}

/** Back, or Forward, has come to another address: nothing is written until it is followed. */
export function awaitFolds() {
  waiting = true;
}

/** What is open at this address is open here. */
export function followFolds() {
  wanted = namesIn(location.search);
  following = true;
  waiting = false;
  follow(true);
}

/** Listen; once in a page's life. */
export function watchFolds() {
  wanted = namesIn(location.search);
  for (const type of ["pointerdown", "keydown", "change"]) // change: of a menu by a voice or a screen reader
    document.addEventListener(
      type,
      () => {
        following = false;
        beginPress();
      },
      true,
    );
  // A section that was toggled by hand; it does not bubble.
  document.addEventListener(
    "toggle",
    ({ target }) => target instanceof HTMLDetailsElement && !following && !waiting && say(true),
    true,
  );
  const look = () => {
    waits = false;
    if (waiting) return;
    if (following) follow();
    else if (isBusy()) plan();
    else say(false); // another figure came with another question
  };
  const plan = () => {
    if (waits) return;
    waits = true;
    setTimeout(look, following ? 50 : 400); // later: what a press changed gets its own entry before that
  };
  new MutationObserver(plan).observe(document.body, { childList: true, subtree: true });
}
