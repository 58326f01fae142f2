// @ts-check
// How far somebody is in a lesson, what they guessed and reached: in their own browser, so that a lesson that was left
// is taken up again. The server hears nothing of it.

const PROGRESS = "latent-explorer-lessons"; // in the localStorage: by lesson
const OPEN = "latent-explorer-lesson"; // in the sessionStorage: what is open in this tab
const QUESTIONS = "latent-explorer-questions"; // in the sessionStorage: guesses, by question

/**
 * @typedef {object} Answer
 * @property {number[]} [guess] a choice's number, a slider's, a dot's place, a curve's heights
 * @property {boolean} [right]
 * @property {number} [score] of a task: the best so far
 * @property {string} [said] the score in words
 * @typedef {{step: number, answers: Record<number, Answer>}} Progress answers: by step
 * @typedef {{name: string, text: string}} Wanted name: of a shipped lesson; text: of a file, else ""
 */

/** Where the browser keeps nothing. @type {Map<string, string>} */
const memory = new Map();

/** @param {Storage | undefined} store @param {string} key */
function get(store, key) {
  try {
    return JSON.parse(store?.getItem(key) ?? memory.get(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {() => Storage} store @param {string} key @param {any} value */
function put(store, key, value) {
  memory.set(key, JSON.stringify(value));
  try {
    store().setItem(key, JSON.stringify(value));
  } catch {
    // for as long as the page is open, then
  }
}

/** @param {() => Storage} store */
function from(store) {
  try {
    return store();
  } catch {
    return undefined;
  }
}

/** A lesson's own key: a file of one's own by its words. @param {Wanted} wanted */
export function keyOf({ name, text }) {
  if (!text) return name;
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return `file-${(hash >>> 0).toString(36)}`;
}

/** @param {string} key @returns {Progress} */
export function progressOf(key) {
  const known = get(
    from(() => localStorage),
    PROGRESS,
  )?.[key];
  const sound = Number.isInteger(known?.step) && known.step >= 0 && known.answers && typeof known.answers === "object";
  return sound ? known : { step: 0, answers: {} };
}

/** @param {string} key @param {Progress} progress */
export function keepProgress(key, progress) {
  const all =
    get(
      from(() => localStorage),
      PROGRESS,
    ) ?? {};
  put(() => localStorage, PROGRESS, { ...all, [key]: progress });
}

/** The lesson that is open in this tab, or was last. @returns {{wanted: Wanted, open: boolean} | null} */
export function openLesson() {
  const known = get(
    from(() => sessionStorage),
    OPEN,
  );
  return typeof known?.wanted?.name === "string" && typeof known.wanted.text === "string" ? known : null;
}

/** @param {Wanted} wanted @param {boolean} open */
export const keepOpen = (wanted, open) => put(() => sessionStorage, OPEN, { wanted, open });

const questions = () =>
  get(
    from(() => sessionStorage),
    QUESTIONS,
  ) ?? {};

/** What was guessed in this tab of a page's question. @param {string} question @returns {any} */
export const questionGuess = (question) => questions()[question];

/** @param {string} question @param {number[]} guess */
export const keepQuestion = (question, guess) =>
  put(() => sessionStorage, QUESTIONS, { ...questions(), [question]: guess });
