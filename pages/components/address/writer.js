// @ts-check
// The page's one writer of its link. Any component may import it: what it writes, Python reads when a link is opened.

/** The address as it was written, or gone to, last. */
let written = "";
/**
 * What it was before the page itself changed what may belong to an entry that is yet to come: since the last press, or
 * since a choice that Python has yet to answer; "" where it did not.
 */
let untidied = "";
/** Whether Python has been told of a choice, and has not answered: its entry may be yet to come. */
let awaitsEntry = false;

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
  const texts = { ...values, ...(untold.page === location.pathname ? untold.texts : {}) };
  if (push) writeLink(texts, true);
  else replaceLink(texts, awaitsEntry ? untidied : ""); // an answer to what was before the choice
}

/** Python has answered all that it was told. */
export function endWaiting() {
  awaitsEntry = false;
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
  written = linkWith(values); // first: what the page put right belongs to the new entry
  if (push && untidied) history.replaceState(history.state ?? {}, "", untidied); // what is left stays as it was
  untidied = "";
  put(push);
}

/** @param {Record<string, string>} values @param {string} before what `untidied` is then */
function replaceLink(values, before) {
  writeLink(values);
  untidied = before;
}

/**
 * As `writeLink`, of what the page itself has found to be another. The press that led to it may get its entry later,
 * from a busy server or page: then this belongs to that one.
 * @param {Record<string, string>} values
 */
export function tidyLink(values) {
  replaceLink(values, untidied || location.href);
}

/**
 * As `writeLink`, of what a figure has moved. With a choice, or after one that Python has yet to answer, it belongs to
 * the entry that will come of that, and what is left stays as it was.
 * @param {Record<string, string>} values @param {boolean} isChoice Python is told of more than what was moved
 */
export function writeMoved(values, isChoice) {
  awaitsEntry ||= isChoice;
  if (awaitsEntry) tidyLink(values);
  else writeLink(values);
}

/** A press begins: what is put right from now on is of this one, or of the choice that Python has yet to answer. */
export function beginPress() {
  if (!awaitsEntry) untidied = "";
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
  awaitsEntry = false;
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
