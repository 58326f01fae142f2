// @ts-check
// A few epochs of a training.
import { toFloats } from "./bytes.js";
import { readBlock } from "./format.js";

/**
 * @typedef {object} Snapshot
 * @property {number} epoch
 * @property {Float32Array} map (N · 2) where the held-out samples lie
 * @property {Float32Array} made (M · prod(shape)) what the network makes of the inputs
 */

/**
 * @param {Uint8Array} bytes a chunk (see ae_core's `pack_snapshots`)
 * @returns {{run: string, chunk: number, epochs: number[], snapshots: Snapshot[]}} and the rest of the header
 */
export function parseSnapshots(bytes) {
  const { header, array } = readBlock(bytes);
  const { epochs } = header;
  const maps = /** @type {Float32Array} */ (array("maps"));
  const made = toFloats(array("pictures"));
  const part = (values, e) =>
    values.subarray((e * values.length) / epochs.length, ((e + 1) * values.length) / epochs.length);
  return { ...header, snapshots: epochs.map((epoch, e) => ({ epoch, map: part(maps, e), made: part(made, e) })) };
}
