// Signals: what a detector says of a table, and a threshold that follows the pointer: lanes, errors, flagged stretches and map answer
// in the same frame, in the page. (evaluator.js and drawing.js stand in front of this text.) Top to bottom: the mount, Detection (the
// numbers: rules, stretches, words), Pyramid (a million rows in a thousand pixels), Signals (state, hands, frames, what is sent to
// Python), Lanes, ErrorTrack, Histogram, Table, LatentMap, WindowView, helpers.
//
// data: { name: of the detection that `signal_blob` sends, rule, amount, normal: [first, end] or null for the detection's, view: likewise
//   or null for everything, revision, network: what it is called in the legend }
//
// The figure owns what the person moves. `data` sets it when `name` or `revision` changes and never afterwards. Python hears of it on
// release: setStateValue("threshold", {rule, amount}), ("normal", "START:END"), ("view", {first, last}), in rows, last one excluded.
// Row n fills n … n + 1 of the x axis; its sample stands in the middle.

globalThis.latentSignals ??= new Map(); // name -> {main, detail}: blocks of bytes, put there by signal_blob
const opened = new WeakMap(); // bytes -> Detection

export default (component) => mount(component, ".lx-sg", () => new Signals());

const LANES = 7; // channels in sight
const NARROW = 640; // px
const LEAST = 8; // rows that a view holds at least
const GLIDE = 260; // ms to a stretch or a window
const FLAG = { light: "#6d3fd4", dark: "#b39cff" }; // not the accent (what is moved), none of original, network, PCA
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// ---- The numbers: the same rules as ae_core.anomaly ---------------------------------------------------------------------------

class Detection {
  constructor(bytes) {
    const { header, array } = readBlock(bytes), { rows, every, step } = header;
    Object.assign(this, header, { channels: header.names.length, score: array("score"), held: array("held").filter(Number.isFinite).sort() });
    const series = (name) => { const all = array(name); return new Pyramid(all ?? array(`${name}.low`), all ?? array(`${name}.high`), Math.ceil(rows / every), 0, every); };
    Object.assign(this, { values: series("values"), made: series("x_hat"), pca: series("pca_hat"), pcaScore: series("pca_score"), errors: new Pyramid(this.score, this.score, rows, 0, 1) });
    Object.assign(this, { parts: array("parts"), at: integers(array("at")), z: array("z"), cluster: integers(array("cluster")), labels: integers(array("label")), knots: integers(array("time_row")) });
    const times = array("time");
    this.times = times && new Float64Array(times.buffer);
    this.seconds = this.times && step ? step : null; // between rows
    this.scored = this.score.some(Number.isFinite);
    this.middle = quantile(this.held, 0.5);
    this.spread = this.sigma * quantile(this.held.map((value) => Math.abs(value - this.middle)).sort(), 0.5);
    [this.middles, this.spreads] = [new Float32Array(rows), new Float32Array(rows)]; // the rolling rule's, of the scores before each row
    const change = integers(array("rolling_row")), before = array("rolling");
    change.forEach((row, n) => { this.middles.fill(before[2 * n], row, change[n + 1]); this.spreads.fill(before[2 * n + 1], row, change[n + 1]); });
    this.typical = [this.middles, this.spreads].map((all) => median(thin(all, 20_000)));
    const known = thin(this.score.filter((value) => value > 0), 100_000).sort();
    this.range = known.length ? [known[Math.floor(known.length * 0.001)], this.errors.top()] : [0.1, 1];
    if (!(this.range[1] > this.range[0])) this.range = [this.range[0] / 2, this.range[0] * 2];
    this.sum();
  }

  // ---- thresholds ----

  // As it is said: the share that is left over to two digits, deviations to three.
  tidy(rule, amount) {
    const [low, high] = this.limits[rule], value = clamp(Number.isFinite(amount) ? amount : low, low, high);
    return rule === "quantile" ? Number((1 - Number((1 - value).toPrecision(2))).toFixed(6)) : Number(value.toPrecision(3));
  }

  // Where an amount stands on the slider: each step to the right makes alarms rarer by as much.
  place(rule, amount) { return rule === "quantile" ? -Math.log10(1 - amount) : Math.log10(amount); }
  amountAt(rule, place) { return rule === "quantile" ? 1 - 10 ** -place : 10 ** place; }

  // Middle and spread that a rule counts from, in a row; without one, those that are typical.
  scale(rule, row) { return rule === "robust" ? [this.middle, this.spread] : row === null ? this.typical : [this.middles[row], this.spreads[row]]; }

  level(rule, amount, row = null) {
    if (rule === "quantile") return quantile(this.held, amount);
    const [middle, spread] = this.scale(rule, row);
    return middle + amount * spread;
  }

  // The amount whose level this is.
  amount(rule, level, row = null) {
    if (rule === "quantile") return rank(this.held, level);
    const [middle, spread] = this.scale(rule, row);
    return (level - middle) / spread;
  }

  // Runs of rows above the level; runs less than a window apart are one.
  stretches(rule, amount) {
    const { rows, score, window, middles, spreads } = this, found = [], rolling = rule === "rolling", level = rolling ? 0 : this.level(rule, amount);
    let flagged = 0, last = null;
    for (let row = 0; row < rows; row++) {
      if (!(score[row] > (rolling ? middles[row] + amount * spreads[row] : level))) continue; // nothing that is no number
      flagged += 1;
      if (last && row - last.end < window) last.end = row + 1; else found.push(last = { start: row, end: row + 1, peak: score[row], at: row });
      if (score[row] > last.peak) { last.peak = score[row]; last.at = row; }
    }
    return { found, flagged };
  }

  // Each channel's share of the error in these rows: (C), adding up to 1.
  blame(start, end) {
    const { channels, parts, parts_every: every, rows, score, blocks } = this, sum = new Float64Array(channels);
    for (let at = Math.floor(start / every); at * every < end;) {
      if (at % BLOCK === 0 && at * every >= start && (at + BLOCK) * every <= end) {
        for (let c = 0; c < channels; c++) sum[c] += blocks[at / BLOCK * channels + c];
        at += BLOCK;
        continue;
      }
      let weight = 0;
      for (let row = Math.max(start, at * every); row < Math.min(end, rows, (at + 1) * every); row++) weight += score[row] || 0;
      for (let c = 0; c < channels; c++) sum[c] += weight * parts[at * channels + c];
      at += 1;
    }
    const total = sum.reduce((a, b) => a + b, 0);
    return total > 0 ? sum.map((value) => value / total) : sum;
  }

  // What whole blocks of rows add to a blame: a stretch of a million rows must not cost a million sums in every frame.
  sum() {
    const { channels, parts, parts_every: every, rows, score } = this;
    this.blocks = new Float64Array(Math.ceil(Math.ceil(rows / every) / BLOCK) * channels);
    for (let row = 0; row < rows; row++) {
      const weight = score[row] || 0, part = Math.floor(row / every), block = Math.floor(part / BLOCK);
      if (weight) for (let c = 0; c < channels; c++) this.blocks[block * channels + c] += weight * parts[part * channels + c];
    }
  }

  // ---- words ----

  words(rule, amount, stretches) {
    const { held, held_rows: [first, end], seconds, history } = this, deviations = `the median + ${amount} robust standard deviations`;
    const errors = `the errors on your held-out normal data (${whole(held.length)} ${held.length === 1 ? "row" : "rows"})`;
    const above = { quantile: `${Number((amount * 100).toPrecision(6))} % of ${errors}`, robust: `${deviations} of ${errors}`, rolling: `${deviations} of the errors in the ${whole(history)} rows before` }[rule];
    const alarms = stretches.filter(({ start }) => start >= first && start < end).length, rows = end - first;
    const rate = few(seconds ? alarms * 86400 / (rows * seconds) : 1000 * alarms / rows), expected = `${rate} ${rate === "1" ? "alarm" : "alarms"} ${seconds ? "a day" : "in 1,000 rows"} expected; `;
    return `Above ${above}: ${rows > 0 ? expected : ""}${whole(stretches.length)} ${stretches.length === 1 ? "stretch" : "stretches"} flagged.`;
  }

  // ms since 1970 of a row, which may lie between two; null without a time column.
  time(row) {
    const { knots, times } = this;
    if (!times || knots.length < 2) return times ? times[0] : null;
    const i = clamp(below(knots, row), 0, knots.length - 2);
    return times[i] + (row - knots[i]) / (knots[i + 1] - knots[i]) * (times[i + 1] - times[i]);
  }

  // The row of a time.
  row(time) {
    const { knots, times } = this, i = clamp(below(times, time), 0, knots.length - 2);
    return knots[i] + (time - times[i]) / (times[i + 1] - times[i] || 1) * (knots[i + 1] - knots[i]);
  }

  when(row) {
    const time = this.time(row);
    if (time === null) return `row ${whole(row)}`;
    const text = new Date(time).toISOString(), end = !this.step || this.step < 1 ? 23 : this.step < 60 ? 19 : 16;
    return text.slice(0, end).replace("T", " ");
  }

  long(rows) { return this.seconds ? lasting(rows * this.seconds) : `${whole(rows)} ${rows === 1 ? "row" : "rows"}`; }
}

const BLOCK = 256;

