// @ts-check
// What else there is: other lessons, a file of one's own, a link to share.
import { byTestId, find, make } from "../figure/dom.js";
import { copyText, keepFile } from "../figure/keep.js";
import { packed } from "./fragment.js";
import * as words from "./words.js";

export class Menu {
  /** @type {HTMLElement} */ list;
  /** @type {HTMLInputElement} kept until it has answered */ input;

  /** @param {import("./panel.js").Panel} panel */
  constructor(panel) {
    const { root } = panel;
    this.panel = panel;
    this.list = find(root, ".lx-list");
    /** @type {HTMLButtonElement} */
    this.button = byTestId(root, "lesson-menu");
    this.button.onclick = () => this.#unfold(this.list.hidden === true);
    const on = (id, act) => {
      byTestId(root, id).onclick = act;
    };
    on("lesson-open", () => this.#choose());
    on("lesson-share", () => this.#share());
    on("lesson-save", () =>
      keepFile(`${panel.lesson?.title ?? "lesson"}.md`, panel.lesson?.text ?? "", "text/markdown"),
    );
    on("lesson-sheet", () => panel.openSheet());
    on("lesson-again", () => {
      panel.again();
      this.#unfold(false);
    });
  }

  /** A file of the person's own. What chooses it stands on no page: those have choosers of their own. */
  #choose() {
    this.input = make("input", { type: "file", accept: ".md,.txt,text/markdown,text/plain" });
    this.input.onchange = async () => {
      const [file] = this.input.files;
      if (!file) return;
      this.panel.open({ name: "", text: await file.text() });
      this.#unfold(false);
    };
    this.input.click();
  }

  /** @param {boolean} opens */
  #unfold(opens) {
    this.list.hidden = !opens;
    this.button.setAttribute("aria-expanded", String(opens));
  }

  /** The lessons that ship. @param {boolean} opens whether there is nothing else to show */
  show(opens) {
    const { panel } = this;
    const place = find(this.list, ".lx-others");
    const others = panel.data.shipped.map(({ name, title, about }) => {
      const button = make(
        "button",
        { type: "button", class: "lx-button", "data-lesson": name },
        title,
        make("small", {}, about),
      );
      button.onclick = () => {
        panel.open({ name, text: "" });
        this.#unfold(false);
      };
      return button;
    });
    if (place.childElementCount !== others.length) place.replaceChildren(...others);
    for (const id of ["lesson-share", "lesson-save", "lesson-sheet", "lesson-again"])
      byTestId(panel.root, id).hidden = !panel.lesson;
    if (opens) this.#unfold(true);
  }

  async #share() {
    const { wanted } = this.panel;
    const base = `${location.origin}${location.pathname.replace(/[^/]*$/, "")}`;
    const link = wanted?.text ? `${base}#lesson=${packed(wanted.text)}` : `${base}?lesson=${wanted?.name}`;
    await copyText(link);
    const button = byTestId(this.panel.root, "lesson-share");
    const before = button.textContent;
    button.textContent = words.COPIED;
    setTimeout(() => {
      button.textContent = before;
    }, 1500);
  }
}
