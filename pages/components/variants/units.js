// @ts-check
// Sparse: which units are active, and what the strongest say.
import { difference, NEUTRAL } from "../canvas/colours.js";
import { clearedContext, sizeOf } from "../canvas/context.js";
import { SampleView } from "../canvas/sample.js";
import { make, setLabel } from "../figure/dom.js";
import { addSlider } from "./controls.js";
import { VariantFigure } from "./figure.js";
import * as words from "./words.js";

const SHOWN = 12; // units with pictures
const BARS = 160; // units with bars

export class Units extends VariantFigure {
  /** @type {import("./tile.js").Tile} */ decoded;
  /** @type {HTMLCanvasElement} */ bars;
  /** @type {HTMLElement} how many are active */
  active;
  /** @type {{canvas: HTMLCanvasElement, note: HTMLElement, picture: SampleView}[]} */ units = [];

  parts() {
    const { model } = this;
    this.bars = make("canvas", { "data-testid": "bars", role: "img" });
    this.sharp.push(this.bars);
    this.active = make("p", { class: "lx-title", "data-testid": "active" });
    const row = make("div", { class: "lx-row" });
    row.style.setProperty("--lx-count", String(SHOWN));
    this.units = Array.from({ length: Math.min(SHOWN, model.k) }, () => {
      const canvas = make("canvas", { role: "img", "data-testid": "unit" });
      const note = make("p");
      row.append(make("figure", {}, canvas, note));
      return { canvas, note, picture: new SampleView(canvas, model) };
    });
    const input = this.inputTile();
    this.decoded = this.tile("decoded", words.STRONGEST, { mine: true });
    const about = make("p", { class: "lx-quiet" }, words.unitBars(model.k));
    const plot = make("div", { class: "lx-plot lx-column" }, this.active, this.bars, about);
    const range = { low: 0, high: this.data.most, step: 1, format: (n) => `${n} strongest`, wide: true };
    return [
      addSlider(this, "n", "use only the", range),
      make("div", { class: "lx-stage" }, input, this.decoded.element, plot),
      make("p", { class: "lx-title" }, words.UNIT_PICTURES),
      row,
    ];
  }

  draw() {
    const { n } = this.view;
    const x = this.x();
    const z = this.encode("variant", x);
    const order = Array.from(z, (_, i) => i).sort((a, b) => z[b] - z[a]);
    const kept = new Float32Array(z.length);
    for (const i of order.slice(0, n)) kept[i] = z[i];
    this.markCode(kept);
    this.decoded.show(this.decode("variant", kept), x);
    const on = z.filter((value) => value > this.data.floor).length;
    this.active.textContent = `${on} of ${z.length} units active (${Math.round((100 * on) / z.length)} %)`;
    this.#drawBars(z, order);
    const zero = this.decode("variant", new Float32Array(z.length)).slice();
    for (const rank of this.units.keys()) this.background.add(() => this.#drawUnit(rank, z, order[rank], zero));
  }

  /**
   * What a unit adds.
   * @param {number} rank @param {Float32Array} z @param {number} i of the unit @param {Float32Array} zero the decoded 0
   */
  #drawUnit(rank, z, i, zero) {
    const { canvas, note, picture } = this.units[rank];
    const look = this.look();
    const span = look.range[1] - look.range[0];
    const alone = new Float32Array(z.length);
    alone[i] = z[i];
    const decoded = this.decode("variant", alone);
    const added = zero.map((value, p) => decoded[p] - value);
    picture.show(added, { ...look, colour: (value) => difference(value / span, this.theme) });
    note.textContent = z[i] > 0 ? `unit ${i + 1} · ${z[i].toFixed(1)}` : "off";
    canvas.parentElement.style.opacity = rank < this.view.n && z[i] > 0 ? "1" : "0.35";
    setLabel(canvas, `What unit ${i + 1} adds`);
  }

  /** @param {Float32Array} z @param {number[]} order of its units, the strongest first */
  #drawBars(z, order) {
    const { bars, theme } = this;
    const { n } = this.view;
    const ctx = clearedContext(bars);
    const { width, height } = sizeOf(bars);
    const most = Math.max(z[order[0]], 1e-9);
    const shown = Math.min(z.length, BARS);
    const step = width / shown;
    for (let rank = 0; rank < shown; rank++) {
      ctx.fillStyle = rank < n ? theme.primary : NEUTRAL;
      const tall = Math.max(1, (z[order[rank]] / most) * (height - 4));
      ctx.fillRect(rank * step, height - tall, Math.max(1, step - (step > 3 ? 1 : 0)), tall);
    }
    setLabel(bars, `${this.active.textContent}; ${n} of them used`);
  }
}
