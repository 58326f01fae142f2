// @ts-check
// A training as a film: a slider over its epochs moves the map of the codes and the reconstructions beside it.
import { mount } from "../figure/lifecycle.js";
import { Replay } from "./replay.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").ReplayData>} component */
export default function view(component) {
  return mount(component, ".lx-replay", () => new Replay());
}
