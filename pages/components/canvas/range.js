// @ts-check
// What the bottom and the top of a decoded sample's scale mean.

/**
 * A model's own range; where it has none, what decoded codes span, with a margin. A scale stays as it is while a code
 * moves,
 * else the curve would seem to stand still while its axis moves: see `growRange`.
 * @param {import("../runtime/model.js").Model} model
 * @param {{samples?: number, margin?: number, ends?: boolean}} [options] samples: codes that are decoded; margin: a
 *   share of what they span; ends: whether the ends of the map along each dimension are decoded, too
 * @returns {[number, number]} its own array, to be grown
 */
export function rangeOf(model, { samples = 48, margin = 0.06, ends = false } = {}) {
  if (model.range) return [...model.range];
  /** @type {[number, number]} */
  const range = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < samples; n++) {
    const from = Math.floor((n * model.count) / samples) * model.k;
    growRange(range, model.decode(model.count ? model.codes.subarray(from, from + model.k) : model.centre), model);
  }
  const { centre, low, high } = model;
  for (let i = 0; ends && i < Math.min(24, model.k); i++)
    for (const end of [low, high])
      growRange(range, model.decode(centre.map((value, j) => (j === i ? end[i] : value))), model);
  const reach = margin * (range[1] - range[0]) || 1;
  return [range[0] - reach, range[1] + reach];
}

/**
 * Lets a range hold these values; it only ever grows. One that is the model's own stays.
 * @param {[number, number]} range @param {ArrayLike<number>} values @param {{range: [number, number] | null}} model
 */
export function growRange(range, values, model) {
  if (model.range) return;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < range[0]) range[0] = values[i];
    if (values[i] > range[1]) range[1] = values[i];
  }
}
