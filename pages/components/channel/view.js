// @ts-check
// Takes what Python sends, as bytes, and puts it where the figures find it. Shows nothing.
import { stampOf } from "../runtime/bytes.js";
import { readBlock } from "../runtime/format.js";
import { parseModel } from "../runtime/model.js";
import { parseSnapshots } from "../runtime/snapshots.js";
import { models, paths, samples, signals, snapshots } from "../runtime/store.js";

const KIND_BYTES = 8; // as in __init__.py

/**
 * What puts a kind into its store; each gives the name under which it is found.
 * @type {Record<string, (bytes: Uint8Array) => string>}
 */
const RECEIVERS = {
  model(bytes) {
    // Streamlit runs this again on a change of theme; building a model twice would be lost time, so compare first.
    const stamp = stampOf(bytes);
    for (const model of models.values()) if (model.stamp === stamp) return model.name;
    const model = parseModel(bytes);
    models.put(model.name, model);
    return model.name;
  },

  epochs(bytes) {
    const chunk = parseSnapshots(bytes);
    const chunks = snapshots.get(chunk.run) ?? new Map();
    snapshots.put(chunk.run, chunks.set(chunk.chunk, chunk));
    return chunk.run;
  },

  signal(bytes) {
    const { kind, name } = readBlock(bytes).header;
    const known = signals.get(name) ?? {};
    // A change of theme brings the same bytes. Of the main ones, which are many, the length tells enough.
    const same = known[kind]?.length === bytes.length && (kind === "main" || stampOf(known[kind]) === stampOf(bytes));
    if (!same) signals.put(name, { ...known, [kind]: bytes });
    return name;
  },

  samples(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const { name, range } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    if (!samples.has(name)) unpacked(bytes.slice(4 + length)).then((values) => samples.put(name, { values, range }));
    return name;
  },

  path(bytes) {
    const path = JSON.parse(new TextDecoder().decode(bytes));
    paths.put(path.model, path);
    return path.model;
  },
};

/** @param {Uint8Array<ArrayBuffer>} bytes of gzip */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {{data: Uint8Array, parentElement: HTMLElement}} component */
export default function receive({ data, parentElement }) {
  const kind = new TextDecoder().decode(data.subarray(0, KIND_BYTES)).replace(/\0+$/, "");
  parentElement.dataset.lxReceived = RECEIVERS[kind](data.subarray(KIND_BYTES)); // for tests, and whoever looks
}
