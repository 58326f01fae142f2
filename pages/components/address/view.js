// The page's one writer of its link, and its one listener for Back and Forward.
//
// data: {page: its name, values: {name: text} of the link, "" where one is left out, number: grows with each change,
// entry: grows with each choice (a new entry of the browser's history; what has the same entry takes its place),
// turn: grows as pages are opened by links, session: of the server, hears: whether this one hears of Back}.
// Each part of a page that sets something mounts one of these; what is older than what was written last is not written.

const written = { session: "", number: 0, entry: 0, turn: 0, path: "" };
let tell = null; // the mounted one that hears: (search) => void

/**
 * Put these parameters into the address, and leave the others as they are.
 * @param {Record<string, string>} values "" takes one out
 * @param {boolean} [push] as a new entry of the history, to which Back leads
 */
export function writeLink(values, push = false) {
  const link = linkWith(values);
  written.path = location.pathname;
  if (link === location.href) return;
  try {
    history[push ? "pushState" : "replaceState"](history.state ?? {}, "", link);
  } catch {
    // Some browsers allow a hundred a half-minute: the next one will be written.
  }
}

/** The page's address with these parameters, in which a comma and a colon may be read. */
export function linkWith(values) {
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(values)) {
    if (text) url.searchParams.set(name, text);
    else url.searchParams.delete(name);
  }
  url.search = url.searchParams.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return url.href;
}

function follow(event) {
  if (!tell || location.pathname !== written.path) return; // to another page: Streamlit opens it
  event.stopImmediatePropagation(); // Streamlit would run the page, but keep what it shows
  tell(location.search);
}

// Before Streamlit's own listener, which does not wait for this phase.
globalThis.addEventListener("popstate", follow, true);

export default function ({ data, setStateValue }) {
  if (data.hears) tell = (search) => setStateValue("back", { page: data.page, search, n: Date.now() });
  if (written.session && data.session !== written.session) {
    // A new session on the server was told the address that the tab was opened with: tell it what it is now.
    if (!data.hears) return;
    Object.assign(written, { session: data.session, number: data.number, entry: data.entry, turn: data.turn + 1 });
    const { href, search } = location;
    if (linkWith(data.values) !== href) setTimeout(() => tell(search));
    else written.turn = data.turn;
    return;
  }
  if (data.number <= written.number || data.turn < written.turn) return;
  const push = Boolean(written.session) && data.entry > written.entry;
  Object.assign(written, { session: data.session, number: data.number, entry: data.entry, turn: data.turn });
  writeLink(data.values, push);
}
