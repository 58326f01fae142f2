// @ts-check
// A drawn set as text, and back.
import { fromBase64, toBase64 } from "../runtime/bytes.js";

/** @typedef {{pixels: Uint8Array, label: string}} Drawn pixels: (side²) */

/** @param {Drawn[]} drawn */
export function toJson(drawn) {
  return JSON.stringify(drawn.map(({ pixels, label }) => [toBase64(pixels), label]));
}

/**
 * Those of a text whose pictures have the right size; none of a text that is no set.
 * @param {string} text @param {number} side @returns {Drawn[]}
 */
export function fromJson(text, side) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  return found.flatMap((each) => {
    const pixels = Array.isArray(each) ? fromBase64(String(each[0])) : null;
    return pixels?.length === side * side ? [{ pixels, label: String(each[1] ?? "") }] : [];
  });
}
