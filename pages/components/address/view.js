// @ts-check
// The address bar: what Python says of the link is written into it, and Back and Forward are heard, here alone.
//
// Each part of a page that sets something of the link mounts one of these; what is older than what was written last is
// not written, in whatever order they are run.

import { awaitFolds, followFolds, OPEN, watchFolds } from "./folds.js";
import { arrive, differs, endWaiting, keepUntold, lastAddress, linkWith, restoreLink, writeTold } from "./writer.js";

const done = { session: "", number: 0, entry: 0, turn: 0 }; // what was written last
/**
 * Of the mounted one that hears: tell Python that the page is at another address; again: or that it is there again.
 * Gives the number under which Python has then heard of it.
 * @type {((again?: boolean) => number) | null}
 */
let tell = null;
/** The page of that one. */
let hears = "";
/** The page on which Back was last told, as n: what Python says before it has heard that is of what was left. */
const left = { page: "", n: 0 };

const REST = 300; // ms after which a run that has ended is not the first of two

/** @param {Event} event */
function follow(event) {
  const before = lastAddress();
  if (!tell || !before || location.pathname !== new URL(before).pathname) return; // Streamlit opens another page
  event.stopImmediatePropagation(); // it would run the page, too, but keep what it shows
  const told = differs(before, location.href, OPEN);
  arrive();
  if (!told) return followFolds();
  goThere();
}

/** The page is to be as another of its addresses says: nothing is written until it is. */
function goThere() {
  awaitFolds();
  left.page = hears;
  left.n = tell();
}

// Before Streamlit's own listener, which does not wait for this phase.
window.addEventListener("popstate", follow, true);
watchFolds();

/** @param {import("../figure/lifecycle.js").Component<import("../types").AddressData>} component */
export default function address({ data, setStateValue }) {
  followApp();
  expectRest();
  if (data.hears) {
    hears = data.page;
    tell = (again = false) => {
      const n = Date.now();
      setStateValue("back", { page: data.page, search: new URL(lastAddress()).search, n, again });
      return n;
    };
    if (next !== null) setTimeout(() => next !== null && openLink(next));
  }
  if (done.session && data.session !== done.session) {
    if (data.hears) rejoin(data);
    return;
  }
  if (data.number <= done.number || data.turn < done.turn) return;
  if (data.page === left.page && data.heard < left.n) return;
  left.page = "";
  const push = Boolean(done.session) && data.entry > done.entry && data.turn === done.turn;
  if (done.session && data.turn > done.turn) setTimeout(followFolds);
  if (data.turn > done.turn) keepUntold({}); // the page is as the link says, and nothing of before
  Object.assign(done, { session: data.session, number: data.number, entry: data.entry, turn: data.turn });
  writeTold(data.values, push);
}

/**
 * Tell the server the address when it is there again: one that has forgotten the session answers nothing else. And see
 * when it has answered.
 */
function followApp() {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app || watched === app) return;
  watched = app;
  const isConnected = () => app.getAttribute("data-test-connection-state") === "CONNECTED";
  let was = isConnected();
  new MutationObserver(() => {
    const is = isConnected();
    if (is && !was) setTimeout(() => tell?.(true));
    was = is;
    expectRest();
  }).observe(app, { attributeFilter: ["data-test-connection-state", "data-test-script-state"] });
}

/**
 * Python has answered, or a run has ended, of which the page may have missed the beginning: soon all may be answered.
 */
function expectRest() {
  setTimeout(() => watched?.getAttribute("data-test-script-state") === "running" || endWaiting(), REST);
}

/** The app whose connection and runs are followed. @type {Element | null} */
let watched = null;

/** Where to go as soon as the page hears. @type {string | null} */
let next = null;

/** Of the turn that was there before another link; −1: none was. */
let before = -1;

/** Another link is on its way: `isThere` says when the page shows what it says. */
export function awaitLink() {
  before = done.turn;
}

/** Whether the page shows what the last link that was opened says. */
export const isThere = () => next === null && done.turn > before;

/** Go to another link of the same page, as if somebody had gone back to it. @param {string} search */
export function openLink(search) {
  next = tell ? null : search;
  awaitLink();
  if (!tell) return;
  history.pushState({}, "", location.pathname + search);
  arrive();
  goThere();
}

/**
 * A new session on a server, which restarted or took over: it was told the address that the tab was opened with, and
 * Streamlit has put that into the bar again. Tell it the one that the page was at.
 * @param {import("../types").AddressData} data
 */
function rejoin({ session, number, entry, turn, values }) {
  restoreLink();
  const same = linkWith(values) === lastAddress();
  Object.assign(done, { session, number, entry, turn: same ? turn : turn + 1 });
  if (!same) setTimeout(() => tell());
}
