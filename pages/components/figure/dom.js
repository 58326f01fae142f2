// @ts-check
// Elements of the page.

/**
 * An element. Strings among the children become text, never HTML: class and factor names are the user's.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [attributes] @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The first element that a CSS selector finds. @param {ParentNode} root @param {string} selector @returns {any} */
export function find(root, selector) {
  return root.querySelector(selector);
}

/** The element of this data-testid. @param {ParentNode} root @param {string} id @returns {any} */
export function byTestId(root, id) {
  return root.querySelector(`[data-testid="${id}"]`);
}

/**
 * The element of this data-testid that is seen: what a page is just replacing still stands beside it.
 * @param {string} id @returns {any}
 */
export function inSight(id) {
  return [...document.querySelectorAll(`[data-testid="${id}"]`)].find((element) => element.checkVisibility()) ?? null;
}

/**
 * Sets text where it is another: what has not changed need not be laid out again.
 * @param {Node} element @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets what a screen reader says of an element. @param {Element} element @param {string} text */
export function setLabel(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

/** Whether the person wants nothing to glide. */
export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
