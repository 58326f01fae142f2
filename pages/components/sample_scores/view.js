// @ts-check
// Scores of samples, and a threshold.
import { mount } from "../figure/lifecycle.js";
import { SampleScores } from "./sample_scores.js";

/** @param {import("../figure/lifecycle.js").Component<import("../types").SampleScoresData>} component */
export default function view(component) {
  return mount(component, ".lx-scores", () => new SampleScores());
}
