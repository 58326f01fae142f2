// @ts-check
// Any variant: what becomes of a sample, next to the plain autoencoder and PCA.
import { PCA } from "../canvas/colours.js";
import { make } from "../figure/dom.js";
import { plural } from "../math/numbers.js";
import { VariantFigure } from "./figure.js";

export class Reconstruct extends VariantFigure {
  /** @type {import("./tile.js").Tile[]} PCA's, where it is wanted */
  others = [];

  parts() {
    const stage = make("div", { class: "lx-stage" }, this.inputTile(), ...this.outputTiles());
    this.others = [];
    if (!this.pca) return [stage];
    const tile = this.tile("pca", "PCA", { small: plural(this.pca.count, "component"), colour: PCA });
    this.others = [tile];
    stage.append(tile.element);
    return [stage];
  }

  draw() {
    const x = this.x();
    for (const tile of this.others) tile.show(this.reconstructByPca(x), x);
    this.showOutputs(x, x, this.others);
  }
}
