// @ts-check
// The row of an end or a corner: its letter, its picture, its class, another of that class.
import { SampleView } from "../canvas/sample.js";
import { make, setText } from "../figure/dom.js";
import { nextSample } from "../runtime/samples.js";

export class Chooser {
  /** the sample that it showed last */
  index = 0;
  /** @type {import("../types").MorphEnd | {index: number, name?: string}} what it shows */
  end = { index: 0 };

  /**
   * @param {string} letter @param {import("../runtime/model.js").Model} model
   * @param {{take: (index: number) => void, choose?: () => void, draw?: () => void}} handlers take: another sample;
   *   choose: a press on the letter; draw: one on "draw"
   * @param {import("../types").GroupMean[]} [groups] whose mean codes are offered
   * @param {(end: import("../types").MorphEnd) => void} [takeMean]
   */
  constructor(letter, model, { take, choose, draw }, groups = [], takeMean = () => {}) {
    this.model = model;
    this.take = take;
    const small = letter.toLowerCase();
    const title = `The map and an upload set ${letter}`;
    this.head = choose
      ? make("button", { type: "button", class: "lx-letter lx-button", title }, letter)
      : make("span", { class: "lx-letter" }, letter);
    if (choose) this.head.onclick = choose;
    this.picture = new SampleView(make("canvas", { class: "lx-thumb", "aria-hidden": "true" }), model);
    this.select = model.classes ? this.makeMenu(letter) : this.makeNumber(letter);
    this.select.dataset.testid = `class-${small}`;
    this.another = make("button", { type: "button", class: "lx-button", "data-testid": `another-${small}` }, "another");
    this.another.onclick = () => this.next(1);
    this.sketch = make("button", { type: "button", class: "lx-button", "data-testid": `draw-${small}` }, "draw");
    this.sketch.onclick = draw ?? null;
    this.groups = groups;
    this.takeMean = takeMean;
    this.means = this.makeMeans(letter);
    this.what = make("span", { class: "lx-what" });
    const parts = [
      this.picture.canvas,
      this.select,
      this.another,
      ...(draw ? [this.sketch] : []),
      ...(groups.length ? [this.means] : []),
      this.what,
    ];
    this.element = make("div", { class: "lx-end", role: "group", "aria-label": letter }, this.head, ...parts);
  }

  /** @param {string} letter */
  makeMenu(letter) {
    const { classes, labels } = this.model;
    const there = classes.flatMap((name, c) => (labels.includes(c) ? [make("option", { value: c }, name)] : []));
    const elsewhere = make("option", { value: "", hidden: "", disabled: "" }, "–"); // a place that is no sample's
    const select = make("select", { "aria-label": `Class of ${letter}` }, ...there, elsewhere);
    select.onchange = () => this.take(labels.indexOf(Number(select.value)));
    return select;
  }

  /** The mean codes of groups of one's own. @param {string} letter */
  makeMeans(letter) {
    const head = make("option", { value: "" }, "group …");
    const options = this.groups.map(({ name }, n) => make("option", { value: n }, name));
    const about = { "aria-label": `Mean of a group as ${letter}`, "data-testid": `group-${letter.toLowerCase()}` };
    const select = make("select", about, head, ...options);
    select.onchange = () => {
      const chosen = select.value && this.groups[Number(select.value)];
      if (chosen) this.takeMean({ z: [...chosen.z], name: `mean of ${chosen.name}` });
    };
    return select;
  }

  /** @param {string} letter */
  makeNumber(letter) {
    const { count } = this.model;
    const label = `Sample for ${letter}`;
    const input = make("input", { type: "number", min: 0, max: count - 1, step: 1, "aria-label": label });
    input.onchange = () => {
      const index = Math.round(Number(input.value));
      if (index >= 0 && index < count) this.take(index);
      else this.show(this.end);
    };
    return input;
  }

  /** The next sample, of the same class where there are classes. @param {1 | -1} turn */
  next(turn) {
    const { model, select } = this;
    const label = model.classes && select.value !== "" ? Number(select.value) : null;
    this.take(nextSample(model, this.index, label, turn));
  }

  /** @param {boolean} chosen whether the map and an upload set it */
  mark(chosen) {
    this.head.setAttribute("aria-pressed", String(chosen));
  }

  /** @param {import("../types").MorphEnd | {index: number, name?: string}} end */
  show(end) {
    const { classes, labels } = this.model;
    const { index } = end;
    const sample = index !== undefined;
    this.end = end;
    if (sample) this.index = index;
    this.select.value = String(!sample ? "" : classes ? labels[index] : index);
    setText(this.another, classes && sample ? `another ${classes[labels[index]]}` : "another");
    setText(this.what, !sample ? end.name || "a place on the map" : classes ? `sample ${index}` : "");
    this.what.title = this.what.textContent;
    const z = "z" in end && !sample ? end.z : [];
    const mean = !z.length ? -1 : this.groups.findIndex((group) => group.z.every((value, i) => value === z[i]));
    this.means.value = mean < 0 ? "" : String(mean);
  }
}
