// @ts-check
// How a detection is looked at: order of the stretches, colour of the map, PCA, what is chosen. It stands in the link.
import { byTestId } from "../figure/dom.js";

/** @typedef {import("./signals.js").Signals} Signals */

/** @param {Signals} figure @returns {import("../types").SignalsLook} */
export function lookOf({ table, map, showsPca, chosen, visited }) {
  const { row = null, window = null, span = null } = /** @type {any} */ (chosen ?? {});
  return {
    order: /** @type {any} */ (table.order),
    colour: /** @type {any} */ (map.colour),
    pca: showsPca,
    row,
    window,
    span,
    alike: visited,
  };
}

/** @param {Signals} figure @param {import("../types").SignalsLook} look */
export function takeLook(figure, { order, colour, pca, row, window, span, alike }) {
  const { rows, windows } = figure.detection;
  figure.table.order = order;
  figure.map.colour = colour;
  figure.showsPca = pca;
  byTestId(figure.root, "pca-switch").checked = pca;
  figure.chosen = null;
  if (span && span[1] <= rows) figure.chosen = { span: [span[0], span[1]] };
  else if (row !== null && row < rows) figure.chosen = { row };
  else if (window !== null && window < windows.length) figure.chosen = { window };
  figure.visited = alike;
}
