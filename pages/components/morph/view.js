// @ts-check
// Morph: one sample becomes another while t moves; or four mix under a handle. Decoded in the page, frame by frame.
// morph.js and corners.js hold the two figures; route.js the path of a morph, plane.js its map.
import { mount } from "../figure/lifecycle.js";
import { Corners } from "./corners.js";
import { Morph } from "./morph.js";

/** @param {import("../figure/lifecycle.js").Component<any>} component MorphData or CornersData */
export default function view(component) {
  const { figure } = component.data;
  return mount(component, ".lx-mo", () => (figure === "corners" ? new Corners() : new Morph()), figure);
}
