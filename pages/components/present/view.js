// @ts-check
// Present mode on and off: the button, P where nothing has the focus, and Escape. Python holds the state: it stands in
// the link.
// Escape also leaves a pad that the arrow keys moved, so that they scroll again; Tab goes on from there.
import { hasModifier } from "../figure/keys.js";

const PADS = '[role="application"], [role="slider"]:not(input), [role="grid"]';

/** @type {WeakMap<HTMLElement, AbortController>} this runs again with new data */
const listeners = new WeakMap();

/**
 * @param {{data: import("../types").PresentData, parentElement: HTMLElement, setTriggerValue: (name: string, value:
 *   any) => void}} component
 */
export default function present({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".lx-present");
  const button = root.querySelector("button");
  const press = () => setTriggerValue("pressed", true);
  root.classList.toggle("lx-on", data.on);
  root.querySelector("span").textContent = data.on ? "Leave" : "Present";
  root.querySelector("kbd").textContent = data.on ? "Esc" : "P";
  button.title = data.on ? "Back to the whole page (Esc)" : "The figure alone, large, for a class (P)";
  button.onclick = press;
  const onKey = (event) => {
    if (event.defaultPrevented || hasModifier(event) || event.repeat) return;
    const pad = /** @type {HTMLElement | undefined} */ (document.activeElement?.closest(PADS));
    if (event.key === "Escape" && pad?.matches(":focus-visible")) {
      event.preventDefault();
      return pad.blur();
    }
    const free = [document.body, document.documentElement, null].includes(/** @type {any} */ (document.activeElement));
    if (!(data.on ? event.key === "Escape" : event.key.toLowerCase() === "p" && free)) return;
    event.preventDefault();
    press();
  };
  listeners.get(root)?.abort();
  const listener = new AbortController();
  listeners.set(root, listener);
  document.addEventListener("keydown", onKey, { signal: listener.signal });
  return () =>
    setTimeout(() => {
      if (!root.isConnected) listener.abort();
    });
}