function quantile(sorted, q) { // numpy's "linear", to the last bit
  if (!sorted.length) return NaN;
  const at = q * (sorted.length - 1), low = Math.floor(at), a = sorted[low], b = sorted[Math.min(low + 1, sorted.length - 1)], part = at - low;
  return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}

// Which quantile a value is.
function rank(sorted, value) {
  const last = sorted.length - 1, i = below(sorted, value);
  if (i < 0 || last < 1) return 0;
  return i >= last ? 1 : (i + (value - sorted[i]) / (sorted[i + 1] - sorted[i])) / last;
}

// Index of the last one that is not above the value; −1 where all are.
function below(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) { const middle = (low + high) >> 1; if (sorted[middle] <= value) low = middle + 1; else high = middle; }
  return low - 1;
}

function integers(bytes) { return bytes && new Int32Array(bytes.buffer); }
function thin(values, most) { const known = values.filter(Number.isFinite), every = Math.ceil(known.length / most); return every > 1 ? known.filter((_, i) => i % every === 0) : known; }
function whole(value) { return Math.round(value).toLocaleString("en"); }
function few(value) { return value >= 10 ? whole(value) : String(Number(value.toPrecision(2))); }
function number(value) { return minus(Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3) ? value.toExponential(2).replace("e+", "e") : String(Number(value.toPrecision(4)))); }
function percent(share) { return `${Math.round(share * 100)} %`; }
function lasting(seconds) {
  const [size, unit] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([size]) => seconds >= size * 0.9999) ?? [0.001, "ms"];
  const count = seconds / size;
  return `${count >= 100 ? whole(count) : Number(count.toPrecision(count >= 10 ? 3 : 2))} ${unit}`;
}

// ---- A million rows in a thousand pixels: the least and the most of each pixel's rows ------------------------------------------

class Pyramid {
  // low, high: (C * count), of every so many rows from row `first`; the same array where every is 1.
  constructor(low, high, count, first, every) {
    this.levels = [{ low, high, count, every }];
    Object.assign(this, { first, series: low.length / count });
    while (this.levels.at(-1).count > 512) this.levels.push(this.above(this.levels.at(-1)));
  }

  above({ low, high, count, every }) {
    const { series } = this, fewer = Math.ceil(count / 4), up = { low: new Float32Array(series * fewer), high: new Float32Array(series * fewer), count: fewer, every: every * 4 };
    for (let c = 0, at = 0; c < series; c++) for (let i = 0; i < fewer; i++, at++) {
      let least = NaN, most = NaN;
      for (let j = c * count + 4 * i, end = c * count + Math.min(count, 4 * i + 4); j < end; j++) {
        if (!(low[j] >= least)) least = Number.isNaN(low[j]) ? least : low[j];
        if (!(high[j] <= most)) most = Number.isNaN(high[j]) ? most : high[j];
      }
      up.low[at] = least;
      up.high[at] = most;
    }
    return up;
  }

  top() { const { high } = this.levels.at(-1); return high.reduce((a, b) => b > a ? b : a, -Infinity); }

  // Fills `points` with series c of rows from … to on so many pixels: x in pixels, low and high; NaN where there is nothing.
  // `line`: whether these are the samples themselves, to be joined by a line.
  read(c, from, to, pixels, points) {
    const wide = (to - from) / pixels, level = this.levels.findLast(({ every }) => every * 2 <= wide) ?? this.levels[0], { every, count } = level;
    const { x, low, high } = points, start = c * count, { first } = this;
    let n = 0;
    if (every > wide) {
      const last = Math.min(count - 1, Math.ceil((to - first) / every));
      for (let i = Math.max(0, Math.floor((from - first) / every) - 1); i <= last; i++, n++) {
        x[n] = (first + (i + 0.5) * every - from) / wide;
        low[n] = level.low[start + i];
        high[n] = level.high[start + i];
      }
    } else for (; n < pixels; n++) {
      // With the next pixel's first item, so that a steep slope stays joined.
      const i = Math.max(0, Math.floor((from + n * wide - first) / every)), end = Math.min(count - 1, Math.floor((from + (n + 1) * wide - first) / every));
      let least = NaN, most = NaN;
      for (let j = start + i; j <= start + end; j++) {
        const a = level.low[j], b = level.high[j];
        if (!(a >= least) && a === a) least = a;
        if (!(b <= most) && b === b) most = b;
      }
      x[n] = n + 0.5;
      low[n] = least;
      high[n] = most;
    }
    points.count = n;
    points.line = every > wide && level.low === level.high;
    return points;
  }

  // Whether rows from … to are all in here.
  holds(from, to) { const { count, every } = this.levels[0]; return from >= this.first && to <= this.first + count * every; }

  // [least, most] of series c in one row's place.
  value(c, row) {
    const { low, high, count, every } = this.levels[0], i = c * count + clamp(Math.floor((row - this.first) / every), 0, count - 1);
    return [low[i], high[i]];
  }
}

const room = () => ({ x: new Float32Array(16384), low: new Float32Array(16384), high: new Float32Array(16384), count: 0, line: false });
const BOARDS = [room(), room(), room()];

// The least and the most of some points, widened by others, on either side by at most so many times what the first span.
function span(room, own, ...others) {
  const ends = ({ low, high, count }) => {
    let least = Infinity, most = -Infinity;
    for (let i = 0; i < count; i++) { if (low[i] < least) least = low[i]; if (high[i] > most) most = high[i]; }
    return [least, most];
  };
  let [least, most] = ends(own);
  if (least > most) [least, most] = others.length ? ends(others[0]) : [0, 1];
  if (least > most) [least, most] = [0, 1];
  const reach = room * (most - least || Math.abs(most) || 1);
  const around = others.map(ends).filter(([a, b]) => a <= b);
  let [low, high] = [Math.min(least, ...around.map(([a]) => Math.max(a, least - reach))), Math.max(most, ...around.map(([, b]) => Math.min(b, most + reach)))];
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  return { low, high, least, most };
}

// y: value -> px. A line through samples, or a band from the least to the most.
function trace(pen, { x, low, high, count, line: joined }, y, colour, thick) {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  const half = thick / 2;
  pen.beginPath();
  for (let i = 0; i < count; i++) {
    if (low[i] !== low[i]) continue;
    const from = i;
    while (i + 1 < count && low[i + 1] === low[i + 1]) i += 1;
    if (from === i) pen.rect(x[i] - half, y(high[i]) - half, thick, y(low[i]) - y(high[i]) + thick); // alone between gaps
    else if (joined) { pen.moveTo(x[from], y(low[from])); for (let j = from + 1; j <= i; j++) pen.lineTo(x[j], y(low[j])); }
    else {
      pen.moveTo(x[from], y(high[from]) - half);
      for (let j = from + 1; j <= i; j++) pen.lineTo(x[j], y(high[j]) - half);
      for (let j = i; j >= from; j--) pen.lineTo(x[j], y(low[j]) + half);
      pen.closePath();
    }
  }
  if (joined) pen.stroke(); else pen.fill();
}

// ---- State, hands, frames ------------------------------------------------------------------------------------------------------

class Signals extends Live {
  stale = new Set(); // what the next frame draws anew: "view", "threshold", "map", "all"
  timers = {};
  held = null; // what a hand holds: "threshold", "normal", "view"
  chosen = null; // {row}: the stretch around it; or {window}: that of the map
  hover = null; // row under the pointer
  pca = false;
  glide = null;

  constructor() { super("latent-signal"); }

  close() {
    super.close();
    Object.values(this.timers).forEach(clearTimeout);
  }

