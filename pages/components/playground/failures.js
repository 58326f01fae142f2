// @ts-check
// The known ways to fail, named when they happen, from what was measured.
import { short } from "./curve.js";

/**
 * @param {import("./training/session.js").Measure[]} measures
 * @param {{variant: string, k: number, size: number, diverged: boolean, pca: number | null, beta: number}} about
 * @returns {string} a sentence or two; what is usual where nothing fails
 */
export function failure(measures, { variant, k, size, diverged, pca, beta }) {
  if (diverged) return "Diverged: the error ran away. Lower the learning rate and start again.";
  const last = measures.at(-1);
  if (!last || pca === null) return "";
  const best = Math.min(...measures.map(({ test }) => test));
  if (variant === "vae" && last.step >= 200 && last.active === 0)
    return `Posterior collapse: no latent dimension says anything at β = ${beta}. Lower β.`;
  if (last.step >= 500 && last.test > 1.2 * best && last.test > 1.5 * last.train)
    return (
      `Overfitting: the held-out error was ${short(best)} and is ${short(last.test)}, ` +
      `while the training's is ${short(last.train)}.`
    );
  if (k >= size && last.test < 0.02 * (measures[0]?.test ?? 0))
    return "The code is as wide as a sample: it can copy, and need learn nothing of the data's structure.";
  const compared = last.test < pca ? "below" : "above";
  return `Held-out error ${short(last.test)}, ${compared} PCA's ${short(pca)} with as many dimensions.`;
}
