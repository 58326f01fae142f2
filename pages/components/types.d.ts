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

/** A rule and its amount; see ae_core.anomaly.thresholds.Rule. */
export interface SignalsThreshold {
  rule: "quantile" | "robust" | "rolling";
  amount: number;
}

/** Rows first … last − 1. */
export interface SignalsRows {
  first: number;
  last: number;
}

/** name: of the detection that is sent; normal, view: rows [first, one after the last], None: the detection's own, everything; network: what it is called in the legend. */
export interface SignalsData {
  rule: "quantile" | "robust" | "rolling";
  amount: number;
  name: string;
  normal: number[] | null;
  view: number[] | null;
  revision: number;
  network: string;
}

/** What was last let go, each None before. normal: START:END in rows. */
export interface SignalsView {
  threshold: SignalsThreshold | null;
  normal: string | null;
  view: SignalsRows | null;
}
