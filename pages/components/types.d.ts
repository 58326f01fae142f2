// Written by `python -m tests.js.write_types` from the TypedDicts in each component's types.py: do not edit.

/** A part of what a hand moves. name: in the link; key: in the figure's state, of a part of it with points between; normal: its default, which the link leaves out. */
export interface Moved {
  name: string;
  key: string;
  normal: any;
}

/** What a figure writes into the link itself, so that Python need not hear of it at once. asks: CSS selectors of what Python alone can say of it: while that can be seen, Python is told. key: of the figure, under which the page keeps what it has not told when the figure goes. also: {name: text} of the link without which the moved parts would mean something else; forgets: whether it begins anew after another figure of its page. */
export interface OwnLink {
  moved: Moved[];
  asks: string[];
  key: string;
  also?: Record<string, string>;
  forgets?: boolean;
}

/** page: its name; values: {name: text} of the link, "" where one is left out; hears: whether it hears of Back. number: grows with each change; entry: with each choice, which is a new entry of the browser's history; turn: as pages are opened by links; heard: the number of the Back that was heard last; answers: grows with each run that says what the link is; session: of the server. */
export interface AddressData {
  page: string;
  values: Record<string, string>;
  hears: boolean;
  number: number;
  entry: number;
  turn: number;
  heard: number;
  answers: number;
  session: string;
}

/** What goes in. sample: index; drawn: values (base64, a byte a pixel); uploaded: values and name; signal: the others, of which what is missing is what is usual. */
export interface BottleneckInput {
  source: "sample" | "drawn" | "uploaded" | "signal";
  index?: number;
  values?: string;
  name?: string;
  seed?: number;
  complexity?: number;
  noise?: number;
  phase?: number;
  frequency?: number;
}

/** What the person chose. bits: of each number, 32: not rounded; residual: whether pictures show how they differ from the original; spectrum: whether a signal's is shown. */
export interface BottleneckView {
  k: number;
  bits: number;
  residual: boolean;
  spectrum: boolean;
  input: BottleneckInput | null;
}

/** A model that was trained for one size. */
export interface BottleneckPoint {
  name: string;
  k: number;
  error: number;
}

/** Held-out errors with the first 1, 2, … numbers, and the share of the variance that PCA explains with them. */
export interface BottleneckCurve {
  network: number[];
  pca: number[];
  explained: number[];
  points: BottleneckPoint[];
  unit: string;
}

/** Held-out samples. values: base64, a byte a pixel, or floats; labels: the class of each, as in classes; range: of floats, as far as it is shown. */
export interface BottleneckSamples {
  count: number;
  values: string;
  labels: string[];
  classes: string[];
  note: string;
  floats?: boolean;
  range?: number[];
}

/** What the model's own signals have. */
export interface BottleneckTrained {
  complexity: number;
  noise: number;
}

/** How a signal can be made: [least, most] each, frequency in cycles a window. */
export interface BottleneckSignal {
  length: number;
  frequency: number[];
  amplitude: number[];
  complexity: number[];
  noise: number[];
  trained: BottleneckTrained;
}

/** A picture that Python read, as in BottleneckInput. revision: tells one upload from the next. */
export interface BottleneckUpload {
  values: string;
  name?: string;
  revision: number;
}

/** model: its name; its encoder is sent as "name:encoder". */
export interface BottleneckData extends BottleneckView {
  model: string;
  kind: "image" | "signal";
  revision: number;
  own: OwnLink;
  samples: BottleneckSamples | null;
  curve: BottleneckCurve;
  uploaded: BottleneckUpload | null;
  signal?: BottleneckSignal;
}

/** side: of a picture, pixels; least: pictures that a set needs. */
export interface DrawnSetData {
  side: number;
  least: number;
  revision?: number;
}

/** values: base64, a byte a pixel, (N, side, side); labels: the class of each, "" for none. */
export interface DrawnSetView {
  values: string;
  labels: string[];
}

/** A class, whose samples stand one behind the other. count: of those that are shown; words: what stands above. */
export interface GalleryGroup {
  count: number;
  words: string;
}

/** values: base64, a byte each, (N, *shape), group by group; shape: (C, H, W) of pictures, (C, L) of traces. */
export interface GalleryData {
  name: string;
  shape: number[];
  values: string;
  groups: GalleryGroup[];
  revision?: number;
}

