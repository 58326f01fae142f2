// @ts-check
// What the maps show: backdrop, colour, axes, and the legend of the classes.
import { cividisGradient, classColour } from "../canvas/colours.js";
import { find, make } from "../figure/dom.js";
import { buildSegments, buttonsOf, markSegment } from "../figure/segments.js";
import { minus, short } from "../math/numbers.js";
import { BACKDROPS, HEAT, OWN } from "./backdrop.js";

const SECOND_CLICK = 300; // ms in which a click can become a double one

export class Toolbar {
  /** @param {import("./pad.js").LatentPad} pad @param {HTMLElement} root */
  constructor(pad, root) {
    this.pad = pad;
    this.segments = find(root, ".lx-segments");
    this.colour = find(root, ".lx-colour");
    this.axes = find(root, ".lx-axes");
    this.legend = find(root, ".lx-legend");
    const [first] = pad.models;
    const flat = pad.models.every((model) => model.k < 2);
    const offered = Object.entries(BACKDROPS).filter(([name]) => name !== "verdict" || pad.data.classifier);
    const choices = offered.map(([name, { label, title }]) => {
      return [name, { label, title, disabled: (name in HEAT || name === "verdict") && flat }];
    });
    buildSegments(this.segments, Object.fromEntries(choices), (name) => this.choose({ backdrop: name }));

    this.colour.hidden = !first.factors.length && !pad.data.groups;
    this.colourSelect = /** @type {HTMLSelectElement} */ (this.colour.querySelector("select"));
    this.colourSelect.replaceChildren(...pad.colours().map((name) => make("option", { value: name }, name)));
    this.colourSelect.onchange = () => this.choose({ colour: this.colourSelect.value });

    this.asks = /** @type {HTMLButtonElement} */ (find(root, ".lx-asks"));
    this.asks.onclick = () => pad.choose(() => (pad.classifies = !pad.classifies));
    this.axes.hidden = first.k < 3;
    this.axisSelects = /** @type {HTMLSelectElement[]} */ ([...this.axes.querySelectorAll("select")]);
    for (const [n, select] of this.axisSelects.entries()) {
      select.replaceChildren(...first.centre.map((_, i) => make("option", { value: i }, `z${i + 1}`)));
      select.onchange = () => this.chooseAxis(n, Number(select.value));
    }
  }

  /**
   * @param {Partial<Pick<import("./pad.js").LatentPad, "backdrop" | "colour" | "hidden" | "axes">>} change
   * @param {number} [wait] ms
   */
  choose(change, wait = 0) {
    this.pad.choose(() => Object.assign(this.pad, change), wait);
  }

  /** @param {number} n 0: along the map, 1: up it @param {number} dimension */
  chooseAxis(n, dimension) {
    const axes = [...this.pad.axes];
    if (dimension === axes[1 - n]) axes[1 - n] = axes[n]; // choosing the other's dimension swaps them
    axes[n] = dimension;
    this.choose({ axes });
  }

  refresh() {
    const { pad } = this;
    markSegment(this.segments, pad.backdrop);
    this.colourSelect.value = pad.colour;
    this.asks.hidden = !pad.data.classifier;
    this.asks.setAttribute("aria-pressed", String(pad.classifies));
    for (const [n, select] of this.axisSelects.entries()) select.value = String(pad.axes[n]);
    // They colour the codes, which the decoded map does not show; hidden rather than gone, so that nothing moves.
    for (const part of [this.legend, this.colour]) part.style.visibility = pad.backdrop === "manifold" ? "hidden" : "";
    if (pad.colour === "none") this.legend.replaceChildren();
    else if (pad.colour === "class") this.showClasses();
    else if (pad.colour === OWN) this.showGroups();
    else this.showScale();
  }

  showScale() {
    const { legend, pad } = this;
    delete legend.dataset.classes;
    const { low, high, unit } = pad.views[0].factorRange();
    const bar = make("span", { class: "lx-scale", style: `background: ${cividisGradient(pad.theme)}` });
    const words = [`${pad.colour}  ${minus(short(low))}`, bar, `${minus(short(high))} ${unit}`];
    legend.replaceChildren(make("span", { class: "lx-bar" }, ...words));
  }

  showGroups() {
    const { legend, pad } = this;
    delete legend.dataset.classes;
    const entry = (name, c) =>
      make("span", {}, make("span", { class: "lx-dot", style: `background: ${classColour(c)}` }), name);
    legend.replaceChildren(...pad.data.groups.names.map(entry));
  }

  showClasses() {
    const { legend, pad } = this;
    const { classes } = pad.models[0];
    const signature = classes.join("\n");
    if (legend.dataset.classes !== signature || legend.childElementCount !== classes.length) {
      legend.dataset.classes = signature;
      legend.replaceChildren(...classes.map((name, c) => this.classButton(name, c)));
    }
    for (const [c, button] of buttonsOf(legend).entries())
      button.setAttribute("aria-pressed", String(!pad.hidden.has(c)));
  }

  /** @param {string} name @param {number} c */
  classButton(name, c) {
    const title = `${name}: hide or show; double-click for this one alone`;
    const dot = make("span", { class: "lx-dot", style: `background: ${classColour(c)}` });
    const button = make("button", { type: "button", title }, dot, name);
    button.onclick = (event) => {
      if (event.altKey) return this.showAlone(c);
      const hidden = new Set(this.pad.hidden);
      if (!hidden.delete(c)) hidden.add(c);
      this.choose({ hidden }, SECOND_CLICK);
    };
    button.ondblclick = (event) => {
      if (!event.altKey) this.showAlone(c);
    };
    return button;
  }

  /** This class alone, or all of them where it is alone already. @param {number} c */
  showAlone(c) {
    const { hidden, models } = this.pad;
    const others = models[0].classes.map((_, i) => i).filter((i) => i !== c);
    const already = !hidden.has(c) && others.every((i) => hidden.has(i));
    this.choose({ hidden: new Set(already ? [] : others) }, SECOND_CLICK);
  }
}
