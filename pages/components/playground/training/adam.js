// @ts-check
// Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019), as torch.optim.AdamW.

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class Adam {
  steps = 0;

  /** @param {number} count weights */
  constructor(count) {
    this.mean = new Float64Array(count);
    this.square = new Float64Array(count);
  }

  /**
   * @param {Float64Array} weights are changed @param {Float64Array} gradient
   * @param {{lr: number, weightDecay: number, clip: number}} knobs
   */
  step(weights, gradient, { lr, weightDecay, clip }) {
    const { mean, square } = this;
    this.steps += 1;
    let length = 0;
    for (let i = 0; i < gradient.length; i++) length += gradient[i] * gradient[i];
    length = Math.sqrt(length);
    const scale = length > clip ? clip / length : 1;
    const rate = lr / (1 - BETA1 ** this.steps);
    const correction = 1 / Math.sqrt(1 - BETA2 ** this.steps);
    const kept = 1 - lr * weightDecay;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i] * scale;
      const m = mean[i] + (1 - BETA1) * (g - mean[i]);
      const v = BETA2 * square[i] + (1 - BETA2) * g * g;
      mean[i] = m;
      square[i] = v;
      weights[i] = weights[i] * kept - (rate * m) / (Math.sqrt(v) * correction + EPSILON);
    }
  }
}
