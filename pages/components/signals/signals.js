// @ts-check
// What a detector says of a table, and a threshold that follows the pointer: lanes, errors, flagged stretches and map
// answer in the same frame. Python hears of what the person moves on release: "threshold", "normal" and "view", in
// rows, last excluded.
import { FLAG } from "../canvas/colours.js";
import { fit, readRem, rem, sizeOf } from "../canvas/context.js";
import { byTestId, find, prefersStill, setLabel, setText } from "../figure/dom.js";
import { Histogram } from "../figure/error_histogram.js";
import { FrameStats } from "../figure/stats.js";
import { signals } from "../runtime/store.js";
import { AlikeList } from "./alike_list.js";
import { openDetail, openDetection } from "./detection.js";
import { ErrorTrack } from "./error_track.js";
import { figuresOf } from "./figures_of.js";
import { Flagging } from "./flagging.js";
import { Here } from "./here.js";
import { JudgePanel } from "./judge_panel.js";
import { Judged } from "./judged.js";
import { Kinds } from "./kinds.js";
import { Lanes } from "./lanes.js";
import { LatentMap } from "./latent_map.js";
import { lookOf, takeLook } from "./look.js";
import { NormalEdges } from "./normal_edges.js";
import { PanZoom } from "./pan_zoom.js";
import { GLIDE, RowView } from "./row_view.js";
import { StretchTable } from "./stretch_table.js";
import { ThresholdControl } from "./threshold_control.js";
import { drawTimeAxis } from "./time_axis.js";
import { WindowView } from "./window_view.js";
import * as words from "./words.js";

const NARROW = 640; // px
const STATES = ["threshold", "normal", "view", "look", "acts"];

/** @typedef {import("./flagging.js").Stretch} Stretch */
/** @typedef {"all" | "view" | "threshold" | "judged" | "normal" | "choice" | "hover" | "lanes"} Part of the picture */

export class Signals extends Flagging {
  view = new RowView();
  narrow = false;
  /** @type {number[]} rows of the normal stretch, [start, end] */
  normal = [0, 0];
  /**
   * @type {{row: number} | {window: number} | {span: [number, number]} | null} the stretch around a row, a window of
   * the map, or rows that were marked
   */
  chosen = null;
  /** @type {number | null} which of those like it is looked at */
  visited = null;
  kinds = new Kinds(null);
  showsPca = false;
  judged = new Judged();
  /** @type {number | null} row under the pointer */
  #hover = null;
  /** @type {import("./detection.js").Series | null} some rows of a long table in full */
  #detail = null;
  /** @type {Uint8Array | undefined} what #detail was read from */
  #detailBytes;
  /** what the map and the histogram were laid out for */
  #still = "";
  /** @type {import("./detection.js").Detection | null} */
  #stillOf = null;
  /** @type {Set<Part>} what the next frame draws anew */
  #stale = new Set();
  #restart = true;
  /** the table that is shown, and what the page has set of it */
  #table = "";

  constructor() {
    super(signals);
  }

  subject() {
    return this.data.name;
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    this.#restart ||= subjectChanged;
    if (elementChanged) this.#build();
    this.#load();
  }

  /** @param {string} name */
  onStoreChange(name) {
    if (name === this.data.name) this.#load();
  }

  // ---- the parts ----

