// @ts-check
// A threshold over scores of samples: moved by hand, what it says is counted in the same frame.
import { fit } from "../canvas/context.js";
import { LogScale } from "../canvas/log_scale.js";
import { byTestId, find, make, setLabel, setText } from "../figure/dom.js";
import { Histogram } from "../figure/error_histogram.js";
import { Figure } from "../figure/lifecycle.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { number, plural, whole } from "../math/numbers.js";
import { clamp, rank } from "../math/stats.js";
import { fromBase64 } from "../runtime/bytes.js";
import { Scores } from "./told.js";

const TINY = 1e-12; // a score of 0 has no logarithm
const THUMB = 1.5; // rem

/** Each step of the slider to the right makes false alarms rarer by as much. @param {number} share */
const positionOf = (share) => -Math.log10(1 - share);
const percent = (share) => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(1)}%`);

/** @extends {Figure<import("../types").SampleScoresData>} */
export class SampleScores extends Figure {
  /** share of the held-out normal samples that lie below the threshold */
  amount = 0;
  /** @type {Scores[]} */ methods = [];
  /** @type {{scale: LogScale, thresholds: {held: Float64Array}, score: Float64Array}} what the histogram shows */
  detection;
  /** @type {Histogram} */ histogram;
  /** @type {HTMLInputElement} */ slider;
  /** @type {HTMLCanvasElement} */ canvas;

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (subjectChanged) {
      const roles = fromBase64(this.data.roles);
      this.methods = this.data.methods.map(
        ({ scores }) => new Scores(new Float64Array(fromBase64(scores).buffer), roles),
      );
      const { held, others, all } = this.methods[0];
      const range = [Math.max(TINY, all[0]), Math.max(TINY, all[all.length - 1])];
      this.detection = { scale: new LogScale(range), thresholds: { held }, score: others };
      this.amount = this.data.quantile;
      this.markSent("threshold");
    }
    if (subjectChanged || elementChanged) this.#build();
    this.refresh();
  }

  #build() {
    const { root, data } = this;
    const [low, high] = data.limits;
    this.canvas = byTestId(root, "score-histogram");
    this.histogram = new Histogram(this, this.canvas);
    this.slider = byTestId(root, "score-slider");
    Object.assign(this.slider, { min: positionOf(low), max: positionOf(high) });
    bindSlider(this, this.slider, (position) => this.setAmount(1 - 10 ** -position), {
      name: "threshold",
    });
    find(root, ".lx-outline").hidden = data.chance === null;
    const told = byTestId(root, "score-told");
    told.hidden = data.chance === null;
    if (data.chance !== null) {
      const rows = data.methods.map(({ name, auc_pr, auc_roc }) => {
        const areas = [auc_pr, auc_roc].map((area) => make("td", {}, area === null ? "–" : area.toFixed(3)));
        return make("tr", {}, make("th", { scope: "row" }, name), ...[0, 1, 2].map(() => make("td")), ...areas);
      });
      find(told, "tbody").replaceChildren(...rows);
      const chance = data.chance.toFixed(3);
      const words = "Judged on held-out normal and all abnormal samples, none of which was trained on";
      setText(find(told, "p"), `${words}; AUC-PR by chance would be ${chance}.`);
    }
    this.observe([this.canvas]);
  }

  resize() {
    if (fit(this.canvas)) this.wake();
  }

  refresh() {
    fit(this.canvas);
    this.histogram.clear();
    super.refresh();
  }

  /** The score above which a sample is abnormal. */
  level() {
    return this.methods[0].level(this.amount);
  }

  /** @param {number} level */
  setLevel(level) {
    this.setAmount(rank(this.methods[0].held, level));
  }

  /** @param {number} amount */
  setAmount(amount) {
    const [low, high] = this.data.limits;
    this.amount = Number(clamp(amount, low, high).toFixed(4));
    this.wake();
  }

  drawFrame() {
    const { amount, methods, data, root, slider } = this;
    const level = this.level();
    const sentence =
      `${whole(methods[0].above(level))} of ${plural(methods[0].all.length, "sample")} lie above ${number(level)}, ` +
      `which ${percent(amount)} of the held-out normal ones do not exceed.`;
    setText(byTestId(root, "score-words"), sentence);
    slider.setAttribute("aria-valuetext", sentence);
    showSlider(slider, positionOf(amount), THUMB);
    if (data.chance !== null)
      for (const [n, row] of [...find(root, "tbody").rows].entries()) {
        const { accuracy, precision, recall } = methods[n].told(methods[n].level(amount));
        for (const [at, share] of [accuracy, precision, recall].entries()) setText(row.cells[at + 1], percent(share));
      }
    this.histogram.draw();
    return true;
  }

  describe() {
    setLabel(this.canvas, `Histogram of the scores. ${byTestId(this.root, "score-words").textContent}`);
  }

  state() {
    return { quantile: this.amount };
  }
}
