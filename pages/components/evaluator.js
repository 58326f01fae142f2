// evaluator.js: run a trained network in the page, so that a drag needs no server.
//
// Python puts this text in front of a component's view.js, and the two become one ES module: hence no import and no
// export here. Several components carry their own copy, so what they share (models, snapshots) lives on globalThis.
//
//   registerModel(parseModel(bytes))            a component received a model as bytes (packed by Python)
//   const model = await modelReady("name")      another one needs it, whichever arrives first
//   model.decode(z)                             z: k numbers -> Float32Array, prod(shape) values, reused by the next call
//   model.encode(x)                             x: Float32Array, prod(shape) values -> k numbers, likewise; null without an encoder
//   model.tokens(x), model.fromTokens(tokens)   of a codebook: T numbers of codes <-> k numbers; null without one
//   model.posterior(x)                          -> {mu, logvar}, k numbers each, likewise; null unless the code is a Gaussian
// A model that is told classes (model.told of them) takes their one-hot numbers behind those of z and of x; without them each is as likely.
//
//   nearestCodes(model, z, 5)                   -> {indexes, distances}, nearest first
//   registerSnapshots(parseSnapshots(bytes))    a component received a few epochs of a training; latentSnapshots holds them

// ---- Activations, in place; the same definitions as torch.nn ------------------------------------------------------

// Abramowitz & Stegun 7.1.26: at most 1.5e-7 off, which is float32's own rounding.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

const ACTIVATIONS = {
  identity: (y) => {},
  relu: (y) => { for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = 0; },
  leaky_relu: (y) => { for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= 0.01; },
  silu: (y) => { for (let i = 0; i < y.length; i++) y[i] /= 1 + Math.exp(-y[i]); },
  gelu: (y) => { for (let i = 0; i < y.length; i++) y[i] *= 0.5 * (1 + erf(y[i] * Math.SQRT1_2)); },
  tanh: (y) => { for (let i = 0; i < y.length; i++) y[i] = Math.tanh(y[i]); },
  sigmoid: (y) => { for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-y[i])); },
  clip: (y) => { for (let i = 0; i < y.length; i++) y[i] = y[i] < 0 ? 0 : y[i] > 1 ? 1 : y[i]; },
  elu: (y) => { for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = Math.expm1(y[i]); },
};

// ---- Layers: each is a function Float32Array -> Float32Array (its own buffer, so nothing is allocated per frame) ---

// y = W x + b. Stored by columns: after a relu more than half of x is zero, and a zero skips its whole column.
// Four columns a pass, because reading and writing y costs as much as the multiplication. Row by row took four times
// as long for a relu decoder of 1.5 million weights, and a third longer where nothing is zero.
function denseLayer({ inputs, outputs, activation }, weight, bias) {
  const columns = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) columns[i * outputs + o] = weight[o * inputs + i];
  const y = new Float32Array(outputs);
  const alive = new Int32Array(inputs + 3); // three more, so that the last pass can be filled up with zeros
  const values = new Float32Array(inputs + 3);
  const activate = ACTIVATIONS[activation];
  return (x) => {
    let count = 0;
    for (let i = 0; i < inputs; i++) if (x[i] !== 0) { alive[count] = i * outputs; values[count++] = x[i]; }
    for (let pad = count; pad < count + 3; pad++) { alive[pad] = 0; values[pad] = 0; }
    if (bias) y.set(bias); else y.fill(0);
    for (let n = 0; n < count; n += 4) {
      const a = values[n], b = values[n + 1], c = values[n + 2], d = values[n + 3];
      let p = alive[n], q = alive[n + 1], r = alive[n + 2], s = alive[n + 3];
      for (let o = 0; o < outputs; o++) y[o] += a * columns[p++] + b * columns[q++] + c * columns[r++] + d * columns[s++];
    }
    activate(y);
    return y;
  };
}

// torch's ConvTranspose1d/2d: every input pixel stamps the kernel, `stride` apart. Output padding is already in `out`.
function convTransposeLayer({ in: [C, H, W], out: [D, OH, OW], kernel: [KH, KW], stride: [SH, SW], padding: [PH, PW], activation }, weight, bias) {
  const y = new Float32Array(D * OH * OW);
  const activate = ACTIVATIONS[activation];
  return (x) => {
    for (let d = 0; d < D; d++) y.fill(bias ? bias[d] : 0, d * OH * OW, (d + 1) * OH * OW);
    for (let c = 0; c < C; c++) for (let d = 0; d < D; d++) for (let kh = 0; kh < KH; kh++) for (let kw = 0; kw < KW; kw++) {
      const w = weight[((c * D + d) * KH + kh) * KW + kw];
      const first = Math.max(0, Math.ceil((PW - kw) / SW)); // the input columns whose stamp lands inside the output
      const last = Math.min(W - 1, Math.floor((OW - 1 + PW - kw) / SW));
      for (let h = 0; h < H; h++) {
        const row = h * SH - PH + kh;
        if (row < 0 || row >= OH) continue;
        const from = (c * H + h) * W;
        let to = (d * OH + row) * OW - PW + kw + first * SW;
        for (let i = first; i <= last; i++, to += SW) y[to] += w * x[from + i];
      }
    }
    activate(y);
    return y;
  };
}

