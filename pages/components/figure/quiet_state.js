// @ts-check
// Which parts of a figure's state the page itself writes into the link, and how.

/** @typedef {import("../types").Moved} Moved */

/** @param {any} state @param {string} key of the state; of a part of it with points between */
const partOf = (state, key) => key.split(".").reduce((part, name) => part?.[name], state);

/** @param {any} value a number, numbers, or nothing @returns {string} as pages/ui/link writes it: nine digits */
function textOf(value) {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "number" ? String(Number(value.toPrecision(9))) : "";
}

/**
 * What the link says of the moved parts of a state: nothing of what is as by default.
 * @param {Moved[]} moved @param {any} state @returns {Record<string, string>}
 */
export function linkTexts(moved, state) {
  const text = ({ key, normal }) => {
    const value = partOf(state, key);
    return JSON.stringify(value) === JSON.stringify(normal) ? "" : textOf(value);
  };
  return Object.fromEntries(moved.map((each) => [each.name, text(each)]));
}

/** A state without its moved parts. @param {Moved[]} moved @param {any} state */
function restOf(moved, state) {
  const rest = structuredClone(state);
  for (const { key } of moved) {
    const names = key.split(".");
    const last = names.pop();
    const holder = names.reduce((part, name) => part?.[name], rest);
    if (holder && typeof holder === "object") delete holder[last];
  }
  return JSON.stringify(rest);
}

/**
 * Whether two states differ in nothing but what the page writes into the link itself.
 * @param {Moved[]} moved @param {any} before @param {any} now
 */
export function onlyMoved(moved, before, now) {
  return restOf(moved, before) === restOf(moved, now);
}
