// @ts-check
// What somebody judges in the page: answered at once, kept in the browser until Python has written it, undone.
import { clamp } from "../math/stats.js";

/** @typedef {import("../types").SignalsEvent} Event */
/** @typedef {import("../types").SignalsAct} Act */
/** @typedef {import("../types").SignalsEvent["verdict"]} Verdict */

const PREFIX = "lx-judged:"; // of a key in the browser's storage; an act each: two tabs do not write over each other
const MOST_UNDONE = 100;

let given = 0;

/** A name that nobody else gives; sorted, those of a page stand as they were given. @param {string} kind */
function fresh(kind) {
  given += 1;
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return [kind, Date.now().toString(36), String(given).padStart(6, "0"), number.toString(36)].join("-");
}

export class Judged {
  /** @type {Event[]} in the order of their rows */
  events = [];
  /** @type {Act[]} what Python has not written yet */
  waiting = [];
  /** @type {import("../types").SignalsJudged | null} */
  #told = null;
  /** @type {Act[][]} what takes each of the last answers back */
  #undo = [];

  /** What Python knows, and on top of it what it does not know yet. @param {import("../types").SignalsJudged} told */
  take(told) {
    const known = new Set(told.written);
    if (told.scope !== this.#told?.scope) {
      this.#undo = [];
      this.waiting = restored(told.scope);
    }
    this.#told = told;
    for (const act of this.waiting) if (known.has(act.act)) forget(told.scope, act.act);
    this.waiting = this.waiting.filter(({ act }) => !known.has(act));
    this.events = told.events;
    for (const act of this.waiting) this.#apply(act);
  }

  get canJudge() {
    return this.#told !== null;
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  /** The first event with rows among these. @param {number} start @param {number} end */
  at(start, end) {
    return this.events.find((event) => event.start < end && event.end > start) ?? null;
  }

  /**
   * Say something of rows; what was said of them before gives way.
   * @param {[number, number]} rows @param {Verdict} verdict @param {string} name @param {string} comment
   */
  put([start, end], verdict, name, comment) {
    const before = this.events.filter((event) => event.start < end && event.end > start);
    const same = before.find((event) => event.start === start && event.end === end);
    const event = { id: same?.id ?? fresh("event"), start, end, verdict, name, comment };
    this.#do(
      [{ ...this.#act("put"), ...event }],
      [...(same ? [] : [{ do: "drop", id: event.id }]), ...before.map((each) => ({ do: "put", ...each }))],
    );
  }

  /** @param {string} id */
  drop(id) {
    const event = this.events.find((each) => each.id === id);
    if (event) this.#do([{ ...this.#act("drop"), id }], [{ do: "put", ...event }]);
  }

  undo() {
    const acts = this.#undo.pop();
    for (const act of acts ?? []) this.#write({ ...act, ...this.#act(act.do) });
    return !!acts;
  }

  /** @param {"put" | "drop"} kind @returns {{act: string, do: "put" | "drop", file: string}} */
  #act(kind) {
    return { act: fresh("act"), do: kind, file: this.#told.file };
  }

  /** @param {any[]} acts @param {any[]} back */
  #do(acts, back) {
    for (const act of acts) this.#write(act);
    this.#undo.push(back);
    if (this.#undo.length > MOST_UNDONE) this.#undo.shift();
  }

  /** @param {Act} act */
  #write(act) {
    this.waiting = [...this.waiting, act];
    keep(this.#told.scope, act);
    this.#apply(act);
  }

  /** @param {Act} act */
  #apply(act) {
    const { id, start = 0, end = 0 } = act;
    const apart = (event) => event.id !== id && (act.do === "drop" || event.start >= end || event.end <= start);
    const rest = this.events.filter(apart);
    if (act.do === "put") {
      const { verdict, name = "", comment = "" } = act;
      rest.push({ id, start, end, verdict, name, comment });
    }
    this.events = rest.sort((a, b) => a.start - b.start);
  }
}

/**
 * Rows in a table, from what a hand dragged over.
 * @param {number} a row @param {number} b row @param {number} rows of the table @returns {[number, number]}
 */
export function dragged(a, b, rows) {
  const first = clamp(Math.floor(Math.min(a, b)), 0, rows - 1);
  return [first, clamp(Math.ceil(Math.max(a, b)), first + 1, rows)];
}

// ---- the browser's storage, which may be closed or full ----

/** @param {string} scope @param {Act} act */
function keep(scope, act) {
  try {
    localStorage.setItem(`${PREFIX}${scope}:${act.act}`, JSON.stringify(act));
  } catch {
    // Python hears of it all the same
  }
}

/** @param {string} scope @param {string} act */
function forget(scope, act) {
  try {
    localStorage.removeItem(`${PREFIX}${scope}:${act}`);
  } catch {
    // there is none
  }
}

/** What a page that was closed too early has left. @param {string} scope @returns {Act[]} */
function restored(scope) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${scope}:`));
    return keys.sort().map((key) => JSON.parse(localStorage.getItem(key)));
  } catch {
    return [];
  }
}
