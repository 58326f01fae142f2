// @ts-check
// A hint for a first visit. It looks for the control that it is about, lays itself beside it, and goes for good when
// that
// control is moved or × is pressed. Nothing is sent.

const STORE = "latent-explorer-hints";
const LOOK = 150; // ms: the control comes when its network has come, and may move
const PASSING = /^(Tab|Shift|Control|Alt|Meta|Escape)$/; // keys that move no control

/** Names of this visit, where the browser keeps nothing. @type {Set<string>} */
const seen = new Set();
try {
  for (const name of JSON.parse(localStorage.getItem(STORE)) ?? []) seen.add(name);
} catch {
  // none is kept
}

function forget(name) {
  seen.add(name);
  try {
    localStorage.setItem(STORE, JSON.stringify([...seen]));
  } catch {
    // for this visit, then
  }
}

/** @type {WeakMap<HTMLElement, () => void>} what takes a hint away again */
const leaves = new WeakMap();

/** @param {import("../figure/lifecycle.js").Component<import("../types").HintData>} component */
export default function hint({ data: { name, sentence, target, side }, parentElement }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".lx-first");
  leaves.get(root)?.();
  if (seen.has(name)) return;
  root.firstElementChild.textContent = sentence;

  const layOut = () => {
    const control = [...document.querySelectorAll(target)].find((element) => element.checkVisibility());
    root.hidden = !control;
    if (!control || !root.offsetParent) return; // nothing, or its page is just being hidden
    const at = control.getBoundingClientRect();
    const around = root.offsetParent.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = root;
    // Below and above: at the right end, which is mostly empty.
    const left = side === "inside" ? at.left + (at.width - width) / 2 : at.right - width;
    const top = { inside: at.top + 8, below: at.bottom + 6, above: at.top - height - 6 }[side];
    root.style.left = `${Math.round(Math.max(12, Math.min(left, innerWidth - width - 12)) - around.left)}px`;
    root.style.top = `${Math.round(top - around.top)}px`;
  };
  const listener = new AbortController();
  const timer = setInterval(layOut, LOOK);
  const leave = () => {
    listener.abort();
    clearInterval(timer);
    root.hidden = true;
  };
  const done = () => {
    forget(name);
    leave();
  };
  const moved = (event) => {
    const own = event.composedPath().some((element) => element.matches?.(target));
    if (own && !(event.type === "keydown" && PASSING.test(event.key))) done();
  };
  for (const type of ["pointerdown", "keydown", "input"])
    document.addEventListener(type, moved, { capture: true, signal: listener.signal });
  root.querySelector("button").onclick = done;
  leaves.set(root, leave);
  layOut();
  return () =>
    setTimeout(() => {
      if (!root.isConnected) leave();
    });
}
