// @ts-check
// Markdown's emphasis, and nothing else of it: a lesson's words are somebody's file, and become text, never HTML.
import { make } from "../figure/dom.js";

const PARTS = /(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/;

/**
 * What a line of a lesson shows.
 * @param {string} text @returns {[tag: "" | "strong" | "em" | "code", text: string][]}
 */
export function partsOf(text) {
  return text
    .split(PARTS)
    .filter(Boolean)
    .map((part) => {
      if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return ["strong", part.slice(2, -2)];
      if (part.length > 2 && part.startsWith("*") && part.endsWith("*")) return ["em", part.slice(1, -1)];
      if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return ["code", part.slice(1, -1)];
      return ["", part];
    });
}

/** @param {string} text @returns {(Node | string)[]} */
export const nodesOf = (text) => partsOf(text).map(([tag, part]) => (tag ? make(tag, {}, part) : part));
