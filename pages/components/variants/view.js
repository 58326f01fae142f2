// @ts-check
// A variant's live figure: what its part of the autoencoder changes, computed in the page while a hand moves. figure.js
// holds what all figures share; each has a file of its own.
import { mount } from "../figure/lifecycle.js";
import { Axes } from "./axes.js";
import { Beta } from "./beta.js";
import { Contraction } from "./contraction.js";
import { Cut } from "./cut.js";
import { Denoise } from "./denoise.js";
import { Epsilon } from "./epsilon.js";
import { Holes } from "./holes.js";
import { Mask } from "./mask.js";
import { Reconstruct } from "./reconstruct.js";
import { Style } from "./style.js";
import { Tokens } from "./tokens.js";
import { Units } from "./units.js";

/** By the names that Python and the links have for them. */
const FIGURES = {
  rebuild: Reconstruct,
  noise: Denoise,
  "signal-noise": Denoise,
  mask: Mask,
  units: Units,
  contraction: Contraction,
  epsilon: Epsilon,
  beta: Beta,
  classes: Style,
  "signal-classes": Style,
  tokens: Tokens,
  holes: Holes,
  axes: Axes,
  cut: Cut,
};

/** @param {import("../figure/lifecycle.js").Component<import("../types").VariantsData>} component */
export default function view(component) {
  const { figure } = component.data;
  return mount(component, ".lx-var", () => new FIGURES[figure](), figure);
}
