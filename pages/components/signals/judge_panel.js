// @ts-check
// The panel in which a stretch is judged: by one key, by buttons, by rows that are typed; what follows, at once; and
// what was judged, as a table.
import { byTestId, find, make, setText } from "../figure/dom.js";
import { hasModifier } from "../figure/keys.js";
import { whole } from "../math/numbers.js";
import { changeWords, propose, tally, tallyWords } from "./judgement.js";
import { PressedButtons } from "./pressed_buttons.js";
import { JUDGE } from "./words.js";

const LISTED = 100; // events: who has more exports them
const SOON = 30; // ms: what was judged is kept here, and seen, before Python is told
const VERDICTS = /** @type {const} */ ({ n: "normal", l: "look again", f: "fault" });

export class JudgePanel {
  /** what is listed, so that nothing is built twice */
  #listed = "";
  /** the rows whose name and comment stand in the fields */
  #shown = "";
  /** whether the next drag on the lanes marks rows */
  isMarking = false;
  /** @type {import("./judgement.js").Proposal | null} */
  proposal = null;

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} box */
  constructor(figure, box) {
    this.figure = figure;
    this.box = box;
    const part = (name) => byTestId(box, `judge-${name}`);
    this.title = part("title");
    this.tally = part("tally");
    this.words = part("proposal");
    this.list = part("list");
    this.count = part("count");
    /** @type {HTMLInputElement} */
    this.name = part("name");
    /** @type {HTMLInputElement} */
    this.comment = part("comment");
    /** @type {HTMLInputElement} */
    this.from = part("from");
    /** @type {HTMLInputElement} */
    this.to = part("to");
    /** @type {HTMLButtonElement} */
    this.mark = part("mark");
    /** @type {HTMLButtonElement} */
    this.undoing = part("undo");
    /** @type {HTMLButtonElement} */
    this.dropping = part("drop");
    /** @type {HTMLButtonElement} */
    this.using = part("use");
    this.verdicts = new PressedButtons(box, "verdict", (verdict) => this.answer(verdict));
    this.mark.onclick = () => this.toggleMarking();
    this.undoing.onclick = () => this.undo();
    this.dropping.onclick = () => this.drop(this.event()?.id);
    this.using.onclick = () => this.#use();
    for (const field of [this.name, this.comment]) field.onchange = () => this.#rename();
    for (const field of [this.from, this.to]) field.onchange = () => this.#type();
    this.list.onclick = (event) => this.#onList(event);
    figure.root.onkeydown = (event) => this.#onKey(event);
  }

  /** The rows that are judged: of what is chosen, or of what was said of them. @returns {[number, number] | null} */
  rows() {
    const marked = this.figure.marked();
    const event = marked && this.figure.judged.at(...marked);
    return event && this.figure.chosenStretch() ? [event.start, event.end] : marked;
  }

  /** What was said of them. */
  event() {
    const rows = this.rows();
    return rows && this.figure.judged.at(...rows);
  }

  /**
   * @param {import("../types").SignalsEvent["verdict"]} verdict
   * @param {() => void} goOn what comes with it before it is drawn
   */
  answer(verdict, goOn = () => {}) {
    const { figure } = this;
    const rows = this.rows();
    if (!rows || !figure.judged.canJudge) return;
    figure.judged.put(rows, verdict, this.name.value.trim(), this.comment.value.trim());
    goOn();
    this.#changed();
  }

  #rename() {
    const event = this.event();
    if (event) this.answer(event.verdict);
  }

  /** @param {string | undefined} id */
  drop(id) {
    if (!id) return;
    this.figure.judged.drop(id);
    this.undoing.disabled = false;
    this.undoing.focus({ preventScroll: true }); // what was pressed goes
    this.#changed();
  }

  undo() {
    if (this.figure.judged.undo()) this.#changed();
  }

  #changed() {
    this.#shown = "";
    this.figure.redraw("judged");
    this.figure.send(SOON, "acts");
  }

  toggleMarking(on = !this.isMarking) {
    this.isMarking = on;
    this.mark.setAttribute("aria-pressed", String(on));
    this.figure.root.classList.toggle("lx-marking", on);
    // On a phone they lie a screen above the button, and a finger would have to find its way past them.
    if (on) this.figure.lanes.front.scrollIntoView({ block: "nearest" });
  }

  #type() {
    const { figure } = this;
    const { rows } = figure.detection;
    const first = Math.min(Math.max(0, Math.round(Number(this.from.value))), rows - 1);
    const last = Math.min(Math.max(first, Math.round(Number(this.to.value))), rows - 1);
    figure.chooseRows(first, last + 1);
  }

  #use() {
    const { figure, proposal } = this;
    if (!proposal) return;
    figure.chosenAt = Date.now(); // a press, to which Back leads, also where the amount alone changes
    figure.rule = proposal.rule;
    figure.setAmount(proposal.amount);
    figure.send(0, "threshold");
    figure.table.box.focus({ preventScroll: true }); // the button goes: the keys go on
  }

  #onList(event) {
    const button = /** @type {HTMLButtonElement | null} */ (event.target.closest("button"));
    const id = button?.closest("tr")?.dataset.id;
    const judged = this.figure.judged.events.find((each) => each.id === id);
    if (!judged) return;
    if (button.dataset.do === "drop") this.drop(id);
    else this.figure.chooseRows(judged.start, judged.end, true);
  }

  #onKey(event) {
    const { figure } = this;
    const { target } = event;
    const writes = target instanceof HTMLInputElement && !["range", "checkbox"].includes(target.type);
    if (writes || !figure.judged.canJudge) return;
    const key = event.key.toLowerCase();
    const undoes = key === "u" || (key === "z" && (event.ctrlKey || event.metaKey));
    if (hasModifier(event) && !undoes) return;
    if (undoes) this.undo();
    else if (key === "m") this.toggleMarking();
    else if (key in VERDICTS) {
      const inTable = figure.table.box.contains(target);
      if (inTable) figure.table.choose();
      this.answer(VERDICTS[key], () => inTable && figure.table.next()); // in one frame
      figure.send(SOON, "look");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- what is shown ----

  show() {
    const { figure, box } = this;
    const { judged, detection } = figure;
    box.hidden = !judged.canJudge || !detection.scored;
    if (box.hidden) return;
    const rows = this.rows();
    const event = this.event();
    const { times } = detection;
    setText(this.title, rows ? `${times.text(rows[0])} … ${times.text(rows[1] - 1)}` : JUDGE.nothing);
    this.verdicts.mark(event?.verdict ?? "");
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (box.querySelectorAll("[data-verdict]")))
      button.disabled = !rows;
    this.undoing.disabled = !judged.canUndo;
    this.dropping.disabled = !event;
    const shown = JSON.stringify([rows, event]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      if (event || !this.#isWriting()) {
        this.name.value = event?.name ?? "";
        this.comment.value = event?.comment ?? "";
      }
      this.#fillIn(this.from, rows ? String(rows[0]) : "");
      this.#fillIn(this.to, rows ? String(rows[1] - 1) : "");
    }
    this.follow();
    this.#fill();
  }

  #isWriting() {
    return this.box.contains(this.#active());
  }

  #active() {
    return /** @type {ShadowRoot} */ (this.box.getRootNode()).activeElement;
  }

  /** Show a row, but not in place of one that is being typed. @param {HTMLInputElement} field @param {string} row */
  #fillIn(field, row) {
    const isTyped = field === this.#active() && field.value !== (field.dataset.lxShown ?? "");
    field.dataset.lxShown = row;
    if (!isTyped) field.value = row;
  }

  /** What follows from what was judged, for the threshold that holds. */
  follow() {
    const { figure } = this;
    const { judged, detection, stretches, rule, amount } = figure;
    const { least, merge } = figure.data;
    const { events } = judged;
    if (!events.length) {
      setText(this.tally, JUDGE.first);
      setText(this.words, "");
      this.using.hidden = true;
      return;
    }
    setText(this.tally, tallyWords(tally(stretches, events, detection.rows, detection.window)));
    if (figure.isBusy()) return; // as soon as the hand rests
    const proposal = propose(detection, events, { rule, amount, least, merge, stretches });
    this.proposal = proposal;
    const stays = proposal.rule === rule && proposal.amount === amount;
    const then = stays ? "" : ` ${changeWords(proposal.change)} ${JUDGE.afterwards} ${tallyWords(proposal.tally)}`;
    setText(this.words, `${JUDGE.proposed} ${proposal.rule}:${proposal.amount}: ${proposal.why}${then}`);
    this.using.hidden = stays;
  }

  #fill() {
    const { events } = this.figure.judged;
    const key = JSON.stringify(events);
    if (key === this.#listed) return;
    this.#listed = key;
    const { times } = this.figure.detection;
    const counts = Object.values(VERDICTS).map(
      (verdict) => `${whole(events.filter((each) => each.verdict === verdict).length)} ${verdict}`,
    );
    setText(this.count, events.length ? `${JUDGE.judged}: ${counts.join(", ")}` : JUDGE.none);
    const lines = events.slice(-LISTED).map(({ id, start, end, verdict, name, comment }) => {
      const when = `${times.text(start)} … ${times.text(end - 1)}`;
      const go = make("button", { type: "button", class: "lx-button", "data-do": "show" }, when);
      const away = make("button", { type: "button", class: "lx-button", "data-do": "drop", title: JUDGE.away }, "×");
      away.setAttribute("aria-label", `${JUDGE.away}: ${verdict}, ${when}`);
      const cells = [make("i", { class: "lx-verdict", "data-said": verdict }), verdict];
      const texts = [make("td", {}, ...cells), make("td", {}, go), make("td", {}, name), make("td", {}, comment)];
      return make("tr", { "data-id": id }, ...texts, make("td", {}, away));
    });
    find(this.list, "tbody").replaceChildren(...lines);
    this.list.hidden = !lines.length;
  }
}
