// @ts-check
// Kinds of flagged stretches: which one a stretch is of, and by what it is told apart, a colour and its name.
import { NEUTRAL, PALETTE } from "../canvas/colours.js";

/** Without the palette's greys: what is of no kind is grey. */
export const KIND_COLOURS = PALETTE.filter((_, n) => n !== 3 && n !== 8);

export class Kinds {
  /** @type {{start: number, end: number, kind: number}[]} sorted */
  #rows = [];

  /** @param {import("../types").SignalsKind[] | null} told the most frequent first; null: nobody has asked */
  constructor(told) {
    this.known = told !== null && told !== undefined;
    this.names = (told ?? []).map(({ name }) => name);
    for (const [kind, { rows }] of (told ?? []).entries())
      for (const [start, end] of rows) this.#rows.push({ start, end, kind });
    this.#rows.sort((a, b) => a.start - b.start);
  }

  /** The kind of what is flagged in these rows; −1: none that is known. @param {number} first @param {number} last */
  of(first, last) {
    const rows = this.#rows;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].end > first) high = middle;
      else low = middle + 1;
    }
    return rows[low]?.start < last ? rows[low].kind : -1;
  }

  /** Those behind the palette's share one. @param {number} kind */
  colour(kind) {
    return KIND_COLOURS[kind] ?? NEUTRAL;
  }

  /** What is written where room is scarce: "A" for kind A. @param {number} kind */
  short(kind) {
    return this.names[kind].replace(/^kind (?=[A-Z]+$)/, "");
  }
}
