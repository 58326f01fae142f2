// @ts-check
// Denoising: noise on the input, the clean one asked back.
import { NEUTRAL } from "../canvas/colours.js";
import { make } from "../figure/dom.js";
import { Corruption } from "../math/noise.js";
import { addReseed, addSegments, addSlider } from "./controls.js";
import { VariantFigure } from "./figure.js";
import * as words from "./words.js";

export class Denoise extends VariantFigure {
  corruption = new Corruption();
  /** @type {import("./tile.js").Tile} */ corrupted;

  parts() {
    const tools = [
      addSegments(this, "kind", "What disturbs the input", words.CORRUPTIONS),
      addSlider(this, "amount", "amount", { low: 0, high: 1 }),
      addReseed(this, words.RESEED),
    ];
    const input = this.inputTile(words.CLEAN);
    this.corrupted = this.tile("seen", words.CORRUPTED, { colour: NEUTRAL });
    return [
      make("div", { class: "lx-tools" }, ...tools),
      make("div", { class: "lx-stage" }, input, this.corrupted.element, ...this.outputTiles()),
    ];
  }

  draw() {
    const x = this.x();
    const { kind, amount, seed } = this.view;
    // Black and white are the ends of the data's range; of signals without one, the ends of these samples'.
    const range = this.model.range ?? this.samples.limits ?? [0, 1];
    const corrupted = this.corruption.apply(x, { kind, amount, seed }, range);
    this.corrupted.show(corrupted, x);
    this.showOutputs(corrupted, x, [this.corrupted]);
  }
}
