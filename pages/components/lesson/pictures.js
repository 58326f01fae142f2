// @ts-check
// The figures as they were when a step was left, small: for the sheet, in this browser alone, so that a lesson that is
// taken up again another day has them still.
import { drawPicture, figuresOf } from "../figure/picture.js";

const WIDTH = 640; // px
const STORE = "latent-explorer-lesson-pictures";
const MOST_LESSONS = 4; // whose pictures are kept, some 500 kB each: those of the oldest go

/** What a picture of the sheet is; its type and data. */
export const PICTURE = /^data:image\/(webp|jpeg);base64,([\w+/]+=*)$/;

export class Pictures {
  /** @type {Record<string, Record<number, string>>} by lesson and step */
  #all = {};

  constructor() {
    try {
      this.#all = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    } catch {
      // none are kept
    }
  }

  /** @param {string} key of the lesson @param {number} step @param {boolean} anew also where there is one */
  take(key, step, anew) {
    const figures = figuresOf();
    if (!figures.length || (!anew && this.#all[key]?.[step])) return;
    const whole = drawPicture(figures);
    const small = document.createElement("canvas");
    small.width = WIDTH;
    small.height = Math.max(1, Math.round((WIDTH * whole.height) / whole.width));
    small.getContext("2d").drawImage(whole, 0, 0, small.width, small.height);
    this.#keep(key, { ...this.#all[key], [step]: small.toDataURL("image/jpeg", 0.8) });
  }

  /** @param {string} key of a lesson that is begun again */
  forget(key) {
    this.#keep(key, {});
  }

  /** @param {string} key @param {Record<number, string>} pictures */
  #keep(key, pictures) {
    const { [key]: _, ...others } = this.#all;
    const newest = Object.entries(others).slice(-MOST_LESSONS + 1);
    this.#all = { ...Object.fromEntries(newest), [key]: pictures };
    try {
      localStorage.setItem(STORE, JSON.stringify(this.#all));
    } catch {
      // for as long as the page is open, then
    }
  }

  /** @param {string} key */
  of(key) {
    return this.#all[key] ?? {};
  }
}
