// @ts-check
// The menus, sliders and buttons of the playground, and what they show.
import { byTestId, find, make, setText } from "../figure/dom.js";
import { bindSlider, showSlider } from "../figure/slider.js";
import { CHOICES, COUNT, comparable, fromSlider, otherOf, TURNED, toSlider, turnedTo } from "./settings.js";

/** @typedef {import("./playground.js").Playground} Playground */

/** Make them and let them act. @param {Playground} host */
export function buildControls(host) {
  const { root } = host;
  for (const [name, choices] of Object.entries(CHOICES)) {
    const menu = byTestId(root, name);
    menu.replaceChildren(...optionsOf(choices));
    menu.onchange = () => host.chooseNetwork(name, menu.value);
  }
  const act = (id, handler) => {
    const element = byTestId(root, id);
    element[element.tagName === "SELECT" ? "onchange" : "onclick"] = () => handler(element.value);
  };
  act("play", () => host.toggle());
  act("step", () => host.stepOnce());
  act("again", () => host.startAgain());
  act("speed", (speed) => host.goSlowly(speed === "slow"));
  act("data", (data) => host.choose(() => host.take({ data })));
  act("colour", (colour) => host.colourBy(Number(colour)));
  act("compare", (name) => host.compare(name, name && otherOf(host.view, name)));
  const knobs = TURNED.map((knob) => {
    const { element, input } = slider(knob.name, knob.label);
    bindSlider(host, input, (at) => host.turn(knob.name, fromSlider(knob, at)));
    return element;
  });
  const count = slider("count", COUNT.label);
  bindSlider(host, count.input, (at) => {
    const knob = countKnob(host);
    const next = turnedTo(knob, Math.min(knob.high, host.view.count || knob.high), at);
    host.leaveOut({ count: next === knob.high ? 0 : next });
  });
  find(root, ".lx-knobs").replaceChildren(...knobs, count.element);
}

/** @param {{value: string, label: string}[]} choices */
function optionsOf(choices) {
  return choices.map(({ value, label }) => make("option", { value }, label));
}

/** @param {string} name @param {string} label */
function slider(name, label) {
  const input = rangeInput(label, `knob-${name}`);
  const element = make(
    "label",
    { class: "lx-knob", "data-name": name },
    make("span", {}, label),
    make("output"),
    input,
  );
  return { element, input };
}

/** @param {string} label @param {string} id */
function rangeInput(label, id) {
  const ends = { type: "range", min: "0", max: "1000", step: "1" };
  return make("input", { ...ends, "aria-label": label, "data-testid": id });
}

/** @param {Playground} host */
function countKnob({ spec }) {
  const all = spec.samples.train.length;
  return { ...COUNT, low: Math.min(COUNT.low, all), high: all, log: true };
}

/** What belongs to the data: their menu, their classes, their true factors. @param {Playground} host */
export function buildData(host) {
  const { root, data, spec } = host;
  const menu = byTestId(root, "data");
  menu.replaceChildren(...optionsOf(data.choices));
  menu.value = data.name;
  const colour = byTestId(root, "colour");
  const factors = spec.factorNames.map((label, i) => ({ value: String(i), label }));
  const byClass = spec.labels ? [{ value: "-1", label: "class" }] : [];
  colour.replaceChildren(...optionsOf([...byClass, ...factors]));
  colour.parentElement.hidden = factors.length + byClass.length < 2;
  const buttons = spec.classes.map((name, c) => {
    const button = make("button", { type: "button", class: "lx-button", "data-class": String(c) }, name);
    button.onclick = () => host.leaveOutClass(c);
    return button;
  });
  const out = find(root, ".lx-out");
  out.hidden = buttons.length < 2;
  out.replaceChildren(make("span", { class: "lx-choice" }, "Leave out"), ...buttons);
}

/** Show what is chosen. @param {Playground} host */
export function showControls(host) {
  const { root, view, playing } = host;
  const play = byTestId(root, "play");
  setText(play, playing ? "Pause" : "Play");
  for (const name of Object.keys(CHOICES)) byTestId(root, name).value = String(view[name]);
  byTestId(root, "colour").value = String(host.colour);
  for (const knob of TURNED) {
    const text = String(view[knob.name]);
    const label = showKnob(root, knob.name, toSlider(knob, view[knob.name]), text);
    label.hidden = knob.only !== undefined && knob.only !== view.variant;
  }
  const all = host.spec.samples.train.length;
  const count = Math.min(all, view.count || all);
  showKnob(root, "count", toSlider(countKnob(host), count), count.toLocaleString("en"));
  for (const button of find(root, ".lx-out").querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(view.out.includes(Number(button.dataset.class))));
  showCompared(host);
}

/** @param {HTMLElement} root @param {string} name @param {number} at @param {string} text */
function showKnob(root, name, at, text) {
  const label = find(root, `.lx-knob[data-name="${name}"]`);
  const input = find(label, "input");
  setText(find(label, "output"), text);
  showSlider(input, at, 1.75);
  input.setAttribute("aria-valuetext", text);
  return label;
}

/** The menu of what a second network has otherwise, and what it has there. @param {Playground} host */
function showCompared(host) {
  const { root, view } = host;
  const menu = byTestId(root, "compare");
  const choices = [{ value: "", label: "nothing" }, ...comparable(view.variant)];
  const texts = choices.map(({ value }) => value).join();
  if (menu.dataset.choices !== texts) {
    menu.dataset.choices = texts;
    menu.replaceChildren(...optionsOf(choices));
  }
  menu.value = view.compare;
  const other = byTestId(root, "other");
  if (other.dataset.name !== view.compare) {
    other.dataset.name = view.compare;
    other.replaceChildren(...(view.compare ? [otherControl(host, view.compare)] : []));
  }
  const control = find(other, "select, input");
  if (!control) return;
  if (control.tagName === "SELECT") control.value = view.other;
  else showSlider(control, toSlider(knobOf(host, view.compare), Number(view.other)), 1.75);
  control.setAttribute("aria-valuetext", view.other);
  const output = other.querySelector("output");
  if (output) setText(output, view.other);
}

/** @param {Playground} host @param {string} name */
function knobOf(host, name) {
  return name === "count" ? countKnob(host) : TURNED.find((knob) => knob.name === name);
}

/** @param {Playground} host @param {string} name */
function otherControl(host, name) {
  const label = "What the second one has";
  if (name in CHOICES) {
    const menu = make("select", { "aria-label": label, "data-testid": "other-value" }, ...optionsOf(CHOICES[name]));
    menu.onchange = () => host.compare(name, menu.value);
    return menu;
  }
  const input = rangeInput(label, "other-value");
  bindSlider(host, input, (at) => host.turnOther(String(turnedTo(knobOf(host, name), Number(host.view.other), at))));
  return make("span", { class: "lx-choice" }, input, make("output"));
}
