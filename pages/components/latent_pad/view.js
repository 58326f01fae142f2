// @ts-check
// Latent pad: drag a point on the map of a latent space and watch the network decode it, frame by frame, in the page.
// pad.js holds the figure; map_view.js one model's map and decode; drawing.js a picture of one's own.
import { mount } from "../figure/lifecycle.js";
import { LatentPad } from "./pad.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").LatentPadData>} component */
export default function view(component) {
  return mount(component, ".lx-pad", () => new LatentPad());
}
