// @ts-check
// What the figures say.

export const INPUT = "input";
export const CLEAN = "clean input";
export const CORRUPTED = "corrupted input";
export const WITH_NOISE = "input with noise";
export const RESEED = "new noise";
export const CORRUPTIONS = { gaussian: "Gaussian", masking: "masking", "salt-pepper": "salt & pepper" };

export const MASK_HOW = "paint over the picture to mask patches; begin on a masked one to uncover";
/** @param {number} share */
export const maskAtRandom = (share) => `mask ${Math.round(share * 100)} % at random`;
export const MASK_HALF = "the upper half";
export const MASK_NOTHING = "nothing";

export const STRONGEST = "decoded from the strongest";
/** @param {number} k */
export const unitBars = (k) => `each of the ${k} units, the strongest first; those that are used in colour`;
export const UNIT_PICTURES = "What each of the strongest units adds: decoded alone, minus the decoded zero code";

/** @param {number} draws */
export const codeMoves = (draws) => `each line: where the code moves under one of ${draws} draws of that noise`;

export const POSTERIOR = "its posterior on the map";
export const POSTERIOR_ENLARGED = "the posterior, enlarged: drag ε";
/** @param {string} noun */
export const posteriors = (noun) =>
  `dashed: the prior, 1, 2 and 3 σ; small ellipses: the posteriors of other held-out ${noun}s`;

export const NUMBERS = "the numbers behind it";
export const SUM = "together";
/**
 * The steps of the computation, by ae_core's names for them: what is made, and a sentence on it.
 * @type {Record<string, [string, (about: {size: number, crossEntropy: boolean}) => string]>}
 */
export const STEPS = {
  x: ["x", ({ size }) => `what goes in, ${size} values`],
  h: ["h", () => "the encoder's last hidden layer"],
  posterior: ["μ, log σ²", () => "its last layer: two numbers for each latent dimension"],
  sigma: ["σ", () => "from its logarithm, so that it is always positive"],
  epsilon: ["ε", () => "noise from N(0, 1): training draws it anew each time, here it is dragged"],
  z: ["z = μ + σ·ε", () => "the code that is decoded"],
  x_hat: [
    "x̂",
    ({ crossEntropy }) => `what the decoder makes of z${crossEntropy ? "; a sigmoid brings it to 0–1" : ""}`,
  ],
  reconstruction: [
    "reconstruction",
    ({ size, crossEntropy }) =>
      `how far x̂ is from x: ${crossEntropy ? "cross-entropy" : "squared error"}, summed over ${size} values`,
  ],
  kl: [
    "KL",
    () => "from q(z|x) = N(μ, σ²), the line, to the prior N(0, 1), dashed; the dot is z, the arrows are the KL's pull",
  ],
  pull: ["its pull", () => "the KL's gradient; training steps against it, as the arrows do: μ towards 0, σ towards 1"],
  loss: ["loss", () => "reconstruction + β · KL: what training makes small"],
};
/** @param {string} low @param {string} high */
export const valueRange = (low, high) => `from ${low} to ${high}`;
/** @param {string} range */
export const logitRange = (range) => `; logits ${range}`;
/** @param {number} count @param {string[]} first */
export const hiddenNumbers = (count, first) => `${count} numbers: ${first.join(", ")}, …`;
/** @param {number} dimension @param {string} mu @param {string} sigma @param {string} kl */
export const curveLabel = (dimension, mu, sigma, kl) =>
  `Dimension ${dimension}: posterior N(${mu}, ${sigma}²) beside the prior N(0, 1), KL ${kl} nats`;

export const SAME_DIGITS = "the codes of the same digits";
export const FROM_MEAN = "decoded from μ";
export const RATE_DISTORTION = "rate and distortion";
export const RATE = "KL, nats a digit (rate)";
export const DISTORTION = "reconstruction, nats (distortion)";
export const SAMPLES_OF_Z = "five samples of z from this digit's posterior, decoded:";

export const STYLE = "the style, z: drag";
export const STYLE_FROM = "take a style from";
/** @param {string} noun */
export const styleMap = (noun) => `dashed: the prior, 1, 2 and 3 σ; dots: held-out ${noun}s`;
/** @param {boolean} thick whether one channel is thicker */
export const everyClass = (thick) => `every class in that style${thick ? "; thick: channel 1" : ""}`;

export const FROM_TOKENS = "from its tokens: press one";
export const OWN_TOKENS = "back to its own tokens";
/** @param {number} token */
export const otherCode = (token) => `Another code for token ${token}: what would be there`;
/** @param {number} code @param {number} share 0..1 */
export const codeUsage = (code, share) => `code ${code}: taken for ${(100 * share).toFixed(1)} % of the tokens`;

export const DECODED_THERE = "decoded there";
export const FIELD = { off: "the codes", on: "re-encoding error everywhere" };
export const FIELD_HOW = "thick arrow: from z to encode(decode(z))";

export const PCA_AXES = "PCA's components";
export const OWN_AXES = "the autoencoder's axes, one for each latent dimension";
export const AXES_THROUGH = "PCA's components, reconstructed by the autoencoder";
