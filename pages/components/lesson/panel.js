// @ts-check
// The panel: one step at a time, a guess before its answer, a task with its score. What it shows and where somebody is
// stays in the browser; Python is asked for a lesson's words, and for another page.
import { awaitLink, isThere, openLink } from "../address/view.js";
import { writeLink } from "../address/writer.js";
import { SampleView } from "../canvas/sample.js";
import { readTheme } from "../canvas/theme.js";
import { byTestId, find, make, setText } from "../figure/dom.js";
import { models } from "../runtime/store.js";
import { fits, isRight, verdictText } from "./answers.js";
import { lessonOf } from "./fragment.js";
import { guessOf } from "./guesses.js";
import { JUDGES } from "./judges.js";
import { Menu } from "./menu.js";
import { move, stopMoving } from "./moves.js";
import { onStart } from "./opening.js";
import { Pictures } from "./pictures.js";
import { keepOpen, keepProgress, keyOf, openLesson, progressOf } from "./progress.js";
import { Sheet } from "./sheet.js";
import { sheetOf } from "./sheet_link.js";
import { bringIntoSight, limitFigure } from "./sight.js";
import { nodesOf } from "./text.js";
import * as words from "./words.js";

/** @typedef {import("../types").LessonStep} Step */
/** @typedef {import("./progress.js").Wanted} Wanted */
/** @typedef {import("./progress.js").Answer} Answer */

const LOOK = 400; // ms after which a task is judged even where no figure has drawn
const KEEP = 500; // ms after which a score is kept

/** The page that the address names. */
const pageNow = () => location.pathname.split("/").pop() || "explore";

const PRESENT = /present=1/;

export class Panel {
  /** @type {HTMLElement} */ root;
  /** @type {import("../types").LessonData} */ data;
  /** @type {Wanted | null} the lesson that is open, or was */ wanted = null;
  isOpen = false;
  /** @type {import("./progress.js").Progress} */ progress = { step: 0, answers: {} };
  pictures = new Pictures();
  /** @type {(name: string, value: any) => void} */ #setTriggerValue;
  /** @type {import("./guesses.js").Guess | null} */ #guess = null;
  /** what was built: lesson and step */
  #built = "";
  /** whether the page has yet to go to the step's place */
  #goes = false;
  /** whether the step was answered, or a score bettered, since it was opened */
  #changed = false;
  #asked = "";
  #alert = "";
  /** @type {import("./sheet_link.js").Handed | null} a link's sheet */ #theirs = null;
  /** @type {Menu} */ #menu;
  #signature = "";
  #looked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #keeping;
  /** @type {SampleView | null} */ #target = null;

  constructor() {
    this.#begin();
    onStart(() => this.start());
    document.addEventListener(
      "pointerdown",
      ({ target }) => this.root?.contains(/** @type {Node} */ (target)) || stopMoving(),
      true,
    );
    requestAnimationFrame((now) => this.#frame(now));
  }

  /** What the address asks for, else what was open in this tab. */
  #begin() {
    const [lesson, sheet] = [lessonOf(location.hash), sheetOf(location.hash)];
    const name = new URLSearchParams(location.search).get("lesson") ?? "";
    if (lesson !== undefined || sheet !== undefined)
      history.replaceState(history.state, "", location.pathname + location.search);
    if (lesson === null) this.#alert = words.NOT_FILE;
    const known = openLesson();
    this.isOpen = !!(lesson || name || known?.open) || lesson === null;
    this.wanted = lesson ? { name: "", text: lesson } : name ? { name, text: "" } : (known?.wanted ?? null);
    this.#goes = !!lesson || !!name;
    if (sheet !== undefined) this.#takeSheet(sheet);
    if (this.wanted) keepOpen(this.wanted, this.isOpen);
  }

  /** Somebody's sheet that a link brought. @param {import("./sheet_link.js").Handed | null} sheet */
  #takeSheet(sheet) {
    this.#theirs = sheet;
    if (sheet) this.wanted = sheet.wanted;
    else [this.#alert, this.isOpen] = [words.NOT_SHEET, true];
    this.#goes = false;
  }

  // ---- with Python ----

  /**
   * @param {{data: import("../types").LessonData, parentElement: HTMLElement,
   *   setTriggerValue: (name: string, value: any) => void}} component
   */
  receive({ data, parentElement, setTriggerValue }) {
    const root = find(parentElement, ".lx-lesson");
    this.data = data;
    this.#setTriggerValue = setTriggerValue;
    if (root !== this.root) {
      this.root = root;
      this.#built = "";
      this.#attach();
    }
    if (data.error && data.of === this.key) this.#alert = data.error;
    this.show();
  }

  /** The lesson that is open, once Python has read it. */
  get lesson() {
    return this.wanted && this.data?.of === keyOf(this.wanted) ? this.data.lesson : null;
  }

  get key() {
    return this.wanted ? keyOf(this.wanted) : "";
  }

  /** @returns {Step | undefined} */
  get step() {
    return this.lesson?.steps[this.progress.step];
  }

  #ask() {
    const key = this.key;
    if (!this.wanted || this.data.of === key || this.#asked === key) return;
    this.#asked = key;
    this.#setTriggerValue("want", { ...this.wanted, key });
  }