  arrived(name) { if (name === this.data.name) this.load(); }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.name);
    this.fresh ||= fresh;
    if (moved) this.build();
    this.load();
  }

  load() {
    const { data } = this, sent = latentSignals.get(data.name);
    if (sent?.main && !opened.has(sent.main)) opened.set(sent.main, new Detection(sent.main));
    const detection = sent?.main ? opened.get(sent.main) : null;
    if (!detection) return this.show(false);
    if (detection !== this.detection) this.fresh = true;
    this.detection = detection;
    if (sent.detail !== this.detailOf) {
      this.detailOf = sent.detail;
      this.detail = sent.detail ? openDetail(sent.detail, detection) : null;
    }
    if (this.fresh) this.restart();
    this.fresh = false;
    this.show(true);
  }

  restart() {
    const { data, detection } = this, [first, last] = data.view ?? [0, detection.rows];
    this.rule = data.rule;
    this.value = detection.tidy(this.rule, data.amount);
    this.values = { ...detection.usual, [this.rule]: this.value };
    this.normal = [...(data.normal ?? detection.normal)];
    Object.assign(this, { chosen: null, hover: null, glide: null, held: null });
    [this.first, this.last] = this.within(first, last);
    this.sent = { threshold: JSON.stringify(this.told("threshold")), normal: JSON.stringify(this.told("normal")), view: JSON.stringify(this.told("view")) };
    this.lanes.order = null;
  }

  build() {
    const find = (id) => this.root.querySelector(`[data-testid=${id}]`), $ = (css) => this.root.querySelector(css);
    Object.assign(this, { body: $(".lx-body"), slider: find("threshold-slider"), words: find("threshold-words"), here: find("signal-here"), cursor: $(".lx-cursor"), edges: [find("normal-start"), find("normal-end")] });
    this.lanes = new Lanes(this, $(".lx-lanes"));
    this.track = new ErrorTrack(this, find("error-track"), $(".lx-error small"));
    this.axis = $(".lx-axis");
    this.histogram = new Histogram(this, find("error-histogram"));
    this.table = new Table(this, $(".lx-stretches"));
    this.map = new LatentMap(this, $(".lx-map"));
    this.window = new WindowView(this, $(".lx-window"));
    this.root.signalStats = { frames: 0, ms: [] };
    Object.defineProperty(this.root, "figures", { configurable: true, get: () => this.figures() }); // for tests, and whoever looks
    this.hands(this.lanes.front, null);
    this.hands(this.track.canvas, this.track);
    this.hold(this.histogram.canvas);
    this.buildSlider();
    this.edges.forEach((edge, end) => this.buildEdge(edge, end));
    for (const button of this.root.querySelectorAll("[data-rule]")) button.onclick = () => { this.values[this.rule] = this.value; this.rule = button.dataset.rule; this.judge(this.values[this.rule]); this.send("threshold"); };
    for (const button of this.root.querySelectorAll("[data-do]")) button.onclick = () => this.zoomBy(button.dataset.do);
    const pca = find("pca-switch");
    pca.onchange = () => { this.pca = pca.checked; this.wake("all"); };
    this.lanes.front.onkeydown = this.track.canvas.onkeydown = (event) => this.key(event);
    this.observer.disconnect();
    for (const element of [this.root, this.lanes.front, this.track.canvas, this.histogram.canvas, this.map.canvas, this.window.canvas]) this.observer.observe(element);
  }

  // Everything that no frame changes.
  show(there) {
    this.root.querySelector(".lx-wait").textContent = there ? "" : "Loading the signals…";
    this.body.hidden = !there;
    if (!there) return;
    const { detection, root } = this, $ = (css) => root.querySelector(css);
    root.style.setProperty("--lx-flag", FLAG[this.theme.mode]);
    root.style.setProperty("--lx-flag-soft", `${FLAG[this.theme.mode]}38`);
    $(".lx-label").hidden = !detection.labels?.length;
    $(".lx-network").lastChild.data = this.data.network;
    const mapped = !!detection.at?.length;
    $(".lx-map").hidden = $(".lx-window").hidden = !mapped;
    this.body.classList.toggle("lx-bare", !mapped);
    this.body.classList.toggle("lx-unscored", !detection.scored); // before a training: the channels and their normal stretch
    const unknown = !(this.normal[1] > this.normal[0]); // another table than the one that the detector learned from
    for (const element of [$(".lx-edges"), $(".lx-normal"), $(".lx-held")]) element.hidden = unknown;
    $(".lx-note").textContent = detection.every > 1 ? `So that ${whole(detection.rows)} rows stay fluid, a point of the lanes stands for ${detection.every} rows, drawn from their least to their most${this.detailOf ? "; where you let go of a short enough view, each row is there" : ""}. Errors, threshold and stretches are computed from every row.` : "";
    this.lanes.fill();
    this.resize();
    this.map.base = this.histogram.bins = null;
    this.wake("all");
  }

  resize() {
    if (!this.body?.isConnected || this.body.hidden || !this.detection) return;
    readRem();
    this.narrow = this.root.clientWidth < NARROW * rem;
    this.lanes.measure();
    this.table.measure();
    let changed = false;
    for (const canvas of [this.lanes.back, this.lanes.front, this.track.canvas, this.axis, this.histogram.canvas, this.map.canvas, this.window.canvas]) changed = fit(canvas, canvas) || changed;
    if (!changed) return;
    this.map.base = null;
    this.stale.add("all");
    this.frame(performance.now()); // now: a canvas is empty until it is drawn
  }

  // ---- what can be seen ----

  within(first, last) {
    const { rows } = this.detection, wide = clamp(last - first, Math.min(rows, LEAST), rows), start = clamp(first, 0, rows - wide);
    return [start, start + wide];
  }

  view(first, last) {
    [this.first, this.last] = this.within(first, last);
    this.glide = null;
    this.wake("view");
  }

  // `at`: the row that keeps its place, as a share of the width.
  zoom(factor, part = 0.5) {
    const wide = clamp((this.last - this.first) * factor, Math.min(this.detection.rows, LEAST), this.detection.rows), row = this.first + part * (this.last - this.first);
    this.view(row - part * wide, row + (1 - part) * wide);
  }

  zoomBy(what) {
    if (what === "all") this.go(0, this.detection.rows); else this.zoom(what === "in" ? 0.5 : 2);
    this.send("view", what === "all" ? GLIDE + 50 : 0);
  }

  // Glides there.
  go(first, last) {
    const to = this.within(first, last);
    if (calm()) this.view(...to);
    else this.glide = { from: [this.first, this.last], to, began: performance.now() };
    this.wake("view");
    this.send("view", GLIDE + 50);
  }

  // Rows with as much again around them.
  goAround(start, end) {
    const wide = Math.max(end - start, 2 * this.detection.window, LEAST), around = wide * 0.75;
    this.go((start + end - wide) / 2 - around, (start + end + wide) / 2 + around);
  }

  x(row) { return (row - this.first) / (this.last - this.first) * this.width; }
  rowAt(x) { return this.first + x / this.width * (this.last - this.first); }
  get width() { return across(this.lanes.front); }

  // ---- the threshold ----

  judge(amount) {
    this.value = this.detection.tidy(this.rule, amount);
    this.wake("threshold");
  }

  level(row = null) { return this.detection.level(this.rule, this.value, row); }

  compute() {
    const { detection, rule, value } = this, { found, flagged } = detection.stretches(rule, value);
    Object.assign(this, { stretches: found, flagged, says: detection.words(rule, value, found) });
  }

  // The stretch that a row lies in, or that lies in these rows.
  stretchAt(row, end = row + 1) {
    let low = 0, high = this.stretches.length;
    while (low < high) { const middle = (low + high) >> 1; if (this.stretches[middle].end > row) high = middle; else low = middle + 1; }
    const found = this.stretches[low];
    return found && found.start < end ? found : null;
  }

  blame(stretch) { return stretch.blame ??= this.detection.blame(stretch.start, stretch.end); }

  figures() {
    if (!this.detection || !this.stretches || !this.lanes.order) return null;
    const stretches = this.stretches.map((stretch) => ({ ...stretch, length: stretch.end - stretch.start, blame: [...this.blame(stretch)] }));
    const { rule, value, flagged, says, normal } = this;
    return { rule, amount: value, level: this.level(), flagged, stretches, words: says, first: this.first, last: this.last, normal: [...normal], lanes: this.lanes.inSight() };
  }

  buildSlider() {
    const { slider } = this, move = (place) => this.judge(this.detection.amountAt(this.rule, place));
    slider.onpointerdown = () => this.grab("threshold");
    slider.oninput = () => move(Number(slider.value));
    slider.onpointerup = slider.onpointercancel = slider.onlostpointercapture = slider.onchange = () => this.let("threshold");
    slider.onkeydown = (event) => {
      const by = { ArrowRight: 0.02, ArrowUp: 0.02, ArrowLeft: -0.02, ArrowDown: -0.02, PageUp: 0.2, PageDown: -0.2, Home: -9, End: 9 }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const here = this.detection.place(this.rule, this.value);
      let steps = 1; // an amount is a round number: a step so small that it would be rounded away is made longer
      while (steps < 20 && this.detection.tidy(this.rule, this.detection.amountAt(this.rule, here + steps * by)) === this.value) steps++;
      move(here + steps * by);
      this.send("threshold", KEY_PAUSE);
    };
  }

  // A press anywhere in the histogram takes the threshold there.
  hold(canvas) {
    let held = null, before = 0;
    const move = (event) => this.judge(this.detection.amount(this.rule, this.histogram.valueAt(event.clientX - canvas.getBoundingClientRect().left)));
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 || held !== null) return;
      [held, before] = [event.pointerId, this.value];
      canvas.setPointerCapture(held);
      this.grab("threshold");
      if (event.pointerType === "mouse") move(event);
    };
    canvas.onpointermove = (event) => { if (event.pointerId === held) move(event); };
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => {
      if (event.pointerId !== held) return;
      held = null;
      if (event.type === "pointercancel") this.judge(before); // it was a scroll
      else if (event.type === "pointerup") move(event);
      this.let("threshold");
    };
  }

  // ---- the normal stretch ----

  buildEdge(edge, end) {
    let held = null;
    const least = () => Math.max(2, 2 * this.detection.window), rows = () => this.detection.rows;
    const put = (row) => {
      const other = this.normal[1 - end];
      this.normal[end] = Math.round(end ? clamp(row, Math.min(rows(), other + least()), rows()) : clamp(row, 0, Math.max(0, other - least())));
      this.wake("normal");
    };
    edge.onpointerdown = (event) => {
      if (event.button !== 0 || held !== null) return;
      event.preventDefault();
      held = event.pointerId;
      edge.setPointerCapture(held);
      edge.focus();
      this.grab("normal");
    };
    edge.onpointermove = (event) => { if (event.pointerId === held) put(this.rowAt(event.clientX - this.lanes.front.getBoundingClientRect().left)); };
    edge.onpointerup = edge.onpointercancel = edge.onlostpointercapture = (event) => {
      if (event.pointerId !== held) return;
      held = null;
      this.let("normal");
    };
    edge.onkeydown = (event) => {
      const page = Math.max(1, Math.round((this.last - this.first) / 20)), fine = Math.max(1, Math.round((this.last - this.first) / 400));
      const by = { ArrowRight: fine, ArrowUp: fine, ArrowLeft: -fine, ArrowDown: -fine, PageUp: page, PageDown: -page, Home: -rows(), End: rows() }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      put(this.normal[end] + by);
      this.send("normal", KEY_PAUSE);
    };
  }

  // ---- hands on the tracks: wheel and pinch zoom, a drag pans, on the threshold it moves that ----

  hands(canvas, track) {
    const held = new Map(); // pointer -> x
    let moved = 0, started = null, level = false;
    const at = (event) => { const { left, top } = canvas.getBoundingClientRect(); return [event.clientX - left, event.clientY - top]; };
    const near = (x, y, slack) => track && Math.abs(track.y(this.level(clamp(Math.floor(this.rowAt(x)), 0, this.detection.rows - 1))) - y) < slack;
    const move = (x, y) => { const row = clamp(Math.floor(this.rowAt(x)), 0, this.detection.rows - 1); this.judge(this.detection.amount(this.rule, track.valueAt(y), row)); };
    const begin = () => { const xs = [...held.values()]; started = { xs, rows: xs.map((x) => this.rowAt(x)), first: this.first, last: this.last }; };
    // A finger that takes the threshold, or two fingers, must not scroll the page too.
    canvas.addEventListener("touchstart", (event) => {
      const { left, top } = canvas.getBoundingClientRect(), [touch] = event.touches;
      if (event.touches.length > 1 || near(touch.clientX - left, touch.clientY - top, 22)) event.preventDefault();
    }, { passive: false });
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 || held.size > 1) return;
      const [x, y] = at(event);
      canvas.setPointerCapture(event.pointerId);
      if (!held.size) { moved = 0; level = near(x, y, event.pointerType === "mouse" ? 7 : 22); }
      held.set(event.pointerId, x);
      this.glide = null;
      this.grab(level ? "threshold" : "view");
      begin();
    };
    canvas.onpointermove = (event) => {
      const [x, y] = at(event);
      if (!held.has(event.pointerId)) {
        if (!held.size && event.pointerType === "mouse") { this.point(this.rowAt(x)); if (track) canvas.classList.toggle("lx-on-level", near(x, y, 7)); }
        return;
      }
      moved = Math.max(moved, Math.abs(x - held.get(event.pointerId)), held.size - 1 ? 9 : 0);
      if (level) return move(x, y);
      if (moved < 3) return;
      held.set(event.pointerId, x);
      moved = 9;
      canvas.classList.add("lx-dragging");
      const xs = [...held.values()], { rows, first, last } = started;
      if (xs.length === 2 && Math.abs(xs[0] - xs[1]) > 4) { // both rows stay under their fingers
        const each = (rows[1] - rows[0]) / (xs[1] - xs[0]), start = rows[0] - each * xs[0];
        if (each > 0) this.view(start, start + each * this.width);
      } else if (xs.length === 1) {
        const start = rows[0] - xs[0] / this.width * (last - first);
        this.view(start, start + last - first);
      }
      this.point(null);
    };
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => {
      if (!held.delete(event.pointerId)) return;
      if (held.size) return begin();
      canvas.classList.remove("lx-dragging");
      this.let(level ? "threshold" : "view");
      if (event.type === "pointerup" && !level && moved < 3) this.choose(this.stretchAt(Math.floor(this.rowAt(at(event)[0]))), false);
    };
    canvas.onpointerleave = () => this.point(null);
    canvas.ondblclick = () => this.zoomBy("all");
    canvas.onwheel = (event) => {
      const { deltaX, deltaY, shiftKey, ctrlKey } = event, wide = this.last - this.first, everything = wide >= this.detection.rows;
      const along = shiftKey ? deltaX || deltaY : Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0;
      if (everything && (along || deltaY > 0) && !ctrlKey) return; // nothing more to show: the page scrolls on
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 30 : 1;
      if (along) this.view(this.first + along * unit / this.width * wide, this.last + along * unit / this.width * wide);
      else this.zoom(2 ** clamp(deltaY * unit / (ctrlKey ? 60 : 260), -2, 2), at(event)[0] / this.width);
      this.send("view", KEY_PAUSE);
    };
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const wide = this.last - this.first, step = wide / 10;
    if (event.key === "+" || event.key === "=") this.zoom(0.5);
    else if (event.key === "-" || event.key === "_") this.zoom(2);
    else if (event.key === "ArrowLeft") this.view(this.first - step, this.last - step);
    else if (event.key === "ArrowRight") this.view(this.first + step, this.last + step);
    else if (event.key === "Home") this.view(0, wide);
    else if (event.key === "End") this.view(this.detection.rows - wide, this.detection.rows);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.lanes.scroller.scrollTop += (event.key === "ArrowDown" ? 1 : -1) * this.lanes.high;
    else if (event.key === "0") this.view(0, this.detection.rows);
    else if (event.key === "Escape" && this.chosen) this.choose(null, false);
    else return;
    event.preventDefault();
    this.send("view", KEY_PAUSE);
  }

  point(row) {
    const held = row === null ? null : clamp(Math.floor(row), 0, this.detection.rows - 1);
    if (held === this.hover) return;
    this.hover = held;
    this.wake("hover");
  }

  choose(stretch, zoomed) {
    this.chosen = stretch ? { row: stretch.at } : null;
    this.wake("choice");
    if (stretch && zoomed) this.goAround(stretch.start, stretch.end);
  }

  // The rows of what was chosen, [start, end], or null.
  marked() {
    const { chosen, detection: { at, window } } = this;
    if (!chosen) return null;
    if (chosen.window !== undefined) return [at[chosen.window], at[chosen.window] + window];
    const stretch = this.stretchAt(chosen.row);
    return stretch && [stretch.start, stretch.end];
  }

  chooseWindow(n) {
    const { at, window } = this.detection;
    this.chosen = { window: n };
    this.goAround(at[n], at[n] + window);
    this.wake("choice");
  }

  // ---- what Python hears ----

  grab(what) { clearTimeout(this.timers[what]); this.held = what; }
  let(what) { this.held = null; this.send(what); }

  told(what) {
    if (what === "threshold") return { rule: this.rule, amount: this.value };
    if (what === "normal") return this.normal.join(":");
    const [from, to] = this.glide?.to ?? [this.first, this.last]; // where frames are slow, it still glides when it is time to tell
    const first = Math.max(0, Math.floor(from));
    return { first, last: Math.min(this.detection.rows, Math.max(first + 1, Math.ceil(to))) };
  }

  send(what, wait = 0) {
    clearTimeout(this.timers[what]);
    if (wait) { this.timers[what] = setTimeout(() => this.send(what), wait); return; }
    if (this.held || this.closed) return; // the release will send it
    const text = JSON.stringify(this.told(what));
    if (text === this.sent[what]) return;
    this.sent[what] = text;
    if (what === "threshold") { this.lanes.order = null; this.wake("all"); } // who is most to blame now
    this.setStateValue(what, JSON.parse(text));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  wake(what) {
    this.stale.add(what);
    this.request ||= requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    cancelAnimationFrame(this.request);
    this.request = 0;
    if (!this.detection || this.closed || this.body.hidden || !this.width) return;
    const started = performance.now(), { stale } = this, all = stale.has("all"), some = (...names) => all || names.some((name) => stale.has(name));
    this.stale = new Set();
    if (this.glide) {
      const { from, to, began } = this.glide, part = clamp((now - began) / GLIDE, 0, 1), eased = 1 - (1 - part) ** 3;
      [this.first, this.last] = part < 1 ? from.map((row, i) => row + (to[i] - row) * eased) : to;
      stale.add("view");
      if (part < 1) this.wake("view"); else this.glide = null;
    }
    if (some("threshold")) { this.compute(); this.readOut(); }
    if (some("threshold", "choice") && !this.held) this.lanes.arrange();
    if (some("view", "lanes")) this.lanes.draw();
    if (some("view", "threshold", "normal", "choice", "lanes")) this.lanes.shade();
    if (some("view", "threshold", "choice")) this.track.draw();
    if (some("view")) this.drawAxis();
    if (some("view", "normal")) this.placeEdges();
    if (some("threshold")) this.histogram.draw();
    if (some("threshold", "choice")) this.map.draw();
    if (some("choice") || (some("view") && this.window.coarse)) this.window.draw();
    if (some("threshold", "choice")) this.table.show();
    if (some("hover", "view", "lanes")) this.readHere();
    if (!this.held && !this.glide && some("view", "threshold", "choice")) this.describe();
    const { signalStats: stats } = this.root;
    stats.frames += 1;
    stats.ms.push(performance.now() - started);
    if (stats.ms.length > 600) stats.ms.shift();
  }

  readOut() {
    const { slider, rule, value, says, words, detection } = this, [low, high] = detection.limits[rule].map((end) => detection.place(rule, end)), at = detection.place(rule, value);
    Object.assign(slider, { min: low, max: high });
    if (this.held !== "threshold" || document.activeElement !== slider) slider.value = at;
    slider.style.setProperty("--lx-at", (at - low) / (high - low));
    slider.setAttribute("aria-valuetext", says);
    words.textContent = says;
    for (const button of this.root.querySelectorAll("[data-rule]")) button.setAttribute("aria-pressed", button.dataset.rule === rule);
  }

  placeEdges() {
    const { edges, normal, detection, width } = this;
    edges.forEach((edge, end) => {
      const x = this.x(normal[end]), seen = x >= -1 && x <= width + 1;
      edge.style.visibility = seen ? "" : "hidden";
      edge.style.transform = `translateX(${clamp(x, 1, width - 1)}px)`;
      const say = (name, value) => edge.setAttribute(`aria-${name}`, value);
      say("valuemin", 0);
      say("valuemax", detection.rows);
      say("valuenow", normal[end]);
      say("valuetext", detection.when(Math.max(0, normal[end] - end)));
    });
  }

  readHere() {
    const { hover, detection, cursor, here } = this;
    cursor.hidden = hover === null;
    if (hover === null) { here.textContent = this.range(); this.lanes.name(null); return; }
    const score = detection.score[hover];
    cursor.style.transform = `translateX(${this.x(hover + 0.5)}px)`;
    here.textContent = detection.scored ? `${detection.when(hover)} · error ${Number.isFinite(score) ? number(score) : "not scored"}` : detection.when(hover);
    this.lanes.name(hover);
  }

  range() {
    const { detection, first, last } = this, rows = Math.ceil(last) - Math.floor(first);
    return `${detection.when(Math.floor(first))} … ${detection.when(Math.ceil(last) - 1)}, ${whole(rows)} rows`;
  }

  // Only at rest: a screen reader would read every frame.
  describe() {
    const { detection, lanes, track, histogram, map } = this, say = (canvas, text) => { if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text); };
    say(lanes.front, `${detection.channels} ${detection.channels === 1 ? "channel" : "channels"}, ${this.range()}. Plus and minus zoom, the arrows move.`);
    say(track.canvas, `Error over time. ${this.says}`);
    say(histogram.canvas, `Distribution of the errors. ${this.says}`);
    if (detection.at) say(map.canvas, `Latent map of the ${this.data.network}: ${whole(detection.at.length)} windows, ${whole(map.ringed ?? 0)} of them flagged. The arrows go from window to window.`);
  }

  drawAxis() {
    const { axis, detection, theme, width, first, last } = this, pen = sheet(axis);
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    pen.fillStyle = pen.strokeStyle = theme.text;
    let free = -Infinity;
    for (const { row, text } of marks(detection, first, last, Math.max(2, Math.floor(width / 110 / rem)))) {
      const x = this.x(row), half = pen.measureText(text).width / 2;
      pen.globalAlpha = 0.45;
      line(pen, x, 0, x, 4);
      pen.globalAlpha = 0.78;
      const place = clamp(x, half + 1, width - half - 1);
      if (place - half < free) continue;
      free = place + half + 10;
      pen.fillText(text, place, 14 * rem);
    }
    pen.globalAlpha = 1;
  }

  // The spans of a list of rows, in px, those that touch made one; at least a pixel wide.
  spans(rows, draw) {
    let from = null, to = 0;
    for (const [start, end] of rows) {
      if (end < this.first) continue;
      if (start > this.last) break;
      const a = Math.max(-2, this.x(start)), b = Math.min(this.width + 2, Math.max(this.x(end), a + 1));
      if (from !== null && a <= to + 0.5) { to = Math.max(to, b); continue; }
      if (from !== null) draw(from, to - from);
      [from, to] = [a, b];
    }
    if (from !== null) draw(from, to - from);
  }
}

