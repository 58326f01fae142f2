// @ts-check
// A trained network that runs in the page, so that a drag needs no server.
import { ACTIVATIONS } from "./activations.js";
import { stampOf } from "./bytes.js";
import { makeCodebook } from "./codebook.js";
import { readBlock } from "./format.js";
import { convTransposeLayer, denseLayer, largestLayer, sumLayer } from "./layers.js";

/**
 * What the values of a sample stand for; see ae_core's Display.
 * @typedef {object} Display
 * @property {"signals" | "pictures" | "features"} kind
 * @property {number[]} axis @property {string} axis_name @property {string} axis_unit
 * @property {[string, string][]} channels names and units
 * @property {number[]} centre @property {number[]} spread
 */

/**
 * What Python packed (see ae_core's `pack` and `pack_encoder`), ready to run. Every function gives a buffer that its
 * next call uses again. A class-conditional model takes `n_classes` one-hot numbers behind those of z and of x; without
 * them each class is as likely.
 * @typedef {object} Model
 * @property {string} name under which it is sent
 * @property {string} title
 * @property {string} data name of the data source
 * @property {number} k numbers of a code
 * @property {number[]} shape of a sample: [channels, height, width] or [channels, length]
 * @property {[number, number] | null} range that values can have; null where nothing bounds them
 * @property {boolean} gaussian whether the prior is a standard normal distribution
 * @property {number} [n_classes] of a class-conditional model, 0: of none
 * @property {number[]} centre (k) of the map
 * @property {number[]} low (k) ends of the map
 * @property {number[]} high
 * @property {string[] | null} classes
 * @property {{name: string, unit?: string}[]} factors
 * @property {{name: string}[]} [channels]
 * @property {Display} [display]
 * @property {{neighbours: number, threshold: number}} [off_data] farther than this from so many codes is outside the
 *   data
 * @property {Float32Array} codes (count · k) of held-out samples
 * @property {number} count
 * @property {Uint8Array | null} labels (count)
 * @property {Float32Array | null} factors_of (count · factors)
 * @property {string} stamp of its bytes
 * @property {{mean: Float32Array, components: Float32Array, variance: Float32Array, total: number} | null} pca
 * @property {number[]} [code_mean] (k) of the held-out codes, where the model has a `pca` and sends no codes
 * @property {number[]} [code_std] (k)
 * @property {ReturnType<typeof makeCodebook> | null} codebook
 * @property {(z: ArrayLike<number>) => Float32Array} decode z (k) -> values (shape)
 * @property {(z: ArrayLike<number>) => Float32Array} raw z (k) -> what the decoder's last activation is applied to
 * @property {((x: ArrayLike<number>) => Float32Array) | null} hidden values (shape) -> the encoder's last hidden layer;
 *   null without one
 * @property {((x: ArrayLike<number>) => Float32Array) | null} encode values (shape) -> z (k); null without an encoder
 * @property {((x: ArrayLike<number>) => {mu: Float32Array, logvar: Float32Array}) | null} posterior null unless
 *   Gaussian
 * @property {((x: ArrayLike<number>) => Int32Array) | null} tokens null without a codebook
 * @property {((tokens: ArrayLike<number>) => Float32Array) | null} fromTokens
 */

const LOGVAR_LIMITS = [-30, 20]; // as the Gaussian bottleneck of ae_core

/** @param {Uint8Array} bytes @returns {Model} @throws {Error} that says what is wrong with the bytes */
export function parseModel(bytes) {
  const { header, array } = readBlock(bytes);
  const { factors, pca, codebook: book, k, shape } = header;
  const { decoder, activate, encoder, hidden } = buildNetwork(header, array);
  const classes = header.n_classes ?? 0;
  const size = shape.reduce((product, n) => product * n, 1);
  const z32 = new Float32Array(k + classes); // rounds z to float32, as torch does
  const x32 = classes ? new Float32Array(size + classes) : null;
  const withClasses = (into, values, count) => {
    into.fill(1 / classes, count);
    into.set(values);
    return into;
  };
  const inputOf = (x) => (classes ? withClasses(x32, x, size) : x);
  const encoded = encoder && ((x) => encoder(inputOf(x)));
  const codebook = book ? makeCodebook(book, /** @type {Float32Array} */ (array(book.values)), k) : null;
  const codes = /** @type {Float32Array} */ (array("codes") ?? new Float32Array(0));
  const posterior = (x) => {
    const h = encoded(x);
    const logvar = h.subarray(k);
    for (let i = 0; i < k; i++) logvar[i] = Math.min(LOGVAR_LIMITS[1], Math.max(LOGVAR_LIMITS[0], logvar[i]));
    return { mu: h.subarray(0, k), logvar };
  };
  // Of a Gaussian code the means come first.
  const encode = (x) => (codebook ? codebook.fromTokens(codebook.tokens(encoded(x))) : encoded(x).subarray(0, k));
  const raw = (z) => decoder(withClasses(z32, z, k));
  const decode = (z) => {
    const values = raw(z);
    activate(values);
    return values;
  };
  return {
    ...header,
    codes,
    count: codes.length / k,
    labels: array("labels"),
    factors: factors ?? [],
    factors_of: array("factors"),
    stamp: stampOf(bytes),
    pca: pca
      ? { ...pca, mean: array(pca.mean), components: array(pca.components), variance: array(pca.variance) }
      : null,
    codebook,
    raw,
    decode,
    hidden: hidden && ((x) => hidden(inputOf(x))),
    encode: encoder && encode,
    posterior: encoder && header.gaussian ? posterior : null,
    tokens: encoder && codebook ? (x) => codebook.tokens(encoded(x)) : null,
    fromTokens: codebook?.fromTokens ?? null,
  };
}

