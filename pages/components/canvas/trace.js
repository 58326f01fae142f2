// @ts-check
// Signals as lines.

/** @typedef {{x: number, y: number, width: number, height: number}} Frame in CSS pixels */

/**
 * Every channel of a window in a lane of its own.
 * @param {CanvasRenderingContext2D} ctx @param {ArrayLike<number>} values (channels · length), from `from`
 * @param {number[]} shape [channels, length]
 * @param {[number, number]} range what the lane's bottom and top mean
 * @param {Frame} frame
 * @param {{colour: string, width?: number, from?: number, inset?: number, clamps?: boolean}} style inset: px that a
 *   lane leaves at its top and bottom; clamps: whether values beyond the range stay at its edge
 */
export function drawLanes(ctx, values, [channels, length], [low, high], frame, style) {
  const { colour, width = 2.25, from = 0, inset = 0, clamps = false } = style;
  const lane = frame.height / channels;
  const steps = Math.max(2, length); // a window of one sample is a level
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  for (let c = 0; c < channels; c++) {
    ctx.beginPath();
    for (let i = 0; i < steps; i++) {
      let part = (values[from + c * length + Math.min(i, length - 1)] - low) / (high - low);
      if (clamps) part = Math.min(1, Math.max(0, part));
      ctx.lineTo(
        frame.x + (i / (length - 1 || 1)) * frame.width,
        frame.y + lane * (c + 1) - inset - part * (lane - 2 * inset),
      );
    }
    ctx.stroke();
  }
}

/**
 * @typedef {object} Points a series as it is drawn: a point a sample, or the least and the most of a pixel's rows
 * @property {Float32Array} x px
 * @property {Float32Array} low NaN where there is nothing
 * @property {Float32Array} high
 * @property {number} count
 * @property {boolean} line whether these are the samples themselves, to be joined by a line
 */

/**
 * A line through samples, or a band from the least to the most.
 * @param {CanvasRenderingContext2D} ctx @param {Points} points @param {(value: number) => number} y value -> px
 * @param {string} colour @param {number} thick px
 */
export function drawPointsOrBand(ctx, { x, low, high, count, line: joined }, y, colour, thick) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = thick;
  ctx.lineJoin = "round";
  const half = thick / 2;
  ctx.beginPath();
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(low[i])) continue;
    const from = i;
    while (i + 1 < count && !Number.isNaN(low[i + 1])) i += 1;
    if (from === i) {
      ctx.rect(x[i] - half, y(high[i]) - half, thick, y(low[i]) - y(high[i]) + thick); // alone between gaps
    } else if (joined) {
      ctx.moveTo(x[from], y(low[from]));
      for (let j = from + 1; j <= i; j++) ctx.lineTo(x[j], y(low[j]));
    } else {
      ctx.moveTo(x[from], y(high[from]) - half);
      for (let j = from + 1; j <= i; j++) ctx.lineTo(x[j], y(high[j]) - half);
      for (let j = i; j >= from; j--) ctx.lineTo(x[j], y(low[j]) + half);
      ctx.closePath();
    }
  }
  if (joined) ctx.stroke();
  else ctx.fill();
}
