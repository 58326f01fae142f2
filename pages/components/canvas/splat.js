// @ts-check
// Ten thousand moving points: each is added to the pixels themselves, in a fifth of the time that stamps take.
// Places are rounded to the screen's pixels; a map that rests is stamped (`drawPoints`).

/** How much of each pixel a dot covers, 0..1, row by row. @param {number} radius device pixels */
export function coverage(radius) {
  const side = 2 * Math.ceil(radius + 0.5);
  const mask = new Float32Array(side * side);
  for (let i = 0; i < mask.length; i++) {
    const x = (i % side) + 0.5 - side / 2;
    const y = Math.floor(i / side) + 0.5 - side / 2;
    mask[i] = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
  }
  return { side, mask };
}

/**
 * Draws dots over what is there, as a canvas does (source-over; straight alpha).
 * @param {Uint8ClampedArray} pixels (height · width · 4) @param {number} width @param {number} height device pixels
 * @param {ArrayLike<number>} positions (N · 2) device pixels; what is no number is left out
 * @param {{side: number, mask: Float32Array}} dot of `coverage`
 * @param {number[][]} colours red, green, blue, 0..255
 * @param {ArrayLike<number> | null} shades which colour each has; null: the first for all @param {number} alpha
 */
export function splat(pixels, width, height, positions, { side, mask }, colours, shades, alpha) {
  for (let n = 0; n < positions.length / 2; n++) {
    const left = Math.round(positions[2 * n] - side / 2);
    const top = Math.round(positions[2 * n + 1] - side / 2);
    if (!(left > -side && top > -side && left < width && top < height)) continue;
    const [red, green, blue] = colours[shades ? shades[n] : 0];
    for (let j = Math.max(0, -top); j < side && top + j < height; j++) {
      for (let i = Math.max(0, -left); i < side && left + i < width; i++) {
        const over = alpha * mask[j * side + i];
        if (!over) continue;
        const at = 4 * ((top + j) * width + left + i);
        const under = (pixels[at + 3] / 255) * (1 - over);
        const whole = over + under;
        pixels[at] = (red * over + pixels[at] * under) / whole;
        pixels[at + 1] = (green * over + pixels[at + 1] * under) / whole;
        pixels[at + 2] = (blue * over + pixels[at + 2] * under) / whole;
        pixels[at + 3] = 255 * whole;
      }
    }
  }
}
