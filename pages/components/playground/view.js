// @ts-check
// A small network that trains in the page while one turns its knobs.
import { mount } from "../figure/lifecycle.js";
import { Playground } from "./playground.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").PlaygroundData>} component */
export default function view(component) {
  return mount(component, ".lx-play", () => new Playground());
}
