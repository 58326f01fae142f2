// @ts-check
// The keyboard.

export const KEY_PAUSE = 400; // ms without a key that count as letting go

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Whether a key is pressed together with Ctrl, Alt or the like, and so means something else.
 * @param {KeyboardEvent} event
 */
export function hasModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/**
 * Where an arrow key goes: [to the right, up], −1, 0 or 1; null for any other key.
 * @param {KeyboardEvent} event @returns {[number, number] | null}
 */
export function arrowOf(event) {
  return hasModifier(event) ? null : (ARROWS[event.key] ?? null);
}

/** 1 for an arrow to the right or up, −1 for left or down, 0 for another key. @param {KeyboardEvent} event */
export function turnOf(event) {
  const [right, up] = arrowOf(event) ?? [0, 0];
  return right || up;
}
