// @ts-check
// Where a hint lies: beside its control, and on nothing that it speaks of.

const GAP = 6; // px from the control
const EDGE = 12; // px from the window's

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box px */

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * The first free place of: the wanted side, the other one, at the control's right end and its left one; then beside it,
 * in its middle and at that side's height; then further away, behind what lies there.
 * @param {Box} at the control @param {{width: number, height: number}} size of the hint
 * @param {"below" | "above"} side @param {Box[]} taken what it must not lie on @param {number} wide of the window
 */
export function freePlace(at, { width, height }, side, taken, wide) {
  const inside = (left) => Math.max(EDGE, Math.min(left, wide - width - EDGE));
  const tops = { below: at.bottom + GAP, above: at.top - height - GAP };
  const [first, second] = side === "below" ? [tops.below, tops.above] : [tops.above, tops.below];
  const middle = (at.top + at.bottom - height) / 2;
  const places = [first, second].flatMap((top) =>
    [at.right - width, at.left].map((left) => ({ left: inside(left), top })),
  );
  for (const top of [middle, first]) places.push({ left: at.right + GAP, top }, { left: at.left - width - GAP, top });
  const boxOf = ({ left, top }) => ({ left, top, right: left + width, bottom: top + height });
  const free = (place) => {
    const box = boxOf(place);
    return box.left >= EDGE / 2 && box.right <= wide && !taken.some((each) => overlap(box, each));
  };
  const found = places.find(free);
  if (found) return found;
  const away = { ...places[0] };
  for (const each of [...taken].sort((a, b) => (side === "below" ? a.top - b.top : b.bottom - a.bottom)))
    if (overlap(boxOf(away), each)) away.top = side === "below" ? each.bottom + GAP : each.top - height - GAP;
  return free(away) ? away : places[0];
}
