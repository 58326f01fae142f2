// @ts-check
// What lies under the handle: the codes, the decoded map, or a heat map that Python computed.
import { drawMapAxes } from "../canvas/axis.js";
import { cividis, rgb } from "../canvas/colours.js";
import { clearedContext, offscreen } from "../canvas/context.js";
import { dotRadius, dots, drawClassMap, drawPoints, marksOf, shadeOf, strideOf } from "../canvas/scatter.js";
import { make } from "../figure/dom.js";
import { minus, short } from "../math/numbers.js";

import { verdictMap } from "./verdict.js";

/** @typedef {import("./map_view.js").MapView} MapView */

/** @type {Record<string, {label: string, title: string}>} */
export const BACKDROPS = {
  points: { label: "Codes", title: "Where the encoder puts real samples, a point each" },
  manifold: { label: "Decoded", title: "What the network draws at each place of the map" },
  distance: { label: "Distance", title: "How far each place is from the codes of real samples" },
  stretch: { label: "Stretch", title: "How fast the output changes when you move there" },
  consistency: {
    label: "Consistency",
    title: "How far from its place the network puts the picture that it draws there",
  },
  verdict: {
    label: "Seen",
    title: "What the classifier sees at each place: paler where it is unsure, nothing where no real sample is near",
  },
};

/** The name of the colours of groups of one's own. */
export const OWN = "your groups";
/** Heat maps, and their colours. @type {Record<string, {light: string, dark: string}>} */
export const HEAT = {
  distance: { light: "#46557a", dark: "#a9b8e0" },
  stretch: { light: "#8f5f00", dark: "#e6b94d" },
  consistency: { light: "#75489c", dark: "#c6a4ee" },
};

/** @param {MapView} view */
export function drawBackdrop(view) {
  const { pad, model, width, height } = view;
  const { backdrop, theme } = pad;
  const ctx = clearedContext(view.backdrop);
  const field = backdrop in HEAT ? view.field(backdrop) : null;
  const caption = view.find("caption");
  if (field) {
    const colour = HEAT[backdrop][theme.mode];
    const { zoom } = pad;
    const [x, y] = [zoom.across(0) * width, zoom.down(0) * height];
    smooth(ctx).drawImage(heatMap(field, colour), x, y, width * zoom.scale, height * zoom.scale);
    caption.replaceChildren(...heatCaption(field, colour, BACKDROPS[backdrop].title));
  } else if (backdrop === "verdict") {
    const found = view.verdict();
    if (found) drawVerdict(view, smooth(ctx), found);
    const words = found ? BACKDROPS.verdict.title : "Asking the classifier…";
    caption.replaceChildren(make("span", { title: words }, words));
  } else if (backdrop in HEAT && model.k > 1) {
    caption.replaceChildren(make("span", {}, "Computing this slice of the map…"));
  } else if (backdrop === "manifold") {
    view.mosaic.draw(smooth(ctx));
    caption.replaceChildren(make("span", {}, "What the network draws at each place"));
  } else {
    const count = model.count.toLocaleString("en");
    caption.replaceChildren(make("span", {}, `${count} real samples, each where the encoder puts it`));
  }
  if (backdrop !== "manifold") drawCodes(view, ctx, field || backdrop === "verdict" ? 0.3 : 1);
  drawAxes(view, ctx);
}

/** Where the part of the map that it was computed for is now. @param {MapView} view */
function drawVerdict({ pad, width, height }, ctx, found) {
  const [u, v, scale] = found.part;
  const times = pad.zoom.scale / scale;
  const [x, y] = [pad.zoom.across(u - 0.5 / scale) * width, pad.zoom.down(v - 0.5 / scale) * height];
  ctx.drawImage(verdictMap(found), x, y, width * times, height * times);
}

/** A ring around each sample of the group. @param {MapView} view @param {Int32Array} members */
function drawMembers(view, ctx, positions, members) {
  const { pad, model, width, height } = view;
  const radius = dotRadius(model.count, width) * dotGrowth(pad.zoom.scale);
  const places = new Float32Array(2 * members.length);
  for (const [i, n] of members.entries()) places.set(positions.subarray(2 * n, 2 * n + 2), 2 * i);
  drawPoints(ctx, places, dots([pad.theme.text], radius + 0.7), null, 0.45, { width, height });
}

