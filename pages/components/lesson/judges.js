// @ts-check
// Tasks, judged by the figure that they are done in: each looks at what the page shows, every frame, and sends nothing.
import { inSight } from "../figure/dom.js";
import { clamp, squaredError } from "../math/stats.js";
import { nearestCodes } from "../runtime/model.js";
import { codeOf, isFar } from "../runtime/samples.js";
import { models } from "../runtime/store.js";
import { isInside } from "./hull.js";
import * as words from "./words.js";

/** @typedef {import("../runtime/model.js").Model} Model */
/**
 * @typedef {object} Verdict
 * @property {number} score
 * @property {boolean} done
 * @property {string} said the score in words
 * @property {string} [hint] what it is now, where that is no score yet
 */
/**
 * @typedef {object} Judge
 * @property {(step: import("../types").LessonStep) => Verdict | null} look null: the figure is not there
 * @property {1 | -1} better 1: a larger score, -1: a smaller one
 * @property {(step: import("../types").LessonStep) => ArrayLike<number> | null} [target] a picture to come near to
 */

const CLEAR = 0.8; // of the probability, for the two classes of a border together

const number = (value, usual) => (Number.isFinite(Number(value)) && value !== undefined ? Number(value) : usual);

/** The model of the figure on the page, where it has one that the judge knows by name. @param {string} name */
const modelOf = (name) => models.get(name) ?? null;

