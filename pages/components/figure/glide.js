// @ts-check
// A number, or several, that glide to where they are wanted instead of jumping there.

export class Glide {
  /** @param {number[]} from @param {number[]} to @param {number} lasts ms */
  constructor(from, to, lasts) {
    this.from = from;
    this.to = to;
    this.lasts = lasts;
    this.began = performance.now();
  }

  /** Where they are; fast first, then slower. @param {number} now ms @returns {{values: number[], done: boolean}} */
  at(now) {
    const part = Math.min(1, Math.max(0, (now - this.began) / this.lasts));
    if (part === 1) return { values: this.to, done: true };
    const eased = 1 - (1 - part) ** 3;
    return { values: this.from.map((value, i) => value + (this.to[i] - value) * eased), done: false };
  }
}