  #build() {
    const { root } = this;
    this.body = find(root, ".lx-body");
    this.here = new Here(this);
    this.cursor = find(root, ".lx-cursor");
    this.axis = find(root, ".lx-axis");
    this.lanes = new Lanes(this, find(root, ".lx-lanes"));
    this.track = new ErrorTrack(this, byTestId(root, "error-track"), find(root, ".lx-error small"));
    this.edges = new NormalEdges(this, [byTestId(root, "normal-start"), byTestId(root, "normal-end")]);
    this.control = new ThresholdControl(this);
    this.histogram = new Histogram(this, byTestId(root, "error-histogram"));
    this.table = new StretchTable(this, find(root, ".lx-stretches"));
    this.map = new LatentMap(this, find(root, ".lx-map"));
    this.window = new WindowView(this, find(root, ".lx-window"));
    this.panel = new JudgePanel(this, find(root, ".lx-judge"));
    this.alike = new AlikeList(this, find(root, ".lx-alike"));
    this.stats = new FrameStats(root);
    new PanZoom(this, this.lanes.front, null);
    new PanZoom(this, this.track.canvas, this.track);
    /** @type {NodeListOf<HTMLButtonElement>} */
    const zooms = root.querySelectorAll("[data-do]");
    for (const button of zooms) button.onclick = () => this.zoomBy(button.dataset.do);
    const pca = byTestId(root, "pca-switch");
    pca.onchange = () => {
      this.showsPca = pca.checked;
      this.redraw("all");
      this.send(0, "look");
    };
    // For tests, and whoever looks.
    Object.defineProperty(root, "figures", { configurable: true, get: () => figuresOf(this) });
    this.canvases = [this.lanes.front, this.track.canvas, this.histogram.canvas, this.map.canvas, this.window.canvas];
    this.observe([root, ...this.canvases]);
  }

  #load() {
    const { judged, name, revision } = this.data;
    const sent = signals.get(name);
    const table = judged ? `${judged.scope}:${revision}` : "";
    const goesOn = !!table && table === this.#table; // the same rows, whose scores hear what was judged, or no longer
    const detection = sent?.main ? openDetection(sent.main) : goesOn ? this.detection : null;
    setText(find(this.root, ".lx-wait"), detection ? "" : words.LOADING);
    this.body.hidden = !detection;
    if (!detection) return;
    if (sent?.detail !== this.#detailBytes) {
      this.#detailBytes = sent?.detail;
      this.#detail = sent?.detail ? openDetail(sent.detail, detection) : null;
    }
    if (goesOn) this.#goOn(detection);
    else if (this.#restart || detection !== this.detection) this.#start(detection);
    this.#restart = false;
    this.#table = table;
    if (this.data.judged) this.judged.take(this.data.judged);
    this.kinds = new Kinds(this.data.kinds);
    if (this.judged.waiting.length) this.send(0, "acts"); // a page that was closed too early left them
    this.refresh();
  }

  /** @param {import("./detection.js").Detection} detection */
  #start(detection) {
    const { rule, amount, normal, view } = this.data;
    this.detection = detection;
    this.rule = rule;
    this.amount = detection.thresholds.round(rule, amount);
    this.amounts = { ...detection.defaults };
    this.normal = [...(normal ?? detection.normal)];
    takeLook(this, this.data.look);
    this.held = this.#hover = null;
    const [first, last] = view ?? [0, detection.rows];
    this.view.start(detection.rows, first, last);
    for (const name of STATES) this.markSent(name);
    this.lanes.reorder();
  }

  /** Other scores of the same rows: the person stays where they are. */
  #goOn(detection) {
    if (detection === this.detection) return;
    const rows = this.chosenRows();
    this.table.follow(() => {
      this.detection = detection;
      this.amount = detection.thresholds.round(this.rule, this.amount);
      this.flag();
    });
    // What was judged stays chosen, though it is no longer flagged.
    if (rows && !this.chosenRows()) this.choosing({ span: rows }, false);
    this.lanes.reorder();
  }

  /** Everything that no frame changes. */
  refresh() {
    const { detection, root, body } = this;
    const flag = FLAG[this.theme.mode];
    root.style.setProperty("--lx-flag", flag);
    root.style.setProperty("--lx-flag-soft", `${flag}38`);
    const mapped = detection.windows.length > 0;
    const known = this.normal[1] > this.normal[0]; // not another table than the one that the detector learned from
    const show = (selector, shown) => {
      find(root, selector).hidden = !shown;
    };
    for (const selector of [".lx-map", ".lx-window"]) show(selector, mapped);
    for (const selector of [".lx-edges", ".lx-normal", ".lx-held"]) show(selector, known);
    show(".lx-label", detection.labels.length > 0);
    body.classList.toggle("lx-bare", !mapped);
    body.classList.toggle("lx-unscored", !detection.scored); // before a training: the channels and their normal stretch
    find(root, ".lx-network").lastChild.data = this.data.network;
    setText(find(root, ".lx-note"), words.note(detection, !!this.#detail, this.lanes.mostInSight));
    this.lanes.fill();
    this.resize();
    // An answer to what was judged changes nothing of these, which take the longest.
    const still = JSON.stringify([this.data.name, this.theme, this.data.kinds]);
    if (still !== this.#still || detection !== this.#stillOf) {
      this.map.clear();
      this.histogram.clear();
    }
    this.#still = still;
    this.#stillOf = detection;
    this.redraw("all");
  }

  resize() {
    if (!this.detection || !this.body.isConnected || this.body.hidden) return;
    readRem();
    this.narrow = this.root.clientWidth < NARROW * rem;
    this.lanes.measure();
    this.table.measure();
    const changed = [this.lanes.back, this.axis, ...this.canvases].map((canvas) => fit(canvas));
    this.view.width = sizeOf(this.lanes.front).width;
    if (!changed.includes(true)) return;
    this.map.clear();
    this.#stale.add("all");
    this.frame(performance.now()); // now: a canvas is empty until it is drawn
  }

  // ---- the rows in view ----

  /** @param {"in" | "out" | "all" | string} what */
  zoomBy(what) {
    this.chosenAt = Date.now();
    if (what === "all") return this.#go(0, this.detection.rows);
    this.view.zoom(what === "in" ? 0.5 : 2);
    this.redraw("view");
    this.send();
  }

  #go(first, last) {
    if (prefersStill()) this.view.show(first, last);
    else this.view.glideTo(first, last);
    this.redraw("view");
    this.send(GLIDE + 50);
  }

  /** The series of these rows, in full where that was sent. @param {number} first @param {number} last */
  seriesFor(first, last) {
    const { rows, series } = this.detection;
    const inFull = this.#detail?.values.holds(Math.max(0, Math.floor(first)), Math.min(rows, Math.ceil(last)));
    return inFull ? this.#detail : series;
  }

  // ---- what is chosen ----

  /** @param {number | null} row under the pointer */
  hoverOn(row) {
    if (row === this.#hover) return;
    this.#hover = row;
    this.redraw("hover");
  }

  /** @param {Signals["chosen"]} chosen @param {boolean} [tells] whether Python hears of it at once */
  choosing(chosen, tells = true) {
    this.chosen = chosen;
    this.visited = null;
    this.redraw("choice");
    if (tells) this.send(0, "look");
  }

  /** Look at one of those that are like what is chosen; null: at that itself. @param {number | null} n */
  visit(n) {
    this.visited = n;
    this.redraw("choice");
    this.send(0, "look");
    const rows = this.marked();
    if (rows) this.#go(...this.view.around(...rows, this.detection.window));
  }

  /** @param {Stretch | null} stretch @param {boolean} [zooms] @param {boolean} [tells] as in `choosing` */
  chooseStretch(stretch, zooms = false, tells = true) {
    this.choosing(stretch && { row: stretch.at }, tells);
    if (!zooms) return;
    const [first, last] = this.toldOf(stretch);
    const [start, end] = [Math.min(first, stretch.start), Math.max(last, stretch.end)];
    this.#go(...this.view.around(start, end, this.detection.window));
  }

  /** Rows that were marked. @param {number} start @param {number} end @param {boolean} [zooms] */
  chooseRows(start, end, zooms = false) {
    this.choosing({ span: [start, end] });
    if (zooms) this.#go(...this.view.around(start, end, this.detection.window));
  }

  /** @param {number} n of the map */
  chooseWindow(n) {
    const { windows, window } = this.detection;
    this.choosing({ window: n });
    this.#go(...this.view.around(windows[n], windows[n] + window, window));
  }

  /** The number of the kind that a flagged stretch is of; −1: none that is known. @param {Stretch} stretch */
  kindOf(stretch) {
    return this.kinds.of(...this.toldOf(stretch));
  }

  chosenStretch() {
    const { chosen } = this;
    return chosen && "row" in chosen ? this.stretchAt(chosen.row) : null;
  }

  /** The rows that are looked at: of what is chosen, or of one that is like it. @returns {[number, number] | null} */
  marked() {
    const like = this.visited === null ? null : this.alike.found()[this.visited];
    return like ? [like.start, like.end] : this.chosenRows();
  }

  /** @returns {[number, number] | null} */
  chosenRows() {
    const { chosen, detection } = this;
    if (chosen && "span" in chosen) return chosen.span;
    if (chosen && "window" in chosen) {
      const start = detection.windows[chosen.window];
      return [start, start + detection.window];
    }
    const stretch = this.chosenStretch();
    return stretch && this.toldOf(stretch);
  }

  // ---- what Python hears ----

  /** @param {string} name */
  state(name) {
    if (name === "threshold") return { rule: this.rule, amount: this.amount, chosen: this.chosenAt };
    if (name === "look") return lookOf(this);
    if (name === "acts") return this.judged.waiting;
    return name === "normal" ? this.normal.join(":") : { ...this.view.wholeRows(), chosen: this.chosenAt };
  }

  /** @param {string} name */
  onSent(name) {
    if (name !== "threshold") return;
    this.lanes.reorder(); // other channels are the main ones now
    this.redraw("all");
  }

  // ---- frames ----

  /** @param {Part} part */
  redraw(part) {
    this.#stale.add(part);
    this.wake();
  }

  /** @param {number} now ms */
  drawFrame(now) {
    const { view, lanes, detection } = this;
    if (!detection || this.body.hidden || !view.width) return false;
    const began = performance.now();
    const stale = this.#stale;
    this.#stale = new Set();
    /** @param {Part[]} parts */
    const some = (...parts) => stale.has("all") || parts.some((part) => stale.has(part));
    if (view.advance(now)) stale.add("view");
    if (view.isGliding) this.redraw("view");
    if (some("threshold")) {
      this.flag();
      this.control.show();
    }
    if (some("threshold", "choice") && !this.isBusy() && lanes.arrange()) stale.add("lanes");
    if (some("view", "lanes")) lanes.draw();
    if (some("view", "threshold", "normal", "choice", "lanes", "judged")) lanes.shade();
    if (some("view", "threshold")) this.track.draw();
    if (some("view")) drawTimeAxis(this.axis, this);
    if (some("view", "normal")) this.edges.place();
    if (some("threshold")) this.histogram.draw();
    if (some("threshold", "choice")) this.map.draw();
    if (some("choice") || (some("view") && this.window.isCoarse)) this.window.draw();
    if (some("threshold", "choice", "judged")) {
      this.table.show();
      this.panel.show();
      this.alike.show();
    }
    if (some("hover", "view", "lanes")) this.#showHere();
    if (some("view", "threshold", "choice") && !this.isBusy() && !view.isGliding) this.describe();
    this.stats.add(began);
    return true;
  }

  #showHere() {
    const { view, cursor, here } = this;
    const row = this.#hover;
    cursor.hidden = row === null;
    if (row !== null) cursor.style.transform = `translateX(${view.x(row + 0.5)}px)`;
    here.show(row);
  }

  describe() {
    const { detection, lanes, track, histogram, map, sentence } = this;
    setLabel(lanes.front, words.lanesLabel(detection, this.view));
    setLabel(track.canvas, `Error over time. ${sentence}`);
    setLabel(histogram.canvas, `Distribution of the errors. ${sentence}`);
    if (detection.windows.length) setLabel(map.canvas, words.mapLabel(detection, this.data.network, map.flagged));
  }
}