// A stretch of a long table in full.
function openDetail(bytes, { channels }) {
  const { header: { first }, array } = readBlock(bytes), count = array("values").length / channels;
  const series = (name) => { const all = array(name); return new Pyramid(all, all, count, first, 1); };
  return { values: series("values"), made: series("x_hat"), pca: series("pca_hat"), pcaScore: series("pca_score") };
}

// Where ticks stand, [{row, text}]: round times, or round rows.
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600].map((s) => s * 1000);
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function marks(detection, first, last, wanted) {
  const begin = detection.time(first), end = detection.time(last);
  if (begin === null || !(end > begin)) return ticks(first, last, wanted).filter(Number.isInteger).map((row) => ({ row, text: whole(row) }));
  const rough = (end - begin) / wanted, step = STEPS.find((s) => s >= rough), found = [];
  const put = (time, text) => { const row = detection.row(time); if (row >= first && row <= last) found.push({ row, text }); };
  if (step) {
    const origin = step >= 604_800_000 ? 4 * 86_400_000 : 0; // weeks begin on Mondays: 1970 began on a Thursday
    for (let time = Math.ceil((begin - origin) / step) * step + origin; time <= end; time += step) {
      const date = new Date(time), text = date.toISOString();
      put(time, time % 86_400_000 === 0 ? `${date.getUTCDate()} ${MONTH[date.getUTCMonth()]}${step >= 86_400_000 && found.length === 0 ? ` ${date.getUTCFullYear()}` : ""}` : text.slice(11, step < 1000 ? 23 : step < 60_000 ? 19 : 16));
    }
    return found;
  }
  const months = MONTHS.find((m) => m * 30.5 * 86_400_000 >= rough) ?? MONTHS.at(-1), start = new Date(begin);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (let time; (time = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1)) <= end; month += months) put(time, month % 12 === 0 || months >= 12 ? String(Math.floor(month / 12)) : found.length ? MONTH[month % 12] : `${MONTH[month % 12]} ${Math.floor(month / 12)}`);
  return found;
}

