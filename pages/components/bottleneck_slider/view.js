// @ts-check
// What is left of a picture or a signal when only k numbers of it are kept, by PCA and by a network, while k moves.
import { mount } from "../figure/lifecycle.js";
import { Bottleneck } from "./bottleneck.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").BottleneckData>} component */
export default function view(component) {
  return mount(component, ".lx-bn", () => new Bottleneck());
}
