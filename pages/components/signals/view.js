// @ts-check
import { mount } from "../figure/lifecycle.js";
import { Signals } from "./signals.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").SignalsData>} component */
export default function view(component) {
  return mount(component, ".lx-sg", () => new Signals());
}
