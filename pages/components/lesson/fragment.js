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

/** @param {string} text as `packed` gives it @returns {string | null} null of what is cut, too long or foreign */
export function unpacked(text) {
  if (text.length > MAX_CHARACTERS || !/^[\w-]*$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** What an address holds in its fragment, by name. @param {string} hash */
export function fragmentOf(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const read = (name) => (parts.has(name) ? unpacked(parts.get(name) ?? "") : undefined);
  return { lesson: read("lesson"), sheet: read("sheet") };
}