  // ---- open and closed ----

  /** Open what was left, else the page's own lesson. */
  start() {
    if (this.isOpen) return find(this.root, "h2").focus();
    const own = this.data?.shipped.find(({ pages }) => pages.includes(pageNow())) ?? this.data?.shipped[0];
    this.open(this.wanted ?? { name: own?.name ?? "", text: "" });
  }

  /** @param {Wanted} wanted */
  open(wanted) {
    this.wanted = wanted;
    this.isOpen = this.#goes = true;
    this.#built = this.#asked = this.#alert = "";
    keepOpen(wanted, true);
    this.show();
  }

  leave() {
    stopMoving();
    this.isOpen = false;
    if (this.wanted) keepOpen(this.wanted, false);
    writeLink({ lesson: "" });
    this.show();
    byTestId(document, "lesson-start")?.focus();
  }

  /** @param {string} sentence what is wrong */
  warn(sentence) {
    this.#alert = sentence;
    this.show();
  }

  // ---- what is shown ----

  #attach() {
    const on = (id, act) => {
      byTestId(this.root, id).onclick = act;
    };
    this.#menu = new Menu(this);
    on("lesson-leave", () => this.leave());
    on("lesson-back", () => this.go(this.progress.step - 1));
    on("lesson-next", () => this.next());
    const fold = byTestId(this.root, "lesson-fold");
    fold.onclick = () => {
      const folded = this.root.classList.toggle("lx-folded");
      fold.setAttribute("aria-expanded", String(!folded));
      fold.setAttribute("aria-label", folded ? "Unfold the lesson" : "Fold the lesson");
    };
  }

  show() {
    if (!this.root) return;
    const { root } = this;
    if (this.isOpen || this.#theirs) this.#ask();
    root.hidden = !this.isOpen;
    if (this.isOpen) document.documentElement.dataset.lxLesson = "open";
    else delete document.documentElement.dataset.lxLesson;
    const alert = byTestId(root, "lesson-alert");
    alert.hidden = !this.#alert;
    setText(alert, this.#alert);
    if (this.#theirs && this.lesson) this.#showTheirs();
    this.#menu.show(!this.lesson && !!this.#alert);
    find(root, ".lx-step").hidden = find(root, "footer").hidden = !this.lesson;
    if (!this.isOpen || !this.lesson) setText(find(root, ".lx-name"), words.START);
    else this.#showStep();
    limitFigure(this.isOpen ? this.step : undefined, !!this.progress.answers[this.progress.step]?.guess);
  }

  #showStep() {
    if (!this.#built.startsWith(`${this.key}:`)) {
      this.progress = progressOf(this.key);
      this.progress.step = Math.min(this.progress.step, this.lesson.steps.length - 1);
    }
    const now = `${this.key}:${this.progress.step}`;
    if (now === this.#built) return this.#guess?.theme?.();
    this.#built = now;
    this.#build();
    if (this.#goes) this.#goThere();
    this.#goes = false;
    bringIntoSight(this.step.see);
  }

  #build() {
    const { root, lesson, step, progress } = this;
    const n = progress.step;
    const last = n === lesson.steps.length - 1;
    root.dataset.step = String(n + 1);
    root.dataset.kind = step.task || step.guess || "look";
    setText(find(root, ".lx-name"), `${lesson.title}`);
    setText(find(root, ".lx-count"), words.stepOf(n + 1, lesson.steps.length));
    setText(find(root, "h2"), step.title);
    find(root, ".lx-text").replaceChildren(...nodesOf(step.text));
    find(root, "progress").value = (n + 1) / lesson.steps.length;
    byTestId(root, "lesson-back").disabled = n === 0;
    byTestId(root, "lesson-next").textContent = last ? words.SHEET_TITLE : "Next";
    const known = progress.answers[n];
    this.#guess = step.guess ? guessOf(step, (guess) => this.#commit(guess)) : null;
    find(root, ".lx-takes").replaceChildren(...(this.#guess ? [this.#guess.element] : []));
    find(root, ".lx-task").hidden = !step.task;
    this.#target = null;
    find(root, ".lx-task figure").hidden = !JUDGES[step.task]?.target;
    this.#signature = "";
    this.#changed = false;
    const score = byTestId(root, "lesson-score");
    score.textContent = known?.said ? words.scoreWords(known.said, known.said) : "";
    find(root, ".lx-now").textContent = "";
    this.#verdict();
    if (known?.guess && fits(step, known.guess)) this.#guess?.answer(known.guess);
    find(root, ".lx-step").scrollTop = 0;
  }

  /** What is said of the answer, where there is one. */
  #verdict() {
    const { root, step, progress } = this;
    const answer = progress.answers[progress.step];
    const place = byTestId(root, "lesson-verdict");
    const given = step.guess ? !!answer?.guess : step.task ? !!answer?.right : false;
    root.dataset.verdict = given ? (answer.right ? "right" : "wrong") : "";
    const next = byTestId(root, "lesson-next");
    next.classList.toggle("lx-strong", given || (!step.guess && !step.task));
    if (!given) return place.replaceChildren();
    const said = step.guess ? verdictText(step, answer.guess ?? []) : words.DONE;
    if (place.firstElementChild?.textContent === said) return;
    place.replaceChildren(make("b", {}, said), make("span", {}, ...nodesOf(step.why)));
    place.scrollIntoView({ block: "nearest" });
  }

  /** @param {number[]} guess */
  #commit(guess) {
    const { step, progress } = this;
    if (progress.answers[progress.step]?.guess) return;
    progress.answers[progress.step] = { guess, right: isRight(step, guess) };
    keepProgress(this.key, progress);
    this.#changed = true;
    limitFigure(step, true);
    this.#guess.answer(guess);
    this.#verdict();
    byTestId(this.root, "lesson-next").focus({ preventScroll: true });
    if (step.shows) bringIntoSight(step.shows, true);
    move(/** @type {[string, number[]][]} */ (step.moves));
  }

  // ---- from step to step ----

  next() {
    const { lesson, progress } = this;
    if (progress.step < lesson.steps.length - 1) return this.go(progress.step + 1);
    this.openSheet();
  }

  /** @param {number} n */
  go(n) {
    const { lesson, progress } = this;
    if (!lesson || n < 0 || n >= lesson.steps.length) return;
    stopMoving();
    this.#takePicture();
    const before = this.step;
    progress.step = n;
    keepProgress(this.key, progress);
    this.#goes = this.step.page !== pageNow() || this.step.link !== before.link;
    this.show();
    find(this.root, "h2").focus({ preventScroll: true });
  }

  again() {
    this.progress = { step: 0, answers: {} };
    this.pictures.forget(this.key);
    keepProgress(this.key, this.progress);
    this.open(/** @type {Wanted} */ (this.wanted));
  }

  /** To the page and the state that the step is about. */
  #goThere() {
    const { page, link } = this.step;
    const search = [link, PRESENT.exec(location.search)?.[0]].filter(Boolean).join("&"); // a class stays one
    if (page !== pageNow()) {
      if (link) awaitLink();
      this.#setTriggerValue("go", { page, link: search });
    } else if (link) openLink(`?${search}`);
  }

  /** The figure as it is; a step that was only looked at again keeps the picture of its answer. */
  #takePicture() {
    const { step, progress } = this;
    if (step.page === pageNow())
      this.pictures.take(this.key, progress.step, this.#changed || !(step.guess || step.task));
  }

  // ---- tasks ----

  /** @param {number} now ms */
  #frame(now) {
    requestAnimationFrame((next) => this.#frame(next));
    if (!this.isOpen || !this.step?.task || !this.root?.isConnected) return;
    let signature = "";
    for (const each of document.querySelectorAll("[data-lx-revision]"))
      signature += `${/** @type {HTMLElement} */ (each).dataset.lxRevision} `;
    if (signature === this.#signature && now - this.#looked < LOOK) return;
    this.#signature = signature;
    this.#looked = now;
    this.#judge();
  }

  #judge() {
    const { root, step, progress } = this;
    const judge = JUDGES[step.task];
    const verdict = pageNow() === step.page && isThere() ? judge.look(step) : null;
    this.#showTarget(judge);
    const place = find(root, ".lx-now");
    const score = byTestId(root, "lesson-score");
    const known = progress.answers[progress.step];
    if (!verdict) return setText(place, words.COMING);
    setText(place, verdict.hint && verdict.hint !== verdict.said ? verdict.hint : "");
    const better = known?.score === undefined || judge.better * (verdict.score - known.score) > 0;
    if (Number.isFinite(verdict.score) && (better || (verdict.done && !known?.right))) {
      const right = verdict.done || !!known?.right;
      progress.answers[progress.step] = { score: verdict.score, said: verdict.said, right };
      this.#changed = true;
      clearTimeout(this.#keeping);
      this.#keeping = setTimeout(() => keepProgress(this.key, this.progress), KEEP);
      if (right !== known?.right) this.#verdict();
    }
    setText(score, words.scoreWords(verdict.said, progress.answers[progress.step]?.said ?? ""));
  }

  /** @param {import("./judges.js").Judge} judge */
  #showTarget(judge) {
    if (this.#target || !judge.target) return;
    const values = judge.target(this.step);
    const model = models.get(this.step.given.model ?? "mnist-vae-20d");
    if (!values || !model) return;
    this.#target = new SampleView(byTestId(this.root, "lesson-target"), model);
    this.#target.show(values, { range: model.range ?? [0, 1], theme: readTheme(this.root) });
  }

  // ---- the sheet ----

  openSheet() {
    if (!this.lesson) return;
    this.#takePicture();
    new Sheet(
      this.lesson,
      /** @type {Wanted} */ (this.wanted),
      this.progress.answers,
      this.pictures.of(this.key),
    ).open();
  }

  #showTheirs() {
    const { wanted, answers, pictures, by, on } = /** @type {import("./sheet_link.js").Handed} */ (this.#theirs);
    this.#theirs = null;
    new Sheet(/** @type {any} */ (this.lesson), wanted, answers, pictures, { by, on }).open();
  }
}
