// @ts-check
// A data set that is drawn by hand.
import { mount } from "../figure/lifecycle.js";
import { DrawnSet } from "./drawn_set.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").DrawnSetData>} component */
export default function view(component) {
  return mount(component, ".lx-set", () => new DrawnSet());
}