// Several chains of layers on the same input, their outputs added: a straight path and one that bends it.
function sumLayer({ activation }, chains) {
  const activate = ACTIVATIONS[activation];
  let y = null;
  return (x) => {
    chains.forEach((chain, n) => {
      const part = chain(x);
      y ??= new Float32Array(part.length);
      if (n === 0) y.set(part); else for (let i = 0; i < y.length; i++) y[i] += part[i];
    });
    activate(y);
    return y;
  };
}

// The `keep` largest values; the others become 0.
function largestLayer({ keep, activation }) {
  const activate = ACTIVATIONS[activation];
  let y = null;
  return (x) => {
    y ??= new Float32Array(x.length);
    const least = Float32Array.from(x).sort()[x.length - keep]; // a typed array is sorted by number
    for (let i = 0; i < x.length; i++) y[i] = x[i] >= least ? x[i] : 0;
    activate(y);
    return y;
  };
}

const LAYERS = { largest: largestLayer, dense: denseLayer, conv_transpose: convTransposeLayer, sum: sumLayer };

// ---- The file: "LEX1", header length, JSON header, arrays (little-endian) -------------------------------------------

// IEEE half -> float32 by table: 65,536 entries once, then a look-up a weight. Float16Array is too young to rely on.
let halfTable = null;
function halvesToFloats(halves) {
  if (!halfTable) {
    halfTable = new Float32Array(65536);
    for (let h = 0; h < 65536; h++) {
      const sign = h & 0x8000 ? -1 : 1, exponent = (h >> 10) & 31, fraction = h & 1023;
      halfTable[h] = sign * (exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15));
    }
  }
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = halfTable[halves[i]];
  return floats;
}

// bytes: Uint8Array. Returns {header, array}: array(name) is a Float32Array, or a Uint8Array for bytes; null if there is none.
// Throws an Error that says what is wrong.
function readBlock(bytes) {
  if (!(bytes?.length >= 8)) throw new Error("Not a block: too short.");
  const text = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  if (text(0, 4) !== "LEX1") throw new Error("Not a block: it does not start with LEX1.");
  const payload = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const { arrays, ...header } = JSON.parse(text(8, payload));

  const array = (name) => {
    if (!name || !arrays[name]) return null;
    const { dtype, shape, offset } = arrays[name];
    const length = shape.reduce((product, n) => product * n, 1);
    const Type = { f2: Uint16Array, f4: Float32Array, u1: Uint8Array }[dtype];
    const start = payload + offset, end = start + length * Type.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new Error(`${header.name ?? header.run}: ${name} ends behind the end of the block.`);
    const values = new Type(bytes.slice(start, end).buffer); // a copy: a view would have to start at a multiple of 4
    return dtype === "f2" ? halvesToFloats(values) : values;
  };
  return { header, array };
}

// bytes: Uint8Array. Returns the model: everything in the header, codes (Float32Array, N * k), labels (Uint8Array),
// factors_of (Float32Array, N * F), count (N), decode and encode; pca with its mean (D), components (K * D) and variance (K).
function parseModel(bytes) {
  const { header: { factors, ...header }, array } = readBlock(bytes);

  const build = (spec) => {
    if (!LAYERS[spec.op] || !ACTIVATIONS[spec.activation]) throw new Error(`Model ${header.name}: no layer ${spec.op} with ${spec.activation}.`);
    if (spec.op === "sum") return sumLayer(spec, spec.branches.map(chain));
    if (spec.op === "largest") return largestLayer(spec);
    const weight = array(spec.weight);
    if (!weight) throw new Error(`Model ${header.name}: no weights ${spec.weight}.`);
    return LAYERS[spec.op](spec, weight, array(spec.bias));
  };
  const chain = (specs) => {
    const layers = specs.map(build);
    return (x) => { for (const layer of layers) x = layer(x); return x; };
  };
  const decoder = chain(header.layers), encoder = header.encoder ? chain(header.encoder) : null;
  const { pca } = header;
  const codes = array("codes") ?? new Float32Array(0);
  const told = header.told ?? 0, size = header.shape.reduce((product, n) => product * n, 1);
  const z32 = new Float32Array(header.k + told); // rounds z to float32, as torch does
  const x32 = told ? new Float32Array(size + told) : null;
  const tell = (into, values, count) => { into.fill(1 / told, count); into.set(values); return into; };
  const encoded = encoder && ((x) => encoder(told ? tell(x32, x, size) : x));
  const book = header.codebook ? codebookOf(header.codebook, array(header.codebook.values), header.k) : null;
  return {
    ...header, codes, count: codes.length / header.k, labels: array("labels"),
    factors: factors ?? [], factors_of: array("factors"), stamp: stampOf(bytes),
    pca: pca ? { ...pca, mean: array(pca.mean), components: array(pca.components), variance: array(pca.variance) } : null,
    codebook: book, tokens: encoder && book && ((x) => book.tokens(encoded(x))), fromTokens: book?.fromTokens ?? null,
    decode(z) { return decoder(tell(z32, z, header.k)); },
    encode: encoder && ((x) => book ? book.fromTokens(book.tokens(encoded(x))) : encoded(x).subarray(0, header.k)), // of a Gaussian code the means come first
    posterior: encoder && header.gaussian ? (x) => {
      const h = encoded(x), logvar = h.subarray(header.k);
      for (let i = 0; i < header.k; i++) logvar[i] = Math.min(20, Math.max(-30, logvar[i])); // as ae_core/bottleneck.py
      return { mu: h.subarray(0, header.k), logvar };
    } : null,
  };
}

