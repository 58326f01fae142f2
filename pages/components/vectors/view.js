// @ts-check
// Moving through a latent space without a map, computed in the page while a slider moves.
// arithmetic.js adds vectors to a code, traversals.js has a slider for each dimension, samples.js draws from the prior.
import { mount } from "../figure/lifecycle.js";
import { Arithmetic } from "./arithmetic.js";
import { Samples } from "./samples.js";
import { Traversals } from "./traversals.js";

const MODES = { arithmetic: Arithmetic, traversals: Traversals, samples: Samples };

/** @param {import("../figure/lifecycle.js").Component<any>} component data of one of the modes */
export default function view(component) {
  const { mode } = component.data;
  return mount(component, ".lx-more", () => new MODES[mode](), mode);
}
