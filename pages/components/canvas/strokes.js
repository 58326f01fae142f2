// @ts-check
// Lines, rings, text and the marks that every figure has.

/** @param {CanvasRenderingContext2D} ctx @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
export function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/**
 * The path of a circle.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius
 */
export function ring(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * The path of a square on its corner.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} reach
 */
export function diamond(ctx, x, y, reach) {
  ctx.beginPath();
  ctx.moveTo(x, y - reach);
  ctx.lineTo(x + reach, y);
  ctx.lineTo(x, y + reach);
  ctx.lineTo(x - reach, y);
  ctx.closePath();
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2
 * @param {number} head px
 */
export function arrow(ctx, x1, y1, x2, y2, head) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1) return;
  line(ctx, x1, y1, x2, y2);
  const reach = Math.min(head, length);
  ctx.beginPath();
  ctx.moveTo(x2, y2);
  for (const side of [2.6, -2.6]) ctx.lineTo(x2 + reach * Math.cos(angle + side), y2 + reach * Math.sin(angle + side));
  ctx.fill();
}

/**
 * Text with a halo of the page's colour, so that it is read on anything.
 * @param {CanvasRenderingContext2D} ctx @param {Pick<import("./theme.js").Theme, "text" | "background">} theme
 * @param {string} text @param {number} x @param {number} y @param {number} halo px
 */
export function haloText(ctx, theme, text, x, y, halo) {
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = halo;
  ctx.lineJoin = "round";
  ctx.strokeText(text, x, y);
  ctx.fillStyle = theme.text;
  ctx.fillText(text, x, y);
}

/**
 * What is moved is a dot in the accent on every page.
 * @param {CanvasRenderingContext2D} ctx @param {{primary: string}} theme @param {number} x @param {number} y
 * @param {number} [radius]
 */
export function handle(ctx, theme, x, y, radius = 7.5) {
  const disc = (colour, size) => {
    ctx.fillStyle = colour;
    ring(ctx, x, y, size);
    ctx.fill();
  };
  disc("rgb(0 0 0 / .65)", radius + 3.5);
  disc("#ffffff", radius + 2.5);
  disc(theme.primary, radius);
}

/**
 * Text cut to a width, with … at its end.
 * @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} width
 */
export function shorten(ctx, text, width) {
  let cut = text;
  while (cut.length > 1 && ctx.measureText(cut).width > width) cut = `${cut.slice(0, -2)}…`;
  return cut;
}
