// @ts-check
// All samples of a set, by class.
import { mount } from "../figure/lifecycle.js";
import { Gallery } from "./gallery.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").GalleryData>} component */
export default function view(component) {
  return mount(component, ".lx-gallery", () => new Gallery());
}
