// @ts-check
// What the pointer is on: its rows in words, the lanes' values, and what the score of its row is made of; without a
// pointer, of the row with the largest score.
import { byTestId, find, setText } from "../figure/dom.js";
import * as words from "./words.js";

export class Here {
  /** @param {import("./signals.js").Signals} figure */
  constructor(figure) {
    const { root } = figure;
    this.figure = figure;
    this.text = byTestId(root, "signal-here");
    this.made = byTestId(root, "score-parts");
    this.bars = /** @type {NodeListOf<HTMLElement>} */ (this.made.querySelectorAll("i"));
    this.small = find(this.made, "small");
  }

  /** @param {number | null} row */
  show(row) {
    const { detection, view, lanes } = this.figure;
    lanes.showValues(row);
    setText(this.text, row === null ? words.rowsInView(detection, view) : words.rowText(detection, row));
    this.made.hidden = !detection.terms;
    if (!detection.terms) return;
    const parts = words.scoreParts(detection, row ?? detection.peak);
    for (const [n, bar] of this.bars.entries()) bar.style.width = `${100 * (parts?.shares[n] ?? 0)}%`;
    const which = row === null ? "Largest error: " : "";
    setText(this.small, parts ? `${which}${parts.text}` : "not scored");
  }
}
