// @ts-check
// What the figure shows, in numbers: for tests, for a lesson's task, and whoever looks.

/** @param {import("./signals.js").Signals} figure */
export function figuresOf(figure) {
  if (!figure.detection || !figure.sentence) return null;
  const { rule, amount, normal, sentence, view, detection } = figure;
  const stretches = figure.stretches.map((stretch) => {
    const { start, end, peak, at } = stretch;
    const [told, blame] = [[...figure.toldOf(stretch)], [...figure.sharesOf(stretch)]];
    return { start, end, told, peak, at, length: end - start, blame, kind: figure.kindOf(stretch) };
  });
  const threshold = { rule, amount, level: figure.level(), flagged: figure.flagged, words: sentence };
  const { first, last } = view;
  return {
    ...threshold,
    stretches,
    first,
    last,
    normal: [...normal],
    labels: detection.labels,
    seconds: detection.rows * (detection.times.seconds ?? 0),
    lanes: figure.lanes.inSight(),
    ticks: figure.lanes.ticksInSight(),
    judged: figure.judged.events,
    waiting: figure.judged.waiting.length,
    proposal: figure.panel.proposal,
    alike: figure.alike.found(),
    marked: figure.marked(),
    kinds: figure.kinds.names,
  };
}
