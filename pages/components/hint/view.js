// @ts-check
// A hint for a first visit. It looks for the control that it is about, lays itself beside it, and goes for good when
// that
// control is moved or × is pressed. Nothing is sent.

import { freePlace } from "./place.js";

const STORE = "latent-explorer-hints";
const OFF = "latent-explorer-no-hints";
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

/** Whether the link leaves hints out: for as long as the tab is open, as pages are turned. */
function isOff() {
  try {
    if (new URLSearchParams(location.search).get("hints") === "off") sessionStorage.setItem(OFF, "1");
    return sessionStorage.getItem(OFF) === "1";
  } catch {
    return new URLSearchParams(location.search).get("hints") === "off";
  }
}

/** @type {WeakMap<HTMLElement, () => void>} what takes a hint away again */
const leaves = new WeakMap();

/** @param {import("../figure/lifecycle.js").Component<import("../types").HintData>} component */
export default function hint({ data: { name, sentence, target, side, clear, ends }, parentElement }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".lx-first");
  leaves.get(root)?.();
  if (seen.has(name) || isOff()) return;
  root.firstElementChild.textContent = sentence;
  Object.assign(root.dataset, { target, clear }); // tests look whether it lies on them

  const layOut = () => {
    const control = [...document.querySelectorAll(target)].find((element) => element.checkVisibility());
    root.hidden = !control;
    if (!control || !root.offsetParent) return; // nothing, or its page is just being hidden
    const at = control.getBoundingClientRect();
    const around = root.offsetParent.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = root;
    // At the right end, which is mostly empty, else at the left; on the side that is wanted, else on the other.
    const spoken = clear ? [...document.querySelectorAll(clear)].filter((element) => element.checkVisibility()) : [];
    const taken = [control, ...spoken].map((element) => element.getBoundingClientRect());
    const { left, top } = freePlace(at, { width, height }, side, taken, innerWidth);
    root.style.left = `${Math.round(left - around.left)}px`;
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
    const own = event.composedPath().some((element) => element.matches?.(ends ? `${target}, ${ends}` : target));
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
