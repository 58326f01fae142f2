// @ts-check
// VQ-VAE: a picture as tokens.
import { offscreen } from "../canvas/context.js";
import { SampleView } from "../canvas/sample.js";
import { make, setLabel } from "../figure/dom.js";
import { addButton } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { applyEdits, partAround, withEdit } from "./token_edits.js";
import * as words from "./words.js";

export class Tokens extends VariantFigure {
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {HTMLButtonElement[]} */ places = [];
  /** @type {{button: HTMLButtonElement, small: HTMLCanvasElement, picture: SampleView}[]} a code each */
  book = [];
  title = make("p", { class: "lx-title" });
  /** @type {number[]} the input's own tokens */
  own = [];

  parts() {
    const input = this.inputTile();
    this.decoded = this.tile("decoded", words.FROM_TOKENS, { mine: true });
    this.#addPlaces();
    const book = make("div", { class: "lx-book", role: "group", "aria-label": "The codebook" });
    const most = Math.max(...this.data.usage, 1e-9);
    this.book = this.data.usage.map((share, code) => this.#codeOf(code, share, most));
    book.append(...this.book.map(({ button }) => button));
    const reset = () => {
      this.view.edits = "";
    };
    const tools = [
      addButton(this, words.OWN_TOKENS, reset, { "data-testid": "reset" }),
      make("span", { class: "lx-quiet" }, this.data.words),
    ];
    const column = make("div", { class: "lx-grow lx-column" }, this.title, book);
    return [
      make("div", { class: "lx-stage" }, input, this.decoded.element, column),
      make("div", { class: "lx-tools" }, ...tools),
    ];
  }

  /** The tokens over the picture; where they have no places, in a row below it. */
  #addPlaces() {
    const { grid } = this.model.codebook;
    const [down, across] = grid.length === 2 ? grid : [1, grid[0]];
    const { canvas } = this.decoded;
    const places = make("div", { class: "lx-places", role: "group", "aria-label": "Tokens" });
    places.style.setProperty("--lx-across", String(across));
    this.places = Array.from({ length: down * across }, (_, token) => {
      const button = make("button", { type: "button", class: "lx-token", "data-testid": "token" });
      button.onclick = () =>
        this.choose(() => {
          this.view.place = token;
        });
      return button;
    });
    places.append(...this.places);
    if (grid.length === 2) {
      const over = make("div", { class: "lx-over" });
      canvas.before(over);
      over.append(canvas, places);
    } else {
      places.classList.add("lx-in-a-row");
      canvas.after(places);
    }
  }

  /** @param {number} code @param {number} share of the tokens that take it @param {number} most of all shares */
  #codeOf(code, share, most) {
    const small = make("canvas", { "aria-hidden": true });
    const bar = make("i");
    bar.style.setProperty("--lx-part", String(share / most));
    const about = { "data-testid": "code", title: words.codeUsage(code, share) };
    const button = make("button", { type: "button", ...about }, small, bar, String(code));
    button.onclick = () =>
      this.choose(() => {
        this.view.edits = withEdit(this.view.edits, this.view.place, code, this.own);
      });
    return { button, small, picture: new SampleView(offscreen(), this.model) };
  }

  onSample() {
    this.view.edits = "";
  }

  draw() {
    const { codebook } = this.model;
    const { place, edits } = this.view;
    const x = this.x();
    // A code's own vectors are the nearest to themselves.
    this.own = Array.from(codebook.tokens(this.encode("variant", x)));
    const tokens = applyEdits(this.own, edits, codebook.codes);
    this.body.dataset.tokens = tokens.join(",");
    this.decoded.show(this.#decodeTokens(tokens), x);
    for (const [token, button] of this.places.entries()) {
      button.textContent = String(tokens[token]);
      button.setAttribute("aria-pressed", String(token === place));
      setLabel(button, `Token ${token + 1}: code ${tokens[token]}`);
      button.classList.toggle("lx-changed", tokens[token] !== this.own[token]);
    }
    this.title.textContent = words.otherCode(place + 1);
    for (const [code, { button }] of this.book.entries()) {
      button.setAttribute("aria-pressed", String(code === tokens[place]));
      this.background.add(() => this.#drawCode(code, tokens));
    }
  }

  /** @param {number[]} tokens */
  #decodeTokens(tokens) {
    return this.model.decode(this.model.codebook.fromTokens(tokens));
  }

  /** What would be at the chosen place with this code. @param {number} code @param {number[]} tokens */
  #drawCode(code, tokens) {
    const { picture, small } = this.book[code];
    const { shape, codebook } = this.model;
    const { place } = this.view;
    picture.show(this.#decodeTokens(tokens.with(place, code)), this.look());
    const [left, top, wide, tall] = partAround(place, codebook.grid, shape);
    small.width = wide;
    small.height = tall;
    small.getContext("2d").drawImage(picture.canvas, left, top, wide, tall, 0, 0, wide, tall);
  }
}
