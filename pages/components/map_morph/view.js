// @ts-check
// Maps of the same samples, to be held against each other.
import { mount } from "../figure/lifecycle.js";
import { MapMorph } from "./map_morph.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").MapMorphData>} component */
export default function view(component) {
  return mount(component, ".lx-map-morph", () => new MapMorph());
}
