// @ts-check
// The address bar: what Python says of the link is written into it, and Back and Forward are heard, here alone.
//
// Each part of a page that sets something of the link mounts one of these; what is older than what was written last is
// not written, in whatever order they are run.

import { awaitFolds, followFolds, OPEN, watchFolds } from "./folds.js";
import { arrive, differs, keepUntold, lastAddress, linkWith, restoreLink, writeTold } from "./writer.js";

const done = { session: "", number: 0, entry: 0, turn: 0 }; // what was written last
/**
 * Of the mounted one that hears: tell Python that the page is at another address; again: or that it is there again.
 * @type {((again?: boolean) => void) | null}
 */
let tell = null;

/** @param {Event} event */
function follow(event) {
  const before = lastAddress();
  if (!tell || !before || location.pathname !== new URL(before).pathname) return; // Streamlit opens another page
  event.stopImmediatePropagation(); // it would run the page, too, but keep what it shows
  const told = differs(before, location.href, OPEN);
  arrive();
  if (!told) return followFolds();
  awaitFolds();
  tell();
}

// Before Streamlit's own listener, which does not wait for this phase.
window.addEventListener("popstate", follow, true);
watchFolds();

/** @param {import("../figure/lifecycle.js").Component<import("../types").AddressData>} component */
export default function address({ data, setStateValue }) {
  followConnection();
  if (data.hears) {
    tell = (again = false) =>
      setStateValue("back", { page: data.page, search: new URL(lastAddress()).search, n: Date.now(), again });
    if (next !== null) setTimeout(() => next !== null && openLink(next));
  }
  if (done.session && data.session !== done.session) {
    if (data.hears) rejoin(data);
    return;
  }
  if (data.number <= done.number || data.turn < done.turn) return;
  const push = Boolean(done.session) && data.entry > done.entry;
  if (done.session && data.turn > done.turn) setTimeout(followFolds);
  if (data.turn > done.turn) keepUntold({}); // the page is as the link says, and nothing of before
  Object.assign(done, { session: data.session, number: data.number, entry: data.entry, turn: data.turn });
  writeTold(data.values, push);
}

/** Tell the server the address when it is there again: one that has forgotten the session answers nothing else. */
function followConnection() {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app || followed === app) return;
  followed = app;
  const isConnected = () => app.getAttribute("data-test-connection-state") === "CONNECTED";
  let was = isConnected();
  new MutationObserver(() => {
    const is = isConnected();
    if (is && !was) setTimeout(() => tell?.(true));
    was = is;
  }).observe(app, { attributeFilter: ["data-test-connection-state"] });
}

/** The app whose connection is followed. @type {Element | null} */
let followed = null;

/** Where to go as soon as the page hears. @type {string | null} */
let next = null;

/** Of the turn that was left for another link; −1: none was. */
let left = -1;

/** Another link is on its way: `isThere` says when the page shows what it says. */
export function awaitLink() {
  left = done.turn;
}

/** Whether the page shows what the last link that was opened says. */
export const isThere = () => next === null && done.turn > left;

/** Go to another link of the same page, as if somebody had gone back to it. @param {string} search */
export function openLink(search) {
  next = tell ? null : search;
  awaitLink();
  if (!tell) return;
  history.pushState({}, "", location.pathname + search);
  arrive();
  awaitFolds();
  tell();
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
