// @ts-check
// The figures as they were when a step was left, small: for the sheet, in this tab alone.
import { drawPicture, figuresOf } from "../figure/picture.js";

const WIDTH = 640; // px
const STORE = "latent-explorer-lesson-pictures";

export class Pictures {
  /** @type {Record<string, Record<number, string>>} by lesson and step */
  #all = {};

  constructor() {
    try {
      this.#all = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    } catch {
      // none are kept
    }
  }

  /** @param {string} key of the lesson @param {number} step */
  take(key, step) {
    const figures = figuresOf();
    if (!figures.length) return;
    const whole = drawPicture(figures);
    const small = document.createElement("canvas");
    small.width = WIDTH;
    small.height = Math.max(1, Math.round((WIDTH * whole.height) / whole.width));
    small.getContext("2d").drawImage(whole, 0, 0, small.width, small.height);
    this.#all[key] = { ...this.#all[key], [step]: small.toDataURL("image/jpeg", 0.8) };
    try {
      sessionStorage.setItem(STORE, JSON.stringify(this.#all));
    } catch {
      // for as long as the page is open, then
    }
  }

  /** @param {string} key */
  of(key) {
    return this.#all[key] ?? {};
  }
}
