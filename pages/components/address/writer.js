// @ts-check
// The page's one writer of its link. Any component may import it: what it writes, Python reads when a link is opened.

/** The address as it was written, or gone to, last. */
let written = "";
/** What it was before the page put it right by itself, since the last press; "" where it did not. */
let untidied = "";

/** The address as it was written, or gone to, last; "" before anything was. */
export const lastAddress = () => written;

/** What a figure has written that Python does not know yet, on which page. */
let untold = { page: "", texts: /** @type {Record<string, string>} */ ({}) };

/** @param {Record<string, string>} texts of the link, which what Python says of them does not replace */
export function keepUntold(texts) {
  untold = { page: location.pathname, texts };
}

/**
 * Put what Python says of the link into the address.
 * @param {Record<string, string>} values "" takes one out @param {boolean} push as in `writeLink`
 */
export function writeTold(values, push) {
  writeLink({ ...values, ...(untold.page === location.pathname ? untold.texts : {}) }, push);
}

/**
 * The page's address with these parameters, in which a comma and a colon can be read.
 * @param {Record<string, string>} values "" takes one out
 */
export function linkWith(values) {
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(values)) {
    if (text) url.searchParams.set(name, text);
    else url.searchParams.delete(name);
  }
  url.search = url.searchParams.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return url.href;
}

/**
 * Put these parameters into the address, and leave the others as they are.
 * @param {Record<string, string>} values "" takes one out
 * @param {boolean} [push] as a new entry of the history, to which Back leads: of a choice, not of a drag
 */
export function writeLink(values, push = false) {
  if (push && untidied) history.replaceState(history.state ?? {}, "", untidied); // what is left stays as it was
  untidied = "";
  written = linkWith(values);
  put(push);
}

/**
 * As `writeLink`, of what the page itself has found to be another. The press that led to it may get its entry later,
 * from a busy server or page: then this belongs to that one.
 * @param {Record<string, string>} values
 */
export function tidyLink(values) {
  const before = untidied || location.href;
  writeLink(values);
  untidied = before;
}

/** A press begins: what is put right from now on is of this one. */
export function beginPress() {
  untidied = "";
}

/**
 * Whether two addresses say something else, but for one parameter.
 * @param {string} before @param {string} now @param {string} but
 */
export function differs(before, now, but) {
  const [one, other] = [before, now].map((address) => {
    const url = new URL(address);
    url.searchParams.delete(but);
    url.searchParams.sort();
    return url.searchParams.toString();
  });
  return one !== other;
}

/** Put the last address into the bar again, where something else has put another. */
export const restoreLink = () => put(false);

/** The browser has gone to another entry of its history. */
export function arrive() {
  written = location.href;
  untidied = "";
}

/** @param {boolean} push */
function put(push) {
  if (written === location.href) return;
  try {
    if (push) history.pushState({}, "", written);
    else history.replaceState(history.state ?? {}, "", written);
  } catch {
    // Some browsers allow a hundred a half-minute: the next one will be written.
  }
}
