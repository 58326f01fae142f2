// @ts-check
// Present mode on and off: the button, P whenever nobody types, and Escape; from page to page by two buttons or the
// keys of a pointer, PageUp and PageDown. Python holds the state: it stands in the link. Escape also leaves a pad that
// the arrow keys moved, so that they scroll again; Tab goes on from there.
import { byTestId } from "../figure/dom.js";
import { copyText } from "../figure/keep.js";
import { hasModifier } from "../figure/keys.js";
import { keepPicture } from "../figure/picture.js";
import { startLesson } from "../lesson/opening.js";
import { fitToWindow } from "./fit.js";

const PADS = '[role="application"], [role="slider"]:not(input), [role="grid"]';
const TYPED =
  "textarea, select, [contenteditable=true], [role=combobox], " +
  "input:not([type=range], [type=checkbox], [type=radio], [type=button])";
const TURNS = { PageUp: -1, PageDown: 1 };

/** @type {WeakMap<HTMLElement, AbortController>} this runs again with new data */
const listeners = new WeakMap();

/** The links to all pages, and which of them is open. */
function pages() {
  /** @type {HTMLAnchorElement[]} */
  const all = [...document.querySelectorAll(".st-key-page-row a")].map((a) => /** @type {any} */ (a));
  // The first page has no address of its own.
  return {
    all,
    at: Math.max(
      0,
      all.findIndex((a) => a.getAttribute("href") && a.pathname === location.pathname),
    ),
  };
}

/**
 * On a narrow screen the buttons are behind one, which a press anywhere or Escape closes.
 * @param {HTMLElement} root @param {AbortSignal} signal its end
 */
function fold(root, signal) {
  const more = byTestId(root, "more-tools");
  const show = (/** @type {boolean} */ open) => {
    root.classList.toggle("lx-open", open);
    more.setAttribute("aria-expanded", String(open));
  };
  more.onclick = () => show(!root.classList.contains("lx-open"));
  const outside = (/** @type {Event} */ event) => event.composedPath().includes(root) || show(false);
  document.addEventListener("pointerdown", outside, { signal });
  root.addEventListener("keydown", (event) => event.key === "Escape" && show(false), { signal });
}

/** The buttons that copy the link, keep a picture, and start afresh. @param {HTMLElement} root */
function take(root) {
  const buttonOf = (/** @type {string} */ id) => byTestId(root, id);
  const copy = buttonOf("copy-link");
  copy.onclick = async () => {
    await copyText(location.href);
    copy.textContent = "Copied";
    setTimeout(() => {
      copy.textContent = "Copy link";
    }, 1500);
  };
  const name = `latent-explorer${location.pathname.replace(/\/$/, "").replace(/^.*\//, "-")}`;
  buttonOf("picture").onclick = () => keepPicture(name.replace(/-$/, ""));
  buttonOf("lesson-start").onclick = startLesson;
  buttonOf("afresh").onclick = () => location.assign(location.pathname);
}

/**
 * @param {{data: import("../types").PresentData, parentElement: HTMLElement, setTriggerValue: (name: string, value:
 *   any) => void}} component
 */
export default function present({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".lx-present");
  /** @type {HTMLButtonElement} */
  const button = root.querySelector("[data-testid=present]");
  const nav = root.querySelector("nav");
  const press = () => setTriggerValue("pressed", true);
  root.classList.toggle("lx-on", data.on);
  root.classList.toggle("lx-inside", data.embedded);
  take(root);
  button.querySelector("span").textContent = data.on ? "Leave" : "Present";
  root.querySelector("kbd").textContent = data.on ? "Esc" : "P";
  button.title = data.on ? "Back to the whole page (Esc)" : "The figure alone, large, for a class (P)";
  button.onclick = press;
  nav.hidden = !data.on;
  for (const each of nav.querySelectorAll("button")) {
    const { all, at } = pages();
    each.disabled = !all[at + Number(each.dataset.go)];
    each.onclick = () => turn(Number(each.dataset.go));
  }
  const turn = (/** @type {number} */ by) => {
    const { all, at } = pages();
    all[at + by]?.click();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || hasModifier(event) || event.repeat) return;
    const focus = document.activeElement;
    const pad = /** @type {HTMLElement | undefined} */ (focus?.closest(PADS));
    if (event.key === "Escape" && pad?.matches(":focus-visible")) {
      event.preventDefault();
      return pad.blur();
    }
    if (focus?.matches(TYPED) && event.key !== "Escape") return;
    if (data.on && event.key in TURNS && !pad) {
      event.preventDefault();
      return turn(TURNS[event.key]);
    }
    if (!(data.on ? event.key === "Escape" : event.key.toLowerCase() === "p")) return;
    event.preventDefault();
    press();
  };
  listeners.get(root)?.abort();
  const listener = new AbortController();
  listeners.set(root, listener);
  document.addEventListener("keydown", onKey, { signal: listener.signal });
  fold(root, listener.signal);
  fitToWindow(data.on || data.embedded, listener.signal, data.embedded ? 16 : 20);
  return () =>
    setTimeout(() => {
      if (!root.isConnected) listener.abort();
    });
}
