// @ts-check
// The file that Python sends: "LEX1", header length, JSON header, arrays (little-endian); see ae_core's pack functions.
import { halvesToFloats } from "./bytes.js";

const TYPES = { f2: Uint16Array, f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array };

/**
 * @typedef {object} Block
 * @property {any} header what the JSON header says, without the list of arrays
 * @property {(name: string | null | undefined) => any} array a typed array by name (halves as float32), a copy; null
 * where
 *   there is none
 */

/** @param {Uint8Array} bytes @returns {Block} @throws {Error} that says what is wrong with the bytes */
export function readBlock(bytes) {
  if (!(bytes?.length >= 8)) throw new Error("Not a block: too short.");
  const text = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  if (text(0, 4) !== "LEX1") throw new Error("Not a block: it does not start with LEX1.");
  const payload = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const { arrays, ...header } = JSON.parse(text(8, payload));

  const array = (name) => {
    if (!name || !arrays[name]) return null;
    const { dtype, shape, offset } = arrays[name];
    const length = shape.reduce((product, n) => product * n, 1);
    const start = payload + offset;
    const end = start + length * TYPES[dtype].BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new Error(`${header.name ?? header.run}: ${name} ends behind the end of the block.`);
    // a copy: a view would have to start at a multiple of its size
    const values = new TYPES[dtype](bytes.slice(start, end).buffer);
    return dtype === "f2" ? halvesToFloats(/** @type {Uint16Array} */ (values)) : values;
  };
  return { header, array };
}
