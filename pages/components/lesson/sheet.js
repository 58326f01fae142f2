// @ts-check
// The sheet to hand in: each guess, each score, each figure as it was; to print, to keep, and as a link. Nothing of it
// goes to the server.
import { make } from "../figure/dom.js";
import { copyText, keepFile } from "../figure/keep.js";
import { answerText, fits } from "./answers.js";
import { PICTURE } from "./pictures.js";
import { sheetText, small } from "./sheet_link.js";
import { guessPlot } from "./sheet_plot.js";
import * as words from "./words.js";

/** @typedef {import("./progress.js").Answer} Answer */

const WIDE = 1.6; // a figure as wide as that stands below the words, a narrower one beside them

const STYLE = `
  body { font: 1rem/1.45 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
  ol { list-style: none; padding: 0; }
  li { break-inside: avoid; border-top: 1px solid #ccc; padding: .75rem 0; }
  h2 { font-size: 1.06rem; margin: 0; }
  p { margin: .2rem 0; }
  img { max-width: 100%; max-height: 16rem; }
`;

export class Sheet {
  /**
   * @param {import("../types").LessonText} lesson @param {import("./progress.js").Wanted} wanted
   * @param {Record<number, any>} answers @param {Record<number, string>} pictures
   * @param {{by?: string, on?: string}} [handed] whose it is, and of which day
   */
  constructor(lesson, wanted, answers, pictures, { by = "", on = "" } = {}) {
    this.lesson = lesson;
    this.wanted = wanted;
    this.answers = Object.fromEntries(lesson.steps.map((step, n) => [n, sound(step, answers[n])]));
    this.pictures = pictures;
    this.by = by;
    this.on = Number.isNaN(Date.parse(on)) ? new Date() : new Date(on);
  }

  open() {
    document.querySelector(".lx-handin")?.remove();
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const sheet = make("section", {
      class: "lx-handin",
      role: "dialog",
      "aria-modal": "true",
      "aria-label": words.SHEET_TITLE,
      "data-testid": "sheet",
    });
    const close = () => {
      sheet.remove();
      before?.focus();
    };
    const button = (text, id, act) => {
      const made = make("button", { type: "button", "data-testid": id }, text);
      made.onclick = act;
      return made;
    };
    const pictures = small(this.pictures); // by the time that somebody asks for the link
    const copy = button("Copy a link to it", "sheet-link", async () => {
      await copyText(this.#link(input.value, await pictures));
      copy.textContent = words.COPIED;
    });
    const input = make("input", { type: "text", maxlength: 80, "aria-label": words.NAME, autocomplete: "off" });
    input.value = this.by;
    const name = make("label", {}, `${words.NAME}:`, input);
    const body = this.#body();
    const nav = make(
      "nav",
      { "aria-label": words.SHEET_TITLE },
      button("Print", "sheet-print", () => print()),
      button("Save as a file", "sheet-save", () => this.#save(body, input.value)),
      copy,
      button("Close", "sheet-close", close),
    );
    sheet.append(make("div", {}, nav, name, body));
    sheet.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
    };
    document.body.append(sheet);
    /** @type {HTMLElement} */ (nav.firstElementChild).focus();
  }

  /** A link that shows it again. @param {string} by @param {Record<number, string>} pictures */
  #link(by, pictures) {
    const { wanted, answers } = this;
    const base = `${location.origin}${location.pathname.replace(/[^/]*$/, "")}`;
    return `${base}#${sheetText({ wanted, answers, pictures, by, on: this.on.toISOString().slice(0, 10) })}`;
  }

  #body() {
    const { lesson, answers, pictures } = this;
    const asked = lesson.steps.flatMap((step, n) => (step.guess || step.task ? [answers[n]] : []));
    const right = asked.filter((answer) => answer?.right).length;
    const rows = lesson.steps.map((step, n) => this.#row(step, n, answers[n], pictures[n]));
    return make(
      "div",
      {},
      make("h1", {}, lesson.title),
      make(
        "p",
        {},
        `${this.on.toLocaleDateString("en-GB", { dateStyle: "long" })} · ${words.total(right, asked.length)}`,
      ),
      make("ol", {}, ...rows),
    );
  }

  /**
   * @param {import("../types").LessonStep} step @param {number} n
   * @param {Answer | null} answer @param {string} [picture]
   */
  #row(step, n, answer, picture) {
    const about = make("div", {}, make("h2", {}, `${n + 1}. ${step.title}`), make("p", {}, plain(step.text)));
    const add = (label, text) => about.append(make("p", {}, make("b", {}, `${label}: `), text));
    if (step.guess) {
      add("My guess", answer?.guess ? answerText(step, answer.guess) : words.NO_ANSWER);
      add("It is", answerText(step, step.right));
      const plot = guessPlot(step, answer?.guess);
      if (plot) about.append(plot);
    } else if (step.task)
      add("My best", answer?.said ? `${answer.said}${answer.right ? ": done" : ""}` : words.NO_ANSWER);
    if (step.why) about.append(make("p", {}, plain(step.why)));
    const row = make("li", {}, about);
    if (!PICTURE.test(picture ?? "")) return row;
    const image = make("img", { src: picture, alt: `The figure of step ${n + 1}` });
    image.onerror = () => image.replaceWith(make("p", {}, words.CUT_OFF));
    image.onload = () => row.classList.toggle("lx-wide", image.naturalWidth > WIDE * image.naturalHeight);
    row.append(image);
    return row;
  }

  /** @param {HTMLElement} body @param {string} name */
  #save(body, name) {
    const page = document.implementation.createHTMLDocument(this.lesson.title);
    page.head.append(make("style", {}, STYLE));
    page.body.append(make("p", {}, `${words.NAME}: ${name}`), body.cloneNode(true));
    keepFile(`${this.lesson.title} ${name}.html`, `<!doctype html>${page.documentElement.outerHTML}`, "text/html");
  }
}

/** Without Markdown's signs. @param {string} text */
const plain = (text) => text.replace(/\*\*|\*|`/g, "");

/** An answer that a link brought, as far as it fits. @param {import("../types").LessonStep} step @param {any} answer */
function sound(step, answer) {
  if (!answer || typeof answer !== "object") return null;
  if (step.guess) return fits(step, answer.guess) ? { guess: answer.guess, right: !!answer.right } : null;
  if (!step.task || !Number.isFinite(answer.score)) return null;
  return { score: answer.score, said: String(answer.said ?? "").slice(0, 80), right: !!answer.right };
}
