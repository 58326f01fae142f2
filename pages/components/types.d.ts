// Written by `python -m tests.js.write_types` from the TypedDicts in each component's types.py: do not edit.

/** page: its name; values: {name: text} of the link, "" where one is left out; hears: whether it hears of Back. number: grows with each change; entry: with each choice, which is a new entry of the browser's history; turn: as pages are opened by links; session: of the server. */
export interface AddressData {
  page: string;
  values: Record<string, string>;
  hears: boolean;
  number: number;
  entry: number;
  turn: number;
  session: string;
}

/** name: under which the browser keeps that it was seen; target: a CSS selector of the control that it is about. */
export interface HintData {
  name: string;
  sentence: string;
  target: string;
  side: "below" | "above" | "inside";
}

/** A picture of one's own. values: base64, a byte a value; "" while the sheet is blank. */
export interface LatentDrawing {
  values: string;
}

/** A picture that Python read. revision: tells one upload from the next. */
export interface LatentUpload {
  values: string;
  revision: number;
}

/** A heat map over the map. size: [width, height]; values: base64, a byte a place; axes: the dimensions that it was computed for. */
export interface LatentField {
  size: number[];
  values: string;
  low: number;
  high: number;
  unit?: string;
  text?: string;
  axes?: number[];
}

/** Errors of held-out samples: the 0th to the 100th percentile, or their mean alone. */
export interface LatentErrors {
  quantiles?: number[];
  mean?: number | null;
}

/** What the person chose. z: (k,) of the first model, None: the centre; sheet: None while it is closed. */
export interface LatentPadView {
  z: number[] | null;
  backdrop: string;
  colour: string;
  hidden: number[];
  axes: number[];
  sheet: LatentDrawing | null;
}

/** views: the models' names; draws: whether one can draw; fields, usual: by model, and fields by backdrop. */
export interface LatentPadData {
  z: number[] | null;
  backdrop: string;
  colour: string;
  hidden: number[];
  axes: number[];
  sheet: LatentDrawing | null;
  views: string[];
  revision: number;
  draws: boolean;
  fields: Record<string, Record<string, LatentField>>;
  usual?: Record<string, LatentErrors>;
  uploaded?: LatentUpload | null;
}

/** seconds: how long the browser keeps `token` under `name`. */
export interface OwnerCookieData {
  name: string;
  token: string;
  seconds: number;
}

/** on: whether the page shows the figure alone. */
export interface PresentData {
  on: boolean;
}

/** values: base64 of float32, of the N held-out samples. */
export interface ReplayFactor {
  name: string;
  unit?: string;
  values: string;
}

/** epoch: where it rests; None: the newest, which is followed while the training goes on. */
export interface ReplayView {
  epoch: number | null;
}

/** The run whose epochs `channel.send_snapshots` sends in `chunks` blocks. k: numbers of a code; axes: names of the map's two; gaussian: whether the prior is a standard normal distribution; labels: base64, a byte for each of N held-out samples; inputs: base64 of bytes (0..1) or of float32, of M samples, inputs_shape: [M, …]. */
export interface ReplayData {
  epoch: number | null;
  run: string;
  title: string;
  epochs_total: number;
  chunks: number;
  live: boolean;
  k: number;
  map_title: string;
  axes: string[];
  gaussian: boolean;
  classes: string[] | null;
  labels: string | null;
  factors: ReplayFactor[] | null;
  inputs: string;
  inputs_shape: number[];
  range: [number, number] | null;
  revision: number;
}

/** A model's part in a figure. small: what stands behind its title; encodes: whether its encoder is sent, too, as "name:encoder". */
export interface VariantRole {
  name: string;
  title: string;
  small: string;
  encodes: boolean;
}

/** Held-out samples. values: base64, a byte a pixel, or of signals little-endian float32; limits: of signals, the lowest and the highest value of them all. */
export interface VariantSamples {
  count: number;
  values: string;
  labels: number[];
  classes: string[];
  limits?: [number, number];
}

/** k components, the first explains most. mean: base64 of float32; components: base64 of float16, (k · size). */
export interface PackedPca {
  k: number;
  mean: string;
  components: string;
}

/** The two directions in which a model's codes vary most, (2, k), and the box around the codes there. spread: √ of the summed variances. */
export interface VariantPlane {
  mean: number[];
  axes: number[][];
  low: number[];
  high: number[];
  spread: number;
}

/** Of the model with this β: rate and distortion in nats, and the matrix (2, 2) that turns its codes to lie best on those of the one before. */
export interface VariantBeta {
  role: string;
  beta: number;
  kl: number;
  reconstruction: number;
  turn: number[][];
}

/** figure: by its name in links; start: what the person moves, at first; codes: base64 of float32 (count · k), of the samples by roles that cannot encode in the page. The others belong to one figure. contraction: planes, max_amount (σ of the noise); mask: patch (pixels), share; units: floor (above which a unit is active), most (active units); tokens: usage (a share each code), words; beta: betas, reach (of the map); epsilon: reach (of ε). */
export interface VariantsData {
  figure: string;
  revision: string;
  roles: Record<string, VariantRole>;
  start: Record<string, any>;
  max_seed: number;
  samples: VariantSamples;
  codes: Record<string, string>;
  pca: PackedPca | null;
  planes?: Record<string, VariantPlane>;
  max_amount?: number;
  patch?: number;
  share?: number;
  floor?: number;
  most?: number;
  usage?: number[];
  words?: string;
  betas?: VariantBeta[];
  reach?: number;
}