// ---- The channels, a lane each -------------------------------------------------------------------------------------------------

class Lanes {
  order = null; // channels from top to bottom
  scrolled = 0; // px

  constructor(figure, box) {
    Object.assign(this, { figure, box, scroller: box.querySelector(".lx-scroll"), inner: box.querySelector(".lx-long"), back: box.querySelector(".lx-back"), front: box.querySelector(".lx-front"), spans: new Map() });
    this.scroller.onscroll = () => { this.scrolled = this.scroller.scrollTop; figure.wake("lanes"); };
  }

  measure() {
    const { figure, scroller } = this, { channels } = figure.detection, { narrow, root } = figure;
    const shown = Math.min(channels, narrow ? 5 : LANES);
    this.high = (narrow ? clamp(320 / shown, 60, 170) : clamp(336 / shown, 48, 230)) * rem;
    this.inset = narrow ? 18 * rem : 5; // px above the signal; on a phone its name stands there
    const set = (name, value) => root.style.setProperty(`--lx-${name}`, value);
    set("shown", `${this.high * shown}px`);
    set("full", `${this.high * channels}px`);
    set("gutter", narrow ? "0px" : "8.25rem");
    set("error", narrow ? "6.875rem" : "7.75rem");
    scroller.classList.toggle("lx-all", channels <= shown);
    set("bar", `${scroller.offsetWidth - scroller.clientWidth}px`);
  }

  // Names and units are the file's: text, never HTML.
  fill() {
    const { names, units } = this.figure.detection, text = JSON.stringify([names, units]);
    if (this.filled === text) return;
    this.filled = text;
    this.labels?.forEach(({ box }) => box.remove());
    this.labels = names.map((name, c) => {
      const label = { title: make("b", {}, units[c] ? `${name}, ${units[c]}` : name), range: make("small", {}) };
      label.box = make("div", { class: "lx-name" }, label.title, label.range);
      label.box.title = label.title.textContent;
      return label;
    });
    this.inner.append(...this.labels.map(({ box }) => box));
    this.order = null;
  }

  // The file's order; where not all are in sight, the most to blame first, in the chosen stretch or in all.
  arrange() {
    const { figure, labels } = this, { channels } = figure.detection, few = channels <= (figure.narrow ? 5 : LANES);
    const chosen = figure.table.chosen(), key = few ? "few" : chosen ? `${chosen.start}-${chosen.end}` : "all";
    if (this.order && this.key === key && this.laid === this.high) return;
    this.laid = this.high;
    const most = new Float64Array(channels);
    if (!few) for (const stretch of chosen ? [chosen] : figure.stretches) { const blame = figure.blame(stretch); for (let c = 0; c < channels; c++) most[c] += blame[c] * (stretch.end - stretch.start); }
    this.order = Array.from({ length: channels }, (_, c) => c).sort((a, b) => most[b] - most[a] || a - b);
    this.key = key;
    this.order.forEach((c, place) => Object.assign(labels[c].box.style, { top: `${place * this.high}px`, height: figure.narrow ? "" : `${this.high}px` }));
    figure.stale.add("lanes");
    figure.wake("lanes");
  }

  inSight() {
    const top = this.scrolled, first = Math.floor(top / this.high), last = Math.min(this.order.length, Math.ceil((top + down(this.front)) / this.high));
    return this.order.slice(first, last);
  }

  // In full where that was sent for all that is seen.
  source() {
    const { detail, detection, first, last } = this.figure;
    return detail?.values.holds(Math.floor(first), Math.min(detection.rows, Math.ceil(last))) ? detail : detection;
  }

