// @ts-check
// What the maps say.

/** @param {number} shown @param {number} count @param {string} what */
const many = (shown, count, what) =>
  shown < count
    ? `${shown.toLocaleString("en")} of ${count.toLocaleString("en")} ${what}`
    : `${shown.toLocaleString("en")} ${what}`;

/**
 * What lies there, and who is followed.
 * @param {{title: string, shown: number, count: number, what: string, named: string, origin: string, near: number,
 *   kept: number, here: boolean}} about named: the sample, "" where none is followed; near: so many neighbours on the
 *   map `origin`; kept: so many of them are among the nearest here; here: whether the sample is on this map
 */
export function mapWords({ title, shown, count, what, named, origin, near, kept, here }) {
  const head = `${title}: ${many(shown, count, what)}.`;
  if (!named) return `${head} Press a point to follow it from map to map.`;
  if (!here) return `${head} ${named} is not among them.`;
  if (origin === title) return `${head} ${named} is followed, with its ${near} nearest here.`;
  return `${head} ${named}: of its ${near} nearest on ${origin}, ${kept} are among its ${near} nearest here.`;
}

/** @param {string} words @param {string[]} titles */
export const surfaceWords = (words, titles) =>
  `Maps of the same samples: ${titles.join(", ")}. Arrow keys go from point to point, Page Up and Page Down from map ` +
  `to map, Escape lets the point go. ${words}`;
