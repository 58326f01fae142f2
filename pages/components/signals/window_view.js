// @ts-check
// One window, large: its channels with the largest share of the error.
import { clearedContext, rem, sizeOf } from "../canvas/context.js";
import { haloText, shorten } from "../canvas/strokes.js";
import { find, setLabel } from "../figure/dom.js";
import { percent } from "../math/numbers.js";
import { drawChannel } from "./drawing.js";
import { sharesText, windowTitle } from "./words.js";

const SHOWN = 4; // channels
const HEAD = 18; // px for a channel's name
const THICK = [3.2, 1.8, 1.5]; // px of original, network, PCA
const AROUND = 4; // rows shown beside a window that is shorter: of a row alone there is nothing to see

export class WindowView {
  /** whether it was drawn from less than every row */
  isCoarse = false;

  /** @param {import("./signals.js").Signals} figure @param {HTMLElement} box */
  constructor(figure, box) {
    this.figure = figure;
    /** @type {HTMLCanvasElement} */
    this.canvas = find(box, "canvas");
    this.title = find(box, ".lx-title");
  }

  draw() {
    const { figure, canvas } = this;
    const { detection, theme, showsPca } = figure;
    const { windows, window, names, units, rows } = detection;
    if (!windows.length) return;
    const ctx = clearedContext(canvas);
    const { width, height } = sizeOf(canvas);
    const marked = figure.map.marked();
    const start = windows[marked < 0 ? figure.map.worst : marked];
    const end = Math.min(rows, start + window);
    const around = window < AROUND ? AROUND : 0;
    const [from, to] = [start - around, end + around];
    const series = figure.seriesFor(from, to);
    this.isCoarse = series === detection.series && detection.every > 1;
    this.title.textContent = this.title.title = windowTitle(detection, start, marked >= 0);
    const main = detection.mainChannels(start, end, SHOWN);
    const tall = height / main.length;
    const frame = {
      from,
      to,
      pixels: Math.round(width),
      width,
      thick: THICK,
      showsPca,
      reach: Number.POSITIVE_INFINITY,
    };
    for (const [place, [c, part]] of main.entries()) {
      const top = place * tall;
      drawChannel(ctx, series, c, { ...frame, top: top + HEAD * rem, height: tall - 6 - HEAD * rem });
      ctx.font = `600 ${11 * rem}px ${theme.font}`;
      ctx.textBaseline = "top";
      ctx.textAlign = "right";
      const share = percent(part);
      haloText(ctx, theme, share, width - 2, top + 2, 3);
      ctx.textAlign = "left";
      const name = units[c] ? `${names[c]}, ${units[c]}` : names[c];
      haloText(ctx, theme, shorten(ctx, name, width - ctx.measureText(share).width - 12), 2, top + 2, 3);
    }
    const shares = sharesText(detection, main);
    setLabel(canvas, `${this.title.textContent}: ${shares} of its error`);
    canvas.title = `Its error by channel: ${shares}`;
  }
}