/** What a classifier takes a picture for: its shares of the classes. @param {ArrayLike<number>} values */
export function sharesOf(values) {
  const network = [...models.values()].find(
    (model) => /:classifier$/.test(model.name) && sizeOf(model) === values.length,
  );
  if (!network?.encode) return null;
  const logits = Float64Array.from(network.encode(values));
  const most = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** @param {{shape: number[]}} model */
const sizeOf = ({ shape }) => shape.reduce((product, n) => product * n, 1);
/** @param {ArrayLike<number>} shares */
const largest = (shares) => Array.from(shares).indexOf(Math.max(...Array.from(shares)));

/** The picture that is to be rebuilt: what the model makes of a held-out sample with all of its numbers. */
const targets = new WeakMap();

/** @param {Model} model @param {number} sample */
function rebuilt(model, sample) {
  const known = targets.get(model)?.get(sample);
  if (known) return known;
  const values = model.decode(codeOf(model, clamp(sample, 0, model.count - 1))).slice();
  targets.set(model, (targets.get(model) ?? new Map()).set(sample, values));
  return values;
}

/** @type {Record<string, Judge>} */
export const JUDGES = {
  /** Rebuild a sample with a few sliders: the squared error to what the model makes of it with all of them. */
  rebuild: {
    better: -1,
    target({ given }) {
      const model = modelOf(given.model ?? "mnist-vae-20d");
      return model?.count ? rebuilt(model, number(given.sample, 0)) : null;
    },
    look(step) {
      const target = this.target(step);
      const values = inSight("decoded")?.values;
      if (!target || values?.length !== target.length) return null;
      const score = squaredError(values, target);
      return { score, done: score <= number(step.right[0], 0), said: words.error(score) };
    },
  },

  /** The place where one class becomes another: how far apart a classifier's shares of the two are. */
  border: {
    better: -1,
    look({ given, right }) {
      const values = inSight("decoded")?.values;
      const shares = values?.length ? sharesOf(values) : null;
      if (!shares) return null;
      const [a, b] = (given.classes ?? "4,9").split(",").map(Number);
      const score = 100 * Math.abs(shares[a] - shares[b]);
      const clear = shares[a] + shares[b] >= CLEAR;
      const hint = words.twoShares(a, b, shares[a], shares[b]);
      if (!clear) return { score: 100, done: false, said: words.apart(100), hint };
      return { score, done: score <= number(right[0], 20), said: words.apart(score), hint };
    },
  },

  /** A hole: a place among the codes that is farther from them than data ever are. */
  hole: {
    better: 1,
    look({ given }) {
      const pad = inSight("latent-pad");
      const model = modelOf(given.model ?? "mnist-ae-2d");
      const z = (pad?.dataset.z ?? "").split(",").map(Number);
      if (!model?.count || z.length !== model.k) return null;
      const near = nearestCodes(model, z, model.off_data?.neighbours ?? 5);
      const far = isFar(model, near) ?? false;
      const inside = isInside(model, z);
      const score = near.distances[near.distances.length - 1] / (model.off_data?.threshold ?? 1);
      const hint = far ? (inside ? words.HOLE : words.BEYOND) : words.AMONG;
      return { score: inside ? score : 0, done: far && inside, said: words.timesAsFar(score), hint };
    },
  },

  /** The smallest size of the network's code with less error than PCA's at another size. */
  "smallest-k": {
    better: -1,
    look({ given }) {
      const slider = inSight("bottleneck-slider");
      const curve = inSight("curve")?.errors;
      if (!slider || !curve) return null;
      const wanted = curve.pca[number(given.pca, 16) - 1];
      const k = Number(slider.value);
      const smallest = 1 + curve.network.findIndex((error) => error < wanted);
      const enough = curve.network[k - 1] < wanted;
      const said = words.sizeWords(k, curve.network[k - 1], wanted);
      // A size that is not enough is no score.
      return { score: enough ? k : Number.POSITIVE_INFINITY, done: k === smallest, said, hint: said };
    },
  },

  /** The least noise at which a denoiser draws another class than went in. */
  "gives-up": {
    better: -1,
    look({ right }) {
      const amount = Number(inSight("amount")?.value);
      const [clean, made] = ["input", "decoded"].map((id) => inSight(id)?.values);
      const [before, after] = [clean, made].map((values) => (values?.length ? sharesOf(values) : null));
      if (!before || !after) return null;
      const [a, b] = [largest(before), largest(after)];
      const hint = words.readAs(a, b, after[b]);
      if (a === b) return { score: Number.POSITIVE_INFINITY, done: false, said: "", hint };
      return { score: amount, done: amount <= number(right[0], 1), said: words.noiseOf(amount), hint };
    },
  },

  /** A threshold that catches every fault of the label with few false alarms. */
  threshold: {
    better: 1,
    look({ given }) {
      const shown = [...document.querySelectorAll(".lx-sg")]
        .map((root) => /** @type {any} */ (root).figures)
        .find(Boolean);
      if (!shown?.labels?.length) return null;
      const meets = ([a, b], [c, d]) => a < d && c < b;
      const found = shown.labels.filter((fault) => shown.stretches.some(({ told }) => meets(told, fault))).length;
      const false_ = shown.stretches.filter(({ told }) => !shown.labels.some((fault) => meets(told, fault))).length;
      const days = shown.seconds / 86_400;
      const aDay = false_ / (days || 1);
      const most = number(given.most, 1);
      const done = found === shown.labels.length && aDay <= most;
      return { score: found - aDay / 1000, done, said: words.alarms(found, shown.labels.length, false_, aDay) };
    },
  },

  /** ε, dragged until the VAE draws another class than went in: the shortest way there. */
  "another-digit": {
    better: -1,
    look() {
      const [x, made] = ["input", "decoded"].map((id) => inSight(id)?.values);
      const [before, after] = [x, made].map((values) => (values?.length ? sharesOf(values) : null));
      const epsilon = epsilonOf();
      if (!before || !after || !epsilon) return null;
      const [a, b] = [largest(before), largest(after)];
      const away = Math.hypot(...epsilon);
      const hint = words.readAs(a, b, after[b]);
      if (a === b) return { score: Number.POSITIVE_INFINITY, done: false, said: "", hint };
      return { score: away, done: true, said: words.epsilonOf(away), hint };
    },
  },
};

/** ε as the figure says it. */
function epsilonOf() {
  const label = inSight("latent-pad")?.getAttribute("aria-label") ?? "";
  const numbers = label
    .replaceAll("−", "-")
    .match(/-?\d+\.\d+/g)
    ?.map(Number);
  return numbers && numbers.length > 1 ? numbers.slice(-2) : null;
}
