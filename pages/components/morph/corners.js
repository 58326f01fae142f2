// @ts-check
// Four samples mix under a handle.
import { NETWORK } from "../canvas/colours.js";
import { clearedContext, fit, rem } from "../canvas/context.js";
import { PictureStack, SampleView } from "../canvas/sample.js";
import { haloText, handle } from "../canvas/strokes.js";
import { drawLanes } from "../canvas/trace.js";
import { find, make, setText } from "../figure/dom.js";
import { arrowOf, hasModifier, KEY_PAUSE } from "../figure/keys.js";
import { onDrag } from "../figure/pointer.js";
import { FrameStats } from "../figure/stats.js";
import { percent } from "../math/numbers.js";
import { clamp } from "../math/stats.js";
import { sampleSize } from "../runtime/model.js";
import { OneModelFigure } from "./base.js";
import { Chooser } from "./chooser.js";
import { mixtureAt, shuffled, weightsAt } from "./mixture.js";

const TILES = 5; // along a side of the square
const LETTERS = ["A", "B", "C", "D"]; // top left, top right, bottom left, bottom right
const CORNER_TILES = [0, TILES - 1, TILES * (TILES - 1), TILES * TILES - 1];

/** @extends {OneModelFigure<import("../types").CornersData>} */
export class Corners extends OneModelFigure {
  /** @type {number[]} samples */
  corners;
  /** @type {number[]} to the right and down, 0..1 */
  place;
  /** whether the person has found out that it moves */
  touched = false;
  /** @type {Chooser[]} */ choosers;
  /** @type {SampleView} */ decoded;
  /** @type {HTMLElement} */ surface;
  /** @type {HTMLCanvasElement} the grid of decodes */
  backdrop;
  /** @type {HTMLCanvasElement} the handle */
  overlay;
  /** @type {HTMLElement} "drag me" */
  hint;
  /** @type {HTMLElement[]} how much of each corner there is */
  mix;
  /** px of the square */
  #side = 0;
  /** @type {Float32Array} (tiles · size) what a grid of places decodes to */
  #tiles;
  #complete = false;
  #pictures = new PictureStack();

  /** @param {Partial<import("../types").CornersView>} wanted */
  start({ corners, at }) {
    const { count } = this.model;
    const fits = (n) => Number.isInteger(n) && n >= 0 && n < count;
    this.corners = LETTERS.map((_, i) => (fits(corners?.[i]) ? corners[i] : i % count));
    const usable = at?.length === 2 && at.every(Number.isFinite);
    this.place = (usable ? at : [0.5, 0.5]).map((part) => clamp(part, 0, 1));
    this.changed();
  }

  state() {
    return { corners: this.corners, at: this.place };
  }

  // ---- the parts ----

  build() {
    super.build();
    const { model, body } = this;
    this.surface = this.find("latent-pad");
    this.backdrop = find(this.surface, ".lx-backdrop");
    this.overlay = find(this.surface, ".lx-overlay");
    this.hint = find(body, ".lx-drag");
    this.stats = new FrameStats(this.surface);
    this.decoded = new SampleView(this.find("decoded"), model, { axes: true });
    this.#tiles = new Float32Array(TILES * TILES * sampleSize(model));
    this.#complete = false;
    this.choosers = LETTERS.map((letter, c) => new Chooser(letter, model, { take: (n) => this.take(c, n) }));
    find(body, ".lx-ends").replaceChildren(...this.choosers.map(({ element }) => element));
    this.mix = LETTERS.map(() => make("b"));
    const shares = LETTERS.map((letter, c) => make("span", {}, make("i", {}, `${letter} `), this.mix[c]));
    this.find("mix").replaceChildren(...shares);
    this.find("shuffle").onclick = () => {
      this.choose(() => {
        this.corners = shuffled(model);
      });
    };
    this.attachHand();
    this.observe([this.surface, this.decoded.canvas]);
  }