/**
 * The chains of layers that a header describes: the decoder up to its last activation, which is one of its own; the
 * encoder, and its hidden layers alone.
 * @typedef {import("./layers.js").Layer} Layer
 * @returns {{decoder: Layer, activate: (y: Float32Array) => void, encoder: Layer | null, hidden: Layer | null}}
 */
function buildNetwork({ name, layers, encoder }, array) {
  const build = (spec) => {
    const known = ["dense", "conv_transpose", "sum", "largest"].includes(spec.op);
    if (!known || !ACTIVATIONS[spec.activation])
      throw new Error(`Model ${name}: no layer ${spec.op} with ${spec.activation}.`);
    if (spec.op === "sum") return sumLayer(spec, spec.branches.map(buildChain));
    if (spec.op === "largest") return largestLayer(spec);
    const weight = array(spec.weight);
    if (!weight) throw new Error(`Model ${name}: no weights ${spec.weight}.`);
    return (spec.op === "dense" ? denseLayer : convTransposeLayer)(spec, weight, array(spec.bias));
  };
  const buildChain = (specs) => chain(specs.map(build));
  const last = layers.at(-1)?.activation ?? "identity";
  const raw = layers.map((spec, n) => (n === layers.length - 1 ? { ...spec, activation: "identity" } : spec));
  const decoder = buildChain(raw);
  if (!ACTIVATIONS[last]) throw new Error(`Model ${name}: no activation ${last}.`);
  const encoding = encoder?.map(build) ?? null;
  return {
    decoder,
    activate: ACTIVATIONS[last],
    encoder: encoding && chain(encoding),
    hidden: encoding && encoding.length > 1 ? chain(encoding.slice(0, -1)) : null,
  };
}

/** Layers one after the other. @param {Layer[]} layers @returns {Layer} */
function chain(layers) {
  return (x) => {
    let values = /** @type {Float32Array} */ (x);
    for (let n = 0; n < layers.length; n++) values = layers[n](values);
    return values;
  };
}

/**
 * The nearest codes, nearest first. Euclidean in all k dimensions, by looking at every code: 10,000 codes of 2 numbers
 * take less than 0.1 ms.
 * @param {Pick<Model, "codes" | "count" | "k">} model @param {ArrayLike<number>} z (k)
 * @param {number} wanted how many
 */
export function nearestCodes({ codes, count, k }, z, wanted) {
  /** @type {number[]} */
  const indexes = [];
  /** @type {number[]} */
  const distances = []; // squared until the end
  for (let n = 0; n < count; n++) {
    let squared = 0;
    for (let i = 0; i < k; i++) {
      const gap = codes[n * k + i] - z[i];
      squared += gap * gap;
    }
    if (indexes.length === wanted && !(squared < distances[wanted - 1])) continue;
    let rank = Math.min(indexes.length, wanted - 1);
    for (; rank > 0 && distances[rank - 1] > squared; rank--) {
      distances[rank] = distances[rank - 1];
      indexes[rank] = indexes[rank - 1];
    }
    distances[rank] = squared;
    indexes[rank] = n;
  }
  return { indexes, distances: distances.map(Math.sqrt) };
}

/**
 * Values with the one-hot numbers of a class behind them, for a class-conditional network; otherwise the values alone.
 * @param {Float32Array} values @param {number | undefined} classes @param {number | null | undefined} label
 */
export function withLabel(values, classes, label) {
  if (!classes || label === null || label === undefined) return values;
  const result = new Float32Array(values.length + classes);
  result.set(values);
  result[values.length + label] = 1;
  return result;
}

/** Numbers of one sample. @param {{shape: number[]}} model */
export function sampleSize({ shape }) {
  return shape.reduce((product, n) => product * n, 1);
}
