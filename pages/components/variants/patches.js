// @ts-check
// Which patches of a picture are masked: a character a patch, row by row, "1" masked and "0" not.
import { uniforms } from "../math/random.js";
import { clamp } from "../math/stats.js";

export class PatchGrid {
  /** @param {number} height @param {number} width @param {number} side of a patch, pixels */
  constructor(height, width, side) {
    this.height = height;
    this.width = width;
    this.side = side;
    this.down = Math.ceil(height / side);
    this.across = Math.ceil(width / side);
    this.count = this.down * this.across;
  }

  /** The patch at a place. @param {number} u @param {number} v shares of width and height, also beyond 0..1 */
  at(u, v) {
    const column = clamp(Math.floor((u * this.width) / this.side), 0, this.across - 1);
    const row = clamp(Math.floor((v * this.height) / this.side), 0, this.down - 1);
    return row * this.across + column;
  }

  /** The patch beside another; at an edge the same one. @param {number} n @param {number} right @param {number} up */
  beside(n, right, up) {
    const { row, column } = this.placeOf(n);
    return clamp(row - up, 0, this.down - 1) * this.across + clamp(column + right, 0, this.across - 1);
  }

  /** @param {number} n */
  placeOf(n) {
    return { row: Math.floor(n / this.across), column: n % this.across };
  }

  /** @param {(n: number) => boolean} masks */
  mask(masks) {
    return Array.from({ length: this.count }, (_, n) => (masks(n) ? "1" : "0")).join("");
  }

  upperHalf() {
    return this.mask((n) => n < this.across * Math.floor(this.down / 2));
  }

  /** A share of the patches, by chance. @param {number} share 0..1 @param {number} seed */
  random(share, seed) {
    const order = uniforms(seed, this.count);
    const limit = [...order].sort()[Math.round(share * this.count)] ?? 2; // above all of them
    return this.mask((n) => order[n] < limit);
  }

  /** x with 0 where it is masked. @param {Float32Array} x (channels · height · width) @param {string} mask */
  apply(x, mask) {
    const { width, height, side, across } = this;
    return x.map((value, i) => {
      const row = Math.floor((Math.floor(i / width) % height) / side);
      return mask[row * across + Math.floor((i % width) / side)] === "1" ? 0 : value;
    });
  }
}

/** A mask with one patch changed. @param {string} mask @param {number} n @param {boolean} on */
export function withPatch(mask, n, on) {
  return mask.slice(0, n) + (on ? "1" : "0") + mask.slice(n + 1);
}

/** How many patches are masked. @param {string} mask */
export function maskedCount(mask) {
  return mask.split("1").length - 1;
}
