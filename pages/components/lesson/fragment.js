// @ts-check
// A lesson, or somebody's answers, in a link's fragment: base64 text that an address may hold. No server sees it.

const MAX_CHARACTERS = 4 * Math.ceil(8192 / 3); // of a file of 8,192 bytes

/** @param {string} text */
export function packed(text) {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} text as `packed` gives it @param {number} [most] characters
 * @returns {string | null} null of what is cut, too long or foreign
 */
export function unpacked(text, most = MAX_CHARACTERS) {
  if (text.length > most || !/^[\w-]*$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}

/**
 * What an address holds in its fragment by this name, still packed; null: nothing.
 * @param {string} hash @param {string} name
 */
export const partOf = (hash, name) => new URLSearchParams(hash.replace(/^#/, "")).get(name);

/** The lesson that an address holds in its fragment; null of a broken one, undefined of none. @param {string} hash */
export function lessonOf(hash) {
  const text = partOf(hash, "lesson");
  return text === null ? undefined : unpacked(text);
}