/** How much larger points are on an enlarged map. @param {number} scale */
function dotGrowth(scale) {
  return Math.min(2.5, scale ** 0.3);
}

/** @param {CanvasRenderingContext2D} ctx */
function smooth(ctx) {
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  return ctx;
}

/** @type {WeakMap<object, {colour: string, canvas: HTMLCanvasElement}>} */
const heatMaps = new WeakMap();

/** @param {import("../types").LatentField} field @param {string} colour */
function heatMap(field, colour) {
  const known = heatMaps.get(field);
  if (known?.colour === colour) return known.canvas;
  const [width, height] = field.size;
  const values = atob(field.values);
  const pixels = new ImageData(width, height);
  const [r, g, b] = rgb(colour);
  for (let i = 0; i < width * height; i++)
    pixels.data.set([r, g, b, Math.round(8 + 0.8 * values.charCodeAt(i))], i * 4);
  const canvas = offscreen(width, height);
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  heatMaps.set(field, { colour, canvas });
  return canvas;
}

/** @param {import("../types").LatentField} field @param {string} colour @param {string} title */
function heatCaption({ low, high, unit, text }, colour, title) {
  const ends = `color-mix(in srgb, ${colour} 4%, transparent), ${colour} 85%`;
  const bar = make("span", { class: "lx-scale", style: `background: linear-gradient(90deg, ${ends})` });
  const words = make("span", { title: text ?? "" }, text ?? title);
  return [minus(short(low)), bar, `${minus(short(high))}${unit ? ` ${unit}` : ""}`, words];
}

/** @param {MapView} view @param {CanvasRenderingContext2D} ctx @param {number} strength */
function drawCodes(view, ctx, strength) {
  const { pad, model, width, height } = view;
  const { colour, hidden, theme } = pad;
  const { labels, classes, factors, factors_of, count } = model;
  const positions = view.codePositions();
  const every = strideOf(count, pad.moving);
  const f = factors.findIndex((factor) => factor.name === colour);
  if (colour !== "class" && f >= 0) {
    const colours = cividis(theme);
    const { low, high } = view.factorRange();
    const shade = (n) => shadeOf(factors_of[n * factors.length + f], low, high, colours.length);
    const shades = Int16Array.from({ length: count }, (_, n) => shade(n));
    const radius = dotRadius(count, width) * dotGrowth(pad.zoom.scale);
    return drawPoints(ctx, positions, dots(colours, radius), shades, strength * 0.85, { width, height, every });
  }
  const members = view.index === 0 ? pad.lasso.members : new Int32Array(0);
  if (members.length) drawMembers(view, ctx, positions, members);
  const groups = view.index === 0 && colour === OWN ? pad.data.groups : null;
  const classed = colour === "class" ? { labels, classes } : { labels: null, classes: null };
  const byClass = groups ? marksOf(groups) : classed;
  const shows = (c) => !!groups || !hidden.has(c);
  const grows = dotGrowth(pad.zoom.scale);
  const place = pad.moving ? view.names : null;
  const found = drawClassMap(ctx, theme, {
    positions,
    width,
    height,
    ...byClass,
    alpha: strength * (members.length ? 0.4 : 0.62),
    shows,
    grows,
    every,
    labelled: place?.map(({ name, u, v }) => ({ name, x: pad.zoom.across(u) * width, y: pad.zoom.down(v) * height })),
  });
  if (!place)
    view.names = found.map(({ name, x, y }) => {
      return { name, u: pad.zoom.fractionAcross(x / width), v: pad.zoom.fractionDown(y / height) };
    });
}

/** @param {MapView} view @param {CanvasRenderingContext2D} ctx */
function drawAxes(view, ctx) {
  const { pad, model, width, height, signal } = view;
  const decoded = pad.backdrop === "manifold";
  // White on black in both themes, as the pictures are.
  const theme = decoded && !signal ? { ...pad.theme, text: "#ffffff", background: "#000000" } : pad.theme;
  const unit = model.gaussian && width >= 260 ? " (prior σ)" : "";
  const axis = (i, up) => ({ name: `z${i + 1}${unit}`, ...view.ends(i, up) });
  const [a, b] = view.axes();
  const up = b === undefined ? null : axis(b, true);
  drawMapAxes(ctx, theme, { width, height, across: axis(a, false), up, strength: decoded ? 1 : 0.78 });
}
