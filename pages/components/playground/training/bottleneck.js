// @ts-check
// Sockets 3 and 5 of a training: what the encoder's numbers become before they are decoded, what that costs, and the
// gradient back. Each fills z (rows × k) of h (rows × outputs) forward; back it fills the gradient of h from that of z.

/** z is h itself. */
class Plain {
  /** @param {number} k */
  constructor(k) {
    this.k = k;
  }

  /**
   * @param {Float64Array} h @param {number} rows @param {Float64Array} z is filled
   * @param {import("./knobs.js").Knobs} _knobs @param {import("./draws.js").Draws} _draws
   * @returns {number} the penalty, a mean over samples, as it is weighted
   */
  forward(h, rows, z, _knobs, _draws) {
    z.set(h.subarray(0, rows * this.k));
    return 0;
  }

  /**
   * @param {Float64Array} dz (rows × k) @param {Float64Array} _h @param {Float64Array} _z @param {number} rows
   * @param {Float64Array} dh is filled @param {import("./knobs.js").Knobs} _knobs
   */
  backward(dz, _h, _z, rows, dh, _knobs) {
    dh.set(dz.subarray(0, rows * this.k));
  }
}

/** z = μ + σ·ε, and β · KL(q(z|x) ‖ N(0, I)) (Kingma & Welling 2014). */
class Gaussian extends Plain {
  #noise = new Float64Array(0);

  forward(h, rows, z, { beta }, draws) {
    const { k } = this;
    this.#noise = draws.normal(rows * k);
    let sum = 0;
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < k; j++) {
        const mu = h[2 * n * k + j];
        const logvar = clampVariance(h[(2 * n + 1) * k + j]);
        z[n * k + j] = mu + Math.exp(logvar / 2) * this.#noise[n * k + j];
        sum -= 0.5 * (1 + logvar - mu * mu - Math.exp(logvar));
      }
    }
    return (beta * sum) / rows;
  }

  backward(dz, h, _z, rows, dh, { beta }) {
    const { k } = this;
    const weight = beta / rows;
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < k; j++) {
        const [at, spread] = [2 * n * k + j, (2 * n + 1) * k + j];
        const given = dz[n * k + j];
        const logvar = clampVariance(h[spread]);
        dh[at] = given + weight * h[at];
        const inside = logvar === h[spread];
        const sigma = Math.exp(logvar / 2);
        dh[spread] = inside ? given * this.#noise[n * k + j] * 0.5 * sigma + weight * 0.5 * (sigma * sigma - 1) : 0;
      }
    }
  }
}

/** As ae_core's: it only keeps an outlier from overflowing. @param {number} logvar */
const clampVariance = (logvar) => Math.max(-30, Math.min(20, logvar));

/** Cut after a random number of dimensions, log-uniform on 1..k (Rippel, Gelbart & Adams 2014). */
class Ordered extends Plain {
  /** how many dimensions of each sample's code are kept */
  active = new Int32Array(0);

  forward(h, rows, z, _knobs, draws) {
    const { k } = this;
    const u = draws.uniform(rows);
    if (this.active.length < rows) this.active = new Int32Array(rows);
    for (let n = 0; n < rows; n++) {
      const active = Math.min(k, Math.max(1, Math.floor(Math.exp(u[n] * Math.log(k + 1)))));
      this.active[n] = active;
      for (let j = 0; j < k; j++) z[n * k + j] = j < active ? h[n * k + j] : 0;
    }
    return 0;
  }

  backward(dz, _h, _z, rows, dh) {
    const { k } = this;
    for (let n = 0; n < rows; n++) for (let j = 0; j < k; j++) dh[n * k + j] = j < this.active[n] ? dz[n * k + j] : 0;
  }
}

/** Units that can be off, by l1, by a target rate (kl), or because the largest few alone pass (topk). */
class Sparse extends Plain {
  #mean = new Float64Array(0);
  #variance = new Float64Array(0);

  forward(h, rows, z, knobs) {
    const { k } = this;
    rectify(h, rows, z, k, knobs);
    const { sparsity, sparsityWeight, rate } = knobs;
    let sum = 0;
    if (sparsity === "l1") {
      for (let i = 0; i < rows * k; i++) sum += z[i];
      return (sparsityWeight * sum) / rows;
    }
    this.#measure(sparsity === "kl" ? z : h, rows);
    for (let j = 0; j < k; j++) {
      const [mean, variance] = [this.#mean[j], this.#variance[j]];
      const m = Math.min(1 - 1e-6, Math.max(1e-6, mean));
      if (sparsity === "kl") sum += rate * Math.log(rate / m) + (1 - rate) * Math.log((1 - rate) / (1 - m));
      else sum -= 0.5 * (1 + Math.log(variance) - mean * mean - variance);
    }
    return sparsityWeight * sum;
  }

  backward(dz, h, z, rows, dh, { sparsity, sparsityWeight, rate }) {
    const { k } = this;
    const weight = sparsityWeight / rows;
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < k; j++) {
        const at = n * k + j;
        const m = this.#mean[j];
        if (sparsity === "l1") dh[at] = z[at] > 0 ? dz[at] + weight : 0;
        else if (sparsity === "kl") {
          const inside = m > 1e-6 && m < 1 - 1e-6;
          const price = inside ? weight * ((1 - rate) / (1 - m) - rate / m) : 0;
          dh[at] = (dz[at] + price) * z[at] * (1 - z[at]);
        } else dh[at] = (z[at] > 0 ? dz[at] : 0) + weight * (m + (1 - 1 / this.#variance[j]) * (h[at] - m));
      }
    }
  }

  /** Each unit's mean and variance over the batch. @param {Float64Array} values (rows × k) @param {number} rows */
  #measure(values, rows) {
    const { k } = this;
    this.#mean = new Float64Array(k);
    this.#variance = new Float64Array(k).fill(1e-6);
    for (let i = 0; i < rows * k; i++) this.#mean[i % k] += values[i] / rows;
    for (let i = 0; i < rows * k; i++) this.#variance[i % k] += (values[i] - this.#mean[i % k]) ** 2 / rows;
  }
}

/**
 * The units of a sparse code: max(0, h), 1 / (1 + e⁻ʰ) for kl, or the largest share of them for topk.
 * @param {Float64Array} h (rows × k) @param {number} rows @param {Float64Array} z is filled @param {number} k
 * @param {import("./knobs.js").Knobs} knobs
 */
export function rectify(h, rows, z, k, { sparsity, onShare }) {
  const keep = Math.max(1, Math.floor(onShare * k));
  for (let n = 0; n < rows; n++) {
    const row = h.subarray(n * k, (n + 1) * k);
    const least = sparsity === "topk" ? Float64Array.from(row).sort()[k - keep] : Number.NEGATIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      if (sparsity === "kl") z[n * k + j] = 1 / (1 + Math.exp(-row[j]));
      else z[n * k + j] = row[j] >= least && row[j] > 0 ? row[j] : 0;
    }
  }
  return z;
}

const KINDS = { vae: Gaussian, nested: Ordered, sparse: Sparse };

/** The bottleneck of a variant. @param {string} variant @param {number} k @returns {Plain} */
export function bottleneckOf(variant, k) {
  return new (KINDS[variant] ?? Plain)(k);
}