/** name: under which the browser keeps that it was seen; target: a CSS selector of the control that it is about; clear: one of what it speaks of, on which it does not lie; ends: of the controls that end it. */
export interface HintData {
  name: string;
  sentence: string;
  target: string;
  clear: string;
  ends: string;
  side: "below" | "above";
}

/** A sample of one's own. values: base64, a byte a value of pictures, else float32; "" while there is none. */
export interface LatentDrawing {
  values: string;
}

/** A sample that Python read. revision: tells one upload from the next. */
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

/** What a classifier sees on a part of the map, size × size places, rows from the top. logits: base64 of float32, (size, size, classes); near: base64, a byte a place, 255 where real samples are near; part: [u, v, scale] as `zoom` has it; axes: the dimensions that it was computed for. */
export interface LatentVerdict {
  size: number;
  classes: number;
  logits: string;
  near: string;
  part: number[];
  axes: number[];
}

/** Groups that somebody named. marks: base64 of int8, for each sample the group it is in, from 0, or -1. */
export interface OwnGroups {
  names: string[];
  marks: string;
}

/** Errors of held-out samples: the 0th to the 100th percentile, or their mean alone. */
export interface LatentErrors {
  quantiles?: number[];
  mean?: number | null;
}

/** What the person chose. z: (k,) of the first model, None: the centre; sheet: None while it is closed; zoom: the middle of what is in view, as fractions of the map from the left and the top, and how many times it is enlarged; classifies: whether the classifier's opinion is shown; lasso: the corners of a line around samples, as fractions of the map from the left and the top, one after the other; empty: none; pin: a sample that is shown, None: none; peeks: whether a hand has rested on a point, and the samples are wanted. */
export interface LatentPadView {
  z: number[] | null;
  backdrop: string;
  colour: string;
  hidden: number[];
  axes: number[];
  sheet: LatentDrawing | null;
  zoom: number[];
  classifies: boolean;
  lasso: number[];
  pin: number | null;
  peeks: boolean;
}

/** views: the models' names; draws: whether one can draw; takes: whether one more sample can be placed; fields, usual: by model, and fields by backdrop; classifier: the name of the network that says classes, where there is one for these data; verdicts: by model; samples: under which name the held-out samples come once they are wanted; groups: of the first model's samples. */
export interface LatentPadData extends LatentPadView {
  views: string[];
  revision: string;
  own: OwnLink;
  draws: boolean;
  takes: boolean;
  fields: Record<string, Record<string, LatentField>>;
  classifier?: string | null;
  verdicts?: Record<string, LatentVerdict>;
  samples?: string | null;
  groups?: OwnGroups | null;
  usual?: Record<string, LatentErrors>;
  uploaded?: LatentUpload | null;
}

/** One step, as ae_core's `Step` has it. moves: [data-testid, numbers] each. */
export interface LessonStep {
  title: string;
  text: string;
  why: string;
  page: string;
  link: string;
  see: string;
  shows: string;
  guess: string;
  task: string;
  choices: string[];
  low: number;
  high: number;
  step: number;
  unit: string;
  across: string;
  up: string;
  at: number[];
  right: number[];
  within: number;
  given: Record<string, string>;
  moves: [string, number[]][];
}

/** A lesson that can be read. text: its file. */
export interface LessonText {
  title: string;
  about: string;
  steps: LessonStep[];
  text: string;
}

/** A lesson that ships. pages: on which it is the first one that is offered. */
export interface LessonTitle {
  name: string;
  title: string;
  about: string;
  pages: string[];
}

/** of: the key of what was asked for last, "" where nothing was; lesson: that, null where it cannot be read, and then error says why; shipped: what can be asked for. */
export interface LessonData {
  of: string;
  lesson: LessonText | null;
  error: string;
  shipped: LessonTitle[];
}

/** What the panel asks for. name: of a shipped lesson; text: of a file, else ""; key: what the answer is called. */
export interface LessonWanted {
  name: string;
  text: string;
  key: string;
}

/** Where the panel wants to go. link: what stands behind the ? of the address. */
export interface LessonPlace {
  page: string;
  link: string;
}

/** places: base64 of float32, (M · 2), across and up, −1 to 1 but for a few: of the first M of all samples. */
export interface HeldMap {
  title: string;
  places: string;
}

/** map: which one lies there, from 0; sample: the one that is followed, from 0, None: none; origin: the map whose nearest neighbours of it are marked. */
export interface MapMorphView {
  map: number;
  sample: number | null;
  origin: number;
}

