// @ts-check
// Reconstruction losses of a batch and their gradients, as ae_core has them: summed over a sample's values, a mean over
// samples; cross-entropy in nats for values 0..1, else squared error in data units².

/**
 * @typedef {object} Ends of a network, by its data and variant
 * @property {"cross-entropy" | "squared-error"} loss
 * @property {"sigmoid" | "tanh" | "identity"} output activation
 */

/** @param {[number, number] | null} range of the data @param {string} variant @returns {Ends} */
export function endsOf(range, variant) {
  if (variant === "nested") return { loss: "squared-error", output: "identity" };
  const is = (low, high) => range?.[0] === low && range[1] === high;
  if (is(0, 1)) return { loss: "cross-entropy", output: "sigmoid" };
  return { loss: "squared-error", output: is(-1, 1) ? "tanh" : "identity" };
}

/**
 * @param {Float64Array} raw what the decoder gives, before its activation (rows × size)
 * @param {Float64Array} x (rows × size) @param {number} rows @param {number} size @param {Ends} ends
 * @param {Float64Array} gradient of raw, is filled
 * @param {(row: number) => number} [weightOf] a sample's share in the loss
 * @returns {number} the loss
 */
export function reconstruction(raw, x, rows, size, { loss, output }, gradient, weightOf = () => 1) {
  let sum = 0;
  for (let n = 0, at = 0; n < rows; n++) {
    const weight = weightOf(n) / rows;
    let own = 0;
    for (let d = 0; d < size; d++, at++) {
      const y = raw[at];
      if (loss === "cross-entropy") {
        const e = Math.exp(-Math.abs(y));
        own += Math.max(y, 0) - y * x[at] + Math.log1p(e);
        gradient[at] = weight * ((y >= 0 ? 1 : e) / (1 + e) - x[at]);
      } else {
        const value = output === "tanh" ? Math.tanh(y) : y;
        const off = value - x[at];
        own += off * off;
        gradient[at] = weight * 2 * off * (output === "tanh" ? 1 - value * value : 1);
      }
    }
    sum += own * weight;
  }
  return sum;
}
