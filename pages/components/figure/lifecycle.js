// @ts-check
// What every live figure is: mounted once for its element, told what Python says and when its size or what it waits for
// changes, drawn in the screen's frames, and closed with its element. It owns what the person moves: Python's data set
// it when
// their subject (or `revision`) changes and never afterwards, so that an answer from a slow server cannot pull the
// handle back.
import { readTheme } from "../canvas/theme.js";
import { modelReady, models } from "../runtime/store.js";
import { byTestId, find } from "./dom.js";
import { comeAgain, keepQuiet, leave, tellWhatIsAsked, told } from "./quiet.js";

/**
 * @template D what Python says, a TypedDict beside the component's Python face
 * @typedef {{data: D, parentElement: HTMLElement, setStateValue: (name: string, value: any) => void}} Component
 */

/** @type {WeakMap<HTMLElement, {figure: Figure, kind: string}>} */
const mounted = new WeakMap();

/**
 * Lets the figure of an element show what Python says; where the element's figure is of another kind, a new one takes
 * its place.
 * @template {{revision?: number | string}} D
 * @param {Component<D>} component
 * @param {string} selector finds the figure's root in its element
 * @param {() => Figure<D>} create
 * @param {string} [kind] of figure, where one component has several
 * @returns {() => void} what Streamlit calls at the end
 */
export function mount({ data, parentElement, setStateValue }, selector, create, kind = "") {
  let known = mounted.get(parentElement);
  if (known?.kind !== kind) {
    known?.figure.close();
    known = { figure: create(), kind };
    mounted.set(parentElement, known);
  }
  const { figure } = known;
  figure.receive(parentElement.querySelector(selector), data, setStateValue);
  // Streamlit can also call the cleanup of a run that the next one overtook. Only an element that has left the page is
  // unmounted.
  const unmount = () => {
    if (parentElement.isConnected) return;
    figure.close();
    mounted.delete(parentElement);
  };
  return () => setTimeout(unmount);
}

/**
 * The base of all figures. A figure of its own says what its data are about (`subject`), takes them (`accept…`), draws
 * a frame (`drawFrame`) and says what Python is to hear (`state`).
 * @template {{revision?: number | string}} [D=any]
 */
export class Figure {
  /** @type {HTMLElement} */ root;
  /** @type {D} */ data;
  /** @type {import("../canvas/theme.js").Theme} */ theme;
  /** @type {any} what the hand is on: nothing is sent while it is on something */
  held = null;
  closed = false;
  /** ms, when something was chosen last, which a drag does not: a state that has it makes an entry of the history */
  chosenAt = 0;
  /** frames drawn and releases sent, as data-lx-revision of the root: tests wait for it instead of a clock */
  revision = 0;

  /** @type {(name: string, value: any) => void} */ #setStateValue;
  #order = "";
  #page = ""; // its address, without what the link says
  #request = 0;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ #timers = new Map();
  /** @type {Map<string, string>} */ #sent = new Map();
  #observer = new ResizeObserver(() => this.resize());
  #unsubscribe;