/** labels: base64, a byte for each of `count` samples; what: they are, in words. */
export interface MapMorphData extends MapMorphView {
  name: string;
  maps: HeldMap[];
  count: number;
  what: string;
  classes: string[] | null;
  labels: string | null;
  own: OwnLink;
  revision: number;
}

/** An end of a morph: z, (k,). index: of the held-out sample whose code it is; name: of any other place. */
export interface MorphEnd {
  z: number[];
  index?: number;
  name?: string;
}

/** A picture that Python read and encoded. revision: tells one upload from the next. */
export interface MorphUpload {
  z: number[];
  name: string;
  revision: number;
}

/** The plane on which codes of more than two dimensions are shown: mean (k,), axes (2, k), its ends, and the share of the variance that it explains. */
export interface MorphMap {
  mean: number[];
  axes: number[][];
  low: number[];
  high: number[];
  share: number;
}

/** The mean code z (k,) of a group that somebody named. */
export interface GroupMean {
  name: string;
  z: number[];
}

/** What the person chose. choosing: the end that the map and an upload set; drawing: whether its sheet is open; chosen: ms, when something was chosen last, by a menu or a button and not by a drag. */
export interface MorphView {
  a: MorphEnd;
  b: MorphEnd;
  path: string;
  t: number;
  even: boolean;
  overshoot: boolean;
  choosing?: string;
  drawing?: boolean;
  chosen?: number;
}

/** even_points: at which the change along a path is measured; frames: under the slider, without and with overshoot; draws: whether one can draw; means: of groups, to begin or end at; groups: to colour by. */
export interface MorphData extends MorphView {
  figure: "morph";
  model: string;
  revision: string;
  own: OwnLink;
  even_points: number;
  frames: number[];
  map: MorphMap | null;
  means: GroupMean[];
  groups: OwnGroups | null;
  draws: boolean;
  uploaded: MorphUpload | null;
}

/** What the person chose: the corners' samples, and the place between them, each 0..1. */
export interface CornersView {
  corners: number[];
  at: number[];
}

/** Of the four corners. */
export interface CornersData extends CornersView {
  figure: "corners";
  model: string;
  revision: number;
  own: OwnLink;
}

/** seconds: how long the browser keeps `token` under `name`. */
export interface OwnerCookieData {
  name: string;
  token: string;
  seconds: number;
}

/** What trains, and its knobs, as a link has them. data: name of the samples; hidden: sizes from the input to the code; count: how many samples are trained on, 0 for all; out: classes that are left out; z: where the dot is; sample: which held-out sample flows through the network; colour: the true factor that colours the map, -1 for the classes, None for what is usual; turn: yaw and pitch of what is in space; compare: the knob in which a second network differs, "" without one; other: what it is there, as text. */
export interface PlaygroundView {
  data: string;
  variant: string;
  k: number;
  hidden: number[];
  activation: string;
  seed: number;
  lr: number;
  beta: number;
  noise: number;
  masked: number;
  sparsity: number;
  contraction: number;
  decay: number;
  count: number;
  out: number[];
  z: number[] | null;
  sample: number;
  colour: number | null;
  turn: number[] | null;
  compare: string;
  other: string;
}

/** What was measured after so many steps: losses, and squared errors on held-out samples. */
export interface PlaygroundPoint {
  step: number;
  trainLoss: number;
  testLoss: number;
  test: number;
}

/** A network that is to be kept. stamp: tells one press from another; weights: base64 of float32, torch's order; used: how many samples are trained on; pca: PCA's squared error. */
export interface PlaygroundKept {
  stamp: number;
  steps: number;
  used: number;
  pca: number;
  weights: string;
  curve: PlaygroundPoint[];
  view: PlaygroundView;
}

/** Samples that can be chosen. */
export interface PlaygroundChoice {
  value: string;
  label: string;
}

/** The samples. kind: pictures, signals or points; values: base64, bytes 0..levels, or float32 where levels is 0, (N, *shape); labels: base64, a byte each, "" without classes; factors: base64 of float32, (N, factors); the first `train` of the samples train, the others are held out. */
export interface PlaygroundData extends PlaygroundView {
  name: string;
  kind: string;
  shape: number[];
  range: [number, number] | null;
  values: string;
  levels: number;
  labels: string;
  classes: string[];
  factors: string;
  factor_names: string[];
  train: number;
  choices: PlaygroundChoice[];
  revision: number;
}

