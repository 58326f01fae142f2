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
