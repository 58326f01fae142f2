// @ts-check
// What the page's theme says to a canvas.
import { luminance } from "./colours.js";

/**
 * @typedef {object} Theme
 * @property {string} primary the accent: what is moved
 * @property {string} background
 * @property {string} text
 * @property {string} font
 * @property {"light" | "dark"} mode
 * @property {string} onPrimary black or white, whichever has the higher contrast
 */

/** @param {Element} root @returns {Theme} */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const read = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const primary = read("primary-color", "#ff4b4b");
  const background = read("background-color", "#ffffff");
  return {
    primary,
    background,
    text: read("text-color", "#31333f"),
    font: read("font", "sans-serif"),
    mode: luminance(background) < 0.4 ? "dark" : "light",
    onPrimary: luminance(primary) > 0.18 ? "#000000" : "#ffffff",
  };
}