  draw() {
    const { figure, front, high, inset, labels } = this, { first, last, theme, width, pca } = figure, pen = sheet(front), scroll = this.scrolled;
    if (!this.order) this.arrange();
    const source = this.source(), [original, network, baseline] = BOARDS, sharp = Math.min(2, devicePixelRatio), pixels = Math.round(width * sharp);
    this.order.forEach((c, place) => {
      const label = labels[c], top = place * high - scroll;
      if (top > down(this.front) || top < -high) return;
      const series = [[source.values, original, ORIGINAL, 2.6], [source.made, network, NETWORK, 1.4], ...(pca ? [[source.pca, baseline, PCA, 1.2]] : [])];
      for (const [from, points] of series) { from.read(c, first, last, pixels, points); for (let i = 0; i < points.count; i++) points.x[i] *= width / pixels; }
      const { low, high: up, least, most } = span(1, ...series.map(([, points]) => points)), tall = high - inset - 5;
      const y = (value) => top + inset + (up - clamp(value, low, up)) / (up - low) * tall;
      pen.save();
      pen.beginPath();
      pen.rect(0, top, width, high);
      pen.clip();
      for (const [, points, colour, thick] of series) {
        pen.globalAlpha = colour === ORIGINAL ? 0.8 : 1;
        trace(pen, points, y, colour, points.line ? thick : Math.min(thick, 1.3));
      }
      pen.restore();
      if (place) { pen.globalAlpha = 0.16; pen.strokeStyle = theme.text; pen.lineWidth = 1; line(pen, 0, Math.round(top) + 0.5, width, Math.round(top) + 0.5); pen.globalAlpha = 1; }
      label.span = `${number(least)} … ${number(most)}`;
    });
  }

  // Normal and labelled stretches, flagged ones with a bar on top: below the lines.
  shade() {
    const { figure, back } = this, { normal, detection: { held_rows: held, normal: fitted, labels }, theme, width, stretches } = figure, pen = sheet(back), tall = down(back), flag = FLAG[theme.mode];
    pen.fillStyle = theme.text;
    pen.globalAlpha = 0.07;
    figure.spans([normal], (x, wide) => pen.fillRect(x, 0, wide, tall));
    if (figure.detection.scored && normal.join() === fitted.join()) figure.spans([held], (x, wide) => pen.fillRect(x, 0, wide, tall));
    pen.fillStyle = flag;
    pen.globalAlpha = theme.mode === "dark" ? 0.26 : 0.17;
    const rows = stretches.map(({ start, end }) => [start, end]);
    figure.spans(rows, (x, wide) => pen.fillRect(x, 0, wide, tall));
    pen.globalAlpha = 1;
    figure.spans(rows, (x, wide) => pen.fillRect(x, 0, wide, 4));
    const marked = figure.marked();
    if (marked) {
      pen.strokeStyle = theme.text;
      pen.lineWidth = 1.5;
      const a = figure.x(marked[0]), b = figure.x(marked[1]);
      pen.strokeRect(a, 0.75, Math.max(2, b - a), tall - 1.5);
    }
    if (labels) {
      pen.fillStyle = theme.text;
      const spans = Array.from({ length: labels.length / 2 }, (_, n) => [labels[2 * n], labels[2 * n + 1]]);
      figure.spans(spans, (x, wide) => { for (let at = Math.max(0, x); at < Math.min(width, x + wide); at += 5) pen.fillRect(at, tall - 5, Math.min(3, x + wide - at), 5); });
    }
  }

  // At the left of each lane: the least and the most in view, or what the pointer is on.
  name(row) {
    const { figure, labels } = this, source = this.source();
    for (const c of this.inSight()) {
      const { range } = labels[c];
      let text = labels[c].span ?? "";
      if (row !== null) {
        const [[a, b], [p, q]] = [source.values.value(c, row), source.made.value(c, row)], say = (low, high) => Number.isFinite(low) ? (low === high ? number(low) : `${number(low)}…${number(high)}`) : "–";
        text = figure.detection.scored ? `${say(a, b)} → ${say(p, q)}` : say(a, b);
      }
      if (range.textContent !== text) range.textContent = text;
    }
  }
}

// ---- Error over time, on a logarithmic scale -----------------------------------------------------------------------------------

class ErrorTrack {
  constructor(figure, canvas, note) { Object.assign(this, { figure, canvas, note }); }

  ends() { const [low, high] = this.figure.detection.range; return [Math.log(low) - 0.1, Math.log(high) + 0.15]; }
  get inset() { return this.figure.narrow ? 18 : 5; } // on a phone its name stands there
  y(value) { const [low, high] = this.ends(), tall = down(this.canvas) - this.inset - 3; return this.inset + (high - clamp(Math.log(value), low, high)) / (high - low) * tall; }
  valueAt(y) { const [low, high] = this.ends(), tall = down(this.canvas) - this.inset - 3; return Math.exp(high - (y - this.inset) / tall * (high - low)); }

  draw() {
    const { figure, canvas } = this, { detection, first, last, theme, width, stretches } = figure, pen = sheet(canvas), tall = down(canvas), pixels = Math.round(width * Math.min(2, devicePixelRatio));
    const y = (value) => this.y(value), flag = FLAG[theme.mode], [points] = BOARDS, source = figure.lanes.source();
    pen.fillStyle = flag;
    pen.globalAlpha = theme.mode === "dark" ? 0.26 : 0.17;
    const rows = stretches.map(({ start, end }) => [start, end]);
    figure.spans(rows, (x, wide) => pen.fillRect(x, 0, wide, tall));
    pen.globalAlpha = 1;
    figure.spans(rows, (x, wide) => pen.fillRect(x, 0, wide, 4));
    for (const [series, colour, thick] of [[source.pcaScore ?? detection.pcaScore, PCA, 1], [detection.errors, NETWORK, 1.4]]) {
      series.read(0, first, last, pixels, points);
      for (let i = 0; i < points.count; i++) points.x[i] *= width / pixels;
      pen.globalAlpha = colour === PCA ? 0.8 : 1;
      trace(pen, points, y, colour, thick);
    }
    pen.globalAlpha = 1;
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    for (const { value, text } of decades(...detection.range)) { // above the lines, with a halo
      const at = this.y(value);
      if (at < 9 || at > tall - 8) continue;
      pen.globalAlpha = 0.2;
      pen.strokeStyle = theme.text;
      pen.lineWidth = 1;
      line(pen, 0, at, width, at);
      pen.globalAlpha = 0.85;
      write(pen, theme, text, 4, at, 3);
    }
    pen.globalAlpha = 1;
    this.drawLevel(pen);
    this.note.textContent = `${number(detection.range[0])} … ${number(detection.range[1])}`;
  }

  // The accent: it can be moved.
  drawLevel(pen) {
    const { figure } = this, { detection, first, last, theme, width, rule } = figure;
    pen.strokeStyle = theme.primary;
    pen.lineWidth = 2;
    pen.beginPath();
    if (rule === "rolling") {
      const rowOf = (x) => clamp(Math.floor(first + x / width * (last - first)), 0, detection.rows - 1);
      for (let x = 0; x <= width; x += 1) { const level = figure.level(rowOf(x)); if (level === level) pen.lineTo(x, this.y(level)); }
    } else { pen.moveTo(0, this.y(figure.level())); pen.lineTo(width, this.y(figure.level())); }
    pen.stroke();
    const level = figure.level(rule === "rolling" ? clamp(Math.floor(last) - 1, 0, detection.rows - 1) : null);
    if (!Number.isFinite(level)) return;
    const text = number(level), at = clamp(this.y(level), 11, down(this.canvas) - 11);
    pen.font = `600 ${11 * rem}px ${theme.font}`;
    const wide = pen.measureText(text).width + 14;
    pen.fillStyle = theme.primary;
    pen.beginPath();
    pen.roundRect(width - wide - 2, at - 10 * rem, wide, 20 * rem, 10 * rem);
    pen.fill();
    pen.fillStyle = theme.onPrimary;
    pen.textAlign = "center";
    pen.fillText(text, width - 2 - wide / 2, at + 0.5);
  }
}

// Powers of ten in the range, or fewer digits' steps where there are none.
function decades(low, high) {
  const found = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) found.push({ value: 10 ** power, text: number(Number(`1e${power}`)) });
  const every = Math.ceil(found.length / 4);
  return found.length ? found.filter((_, n) => n % every === 0) : [2, 3, 5].map((m) => m * 10 ** Math.floor(Math.log10(low))).filter((value) => value >= low && value <= high).map((value) => ({ value, text: number(value) }));
}

// ---- How large errors are: held-out normal ones, and all -----------------------------------------------------------------------

class Histogram {
  constructor(figure, canvas) { Object.assign(this, { figure, canvas }); }

  x(value) { const [low, high] = this.figure.track.ends(); return (clamp(Math.log(value), low, high) - low) / (high - low) * across(this.canvas); }
  valueAt(x) { const [low, high] = this.figure.track.ends(); return Math.exp(low + x / across(this.canvas) * (high - low)); }

  // Shares of the errors in equal steps of their logarithm.
  count() {
    const { detection } = this.figure, [low, high] = this.figure.track.ends(), bars = 56;
    const share = (values) => {
      const found = new Float64Array(bars);
      let known = 0;
      for (let i = 0; i < values.length; i++) if (values[i] === values[i]) { found[clamp(Math.floor((Math.log(values[i]) - low) / (high - low) * bars), 0, bars - 1)] += 1; known += 1; }
      return found.map((n) => n / (known || 1));
    };
    this.bins = { held: share(detection.held), all: share(detection.score) };
  }

