// A hint for a first visit. It looks for the control that it is about, lays itself beside it, and goes for good when that control is
// moved or × is pressed. Nothing is sent.

const STORE = "latent-explorer-hints";
const seen = globalThis.latentHints ??= new Set(); // of this visit, where the browser keeps nothing
try { for (const name of JSON.parse(localStorage.getItem(STORE)) ?? []) seen.add(name); } catch { /* none is kept */ }

function forget(name) {
  seen.add(name);
  try { localStorage.setItem(STORE, JSON.stringify([...seen])); } catch { /* for this visit, then */ }
}

export default function ({ data: { name, sentence, target, side }, parentElement }) {
  const root = parentElement.querySelector(".lx-first");
  root.leave?.();
  if (seen.has(name)) return;
  root.firstElementChild.textContent = sentence;
  const control = () => [...document.querySelectorAll(target)].find((element) => element.checkVisibility());
  const place = () => {
    const found = control();
    root.hidden = !found;
    if (!found || !root.offsetParent) return; // nothing, or its page is just being hidden
    const at = found.getBoundingClientRect(), around = root.offsetParent.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = root;
    const wanted = side === "inside" ? at.left + (at.width - width) / 2 : at.right - width; // the right end is mostly empty
    const left = Math.max(12, Math.min(wanted, innerWidth - width - 12)), top = side === "inside" ? at.top + 8 : side === "below" ? at.bottom + 6 : at.top - height - 6;
    root.style.left = `${Math.round(left - around.left)}px`;
    root.style.top = `${Math.round(top - around.top)}px`;
  };
  const done = () => { forget(name); root.leave(); };
  const moved = (event) => {
    const own = event.composedPath().some((element) => element.matches?.(target));
    if (own && !(event.type === "keydown" && /^(Tab|Shift|Control|Alt|Meta|Escape)$/.test(event.key))) done();
  };
  const listener = new AbortController(), timer = setInterval(place, 150); // the control comes when its network has come, and may move
  for (const type of ["pointerdown", "keydown", "input"]) document.addEventListener(type, moved, { capture: true, signal: listener.signal });
  root.querySelector("button").onclick = done;
  root.leave = () => { listener.abort(); clearInterval(timer); root.hidden = true; };
  place();
  return () => setTimeout(() => { if (!root.isConnected) root.leave(); });
}
