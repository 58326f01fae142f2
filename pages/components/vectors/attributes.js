// @ts-check
// Attributes of a stroke, measured on its picture as ae_core measures them.

/**
 * Thickness, width and height in pixels, slant in degrees.
 * @param {ArrayLike<number>} values (1 · height · width), ink bright @param {number[]} shape [1, height, width]
 */
export function measured(values, [, height, width]) {
  const at = (x, y) => {
    const inside = x >= 0 && y >= 0 && x < width && y < height;
    return inside ? Math.min(1, Math.max(0, values[y * width + x])) : 0;
  };
  const { ink, xx, yy, xy } = moments(at, height, width);
  const outline = outlineOf(at, height, width);
  const tall = Math.max(yy, 1e-9);
  return {
    thickness: (outline - Math.sqrt(Math.max(0, outline ** 2 - 4 * Math.PI * ink))) / Math.PI,
    slant: (Math.atan2(xy, tall) * 180) / Math.PI,
    width: Math.sqrt(12 * Math.max(0, xx - xy ** 2 / tall)),
    height: Math.sqrt(12 * yy),
  };
}

/** The ink, and its second central moments; a pixel is a square of ink, so it has a variance of 1/12 of its own. */
function moments(at, height, width) {
  let [ink, mx, my] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const v = at(x, y);
      ink += v;
      mx += v * x;
      my -= v * y;
    }
  const total = Math.max(ink, 1e-9);
  const own = ink > 1e-9 ? 1 / 12 : 0;
  mx /= total;
  my /= total;
  let [xx, yy, xy] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const v = at(x, y) / total;
      const dx = x - mx;
      const dy = -y - my;
      xx += v * dx * dx;
      yy += v * dy * dy;
      xy += v * dx * dy;
    }
  return { ink, xx: xx + own, yy: yy + own, xy };
}

/** The length of the ink's outline: its total variation, around each corner where four pixels meet. */
function outlineOf(at, height, width) {
  let sum = 0;
  for (let y = -1; y < height; y++)
    for (let x = -1; x < width; x++) {
      const a = at(x, y);
      const b = at(x + 1, y);
      const c = at(x, y + 1);
      const d = at(x + 1, y + 1);
      sum += Math.hypot(b - a, c - a) + Math.hypot(b - a, d - b) + Math.hypot(d - c, c - a) + Math.hypot(d - c, d - b);
    }
  return sum / 4;
}