/** on: whether the page shows the figure alone; embedded: whether it stands in another page. */
export interface PresentData {
  on: boolean;
  embedded: boolean;
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
export interface ReplayData extends ReplayView {
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

/** name: of the method; scores: base64 of float64 (N,), NaN for a sample without a value; auc_pr, auc_roc: of them, None where it is not known which samples are abnormal. */
export interface SampleScoresMethod {
  name: string;
  scores: string;
  auc_pr: number | null;
  auc_roc: number | null;
}

/** name: what the scores are of; quantile: of the held-out normal scores, the threshold; limits: of it. methods: the first is the one whose scores are shown; roles: base64, a byte a sample: 0 trained on, 1 held out and normal, 2 any other; chance: AUC-PR of one who guesses, None where it is not known which samples are abnormal. */
export interface SampleScoresData {
  name: string;
  methods: SampleScoresMethod[];
  roles: string;
  quantile: number;
  limits: number[];
  chance: number | null;
  revision?: number;
}

/** Where the threshold was let go, as SampleScoresData has it. */
export interface SampleScoresView {
  quantile: number;
}

/** A rule and its amount, see ae_core.anomaly.thresholds.Rule; chosen: ms, when something was chosen last by a button and not by a drag, 0: never. */
export interface SignalsThreshold {
  rule: "quantile" | "robust" | "rolling";
  amount: number;
  chosen: number;
}

/** Rows first … last − 1; chosen: ms, when they were chosen last by a button and not by a drag, 0: never. */
export interface SignalsRows {
  first: number;
  last: number;
  chosen: number;
}

/** A stretch that was judged, rows start … end − 1. */
export interface SignalsEvent {
  id: string;
  start: number;
  end: number;
  verdict: "normal" | "look again" | "fault";
  name: string;
  comment: string;
}

/** What somebody did: said something of a stretch, or took it away; see ae_core.anomaly.judged.log.judge. */
export interface SignalsAct {
  act: string;
  do: "put" | "drop";
  file: string;
  id: string;
  start?: number;
  end?: number;
  verdict?: "normal" | "look again" | "fault";
  name?: string;
  comment?: string;
}

/** What was judged. scope: of a run and a table, in the browser's storage; file: key of the table; written: ids of the acts that the page has told and Python has written. */
export interface SignalsJudged {
  scope: string;
  file: string;
  events: SignalsEvent[];
  written: string[];
}

/** Flagged stretches that are alike. name: that somebody gave it, or kind A; rows: [first, one after the last] of each. */
export interface SignalsKind {
  name: string;
  rows: number[][];
}

/** Rows start … end − 1 that are like others; distance: in spreads of the channels. */
export interface SignalsLikeness {
  start: number;
  end: number;
  distance: number;
}

/** What is like rows start … end − 1, nearest first. */
export interface SignalsAlike {
  start: number;
  end: number;
  found: SignalsLikeness[];
}

/** How it is looked at. order: of the flagged stretches; colour: of the map; pca: whether it is drawn; row, window, span: what is chosen, the stretch around a row, a window of the map or rows [first, one after the last], else None; alike: which of those like it is looked at, from 0, None for itself. */
export interface SignalsLook {
  order: "start" | "peak";
  colour: "time" | "error" | "cluster" | "kind";
  pca: boolean;
  row: number | null;
  window: number | null;
  span: number[] | null;
  alike: number | null;
}

/** name: of the detection that is sent; normal, view: rows [first, one after the last], None: the detection's own, everything; stretches: the parts of `normal`, where it has several; network: what it is called in the legend; least, merge: rows of a flagged stretch, and between two that are one; judged: None where nothing can be judged; kinds: of the flagged stretches, the most frequent first, and alike: what is like the chosen one, None where that is not asked for. */
export interface SignalsData extends SignalsThreshold {
  name: string;
  normal: number[] | null;
  stretches: number[][] | null;
  view: number[] | null;
  revision: number;
  network: string;
  least: number;
  merge: number;
  look: SignalsLook;
  judged: SignalsJudged | null;
  kinds: SignalsKind[] | null;
  alike: SignalsAlike | null;
}

/** What was last let go, each None before. normal: START:END in rows. */
export interface SignalsView {
  threshold: SignalsThreshold | null;
  normal: string | null;
  view: SignalsRows | null;
  look: SignalsLook | null;
  acts: SignalsAct[] | null;
}

/** What the person moves; each figure has its own of these. sample: index; draw: whether the sheet to draw on is open; drawn: a picture (base64, a byte a pixel), empty: the sample; kind, amount, seed: of the noise; mask: the masked patches; n: units that are used; e1, e2: ε; numbers: whether the computation is open; at: which β; x, y: position on the map; place, edits: of the tokens; field: whether the re-encoding error is shown everywhere; k: latent dimensions that are kept; chosen: ms, when something was chosen last, by a menu or a button and not by a drag. */
export interface VariantsView {
  sample?: number;
  draw?: boolean;
  drawn?: string;
  kind?: string;
  amount?: number;
  seed?: number;
  mask?: string;
  n?: number;
  e1?: number;
  e2?: number;
  numbers?: boolean;
  at?: number;
  x?: number;
  y?: number;
  place?: number;
  edits?: string;
  field?: string;
  k?: number;
  chosen?: number;
}

/** A model's part in a figure. small: what stands behind its title; encodes: whether its encoder is sent, too, as "name:encoder". */
export interface VariantRole {
  name: string;
  title: string;
  small: string;
  encodes: boolean;
}

/** Held-out samples. values: base64, a byte a pixel, or of signals little-endian float32; limits: of signals, the lowest and the highest value of them all; noun: what one is, where that is no digit and no signal. */
export interface VariantSamples {
  count: number;
  values: string;
  labels: number[];
  classes: string[];
  limits?: [number, number];
  noun?: string;
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

/** figure: by its name in links; start: what the person moves, at first; codes: base64 of float32 (count · k), of the samples by roles that cannot encode in the page. The others belong to one figure. contraction: planes, max_amount (σ of the noise); mask: patch (pixels), share; units: floor (above which a unit is active), most (active units); tokens: usage (a share each code), words; beta: betas, reach (of the map); epsilon: reach (of ε), beta, loss (how the reconstruction is measured), lines (of the program, by step). */
export interface VariantsData {
  figure: string;
  revision: string;
  own: OwnLink;
  roles: Record<string, VariantRole>;
  start: VariantsView;
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
  beta?: number;
  loss?: string;
  lines?: Record<string, string>;
}

/** Where sliders end: sigma and share (of a difference of classes) on both sides of 0. */
export interface VectorEnds {
  sigma: number;
  share: number;
  temperature: number;
  radius: number;
}

/** vector: (k,), a standard deviation of the attribute long. */
export interface AttributeVector {
  name: string;
  title: string;
  unit: string;
  vector: number[];
}

/** base: a sample; strengths: of each vector, in standard deviations; plus, minus, share: of the classes' means; others: which samples stand beside it; chosen: ms, when something was chosen last, and not dragged. */
export interface ArithmeticView {
  base?: number | null;
  strengths?: Record<string, number>;
  plus?: number | null;
  minus?: number | null;
  share?: number;
  others?: string;
  chosen?: number;
}

/** means: mean codes, of each class (None for one without codes), then of groups of one's own and of all samples; None without any; means_of: their names. */
export interface ArithmeticData {
  mode: "arithmetic";
  models: string[];
  revision: string;
  own: OwnLink;
  ends: VectorEnds;
  view: ArithmeticView | null;
  vectors: AttributeVector[];
  means: (number[] | null)[] | null;
  means_of: string[];
}

/** base: a sample, None: the middle; moved: standard deviations by dimension, 1 the first; chosen: as in `ArithmeticView`. */
export interface TraversalsView {
  base?: number | null;
  moved?: Record<string, number>;
  chosen?: number;
}

/** kl: of each dimension, in nats; idle: below it a dimension carries nothing; centre, scale: what 0 and 1 on a slider are, (k,). */
export interface TraversalsData {
  mode: "traversals";
  models: string[];
  revision: number;
  own: OwnLink;
  ends: VectorEnds;
  view: TraversalsView | null;
  gaussian: boolean;
  kl: number[] | null;
  idle: number;
  centre: number[];
  scale: number[];
  note: string;
}

/** near: for each grid the code around which it draws, or None; chosen: as in `ArithmeticView`. */
export interface SamplesView {
  seed?: number;
  temperature?: number;
  radius?: number;
  near?: (number[] | null)[];
  chosen?: number;
}

/** A draw for a model, base64 of float32: mean (k) and offsets (N · k). */
export interface DrawnSet {
  mean: string;
  offsets: string;
}

/** A draw for each model. */
export interface Draw {
  seed: number;
  sets: DrawnSet[];
}

/** side: samples along a side of a grid; radius: the usual one. */
export interface SamplesData {
  mode: "samples";
  models: string[];
  revision: number;
  ends: VectorEnds;
  view: SamplesView | null;
  side: number;
  radius: number;
  draw: Draw;
  titles: string[];
  notes: string[];
}
