// @ts-check
// How the lines of the original, of the network and of PCA look.
import { NETWORK, ORIGINAL, PCA } from "../canvas/colours.js";
import { rem } from "../canvas/context.js";

/** @typedef {{colour: string, width: number, dashes: number[]}} Line width: px */
/** @typedef {"original" | "network" | "pca"} Name */

const DASHES = [5, 6];

/** The dashes come last: where both agree, each is still seen. @type {Record<Name, Line>} */
export const LINES = {
  original: { colour: ORIGINAL, width: 1.75, dashes: [] },
  network: { colour: NETWORK, width: 2.75, dashes: [] },
  pca: { colour: PCA, width: 1.75, dashes: DASHES },
};
export const NAMES = /** @type {Name[]} */ (Object.keys(LINES));

/** px beside a plot that has the slider's width: view.css insets the slider by the same */
export const insets = () => ({ left: 44 * rem, right: 16 * rem, bottom: 20 * rem });
