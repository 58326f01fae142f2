// @ts-check
// Radio groups: buttons of which one is chosen. A group is one tab stop; the arrows choose.
import { make } from "./dom.js";
import { turnOf } from "./keys.js";

/** @typedef {{label: string | Node, title?: string, disabled?: boolean}} Choice */

/**
 * Fills a group with buttons; each has its choice's name as data-name.
 * @param {HTMLElement} group @param {Record<string, Choice>} choices by name @param {(name: string) => void} choose
 */
export function buildSegments(group, choices, choose) {
  group.classList.add("lx-segments");
  group.setAttribute("role", "radiogroup");
  group.replaceChildren(
    ...Object.entries(choices).map(([name, { label, title = "", disabled = false }]) => {
      const button = make("button", { type: "button", role: "radio", title, "data-name": name }, label);
      button.disabled = disabled;
      button.onclick = () => choose(name);
      return button;
    }),
  );
  group.onkeydown = (event) => {
    const turn = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : turnOf(event);
    if (!turn) return;
    event.preventDefault();
    const buttons = buttonsOf(group).filter((button) => !button.disabled);
    const at = buttons.indexOf(/** @type {Element} */ (event.target).closest("button"));
    const next = buttons[(at + turn + buttons.length) % buttons.length];
    next.focus();
    next.click();
  };
}

/**
 * Shows which one is chosen; where none can be, the first that can takes the focus.
 * @param {HTMLElement} group @param {string} chosen
 */
export function markSegment(group, chosen) {
  const buttons = buttonsOf(group);
  for (const button of buttons) {
    const on = button.dataset.name === chosen;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  }
  if (buttons.some((button) => button.tabIndex === 0 && !button.disabled)) return;
  const first = buttons.find((button) => !button.disabled);
  if (first) first.tabIndex = 0;
}

/** @param {HTMLElement} group @returns {HTMLButtonElement[]} */
export function buttonsOf(group) {
  return /** @type {HTMLButtonElement[]} */ ([...group.children]);
}
