// @ts-check
// Nested: the first latent dimensions, any number of them.
import { NETWORK, PCA } from "../canvas/colours.js";
import { make } from "../figure/dom.js";
import { addSlider } from "./controls.js";
import { VariantFigure } from "./figure.js";
import { drawBars } from "./tile.js";

export class Cut extends VariantFigure {
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {import("./tile.js").Tile} */ pcaTile;

  parts() {
    const most = this.model.k;
    const range = { low: 1, high: most, step: 1, format: (k) => `${k} of ${most}`, wide: true };
    const slider = addSlider(this, "k", "latent dimensions kept", range);
    const input = this.inputTile();
    this.decoded = this.tile("decoded", this.data.roles.variant.title, { mine: true, colour: NETWORK });
    this.pcaTile = this.tile("pca", "PCA", { colour: PCA });
    return [slider, make("div", { class: "lx-stage" }, input, this.decoded.element, this.pcaTile.element)];
  }

  draw() {
    const { k } = this.view;
    const x = this.x();
    const z = this.encode("variant", x).fill(0, k);
    this.markCode(z);
    this.decoded.show(this.decode("variant", z), x);
    this.pcaTile.show(this.reconstructByPca(x, k), x);
    drawBars([this.decoded, this.pcaTile]);
  }
}
