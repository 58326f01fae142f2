// @ts-check
// Draws from the prior, and from around one of them.
import { bindSlider, showSlider } from "../figure/slider.js";
import { clamp } from "../math/stats.js";
import { floatsFromBase64 } from "../runtime/bytes.js";
import { VectorsFigure } from "./base.js";
import { SampleGrid } from "./sample_grid.js";
import { NOT_USABLE } from "./words.js";

const SEEDS = 2 ** 31;
const KNOBS = /** @type {const} */ (["temperature", "radius"]);

/** @extends {VectorsFigure<import("../types").SamplesData>} */
export class Samples extends VectorsFigure {
  temperature = 1;
  radius = 0;
  seed = 0;
  /** @type {SampleGrid[]} */ grids = [];
  /** @type {number[][][]} of each grid the codes whose neighbourhoods were entered, the last one on the screen */
  #paths = [];
  /** the one that is shown while none is under the pointer */
  #pick = { grid: 0, n: 0 };
  /** @type {{grid: number, n: number} | null} under the pointer or with the focus */
  #hover = null;
  /** @type {{mean: Float32Array, offsets: Float32Array}[] | null} */ #sets = null;

  /** @param {import("../types").SamplesView} view */
  startView({ temperature, radius, near, seed }) {
    const { ends } = this.data;
    const number = (value, end, usual) => (Number.isFinite(value) ? clamp(value, 0, end) : usual);
    this.temperature = number(temperature, ends.temperature, 1);
    this.radius = number(radius, ends.radius, this.data.radius);
    this.seed = Number.isInteger(seed) && seed >= 0 ? seed : 0;
    const start = ({ k }, code) => (Array.isArray(code) && code.length === k ? [code.map(Math.fround)] : []);
    this.#paths = this.models.map((model, g) => start(model, near?.[g]));
    const inside = this.#paths.findLastIndex((path) => path.length);
    this.#pick = { grid: Math.max(0, inside), n: 0 };
    this.#hover = null;
  }

  state() {
    const { seed, temperature, radius } = this;
    const near = this.#paths.map((path) => path.at(-1) ?? null);
    return { seed, temperature, radius, near, chosen: this.chosenAt };
  }

  // ---- the parts ----

  buildParts() {
    const { models, data } = this;
    const usual = { temperature: 1, radius: data.radius };
    for (const name of KNOBS) {
      const input = this.find(name);
      input.max = String(data.ends[name]);
      const move = (value) => {
        this[name] = value;
        this.change();
      };
      bindSlider(this, input, move, { reset: usual[name] });
    }
    this.find("draw").onclick = () => {
      this.choose(() => {
        this.seed = (this.seed + 1) % SEEDS;
        for (const path of this.#paths) path.length = 0;
        this.#pick = { grid: 0, n: 0 };
      });
    };
    this.#sets = null;
    this.grids = models.map((model, g) => this.makeGrid(model, g));
    this.surface.replaceChildren(...this.grids.map(({ element }) => element));
    this.body.classList.toggle("lx-two", models.length > 1);
    this.tiles.list = this.grids.flatMap((grid, g) =>
      grid.views.map((view, n) => ({ paint: () => this.showTile(view, models[g], this.z(g, n)) })),
    );
  }

  /** @param {import("../runtime/model.js").Model} model @param {number} g */
  makeGrid(model, g) {
    const hover = (place) => {
      this.#hover = place;
      this.stale = true;
      this.wake();
    };
    const enter = (change) => {
      this.choose(() => {
        change();
        this.#pick = { grid: g, n: 0 };
        this.#hover = null;
      });
    };
    return new SampleGrid(model, g, this.data.titles[g], this.data.side, {
      look: (n) => hover({ grid: g, n }),
      leave: (n) => {
        if (this.#hover?.grid === g && this.#hover.n === n) hover(null);
      },
      press: (n) => enter(() => this.#paths[g].push(this.z(g, n))),
      back: () => enter(() => this.#paths[g].pop()),
    });
  }

  /**
   * Sample n of grid g: mean + temperature · offset, or around the chosen one; that itself comes first.
   * @param {number} g @param {number} n
   */
  z(g, n) {
    const { mean, offsets } = this.#sets[g];
    const { k } = this.models[g];
    const centre = this.#paths[g].at(-1);
    const scale = !centre ? this.temperature : n ? this.radius : 0;
    const from = centre ?? mean;
    return Array.from({ length: k }, (_, i) => Math.fround(from[i] + scale * offsets[n * k + i]));
  }

  // ---- what no frame of a drag changes ----

  refresh() {
    const { data } = this;
    // A new draw comes from Python: until it is there the old one stays.
    if (!this.#sets || data.draw.seed === this.seed) {
      const unpack = ({ mean, offsets }) => ({ mean: floatsFromBase64(mean), offsets: floatsFromBase64(offsets) });
      this.#sets = data.draw.sets.map(unpack);
    }
    const inside = this.#paths.map((path) => path.length > 0);
    for (const [g, grid] of this.grids.entries()) grid.refresh(data.titles[g], data.notes[g], inside[g]);
    const usable = { temperature: !inside.every(Boolean), radius: inside.some(Boolean) };
    for (const name of KNOBS) {
      const input = this.find(name);
      input.disabled = !usable[name];
      input.parentElement.classList.toggle("lx-off", !usable[name]);
      input.parentElement.title = usable[name] ? "" : NOT_USABLE[name];
    }
    super.refresh();
  }

  draw() {
    const { grid, n } = this.#hover ?? this.#pick;
    const z = this.z(grid, n);
    const model = this.models[grid];
    this.decoded.setModel(model);
    this.show(model, z);
    this.showNearest(model, z);
    this.find("picked").textContent = this.data.titles[grid];
    this.find("note").textContent = `sample ${n + 1}${this.#hover ? ": press for more like this" : ""}`;
    for (const name of KNOBS) {
      const input = this.find(name);
      showSlider(input, this[name], 1);
      input.nextElementSibling.textContent = this[name].toFixed(2);
    }
  }

  words() {
    const picked = this.find("picked").textContent;
    return `${picked} ${this.find("note").textContent}, temperature ${this.temperature.toFixed(2)}`;
  }
}
