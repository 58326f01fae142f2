// @ts-check
// The flagged stretches: only the rows in sight are elements, and each element is used again.
import { rem } from "../canvas/context.js";
import { find, make, setText } from "../figure/dom.js";
import { hasModifier } from "../figure/keys.js";
import { number, percent, whole } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { largest } from "./detection.js";
import { PressedButtons } from "./pressed_buttons.js";
import { COLUMNS, NOTHING_FLAGGED, stretchTitle } from "./words.js";

const MAIN = 3; // channels of a stretch, where there is room

/** @typedef {import("./thresholds.js").Stretch} Stretch */
/** @typedef {ReturnType<typeof makeLine>} Line */

export class StretchTable {
  /** what they are sorted by */
  order = "peak";
  /** row that the keys are on */
  #at = -1;
  /** px, kept: to ask the page for it would lay the page out again */
  #scrolled = 0;
  #width = 0;
  #height = 0;
  /** px of the headings */
  #head = 0;
  /** px of a row */
  #rowHeight = 1;
  /** channels that are shown of each stretch */
  #shown = MAIN;
  /** @type {Stretch[]} */
  #sorted = [];
  /** @type {Line[]} */
  #lines = [];
  #id = `lx-${Math.random().toString(36).slice(2)}`;
  #none = make("p", { class: "lx-none" }, NOTHING_FLAGGED);

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} section */
  constructor(figure, section) {
    this.figure = figure;
    /** @type {HTMLElement} */
    this.box = find(section, ".lx-table");
    this.title = find(section, ".lx-title");
    /** @type {HTMLElement} */
    this.headings = find(section, ".lx-headings");
    /** @type {HTMLElement} */
    this.rows = find(section, ".lx-rows");
    for (const [name, text, title = ""] of COLUMNS)
      this.headings.append(make("span", { class: name, role: "columnheader", title }, text));
    this.orders = new PressedButtons(section, "order", (order) => {
      this.order = order;
      this.show();
      figure.send(0, "look");
    });
    this.box.onscroll = () => {
      this.#scrolled = this.box.scrollTop;
      this.#draw();
    };
    this.box.onkeydown = (event) => this.#onKey(event);
    this.rows.onclick = (event) => {
      const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".lx-row"));
      if (row) this.#pick(Number(row.dataset.n));
    };
  }

  measure() {
    this.#width = this.box.clientWidth;
    this.#height = this.box.clientHeight;
    this.#head = this.headings.offsetHeight;
  }

  #pick(n) {
    this.#at = n;
    this.figure.chooseStretch(this.#sorted[n], true);
  }

  /** Choose the row that the keys are on, where another one is chosen; Python hears of it with what is said next. */
  choose() {
    if (this.#at < 0) this.#at = Math.max(0, this.#sorted.indexOf(this.figure.chosenStretch()));
    const stretch = this.#sorted[this.#at];
    const { visited } = this.figure;
    if (stretch && (visited !== null || this.figure.chosenStretch() !== stretch))
      this.figure.chooseStretch(stretch, false, false);
  }

  /** The keys go on to the next row, which is chosen. */
  next() {
    if (this.#at + 1 >= this.#sorted.length) return;
    this.#goTo(this.#at + 1);
    this.choose();
  }

  #onKey(event) {
    const last = this.#sorted.length - 1;
    const at = this.#at;
    const page = Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
    const keys = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last };
    const picks = event.key === "Enter" || event.key === " ";
    if (hasModifier(event) || last < 0 || !(picks || event.key in keys)) return;
    event.preventDefault();
    if (!picks) this.#goTo(clamp(keys[event.key], 0, last));
    else if (at >= 0) this.#pick(at);
  }

  #goTo(n) {
    this.#at = n;
    const top = n * this.#rowHeight;
    const bottom = top + this.#rowHeight + this.#head;
    if (top < this.#scrolled) this.#scrolled = top;
    else if (bottom > this.#scrolled + this.#height) this.#scrolled = bottom - this.#height;
    this.box.scrollTop = this.#scrolled;
    this.#draw();
  }

  #sort() {
    const { stretches } = this.figure;
    this.#sorted = this.order === "start" ? stretches : [...stretches].sort((a, b) => b.peak - a.peak);
  }

  /** The keys stay on their stretch where others are flagged, or go on to the next one. @param {() => void} change */
  follow(change) {
    const left = this.#at < 0 ? [] : this.#sorted.slice(this.#at);
    change();
    this.#sort();
    this.#at = -1;
    for (const { start, end } of left) {
      this.#at = this.#sorted.findIndex((each) => each.start < end && each.end > start);
      if (this.#at >= 0) break;
    }
  }

  show() {
    const { figure, box } = this;
    const { stretches, narrow, detection } = figure;
    this.#sort();
    this.#rowHeight = (narrow ? 58 : 38) * rem;
    this.title.textContent = `${whole(stretches.length)} flagged ${stretches.length === 1 ? "stretch" : "stretches"}`;
    box.setAttribute("aria-rowcount", String(stretches.length + 1));
    this.orders.mark(this.order);
    const { known, fine } = detection.times;
    const when = (known ? (fine ? 124 : 106) : 72) * rem; // px of a time
    const left = this.#width - 2 * when - 190 * rem;
    this.#shown = narrow ? MAIN : clamp(Math.floor(left / 80 / rem), 1, MAIN);
    const columns = narrow
      ? "minmax(0, 1fr) 3.875rem 4.375rem"
      : `${when}px ${when}px 3.625rem 3.625rem minmax(0, 1fr)`;
    box.style.setProperty("--lx-columns", columns);
    box.style.setProperty("--lx-high", `${this.#rowHeight}px`);
    this.rows.style.height = `${this.#sorted.length * this.#rowHeight}px`;
    if (stretches.length) this.#none.remove();
    else if (!this.#none.isConnected) box.append(this.#none);
    this.#at = Math.min(this.#at, this.#sorted.length - 1);
    this.#draw();
  }

  #draw() {
    const { figure, box } = this;
    const chosen = figure.chosenStretch();
    const first = Math.max(0, Math.floor(this.#scrolled / this.#rowHeight) - 1);
    const shown = Math.min(this.#sorted.length - first, Math.ceil(this.#height / this.#rowHeight) + 2);
    while (this.#lines.length < shown) this.#lines.push(makeLine());
    const { judged } = figure;
    for (const [i, line] of this.#lines.entries()) {
      const { row } = line;
      if (i >= shown) {
        if (row.isConnected) row.remove();
        continue;
      }
      const n = first + i;
      const stretch = this.#sorted[n];
      if (!row.isConnected) this.rows.append(row);
      row.dataset.n = String(n);
      row.id = `${this.#id}-${n}`;
      row.style.transform = `translateY(${n * this.#rowHeight}px)`;
      row.setAttribute("aria-rowindex", String(n + 2));
      row.setAttribute("aria-selected", String(stretch === chosen));
      row.classList.toggle("lx-at", n === this.#at);
      line.cells[2].dataset.said = judged.at(...figure.toldOf(stretch))?.verdict ?? "";
      const kind = figure.kindOf(stretch);
      line.cells[3].dataset.kind = kind < 0 ? "" : figure.kinds.short(kind);
      line.cells[3].style.setProperty("--lx-kind", figure.kinds.colour(kind));
      if (line.stretch !== stretch || line.shown !== this.#shown) this.#fill(line, stretch);
    }
    if (this.#at >= 0) box.setAttribute("aria-activedescendant", `${this.#id}-${this.#at}`);
    else box.removeAttribute("aria-activedescendant");
  }

  /** @param {Line} line @param {Stretch} stretch */
  #fill(line, stretch) {
    const { figure } = this;
    const { times, names } = figure.detection;
    const { start, end, peak } = stretch;
    const [first, last] = figure.toldOf(stretch);
    line.stretch = stretch;
    line.shown = this.#shown;
    const texts = [times.text(first), times.text(last - 1), times.length(last - first), number(peak)];
    for (const [n, text] of texts.entries()) setText(line.texts[n], text);
    const above = figure.detection.namesRows ? [times.clock(start, first), times.clock(end - 1, last - 1)] : ["", ""];
    for (const [n, text] of above.entries()) setText(line.above[n], text && `above ${text}`);
    const main = largest(figure.sharesOf(stretch), MAIN);
    line.row.title = stretchTitle(figure.detection, { ...stretch, told: [first, last] }, main);
    for (const [n, { box, name, share, bar }] of line.channels.entries()) {
      box.hidden = n >= Math.min(main.length, this.#shown);
      if (box.hidden) continue;
      const [c, part] = main[n];
      name.textContent = box.title = names[c];
      share.textContent = percent(part);
      bar.style.setProperty("--lx-share", `${part * 100}%`);
    }
  }
}

function makeLine() {
  const texts = COLUMNS.slice(0, -1).map(() => make("span"));
  const above = [make("small"), make("small")]; // from when to when the score lies above the threshold
  const cells = COLUMNS.slice(0, -1).map(([name], n) =>
    make("span", { class: name, role: "gridcell" }, ...[texts[n], above[n]].filter(Boolean)),
  );
  const channels = Array.from({ length: MAIN }, () => {
    const [name, share, bar] = [make("em"), make("span"), make("i")];
    return { name, share, bar, box: make("span", {}, name, share, bar) };
  });
  const main = make("span", { class: "lx-blame", role: "gridcell" }, ...channels.map(({ box }) => box));
  const row = make("div", { class: "lx-row", role: "row" }, ...cells, main);
  return { texts, above, cells, channels, row, stretch: /** @type {Stretch | null} */ (null), shown: 0 };
}
