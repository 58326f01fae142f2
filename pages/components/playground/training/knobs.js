// @ts-check
// The knobs that act at once: what each is where nobody has turned it, and between which ends it turns.

/**
 * @typedef {object} Knobs
 * @property {number} lr learning rate
 * @property {number} beta weight of the KL term (vae)
 * @property {string} corruption gaussian, masking or salt-pepper (denoising)
 * @property {number} amount of it
 * @property {number} hiddenShare share of the patches that is hidden (masked)
 * @property {string} sparsity l1, kl or topk (sparse)
 * @property {number} sparsityWeight @property {number} rate @property {number} onShare
 * @property {number} contraction weight of the Jacobian's squared norm (contractive)
 * @property {number} weightDecay decoupled (AdamW)
 * @property {number} clip longest gradient of a step
 */

/** As ae_core's defaults, but for the learning rate: its own schedule peaks here. @type {Knobs} */
export const KNOBS = {
  lr: 0.003,
  beta: 1,
  corruption: "gaussian",
  amount: 0.3,
  hiddenShare: 0.5,
  sparsity: "l1",
  sparsityWeight: 0.1,
  rate: 0.05,
  onShare: 0.2,
  contraction: 0.1,
  weightDecay: 0,
  clip: 1000,
};