  attachHand() {
    const { surface } = this;
    const partOf = (px) => ((px / this.#side) * TILES - 0.5) / (TILES - 1); // a tile shows what its middle decodes to
    onDrag(surface, {
      press: () => this.hold(surface),
      move: ({ x, y }) => this.moveTo([partOf(x), partOf(y)]),
      release: () => this.release(surface),
    });
    surface.onkeydown = (event) => {
      const arrow = arrowOf(event);
      if (!arrow && (event.key !== "Home" || hasModifier(event))) return;
      event.preventDefault();
      const [right, up] = arrow ?? [0, 0];
      const step = event.shiftKey ? 0.1 : 0.01;
      const [u, v] = this.place;
      this.moveTo(arrow ? [u + right * step, v - up * step] : [0.5, 0.5]);
      this.send(KEY_PAUSE);
    };
  }

  /** @param {number} corner @param {number} index of a sample */
  take(corner, index) {
    this.corners[corner] = index;
    this.choosers[corner].show({ index });
    this.changed();
    this.send();
  }

  /** @param {number[]} place */
  moveTo(place) {
    this.touched = true;
    this.place = place.map((part) => Number(clamp(part, 0, 1).toFixed(4)));
    this.moved();
  }

  // ---- a frame ----

  draw() {
    const { surface, place, theme, hint } = this;
    this.z = mixtureAt(this.model, this.corners, place);
    this.decoded.show(this.decode(this.z), this.how());
    surface.dataset.z = this.z.join(",");
    setText(this.find("here"), this.hereWords());
    for (const [c, weight] of weightsAt(place).entries()) setText(this.mix[c], percent(weight));
    if (!this.#side) return;
    const [x, y] = place.map((part) => ((part * (TILES - 1) + 0.5) / TILES) * this.#side);
    handle(clearedContext(this.overlay), theme, x, y);
    hint.hidden = this.touched;
    if (!this.touched) hint.style.transform = `translate(${x + 18}px, ${y - 12}px)`;
  }

  /** The grid behind the handle, the corners first. */
  *work() {
    const size = sampleSize(this.model);
    const others = Array.from({ length: TILES * TILES }, (_, n) => n).filter((n) => !CORNER_TILES.includes(n));
    for (const n of [...CORNER_TILES, ...others]) {
      const place = [(n % TILES) / (TILES - 1), Math.floor(n / TILES) / (TILES - 1)];
      const values = this.decode(mixtureAt(this.model, this.corners, place));
      this.#tiles.set(values, n * size);
      this.choosers[CORNER_TILES.indexOf(n)]?.picture.show(values, this.how());
      yield;
    }
    this.#complete = true;
    this.drawTiles();
  }

  /** The decodes of the grid, faint, and the four corners in full. */
  drawTiles() {
    if (!this.#side || !this.#complete) return;
    const { backdrop, model, range } = this;
    const ctx = clearedContext(backdrop);
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = "high";
    const side = this.#side / TILES;
    const gap = this.#side * 0.006;
    const inner = side - 2 * gap;
    const signal = model.shape.length === 2;
    const pictures = signal ? null : this.#pictures.paint(this.#tiles, TILES * TILES, model.shape, range);
    const [, height, width] = model.shape;
    const frame = { x: 0, y: 0, width: side - 12, height: side - 12 };
    for (let n = 0; n < TILES * TILES; n++) {
      const x = (n % TILES) * side;
      const y = Math.floor(n / TILES) * side;
      ctx.globalAlpha = CORNER_TILES.includes(n) ? 1 : 0.42;
      if (pictures) ctx.drawImage(pictures, 0, n * height, width, height, x + gap, y + gap, inner, inner);
      else {
        const style = { colour: NETWORK, width: 1.4, from: n * sampleSize(model) };
        drawLanes(ctx, this.#tiles, model.shape, range, { ...frame, x: x + 6, y: y + 6 }, style);
      }
    }
    ctx.globalAlpha = 1;
    this.drawLetters(ctx);
  }

  /** @param {CanvasRenderingContext2D} ctx */
  drawLetters(ctx) {
    const { theme } = this;
    ctx.font = `600 ${14 * rem}px ${theme.font}`;
    for (const [c, letter] of LETTERS.entries()) {
      const right = c % 2 === 1;
      const top = c < 2;
      ctx.textAlign = right ? "right" : "left";
      ctx.textBaseline = top ? "top" : "bottom";
      haloText(ctx, theme, letter, right ? this.#side - 8 : 8, top ? 8 : this.#side - 7, 4);
    }
  }

  // ---- what no frame of a drag changes ----

  refresh() {
    for (const [c, chooser] of this.choosers.entries()) chooser.show({ index: this.corners[c] });
    this.changed();
    this.resize();
  }

  resize() {
    if (!this.builtIn || !this.body.isConnected || !this.surface.clientWidth) return;
    this.#side = this.surface.clientWidth;
    const canvases = [fit(this.backdrop, this.surface), fit(this.overlay, this.surface), this.decoded.fit()];
    const thumbs = this.choosers.map((chooser) => chooser.picture.fit());
    if (![...canvases, ...thumbs].some(Boolean)) return;
    this.made = -1;
    this.drawTiles();
    this.stale = true;
    this.frame(performance.now()); // now: the canvas is empty until it is drawn
  }

  describe() {
    if (!this.z) return;
    const { classes, labels } = this.model;
    const name = (index) => (classes ? classes[labels[index]] : `sample ${index}`);
    const share = (weight, c) => `${LETTERS[c]} (${name(this.corners[c])}) ${percent(weight)}`;
    const mix = weightsAt(this.place).map(share).join(", ");
    const keys = "Arrow keys move the handle, with Shift faster; Home goes to the middle.";
    this.surface.setAttribute("aria-label", `A square whose corners are four samples. ${keys}`);
    this.surface.setAttribute("aria-valuenow", String(this.place[0]));
    this.surface.setAttribute("aria-valuetext", mix);
    this.decoded.canvas.setAttribute("aria-label", `What the network draws from the mixture of ${mix}`);
  }
}
