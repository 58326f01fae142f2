// The page's one writer of its link, and its one listener for Back and Forward.
//
// data: {page: its name, values: {name: text} of the link, "" where one is left out, number: grows with each change,
// entry: grows with each choice (a new entry of the browser's history; what has the same entry takes its place),
// turn: grows as pages are opened by links, session: of the server, hears: whether this one hears of Back}.
// Each part of a page that sets something mounts one of these; what is older than what was written last is not written.

const written = { session: "", number: 0, entry: 0, turn: 0 };
let address = ""; // as it was written or gone to last
let tell = null; // of the mounted one that hears: () => void, that the page is at another address

/**
 * Put these parameters into the address, and leave the others as they are.
 * @param {Record<string, string>} values "" takes one out
 * @param {boolean} [push] as a new entry of the history, to which Back leads
 */
export function writeLink(values, push = false) {
  address = linkWith(values);
  put(push ? "pushState" : "replaceState");
}

function put(how) {
  if (address === location.href) return;
  try {
    history[how](history.state ?? {}, "", address);
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
  if (!tell || !address || location.pathname !== new URL(address).pathname) return; // Streamlit opens another page
  event.stopImmediatePropagation(); // it would run the page, too, but keep what it shows
  address = location.href;
  tell();
}

// Before Streamlit's own listener, which does not wait for this phase.
globalThis.addEventListener("popstate", follow, true);

export default function ({ data, setStateValue }) {
  if (data.hears) {
    tell = () => setStateValue("back", { page: data.page, search: new URL(address).search, n: Date.now() });
  }
  if (written.session && data.session !== written.session) return data.hears ? rejoin(data) : undefined;
  if (data.number <= written.number || data.turn < written.turn) return undefined;
  const push = Boolean(written.session) && data.entry > written.entry;
  Object.assign(written, { session: data.session, number: data.number, entry: data.entry, turn: data.turn });
  return writeLink(data.values, push);
}

// A new session on a server, which restarted or took over: it was told the address that the tab was opened with, and
// Streamlit has put that into the bar again. Tell it the one that it was at.
function rejoin(data) {
  const before = address;
  put("replaceState");
  const same = linkWith(data.values) === before;
  Object.assign(written, { session: data.session, number: data.number, entry: data.entry, turn: data.turn + !same });
  if (!same) setTimeout(() => tell());
}