// A codebook of `codes` vectors of `size` numbers, values (codes * size); number i of the token at place t is z[i * T + t].
function codebookOf({ codes, size, grid }, values, k) {
  const T = k / size, z = new Float32Array(k), taken = new Int32Array(T);
  return {
    codes, size, grid, values,
    tokens(h) { // the nearest code at each place
      for (let t = 0; t < T; t++) {
        let least = Infinity;
        for (let c = 0; c < codes; c++) {
          let squared = 0;
          for (let i = 0; i < size; i++) { const gap = h[i * T + t] - values[c * size + i]; squared += gap * gap; }
          if (squared < least) { least = squared; taken[t] = c; }
        }
      }
      return taken;
    },
    fromTokens(tokens) {
      for (let t = 0; t < T; t++) for (let i = 0; i < size; i++) z[i * T + t] = values[tokens[t] * size + i];
      return z;
    },
  };
}

// FNV-1a over the bytes: tells whether a model that came again is the same one.
function stampOf(bytes) {
  let hash = 2166136261;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 16777619);
  return `${bytes.length}-${hash >>> 0}`;
}

// ---- The models of this page, shared by every component on it -------------------------------------------------------

globalThis.latentModels ??= new Map(); // name -> model; it keeps a model when its component goes

// Everyone who waits or has drawn an older model of this name hears of the new one ("latent-model" on globalThis).
function registerModel(model) {
  latentModels.set(model.name, model);
  globalThis.dispatchEvent(new CustomEvent("latent-model", { detail: model.name }));
}

function modelReady(name) {
  return new Promise((resolve) => {
    const look = () => {
      if (!latentModels.has(name)) return;
      globalThis.removeEventListener("latent-model", look);
      resolve(latentModels.get(name));
    };
    globalThis.addEventListener("latent-model", look);
    look();
  });
}

// ---- The snapshots of a training, shared likewise -------------------------------------------------------------------

globalThis.latentSnapshots ??= new Map(); // run -> Map(number of the chunk -> chunk)
const RUNS_KEPT = 8; // a run looked at earlier is sent again when its components come back

// A chunk of snapshots: the header (run, chunk, epochs, count N, pictures M, shape), and snapshots, one an epoch: {epoch,
// map: Float32Array (N * 2), made: Float32Array (M * prod(shape))}.
function parseSnapshots(bytes) {
  const { header, array } = readBlock(bytes), { epochs } = header, maps = array("maps"), made = toFloats(array("pictures"));
  const part = (values, e) => values.subarray(e * values.length / epochs.length, (e + 1) * values.length / epochs.length);
  return { ...header, snapshots: epochs.map((epoch, e) => ({ epoch, map: part(maps, e), made: part(made, e) })) };
}

// A byte a pixel is 0..1.
function toFloats(values) { return values instanceof Uint8Array ? Float32Array.from(values, (byte) => byte / 255) : values; }

// Who shows this run hears of it ("latent-snapshots" on globalThis).
function registerSnapshots(chunk) {
  const chunks = latentSnapshots.get(chunk.run) ?? new Map();
  latentSnapshots.delete(chunk.run); // to the end: the run looked at last goes last
  latentSnapshots.set(chunk.run, chunks.set(chunk.chunk, chunk));
  if (latentSnapshots.size > RUNS_KEPT) latentSnapshots.delete(latentSnapshots.keys().next().value);
  globalThis.dispatchEvent(new CustomEvent("latent-snapshots", { detail: chunk.run }));
}

// ---- Which real samples are near -----------------------------------------------------------------------------------

// Euclidean in all k dimensions, by looking at every code: 10,000 codes of 2 numbers take less than 0.1 ms.
function nearestCodes({ codes, count, k }, z, wanted) {
  const indexes = [], distances = []; // squared until the end, nearest first
  for (let n = 0; n < count; n++) {
    let squared = 0;
    for (let i = 0; i < k; i++) { const gap = codes[n * k + i] - z[i]; squared += gap * gap; }
    if (indexes.length === wanted && !(squared < distances[wanted - 1])) continue;
    let place = Math.min(indexes.length, wanted - 1);
    for (; place > 0 && distances[place - 1] > squared; place--) { distances[place] = distances[place - 1]; indexes[place] = indexes[place - 1]; }
    distances[place] = squared;
    indexes[place] = n;
  }
  return { indexes, distances: distances.map(Math.sqrt) };
}
