// @ts-check
// Places on several maps of the same samples, and who is near whom there.

/**
 * Part of the way from one map to another, in straight lines; NaN for a sample that one of them has not.
 * @param {Float32Array} a (M · 2) @param {Float32Array} b (L · 2) @param {number} part 0..1 @param {Float32Array} into
 */
export function between(a, b, part, into) {
  const both = Math.min(a.length, b.length, into.length);
  for (let i = 0; i < both; i++) into[i] = a[i] + part * (b[i] - a[i]);
  return into.fill(Number.NaN, both);
}

/**
 * The nearest of a sample's neighbours, the nearest first.
 * @param {Float32Array} places (M · 2) @param {number} n the sample @param {number} count
 * @returns {number[]} none where the sample has no place
 */
export function nearestOf(places, n, count) {
  const [x, y] = [places[2 * n], places[2 * n + 1]];
  const near = [];
  if (!Number.isFinite(x + y)) return near;
  const far = [];
  for (let m = 0; m < places.length / 2; m++) {
    const away = (places[2 * m] - x) ** 2 + (places[2 * m + 1] - y) ** 2;
    if (m === n || !(far.length < count || away < far[count - 1])) continue;
    let at = Math.min(far.length, count - 1);
    while (at > 0 && far[at - 1] > away) at--;
    far.splice(at, 0, away);
    near.splice(at, 0, m);
    far.length = near.length = Math.min(count, near.length);
  }
  return near;
}

/**
 * The nearest sample in a direction: within 45° of it; −1 where there is none.
 * @param {Float32Array} places (M · 2) @param {number} n from this one @param {number} right −1, 0, 1
 * @param {number} up −1, 0, 1
 */
export function towards(places, n, right, up) {
  const [x, y] = [places[2 * n], places[2 * n + 1]];
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let m = 0; m < places.length / 2; m++) {
    const [dx, dy] = [places[2 * m] - x, places[2 * m + 1] - y];
    const along = dx * right + dy * up;
    const aside = Math.abs(dx * up) + Math.abs(dy * right);
    if (m === n || !(along > 0) || aside > along) continue;
    const away = dx * dx + dy * dy;
    if (away >= least) continue;
    least = away;
    best = m;
  }
  return best;
}
