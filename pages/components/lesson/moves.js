// @ts-check
// Lets a figure move by itself to what is so: a slider glides, a pad's dot goes to a place. As if by hand, but for the
// time that it takes. A button is pressed, a box is ticked with 1.
import { inSight, prefersStill } from "../figure/dom.js";
import { MOVE_TO } from "../figure/move_to.js";

const GLIDE = 1400; // ms
const WAIT = 8000; // ms for a figure to come

let turn = 0;

/** @param {number} part 0..1 */
const eased = (part) => (part < 0.5 ? 2 * part * part : 1 - 2 * (1 - part) ** 2);

/** @param {string} id @returns {Promise<HTMLElement | null>} */
async function seen(id) {
  const end = performance.now() + WAIT;
  for (;;) {
    const element = inSight(id);
    if (element) return element;
    if (performance.now() > end) return null;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What moves an element, and where it is. @param {HTMLElement} element @param {number} many numbers */
function handleOf(element, many) {
  if (element instanceof HTMLInputElement && element.type === "checkbox")
    return { from: [0], set: (values, ends) => ends && element.checked !== !!values[0] && element.click() };
  if (element instanceof HTMLInputElement) {
    const set = (values, ends) => {
      element.value = String(values[0]);
      element.dispatchEvent(new Event("input", { bubbles: true }));
      if (ends) element.dispatchEvent(new Event("change", { bubbles: true }));
    };
    return { from: [Number(element.value)], set };
  }
  if (element instanceof HTMLButtonElement)
    return { from: Array(many).fill(0), set: (_, ends) => ends && element.click() };
  const from = (element.dataset.z ?? "").split(",").map(Number);
  const set = (z, ends) => element.dispatchEvent(new CustomEvent(MOVE_TO, { detail: { z, ends } }));
  return { from: from.length >= many && from.every(Number.isFinite) ? from.slice(0, many) : Array(many).fill(0), set };
}

/** Stop what still moves: the person takes over. */
export function stopMoving() {
  turn += 1;
}

/** @param {[string, number[]][]} moves data-testid, numbers */
export async function move(moves) {
  const mine = ++turn;
  for (const [id, to] of moves) {
    const element = await seen(id);
    if (!element || mine !== turn) return;
    const { from, set } = handleOf(element, to.length);
    const began = performance.now();
    const still = prefersStill();
    await new Promise((done) => {
      const frame = (now) => {
        if (mine !== turn || !element.isConnected) return done(null);
        const part = still ? 1 : Math.min(1, (now - began) / GLIDE);
        const values = to.map((value, i) => from[i] + eased(part) * (value - from[i]));
        set(part < 1 ? values : to, part >= 1);
        if (part < 1) requestAnimationFrame(frame);
        else done(null);
      };
      requestAnimationFrame(frame);
    });
  }
}
