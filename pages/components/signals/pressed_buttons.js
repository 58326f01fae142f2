// @ts-check
// A group of buttons of which one is pressed.

export class PressedButtons {
  #name;
  #buttons;

  /**
   * @param {HTMLElement} box @param {string} name of the data- attribute that says what a button stands for
   * @param {(value: any) => void} choose
   */
  constructor(box, name, choose) {
    this.#name = name;
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.#buttons = box.querySelectorAll(`[data-${name}]`);
    for (const button of this.#buttons) button.onclick = () => choose(button.dataset[name]);
  }

  /** @param {string} value */
  mark(value) {
    for (const button of this.#buttons)
      button.setAttribute("aria-pressed", String(button.dataset[this.#name] === value));
  }
}
