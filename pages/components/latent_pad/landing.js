// @ts-check
// Where a picture of one's own lands: encoded, decoded again, and how unusual its error is.
import { ORIGINAL } from "../canvas/colours.js";
import { SampleView } from "../canvas/sample.js";
import { diamond } from "../canvas/strokes.js";
import { make } from "../figure/dom.js";
import { short } from "../math/numbers.js";
import { clamp, squaredError } from "../math/stats.js";
import { classify } from "../runtime/samples.js";
import { models } from "../runtime/store.js";
import { coordinateText } from "./geometry.js";

const UNKNOWN = 95; // % of the held-out samples are rebuilt better than what is called unknown

/** @typedef {{mu: number[], sigma: number[] | null, error: number}} Landed mu, sigma: (k), of the posterior */

export class Landing {
  /** @type {Landed | null} */ landed = null;
  /** what a screen reader says of it */
  #spoken = "nothing yet";

  /** @param {import("./map_view.js").MapView} view @param {HTMLElement} element */
  constructor(view, element) {
    this.view = view;
    this.element = element;
    this.made = new SampleView(element.querySelector("canvas"), view.model);
    this.error = element.querySelector(".lx-error");
    this.place = element.querySelector(".lx-lands");
    this.button = element.querySelector("button");
    element.querySelector(".lx-whose").textContent = view.model.title;
    this.button.onclick = () => {
      this.goThere();
      view.pad.send();
    };
  }

  /** @param {Float32Array | null} x the picture, in the data's range */
  land(x) {
    const { view, made } = this;
    this.landed = x ? this.encode(x) : null;
    if (!this.landed) made.values.fill(0);
    made.draw({ range: view.range, theme: view.pad.theme });
    this.say(!!x);
    const mark = this.mark();
    const { mu, sigma } = this.landed ?? {};
    Object.assign(this.element.dataset, {
      mu: mu ?? "",
      sigma: sigma ?? "",
      mark: mark ? [mark.x, mark.y, mark.rx, mark.ry] : "",
    });
    if (view.pad.held === null) this.describe();
  }

  /** @param {Float32Array} x @returns {Landed | null} null while the encoder is on its way */
  encode(x) {
    const { model } = this.view;
    const encoder = models.get(`${model.name}:encoder`);
    if (!encoder?.encode || encoder.k !== model.k) return null;
    const posterior = encoder.posterior?.(x);
    const mu = Array.from(posterior?.mu ?? encoder.encode(x));
    const sigma = posterior ? Array.from(posterior.logvar, (value) => Math.exp(value / 2)) : null;
    const [low, high] = model.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const { values } = this.made;
    values.set(model.decode(mu));
    // nothing outside can be shown, so it is not measured
    for (let i = 0; i < x.length; i++) values[i] = clamp(values[i], low, high);
    return { mu, sigma, error: squaredError(values, x) };
  }

  /** @param {boolean} given whether there is a picture */
  say(given) {
    const { view } = this;
    const { model } = view;
    if (!this.landed) {
      const hint = view.pad.data.draws
        ? "Draw: with every stroke the encoder says where on the map it belongs."
        : `Bring a ${view.pad.drawing.noun} below: the encoder says where on the map it belongs.`;
      this.error.textContent = given ? "Loading the encoder…" : hint;
      this.place.textContent = "";
      this.button.hidden = true;
      this.#spoken = "nothing yet";
      return;
    }
    const { mu, sigma, error } = this.landed;
    const [compared, verdict] = this.verdict(error);
    const measured = `squared error ${short(error)}`;
    this.error.replaceChildren(make("b", {}, measured), compared, make("b", {}, verdict));
    const spread = (i) => (sigma ? ` ± ${sigma[i].toPrecision(1)}` : "");
    const where = this.view.axes().map((i) => `z${i + 1} ${coordinateText(model, i, mu[i])}${spread(i)}`);
    const outside = mu.some((value, i) => value < model.low[i] || value > model.high[i]);
    const label = model.classes ? classify(model, mu).label : null;
    const read = label === null ? "" : `read as ${model.classes[label]}: its code `; // by the codes around it
    this.place.textContent = `${read}lands at ${where.join(", ")}${outside ? ", outside this map" : ""}`;
    this.button.hidden = false;
    this.#spoken = measured + compared + verdict;
  }

  /** The error against what held-out samples have, in words. @param {number} error @returns {[string, string]} */
  verdict(error) {
    const { data, drawing } = this.view.pad;
    const { quantiles, mean } = data.usual?.[this.view.model.name] ?? {};
    const many = `${drawing.noun}s`;
    if (quantiles) {
      const below = quantiles.filter((each) => each <= error).length - 1; // percent
      if (below === 100) return [`, more than any held-out ${drawing.noun} has: `, "the model does not know this."];
      if (below >= UNKNOWN)
        return [`, more than ${below} % of held-out ${many} have: `, "the model does not know this."];
      if (below >= 50) return [`, more than ${below} % of held-out ${many} have: `, "still usual for it."];
      if (below < 0) return [`, less than any held-out ${drawing.noun} has: `, "the model knows this."];
      return [`, less than ${99 - below} % of held-out ${many} have: `, "the model knows this."];
    }
    if (!mean) return [".", ""];
    const usual = `held-out ${many} had ${short(mean)} on average after its training`;
    return [
      `; ${usual} (they are not on this machine): `,
      error > 2 * mean ? "the model hardly knows this." : "not unusual.",
    ];
  }

  describe() {
    this.made.canvas.setAttribute(
      "aria-label",
      `What the network makes of your ${this.view.pad.drawing?.signal ? "sample" : "picture"}: ${this.#spoken}`,
    );
  }

  /** Where the mark is on the map and how wide the posterior's σ, px; a mark outside stays at the edge. */
  mark() {
    const { view, landed } = this;
    const { model, width, height } = view;
    if (!landed || !view.pad.drawing.isOpen || !width) return null;
    const [a, b] = view.axes();
    const reach = (i, length) =>
      landed.sigma && i !== undefined ? (landed.sigma[i] / (model.high[i] - model.low[i])) * length : 0;
    return {
      x: clamp(view.x(landed.mu), 0, width),
      y: clamp(view.y(landed.mu), 0, height),
      rx: reach(a, width),
      ry: reach(b, height),
    };
  }

  goThere() {
    this.view.pad.move(this.view, { ...this.landed.mu });
  }

  /**
   * A diamond that is open in the middle, so that the ellipse in it is seen however small it is.
   * @param {CanvasRenderingContext2D} ctx
   */
  drawMark(ctx) {
    const mark = this.mark();
    if (!mark) return;
    const { x, y, rx, ry } = mark;
    if (rx) {
      ctx.beginPath();
      ctx.ellipse(x, y, Math.max(1, rx), Math.max(1, ry || 6), 0, 0, 2 * Math.PI);
      ctx.fillStyle = ctx.strokeStyle = ORIGINAL;
      ctx.globalAlpha = 0.4;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.lineWidth = 1.25;
      ctx.stroke();
    }
    ctx.lineJoin = "miter";
    const stroke = (colour, width) => {
      diamond(ctx, x, y, 13);
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.stroke();
    };
    stroke(this.view.pad.theme.background, 6);
    stroke(ORIGINAL, 3);
  }
}
