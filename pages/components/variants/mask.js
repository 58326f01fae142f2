// @ts-check
// Masked: patches masked by hand.
import { NEUTRAL } from "../canvas/colours.js";
import { make, setLabel } from "../figure/dom.js";
import { addButton, addReseed, attachHand } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { maskedCount, PatchGrid, withPatch } from "./patches.js";
import * as words from "./words.js";

export class Mask extends VariantFigure {
  /** @type {PatchGrid} */ grid;
  /** @type {ImageData} what is drawn where the picture is masked */
  hatch;
  /** @type {import("./tile.js").Tile} */ corrupted;
  /** the patch that the keys are at */
  cursor = 0;

  parts() {
    const { patch, share } = this.data;
    const [, height, width] = this.model.shape;
    const { grid } = Object.assign(this, { grid: new PatchGrid(height, width, patch), cursor: 0 });
    this.hatch = hatched(width, height);
    const set = (mask) => {
      this.view.mask = mask;
    };
    const random = () => set(grid.random(share, this.view.seed));
    const tools = [
      addReseed(this, words.maskAtRandom(share), random),
      addButton(this, words.MASK_HALF, () => set(grid.upperHalf())),
      addButton(this, words.MASK_NOTHING, () => set(grid.mask(() => false))),
      make("span", { class: "lx-quiet" }, words.MASK_HOW),
    ];
    const input = this.inputTile(words.INPUT);
    this.corrupted = this.tile("seen", words.CORRUPTED, { moved: true, colour: NEUTRAL });
    this.#attachHand(set);
    return [
      make("div", { class: "lx-tools" }, ...tools),
      make("div", { class: "lx-stage" }, input, this.corrupted.element, ...this.outputTiles()),
    ];
  }

  /** @param {(mask: string) => void} set */
  #attachHand(set) {
    const { grid } = this;
    const isMasked = (n) => this.view.mask[n] === "1";
    let masks = true; // what a stroke does
    attachHand(this, this.corrupted.canvas, {
      press: (u, v) => {
        masks = !isMasked(grid.at(u, v));
      },
      move: (u, v) => set(withPatch(this.view.mask, grid.at(u, v), masks)),
      nudge: (right, up) => {
        this.cursor = grid.beside(this.cursor, right, up);
      },
      act: () => set(withPatch(this.view.mask, this.cursor, !isMasked(this.cursor))),
    });
  }

  /** @param {any} wanted */
  start(wanted) {
    super.start(wanted);
    const { grid, view } = this;
    if (view.mask.length !== grid.count) view.mask = grid.random(this.data.share, view.seed);
  }

  draw() {
    const { grid, corrupted, cursor } = this;
    const { mask } = this.view;
    const x = this.x();
    const masked = grid.apply(x, mask);
    corrupted.show(masked);
    this.#drawMask();
    corrupted.note.textContent = `${maskedCount(mask)} of ${mask.length} patches masked`;
    const { row, column } = grid.placeOf(cursor);
    const place = `at row ${row + 1}, column ${column + 1}`;
    setLabel(
      corrupted.canvas,
      `Paint to mask patches; arrows move, space masks. ${corrupted.note.textContent}; ${place}`,
    );
    this.showOutputs(masked, x);
  }

  /** What is masked is hatched, so that it differs from what is black; and where the keys are. */
  #drawMask() {
    const { grid, cursor, hatch } = this;
    const { canvas } = this.corrupted;
    const { side } = grid;
    const ctx = canvas.getContext("2d");
    for (let n = 0; n < grid.count; n++) {
      const { row, column } = grid.placeOf(n);
      if (this.view.mask[n] === "1") ctx.putImageData(hatch, 0, 0, column * side, row * side, side, side);
    }
    if (!canvas.matches(":focus-visible")) return;
    const { row, column } = grid.placeOf(cursor);
    ctx.strokeStyle = this.theme.primary;
    ctx.lineWidth = 1;
    ctx.strokeRect(column * side + 0.5, row * side + 0.5, side - 1, side - 1);
  }
}

const LIGHT = [92, 97, 110, 255];
const DARK = [58, 62, 72, 255];

/** @param {number} width @param {number} height */
function hatched(width, height) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++)
    image.data.set(((i % width) + Math.floor(i / width)) % 4 ? DARK : LIGHT, 4 * i);
  return image;
}
