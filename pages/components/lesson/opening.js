// @ts-check
// Lets any component open the lesson's panel, without knowing it.

const OPEN = "lx-lesson";

/** Open the lesson that was left, or the page's own. */
export const startLesson = () => document.dispatchEvent(new CustomEvent(OPEN));

/** @param {() => void} hears */
export const onStart = (hears) => document.addEventListener(OPEN, hears);