  /** @param {import("../runtime/store.js").Store<any>} [store] what the figure waits for */
  constructor(store = models) {
    this.#unsubscribe = store.subscribe((name) => {
      if (this.data) this.onStoreChange(name);
    });
  }

  // ---- its own ----

  /** What the data are about: when that changes, they set what the person moves. @returns {unknown} */
  subject() {
    throw new Error("A figure says what its data are about.");
  }

  /**
   * The data came, or came again: about another subject, or into another element, or with other details.
   * @param {{subjectChanged: boolean, elementChanged: boolean}} _change
   */
  update(_change) {}

  /** What the figure waits for came, or came anew under its old name. @param {string} _name */
  onStoreChange(_name) {}

  /** What was observed has another size. */
  resize() {}

  /** Draw what has changed; says whether anything was drawn. @param {number} _now ms @returns {boolean} */
  drawFrame(_now) {
    return false;
  }

  /** What Python hears on release. @param {string} _name of the state @returns {any} */
  state(_name) {
    return null;
  }

  /** Python was told a state that it did not know. @param {string} _name */
  onSent(_name) {}

  /** Text for screen readers, which would read every frame: only when the hand rests. */
  describe() {}

  /** Whether Python alone can say what belongs to this state, wherever that is shown. */
  asksPython() {
    return false;
  }

  /** Whether a release is still to come. */
  isBusy() {
    return this.held !== null;
  }

  // ---- from outside ----

  /** @param {HTMLElement} root @param {D} data @param {(name: string, value: any) => void} setStateValue */
  receive(root, data, setStateValue) {
    const elementChanged = root !== this.root;
    this.root = root;
    this.data = data;
    this.#setStateValue = setStateValue;
    this.theme = readTheme(root);
    root.style.setProperty("--lx-on-primary", this.theme.onPrimary);
    const order = JSON.stringify([this.subject(), data.revision ?? 0]);
    const subjectChanged = order !== this.#order;
    this.#order = order;
    this.#page ||= location.pathname;
    this.update({ subjectChanged, elementChanged });
    setTimeout(() => tellWhatIsAsked([this])); // once the page has what came with it
  }

  close() {
    this.closed = true;
    this.#unsubscribe();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#request);
    leave(this);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Whether the page that it is on is not being left. */
  isOnItsPage() {
    return location.pathname === this.#page;
  }

  /** The subject and revision of the data: what takes a while looks whether it is still the same. */
  get order() {
    return this.#order;
  }

  /** Hear of these elements' sizes, and no longer of others'. @param {Iterable<Element | null | undefined>} elements */
  observe(elements) {
    this.#observer.disconnect();
    for (const element of elements) if (element) this.#observer.observe(element);
  }

  // ---- the hand, and what Python hears ----

  /** @param {any} thing that the hand is on now @param {string} [name] of the state that it moves */
  hold(thing, name = "view") {
    clearTimeout(this.#timers.get(name));
    this.held = thing;
  }

  /** The hand has left a thing: Python hears of it. @param {any} thing @param {string} [name] of the state */
  release(thing, name) {
    if (this.held !== thing) return;
    this.held = null;
    this.send(0, name);
  }

  /** A choice of the person's: show it, then tell Python. @param {() => void} change @param {number} [wait] ms */
  choose(change, wait = 0) {
    this.chosenAt = Date.now();
    change();
    this.refresh();
    this.send(wait);
  }

  /** Show everything that no frame of a drag changes: choices, new data, a new theme. */
  refresh() {
    this.wake();
  }

  /**
   * Tell Python, unless it knows or need not hear of it yet; nothing before the release.
   * @param {number} [wait] ms, for what may go on
   * @param {string} [name] of the state
   */
  send(wait = 0, name = "view") {
    clearTimeout(this.#timers.get(name));
    if (wait) {
      this.#timers.set(
        name,
        setTimeout(() => this.send(0, name), wait),
      );
      return;
    }
    if (this.isBusy() || this.closed) return; // the release will send it
    if (this.#request) this.frame(performance.now()); // what was drawn last belongs to it
    this.describe();
    const text = JSON.stringify(this.state(name));
    const known = this.#sent.get(name);
    const keeps = name === "view" && keepQuiet(this, known && JSON.parse(known), JSON.parse(text));
    if (!keeps || text === known) this.tellPython(name);
    else {
      this.#revise();
      this.root.dataset.lxKept = this.root.dataset.lxRevision; // as of which the page alone knows it
    }
  }

  /** Tell Python now, unless it knows. @param {string} [name] of the state */
  tellPython(name = "view") {
    if (this.isBusy() || this.closed) return;
    if (!this.isOnItsPage()) return; // another page is on its way: of this one's Python knows no more
    if (name === "view") told(this);
    const text = JSON.stringify(this.state(name));
    if (text === this.#sent.get(name)) return;
    this.#sent.set(name, text);
    this.#setStateValue(name, JSON.parse(text));
    this.onSent(name);
    this.#revise();
  }

  /** Python knows this state: it came from there. @param {string} [name] */
  markSent(name = "view") {
    this.#sent.set(name, JSON.stringify(this.state(name)));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  wake() {
    this.#request ||= requestAnimationFrame((now) => this.frame(now));
  }

  /** Draw now. @param {number} now ms */
  frame(now) {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    if (!this.closed && this.drawFrame(now)) this.#revise();
  }

  #revise() {
    this.revision += 1;
    this.root.dataset.lxRevision = String(this.revision);
  }
}

/**
 * A figure of trained models. Until all of them are there the old picture stays.
 * @template {{revision?: number | string}} [D=any]
 * @extends {Figure<D>}
 */
export class ModelFigure extends Figure {
  /** @type {import("../runtime/model.js").Model[]} */ models = [];
  /** @type {HTMLElement | null} the root whose parts were built */
  builtIn = null;
  /** @type {HTMLElement} what is built: hidden until the models are there */
  body;
  #restart = false;
  #offered = "";
  /** revision of the upload that was given out */
  #uploadTaken = -1;

  // ---- its own ----

  /** @returns {string[]} */
  modelNames() {
    throw new Error("A figure says which models it shows.");
  }

  /**
   * Whether these are meant: a model of the same name can be another page's, and the figure's own is on its way.
   * @param {import("../runtime/model.js").Model[]} _models
   */
  accepts(_models) {
    return true;
  }

  /** What the parts are made of beside the models: they are made again for another. */
  offered() {
    return "";
  }

  /** Make the parts for `models`. */
  build() {}

  /**
   * Take what is asked for, made to fit the models.
   * @param {any} _wanted the data, or what `state` gave before new models came
   */
  start(_wanted) {}

  /** Take what Python adds to the same subject; once. */
  accept() {}

  // ---- what its own is made with ----

  /** The first one. */
  get model() {
    return this.models[0];
  }

  /** Shows a body of these parts in place of what waits. @param {string} kind its classes @param {Node[]} parts */
  showBody(kind, ...parts) {
    this.body = find(this.root, ".lx-body");
    this.body.replaceChildren(...parts);
    this.body.className = `lx-body ${kind}`;
    this.body.hidden = false;
    find(this.root, ".lx-wait").hidden = true;
  }

  /** What a template of the root holds, for `showBody`. @param {string} [which] a selector's end @returns {Node} */
  template(which = "") {
    return find(this.root, `template${which}`).content.cloneNode(true);
  }

  /** @param {string} id data-testid of a part of the body */
  find(id) {
    return byTestId(this.body, id);
  }

  /** What Python read of a file of the person's, as soon as it is a new one; once. */
  newUpload() {
    const { uploaded } = /** @type {any} */ (this.data);
    if (!uploaded || uploaded.revision === this.#uploadTaken) return null;
    this.#uploadTaken = uploaded.revision;
    return uploaded;
  }

  // ---- from outside ----

  /** @returns {unknown} */
  subject() {
    return this.modelNames();
  }

  /** @param {{subjectChanged: boolean, elementChanged: boolean}} change */
  update({ subjectChanged, elementChanged }) {
    if (subjectChanged || elementChanged) this.open(true);
    else if (this.builtIn) {
      this.accept();
      this.refresh();
    }
  }

  /** @param {string} name */
  onStoreChange(name) {
    if (this.modelNames().includes(name)) this.open();
  }

  /** @returns {Promise<import("../runtime/model.js").Model[]>} */
  loadModels() {
    return Promise.all(this.modelNames().map(modelReady));
  }

  /** @param {boolean} [restart] whether the data say where to start */
  async open(restart = false) {
    const { order } = this;
    this.#restart ||= restart;
    const loaded = await this.loadModels();
    if (this.closed || order !== this.order || !this.accepts(loaded)) return;
    const sameModels = loaded.length === this.models.length && loaded.every((model, n) => model === this.models[n]);
    const offered = this.offered();
    const same = this.builtIn === this.root && sameModels && offered === this.#offered;
    this.#offered = offered;
    if (same && !this.#restart) return;
    // a new model under an old name: stay where the hand is
    const wanted = this.#restart ? this.data : this.state("view");
    this.#restart = false;
    this.models = loaded;
    if (!same) {
      this.held = null;
      this.build();
      this.builtIn = this.root;
    }
    this.start(wanted);
    this.markSent();
    const kept = wanted === this.data && comeAgain(this);
    if (kept) this.start(kept);
    this.accept();
    this.refresh();
    if (kept) this.send();
  }
}
