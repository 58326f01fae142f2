// @ts-check
// Socket 1: what is done to a batch before the encoder sees it, with ae_core's draws in ae_core's order.

/**
 * @param {Float64Array} x (rows × size) @param {number} rows @param {number} size
 * @param {Float64Array} out (rows × size), is filled
 * @param {number} amount @param {string} kind gaussian, masking or salt-pepper
 * @param {import("./draws.js").Draws} draws
 */
export function disturb(x, rows, size, out, amount, kind, draws) {
  const count = rows * size;
  if (kind === "gaussian") {
    const normal = draws.normal(count);
    for (let i = 0; i < count; i++) out[i] = x[i] + amount * normal[i];
    return out;
  }
  const u = draws.uniform(count);
  if (kind === "masking") {
    for (let i = 0; i < count; i++) out[i] = u[i] >= amount ? x[i] : 0;
    return out;
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
  }
  for (let i = 0; i < count; i++) out[i] = u[i] < amount / 2 ? low : u[i] < amount ? high : x[i];
  return out;
}

/**
 * Whole patches are hidden: set to 0; of each sample as many, one more in so many that the share holds on average.
 * @param {Float64Array} x (rows × size) @param {number} rows @param {Float64Array} out @param {number} share
 * @param {number[]} shape of a sample, (C, H, W) or (C, L) @param {import("./draws.js").Draws} draws
 */
export function hidePatches(x, rows, out, share, shape, draws) {
  const size = shape.reduce((product, n) => product * n, 1);
  const patch = patchSide(shape);
  const [channels, height, width] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
  const down = shape.length === 3 ? Math.ceil(height / patch) : 1;
  const across = Math.ceil(width / patch);
  const count = down * across;
  const u = draws.uniform(rows * count);
  const rounding = draws.uniform(rows);
  const order = new Int32Array(count);
  for (let n = 0; n < rows; n++) {
    const own = u.subarray(n * count, (n + 1) * count);
    for (let i = 0; i < count; i++) order[i] = i;
    order.sort((a, b) => own[a] - own[b]);
    const hidden = new Uint8Array(count);
    const most = Math.floor(share * count + rounding[n]);
    for (let i = 0; i < most; i++) hidden[order[i]] = 1;
    for (let c = 0, at = n * size; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let i = 0; i < width; i++, at++)
          out[at] = hidden[(down === 1 ? 0 : Math.floor(y / patch)) * across + Math.floor(i / patch)] ? 0 : x[at];
  }
  return out;
}

/**
 * The side of a patch: a fourth of a sample's length, as 4 of 16; of three values each is one.
 * @param {number[]} shape
 */
export function patchSide(shape) {
  return Math.max(1, Math.floor(/** @type {number} */ (shape.at(-1)) / 4));
}
