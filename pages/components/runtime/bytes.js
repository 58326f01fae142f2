// @ts-check
// Bytes and text, bytes and numbers.

/** @param {string} text base64 @returns {Uint8Array | null} null where the text is no base64 */
export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Of any length: all as arguments of one call would be too many. @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** @param {string} text base64 of little-endian float32 @returns {Float32Array} */
export function floatsFromBase64(text) {
  return new Float32Array(fromBase64(text).buffer);
}

/**
 * A byte a value, 0..255, in the data's own range.
 * @param {Uint8Array} bytes @param {[number, number] | null | undefined} range 0..1 where there is none
 */
export function toRange(bytes, range) {
  const [low, high] = range ?? [0, 1];
  return Float32Array.from(bytes, (byte) => low + (byte / 255) * (high - low));
}

/** Values as floats: a byte a pixel is 0..1. @param {Uint8Array | Float32Array} values @returns {Float32Array} */
export function toFloats(values) {
  return values instanceof Uint8Array ? Float32Array.from(values, (byte) => byte / 255) : values;
}

/** @type {Float32Array | null} */
let halfTable = null;

/**
 * IEEE half -> float32 by table: 65,536 entries once, then a look-up a weight. Float16Array is too young to rely on.
 * @param {Uint16Array} halves
 */
export function halvesToFloats(halves) {
  halfTable ??= makeHalfTable();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = halfTable[halves[i]];
  return floats;
}

function makeHalfTable() {
  const table = new Float32Array(65536);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) table[half] = sign * (fraction ? Number.NaN : Number.POSITIVE_INFINITY);
    else table[half] = sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  }
  return table;
}

/** FNV-1a over the bytes: tells whether a model that came again is the same one. @param {Uint8Array} bytes */
export function stampOf(bytes) {
  let hash = 2166136261;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 16777619);
  return `${bytes.length}-${hash >>> 0}`;
}
