// @ts-check
// The colours of the figures.

/** The same three on every page (Okabe & Ito 2008). */
export const ORIGINAL = "#d55e00";
export const PCA = "#0072b2";
export const NETWORK = "#009e73";
/** A code without a class. */
export const NEUTRAL = "#7c8698";
/** Classes: Petroff (2021), "Accessible color sequences for data visualization", arXiv:2107.02270. */
export const PALETTE = "#3f90da #ffa90e #bd1f01 #94a4a2 #832db6 #a96b59 #e76300 #b9ac70 #717581 #92dadd".split(" ");
/** What is flagged: neither the accent (what is moved) nor one of the three above. */
export const FLAG = { light: "#6d3fd4", dark: "#b39cff" };

const CIVIDIS = "#00224e #123570 #3b496c #575d6d #707173 #8a8678 #a59c74 #c3b369 #e1cc55 #fee838".split(" ");
const SHADES = 24;
// A difference: what is missing, none, what is too much. Nothing differs where it looks like the page.
const DIFFERENCE = { light: ["#1c5fc4", "#f3f4f6", "#c62f2f"], dark: ["#5ea8ff", "#191c22", "#ff6d5f"] };

/** Red, green, blue, 0..255, of any CSS colour. @param {string} colour @returns {number[]} */
export function rgb(colour) {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour);
  if (hex) return [0, 2, 4].map((at) => Number.parseInt(hex[1].slice(at, at + 2), 16));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  return [...ctx.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** WCAG 2.2. @param {string} colour */
export function luminance(colour) {
  const [r, g, b] = rgb(colour).map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number} c index of a class */
export function classColour(c) {
  return PALETTE[c % PALETTE.length];
}

/**
 * cividis (Nuñez et al. 2018) without the end that the page's background would swallow.
 * @param {{mode: "light" | "dark"}} theme
 */
export function cividis({ mode }) {
  const [from, to] = mode === "dark" ? [2, 9] : [0, 8];
  const known = CIVIDIS.slice(from, to + 1).map(rgb);
  return Array.from({ length: SHADES }, (_, n) => {
    const at = (n / (SHADES - 1)) * (known.length - 1);
    const i = Math.min(known.length - 2, Math.floor(at));
    return `rgb(${known[i].map((c, j) => Math.round(c + (at - i) * (known[i + 1][j] - c)))})`;
  });
}

const DIFFERENCE_RGB = { light: DIFFERENCE.light.map(rgb), dark: DIFFERENCE.dark.map(rgb) };

/**
 * Colour of a difference; the power lets small ones be seen.
 * @param {number} value −1..1 @param {{mode: "light" | "dark"}} theme @returns {number[]}
 */
export function difference(value, { mode }) {
  const [missing, none, excess] = DIFFERENCE_RGB[mode];
  const part = Math.min(1, Math.abs(value)) ** 0.7;
  const end = value < 0 ? missing : excess;
  return none.map((c, i) => Math.round(c + part * (end[i] - c)));
}

/** CSS backgrounds for the scales of both. @param {{mode: "light" | "dark"}} theme */
export function cividisGradient(theme) {
  return `linear-gradient(90deg, ${cividis(theme).join()})`;
}

/** @param {{mode: "light" | "dark"}} theme */
export function differenceGradient(theme) {
  const stops = Array.from({ length: 17 }, (_, n) => `rgb(${difference(n / 8 - 1, theme)})`);
  return `linear-gradient(90deg, ${stops.join()})`;
}