  draw() {
    if (!this.bins) this.count();
    const { figure, canvas, bins: { held, all } } = this, { theme, detection } = figure, pen = sheet(canvas), wide = across(canvas), tall = down(canvas) - 18 * rem;
    const most = Math.max(...held, ...all) || 1, step = wide / held.length, y = (share) => tall - Math.sqrt(share / most) * (tall - 16); // the root lets a tail be seen
    pen.fillStyle = NETWORK;
    pen.globalAlpha = 0.55;
    held.forEach((share, n) => { if (share) pen.fillRect(n * step, y(share), step + 0.4, tall - y(share)); });
    pen.globalAlpha = 1;
    pen.strokeStyle = theme.text;
    pen.lineWidth = 1.5;
    pen.lineJoin = "miter";
    pen.beginPath();
    pen.moveTo(0, tall);
    all.forEach((share, n) => { pen.lineTo(n * step, y(share)); pen.lineTo((n + 1) * step, y(share)); });
    pen.lineTo(wide, tall);
    pen.stroke();
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.textBaseline = "bottom";
    pen.textAlign = "center";
    pen.fillStyle = theme.text;
    for (const { value, text } of decades(...detection.range)) {
      const x = this.x(value), half = pen.measureText(text).width / 2;
      pen.globalAlpha = 0.4;
      line(pen, x, tall, x, tall + 4);
      pen.globalAlpha = 0.8;
      if (x > half && x < wide - half) pen.fillText(text, x, tall + 18 * rem);
    }
    pen.globalAlpha = 1;
    const level = figure.level();
    if (!Number.isFinite(level)) return;
    const x = clamp(this.x(level), 1, wide - 1);
    pen.strokeStyle = theme.primary;
    pen.lineWidth = 2;
    line(pen, x, 0, x, tall + 4);
    pen.fillStyle = theme.primary;
    pen.beginPath();
    pen.roundRect(x - 5, tall / 2 - 13, 10, 26, 5);
    pen.fill();
  }
}

// ---- The flagged stretches -----------------------------------------------------------------------------------------------------

class Table {
  by = "start";
  at = -1; // the row that the keys are on
  scrolled = 0; // px

  constructor(figure, box) {
    Object.assign(this, { figure, box: box.querySelector(".lx-table"), title: box.querySelector(".lx-title"), headings: box.querySelector(".lx-headings"), rows: box.querySelector(".lx-rows"), pool: [], buttons: box.querySelectorAll("[data-order]") });
    this.none = make("p", { class: "lx-none" }, "Nothing lies above the threshold. Lower it to see what comes first.");
    this.id = `lx-${Math.random().toString(36).slice(2)}`;
    for (const [name, text] of [["lx-from", "start"], ["lx-till", "end"], ["lx-figure", "length"], ["lx-figure", "peak"], ["lx-blame", "to blame"]]) this.headings.append(make("span", { class: name, role: "columnheader" }, text));
    this.box.onscroll = () => { this.scrolled = this.box.scrollTop; this.paint(); };
    this.box.onkeydown = (event) => this.key(event);
    this.rows.onclick = (event) => { const row = event.target.closest(".lx-row"); if (row) this.pick(Number(row.dataset.n)); };
    for (const button of this.buttons) button.onclick = () => { this.by = button.dataset.order; this.show(); };
  }

  measure() { [this.wide, this.tall] = [this.box.clientWidth, this.box.clientHeight]; }

  chosen() { const { chosen } = this.figure; return chosen?.row === undefined ? null : this.figure.stretchAt(chosen.row); }

  pick(n) {
    this.at = n;
    this.figure.choose(this.sorted[n], true);
  }

  key(event) {
    const last = this.sorted.length - 1, page = Math.max(1, Math.floor(this.box.clientHeight / this.high) - 1);
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + page, PageUp: this.at - page, Home: 0, End: last }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || last < 0) return;
    if (event.key === "Enter" || event.key === " ") { if (this.at >= 0) this.pick(this.at); }
    else if (to === undefined) return;
    else {
      this.at = clamp(to, 0, last);
      const head = this.headings.offsetHeight, top = this.at * this.high, { scrollTop, clientHeight } = this.box;
      if (top < scrollTop) this.box.scrollTop = top; else if (top + this.high + head > scrollTop + clientHeight) this.box.scrollTop = top + this.high + head - clientHeight;
      this.paint();
    }
    event.preventDefault();
  }

  show() {
    const { figure, by, rows } = this, { stretches, narrow, detection } = figure;
    this.sorted = by === "start" ? stretches : [...stretches].sort((a, b) => b.peak - a.peak);
    this.high = (narrow ? 58 : 38) * rem;
    this.title.textContent = `${whole(stretches.length)} flagged ${stretches.length === 1 ? "stretch" : "stretches"}`;
    this.box.setAttribute("aria-rowcount", stretches.length + 1);
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.dataset.order === by);
    const when = (detection.times ? (detection.step < 60 ? 124 : 106) : 72) * rem, left = this.wide - 2 * when - 190 * rem;
    this.most = narrow ? 3 : clamp(Math.floor(left / 80 / rem), 1, 3); // to blame, as many as there is room for; the row's title has three
    this.box.style.setProperty("--lx-columns", narrow ? "minmax(0, 1fr) 3.875rem 4.375rem" : `${when}px ${when}px 3.625rem 3.625rem minmax(0, 1fr)`);
    this.box.style.setProperty("--lx-high", `${this.high}px`);
    rows.style.height = `${this.sorted.length * this.high}px`;
    if (stretches.length) this.none.remove(); else if (!this.none.isConnected) this.box.append(this.none);
    this.at = Math.min(this.at, this.sorted.length - 1);
    this.paint();
  }

  // The rows in sight, each element used again.
  paint() {
    const { sorted = [], high, box, pool, rows, figure } = this, chosen = this.chosen(), first = Math.max(0, Math.floor(this.scrolled / high) - 1);
    const shown = Math.min(sorted.length - first, Math.ceil(this.tall / high) + 2);
    while (pool.length < shown) pool.push(this.line());
    pool.forEach((line, i) => {
      if (i >= shown) { if (line.row.isConnected) line.row.remove(); return; }
      const n = first + i, stretch = sorted[n], { detection } = figure;
      if (!line.row.isConnected) rows.append(line.row);
      Object.assign(line.row.dataset, { n });
      line.row.id = `${this.id}-${n}`;
      line.row.style.transform = `translateY(${n * high}px)`;
      line.row.setAttribute("aria-rowindex", n + 2);
      line.row.setAttribute("aria-selected", stretch === chosen);
      line.row.classList.toggle("lx-at", n === this.at);
      if (line.of === stretch && line.most === this.most) return;
      Object.assign(line, { of: stretch, most: this.most });
      const texts = [detection.when(stretch.start), detection.when(stretch.end - 1), detection.long(stretch.end - stretch.start), number(stretch.peak)];
      texts.forEach((text, j) => { if (line.cells[j].textContent !== text) line.cells[j].textContent = text; });
      const most = top(figure.blame(stretch), 3);
      line.row.title = `${texts[0]} … ${texts[1]}, ${whole(stretch.end - stretch.start)} rows, peak ${texts[3]} at ${detection.when(stretch.at)}; ${most.map(([c, share]) => `${detection.names[c]} ${percent(share)}`).join(", ")}`;
      line.blame.forEach((part, j) => {
        part.box.hidden = j >= Math.min(most.length, this.most);
        if (part.box.hidden) return;
        const [c, share] = most[j];
        part.name.textContent = part.box.title = detection.names[c];
        part.share.textContent = percent(share);
        part.bar.style.setProperty("--lx-share", `${share * 100}%`);
      });
    });
    if (this.at >= 0) box.setAttribute("aria-activedescendant", `${this.id}-${this.at}`); else box.removeAttribute("aria-activedescendant");
  }

  line() {
    const cells = ["lx-from", "lx-till", "lx-figure", "lx-figure"].map((name) => make("span", { class: name, role: "gridcell" }));
    const blame = Array.from({ length: 3 }, () => {
      const part = { name: make("em", {}), share: make("span", {}), bar: make("i", {}) };
      part.box = make("span", {}, part.name, part.share, part.bar);
      return part;
    });
    return { cells, blame, row: make("div", { class: "lx-row", role: "row" }, ...cells, make("span", { class: "lx-blame", role: "gridcell" }, ...blame.map(({ box }) => box))) };
  }
}

// The largest shares, [[channel, share]], those of at least a hundredth.
function top(shares, most) { return [...shares.entries()].sort((a, b) => b[1] - a[1]).slice(0, most).filter(([, share], n) => share >= 0.01 || n === 0); }

// ---- The latent map: a point a window ------------------------------------------------------------------------------------------

class LatentMap {
  colour = "time";
  base = null; // the points without what is flagged, drawn once

  constructor(figure, box) {
    Object.assign(this, { figure, canvas: box.querySelector("canvas"), title: box.querySelector(".lx-title"), caption: box.querySelector(".lx-caption"), buttons: box.querySelectorAll("[data-colour]") });
    const { canvas } = this;
    for (const button of this.buttons) button.onclick = () => { this.colour = button.dataset.colour; this.base = null; this.draw(); };
    canvas.onclick = (event) => {
      const { left, top } = canvas.getBoundingClientRect(), found = this.nearest(event.clientX - left, event.clientY - top);
      if (found >= 0) figure.chooseWindow(found);
    };
    canvas.onkeydown = (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const count = figure.detection.at.length, from = this.marked();
      figure.chooseWindow(from < 0 ? (by > 0 ? 0 : count - 1) : clamp(from + by, 0, count - 1));
    };
  }

  // The chosen window, or the one around the chosen stretch's peak.
  marked() {
    const { chosen, detection: { at, window } } = this.figure;
    if (!chosen) return -1;
    if (chosen.window !== undefined) return chosen.window;
    let best = -1;
    for (let n = 0; n < at.length; n++) if (best < 0 || Math.abs(at[n] + window / 2 - chosen.row) < Math.abs(at[best] + window / 2 - chosen.row)) best = n;
    return best;
  }

  nearest(x, y) {
    const { places } = this;
    let best = -1, least = 30 ** 2;
    for (let n = 0; n < (places?.length ?? 0) / 2; n++) {
      const far = (places[2 * n] - x) ** 2 + (places[2 * n + 1] - y) ** 2;
      if (far < least) [best, least] = [n, far];
    }
    return best;
  }

  // Where the points are, and their picture without what moves.
  prepare() {
    const { figure, canvas, colour } = this, { detection: { at, z, cluster, score, window, rows }, theme } = figure, wide = across(canvas), tall = down(canvas), count = at.length;
    const ends = [0, 1].map((axis) => { // 1 % at each end may lie on the border: one stray window must not take the map
      const sorted = z.filter((value, i) => i % 2 === axis && Number.isFinite(value)).sort(), low = sorted[Math.floor(sorted.length * 0.005)], high = sorted[Math.ceil(sorted.length * 0.995) - 1];
      return high > low ? [low, high] : [low - 1, low + 1];
    });
    const put = (value, [low, high], long) => clamp(16 + (value - low) / (high - low) * (long - 32), 7, long - 7);
    this.places = Float32Array.from({ length: 2 * count }, (_, i) => i % 2 ? tall - put(z[i], ends[1], tall) : put(z[i], ends[0], wide));
    this.error = Float32Array.from(at, (start) => { // the largest in the window
      let most = NaN;
      for (let row = start; row < Math.min(rows, start + window); row++) if (!(score[row] <= most) && score[row] === score[row]) most = score[row];
      return most;
    });
    this.worst = this.error.reduce((best, value, n) => value > this.error[best] || Number.isNaN(this.error[best]) ? n : best, 0);
    const known = this.error.filter((value) => value > 0).sort();
    this.ends = [known[0] ?? 1, known.at(-1) ?? 1];
    const shades = colour === "cluster" ? PALETTE : cividis(theme), [low, high] = this.ends.map(Math.log), last = shades.length - 1;
    const shade = (n) => colour === "cluster" ? cluster[n] % PALETTE.length : colour === "time" ? Math.round(at[n] / (rows - 1 || 1) * last) : Math.round(clamp((Math.log(this.error[n]) - low) / (high - low || 1), 0, 1) * last) || 0;
    this.radius = clamp(dotRadius(count, wide), 2, 4);
    const dots = shades.map((each) => dot(each, this.radius)), side = dots[0].width / devicePixelRatio;
    this.halo = dot(FLAG[theme.mode], this.radius + 2);
    this.base = make("canvas", { width: canvas.width, height: canvas.height });
    const pen = this.base.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    for (let n = 0; n < count; n++) pen.drawImage(dots[shade(n)], this.places[2 * n] - side / 2, this.places[2 * n + 1] - side / 2, side, side);
    if (colour !== "cluster") return;
    const groups = Math.max(...cluster) + 1;
    const names = Array.from({ length: groups }, (_, c) => {
      const own = Array.from(cluster.keys()).filter((n) => cluster[n] === c), middle = (axis) => median(own.map((n) => this.places[2 * n + axis]));
      return own.length ? named(pen, theme, String(c + 1), middle(0), middle(1), wide) : null;
    }).filter(Boolean);
    setApart(names, wide, tall);
    writeNames(pen, theme, names);
  }

  draw() {
    const { figure, canvas } = this, { detection: { at, window }, theme } = figure;
    if (!at?.length) return;
    if (!this.base) this.prepare();
    const pen = sheet(canvas), { places, radius } = this;
    this.ringed = 0;
    const around = this.halo.width / devicePixelRatio;
    for (let n = 0; n < at.length; n++) {
      if (!figure.stretchAt(at[n], at[n] + window)) continue;
      this.ringed += 1;
      pen.drawImage(this.halo, places[2 * n] - around / 2, places[2 * n + 1] - around / 2, around, around);
    }
    pen.drawImage(this.base, 0, 0, across(canvas), down(canvas)); // on top: where most is flagged the colours can still be read
    const marked = this.marked();
    if (marked >= 0) {
      const [x, y] = [places[2 * marked], places[2 * marked + 1]];
      pen.strokeStyle = theme.background;
      pen.lineWidth = 6;
      ring(pen, x, y, radius + 7);
      pen.stroke();
      pen.strokeStyle = theme.text;
      pen.lineWidth = 3;
      ring(pen, x, y, radius + 7);
      pen.stroke();
    }
    this.write();
  }

  write() {
    const { figure: { detection, theme }, colour, caption, buttons } = this;
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.colour === colour);
    this.title.textContent = "Latent map";
    const ends = { time: [detection.when(0).split(" ")[detection.times ? 0 : 1], detection.when(detection.rows - 1).split(" ")[detection.times ? 0 : 1]], error: this.ends.map(number) }[colour];
    const bar = ends && [make("span", {}, ends[0]), make("i", { class: "lx-scale", style: `background: linear-gradient(90deg, ${cividis(theme).join()})` }), make("span", {}, ends[1])];
    caption.replaceChildren(...(bar ?? [make("span", {}, "numbered clusters")]), make("i", { class: "lx-ringed" }), make("span", {}, `${whole(this.ringed)} flagged`));
  }
}

// ---- One window, large ---------------------------------------------------------------------------------------------------------

class WindowView {
  coarse = false; // whether it was drawn from less than every row

  constructor(figure, box) { Object.assign(this, { figure, canvas: box.querySelector("canvas"), title: box.querySelector(".lx-title") }); }

  draw() {
    const { figure, canvas } = this, { detection, detail, theme, pca } = figure, { at, window, names, units } = detection;
    if (!at?.length) return;
    const pen = sheet(canvas), wide = across(canvas), marked = figure.map.marked(), n = marked < 0 ? figure.map.worst : marked;
    this.title.textContent = `${marked < 0 ? "Largest error:" : "Window"} ${detection.when(at[n])}, ${detection.long(window)}`;
    const [start, end] = [at[n], Math.min(detection.rows, at[n] + window)], margin = window < 4 ? 4 : 0, from = start - margin, to = end + margin; // of a row alone there is nothing to see
    const source = detail?.values.holds(Math.max(0, from), Math.min(detection.rows, to)) ? detail : detection;
    this.coarse = source === detection && detection.every > 1;
    const blame = detection.blame(start, end), shown = top(blame, 4), high = down(canvas) / shown.length, [original, network, baseline] = BOARDS, pixels = Math.round(wide);
    shown.forEach(([c, share], place) => {
      const series = [[source.values, original, ORIGINAL, 3.2], [source.made, network, NETWORK, 1.8], ...(pca ? [[source.pca, baseline, PCA, 1.5]] : [])], y0 = place * high;
      for (const [from_, points] of series) from_.read(c, from, to, pixels, points);
      const { low, high: up } = span(Infinity, ...series.map(([, points]) => points)), y = (value) => y0 + 18 * rem + (up - clamp(value, low, up)) / (up - low) * (high - 6 - 18 * rem);
      for (const [, points, colour, thick] of series) trace(pen, points, y, colour, points.line ? thick : 1.3);
      pen.font = `600 ${11 * rem}px ${theme.font}`;
      pen.textAlign = "left";
      pen.textBaseline = "top";
      const text = `${names[c]}${units[c] ? `, ${units[c]}` : ""}`, mark = percent(share);
      pen.textAlign = "right";
      write(pen, theme, mark, wide - 2, y0 + 2, 3);
      pen.textAlign = "left";
      write(pen, theme, shorten(pen, text, wide - pen.measureText(mark).width - 12), 2, y0 + 2, 3);
    });
    canvas.setAttribute("aria-label", `${this.title.textContent}: ${shown.map(([c, share]) => `${names[c]} ${percent(share)}`).join(", ")} of its error`);
    canvas.setAttribute("title", `Its error by channel: ${shown.map(([c, share]) => `${names[c]} ${percent(share)}`).join(", ")}`);
  }
}

// ---- Helpers -------------------------------------------------------------------------------------------------------------------

// A canvas in CSS pixels, by its own size: to ask the page for it would lay the page out again in every frame.
const across = (canvas) => canvas.width / devicePixelRatio;
const down = (canvas) => canvas.height / devicePixelRatio;

// A canvas wiped, its pen in CSS pixels.
function sheet(canvas) {
  const pen = canvas.getContext("2d");
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  return pen;
}

function shorten(pen, text, wide) {
  let cut = text;
  while (cut.length > 1 && pen.measureText(cut).width > wide) cut = `${cut.slice(0, -2)}…`;
  return cut;
}
