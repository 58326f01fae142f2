// @ts-check
// What follows from judged stretches: how right a threshold is by them, how sure that is, and which one they propose.
// The same as ae_core.anomaly.judged, in each frame.
import { percent, plural, whole } from "../math/numbers.js";
import { clamp } from "../math/stats.js";

/** @typedef {import("../types").SignalsEvent} Event */
/** @typedef {import("./thresholds.js").Stretch} Stretch */
/** @typedef {import("./thresholds.js").Rule} Rule */
/** @typedef {{part: number, whole: number}} Share */
/**
 * @typedef {{precision: Share, recall: Share, verdicts: string[], caught: boolean[], open: number}} Tally precision: of
 * the judged flags, the faults; recall: of the faults, the flagged; verdicts: of each flag, "" for none; caught: of
 * each event, whether something is flagged in it; open: flags that nothing, or "look again", was said of
 */
/**
 * @typedef {{flags: number, gone: number, new: number, lost: number, won: number}} Change flags that go, those that
 * come; faults that are lost, or found
 */
/** @typedef {{rule: Rule, amount: number, why: string, change: Change, tally: Tally}} Proposal */

const TAIL = 0.05; // at either end of what is 90 % sure
const TINY = 1e-15; // of a chance
const ORDER = { "": 0, "look again": 1, normal: 2, fault: 3 };
const DIGITS = 3; // of an amount

/**
 * The rows whose scores an event has: its own and those whose windows still hold one of them, up to the next event.
 * @param {Event[]} events sorted @param {number} rows @param {number} window @returns {[number, number][]}
 */
export function reaches(events, rows, window) {
  return events.map(({ start, end }, n) => {
    const following = events[n + 1]?.start ?? rows; // none overlaps another
    return [start, Math.max(end, Math.min(end + window - 1, following, rows))];
  });
}

/**
 * The score above which a threshold flags nothing in an event any more; NaN where no row has one.
 * @param {Float32Array} score @param {Event[]} events @param {number} window @param {number} least rows of a flag
 */
export function levelsOf(score, events, window, least) {
  return reaches(events, score.length, window).map(([first, last]) => {
    const known = score.slice(first, last).filter(Number.isFinite).sort();
    return known.length ? known[known.length - Math.min(least, known.length)] : Number.NaN;
  });
}

/**
 * Which of the stretches have rows among these: [first, one after the last].
 * @param {{start: number, end: number}[]} stretches in their order @param {number} first @param {number} last
 */
function meeting(stretches, first, last) {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle].end > first) high = middle;
    else low = middle + 1;
  }
  let end = low;
  while (end < stretches.length && stretches[end].start < last) end++;
  return [low, end];
}

/** @param {Stretch[]} stretches @param {Event[]} events @param {number} rows @param {number} window @returns {Tally} */
export function tally(stretches, events, rows, window) {
  const verdicts = stretches.map(() => "");
  const caught = events.map(() => false);
  for (const [n, [first, last]] of reaches(events, rows, window).entries()) {
    const [from, to] = meeting(stretches, first, last);
    caught[n] = to > from;
    for (let m = from; m < to; m++) if (ORDER[events[n].verdict] > ORDER[verdicts[m]]) verdicts[m] = events[n].verdict;
  }
  const count = (verdict) => verdicts.filter((each) => each === verdict).length;
  const faults = events.flatMap(({ verdict }, n) => (verdict === "fault" ? [caught[n]] : []));
  return {
    precision: { part: count("fault"), whole: count("fault") + count("normal") },
    recall: { part: faults.filter(Boolean).length, whole: faults.length },
    verdicts,
    caught,
    open: count("") + count("look again"),
  };
}

/** The logarithms of factorials. @param {number} n */
function logFactorials(n) {
  const sums = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) sums[k] = sums[k - 1] + Math.log(k);
  return sums;
}

/**
 * Where the true share lies, 90 % sure (Clopper & Pearson 1934): the shares with which so few, or so many, come once
 * in twenty.
 * @param {Share} share @returns {[number, number]}
 */
export function between({ part, whole: all }) {
  const logs = logFactorials(all);
  /** The chance of so many and more: each term by the one before. @param {number} from @param {number} share */
  const atLeast = (from, share) => {
    const likely = (k) =>
      Math.exp(logs[all] - logs[k] - logs[all - k] + k * Math.log(share) + (all - k) * Math.log1p(-share));
    const odds = share / (1 - share);
    if (from < all * share && likely(from) < TINY) return 1; // all that is likely lies behind
    let sum = 0;
    for (let k = from, term = likely(from); k <= all && (k < all * share || term > TINY * sum); k++) {
      sum += term;
      term *= (odds * (all - k)) / (k + 1);
    }
    return sum;
  };
  /** Where a chance that rises with the share is so large. */
  const solve = (chance, wanted) => {
    let [low, high] = [0, 1];
    for (let n = 0; n < 50; n++) {
      const middle = (low + high) / 2;
      if (chance(middle) < wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [
    part ? solve((share) => atLeast(part, share), TAIL) : 0,
    part < all ? solve((share) => atLeast(part + 1, share), 1 - TAIL) : 1,
  ];
}

/** @param {Share} share */
export function shareWords(share) {
  if (!share.whole) return "none judged yet";
  const [low, high] = between(share).map((each) => percent(each));
  return `${whole(share.part)} of ${whole(share.whole)} (90 % sure: ${low.replace(" %", "")} to ${high})`;
}

/** @param {Tally} tally */
export function tallyWords({ precision, recall, open }) {
  return (
    `Of the flags that were judged, faults: ${shareWords(precision)}; of the faults, flagged: ${shareWords(recall)}; ` +
    `${plural(open, "flag")} not judged.`
  );
}

/**
 * @param {Stretch[]} before @param {Stretch[]} after @param {Tally} was @param {Tally} will @param {Event[]} events
 * @returns {Change}
 */
function changeOf(before, after, was, will, events) {
  const apart = (those, from) =>
    those.filter(({ start, end }) => {
      const [low, high] = meeting(from, start, end);
      return low === high;
    }).length;
  const faults = events.flatMap(({ verdict }, n) => (verdict === "fault" ? [n] : []));
  return {
    flags: before.length,
    gone: apart(before, after),
    new: apart(after, before),
    lost: faults.filter((n) => was.caught[n] && !will.caught[n]).length,
    won: faults.filter((n) => !was.caught[n] && will.caught[n]).length,
  };
}

/** "3 of 11 flags go, no fault is lost." @param {Change} change */
export function changeWords({ flags, gone, new: coming, lost, won }) {
  if (!(gone || coming || lost || won)) return "Nothing changes.";
  const says = [`${whole(gone)} of ${plural(flags, "flag")} ${gone === 1 ? "goes" : "go"}`];
  if (coming) says.push(`${whole(coming)} new ${coming === 1 ? "one comes" : "ones come"}`);
  says.push(lost ? `${plural(lost, "fault")} ${lost === 1 ? "is" : "are"} lost` : "no fault is lost");
  if (won) says.push(`${plural(won, "fault")} more ${won === 1 ? "is" : "are"} found`);
  return `${says.join(", ")}.`;
}

/**
 * The threshold that judgements propose: every fault flagged, with the fewest false alarms.
 * @param {import("./detection.js").Detection} detection @param {Event[]} events sorted
 * @param {{rule: Rule, amount: number, least: number, merge: number, stretches: Stretch[]}} now what holds
 * @returns {Proposal}
 */
export function propose(detection, events, { rule, amount, least, merge, stretches }) {
  const { thresholds, score, window, rows } = detection;
  const levels = levelsOf(score, events, window, least);
  const those = (verdict) => levels.filter((level, n) => events[n].verdict === verdict && Number.isFinite(level));
  const [faults, normals] = [those("fault"), those("normal")];
  const level = thresholds.level(rule, amount);
  const chosen = { rule, amount };
  let why = whyItStays(faults, normals);
  if (faults.length) {
    const weakest = Math.min(...faults);
    const below = normals.filter((each) => each < weakest);
    const strongest = below.length ? Math.max(...below) : null;
    if (weakest <= level || (strongest !== null && strongest > level)) {
      const wanted = weakest <= level || strongest === null ? weakest : Math.sqrt(strongest * weakest);
      chosen.rule = "robust";
      chosen.amount = robustBelow(thresholds, wanted, weakest);
      why = whyItMoves(faults, normals, weakest);
    }
  }
  const stays = chosen.rule === rule && chosen.amount === amount;
  const after = stays ? stretches : thresholds.flag(chosen.rule, chosen.amount, least, merge).stretches;
  const was = tally(stretches, events, rows, window);
  const will = stays ? was : tally(after, events, rows, window);
  return { ...chosen, why, change: changeOf(stretches, after, was, will, events), tally: will };
}

/** @param {number[]} faults @param {number[]} normals */
function whyItStays(faults, normals) {
  if (!faults.length) return "No fault is judged yet, so nothing says what must stay flagged: the threshold stays.";
  if (!normals.length) return "Every judged fault is flagged and nothing was called normal: the threshold stays.";
  return "The threshold tells what was judged apart as well as any: it stays.";
}

/** @param {number[]} faults @param {number[]} normals @param {number} weakest */
function whyItMoves(faults, normals, weakest) {
  const beyond = normals.filter((level) => level >= weakest).length;
  const says =
    faults.length > 1 ? `All ${whole(faults.length)} judged faults stay flagged` : "The judged fault stays flagged";
  if (!beyond) return `${says}, and nothing that was called normal.`;
  const one = beyond === 1;
  const kept = `${one ? "1 stretch" : `${whole(beyond)} stretches`} called normal ${one ? "scores" : "score"} higher`;
  return `${says}; ${kept} than the weakest of them and ${one ? "stays" : "stay"} flagged too.`;
}

/** The robust rule's amount near a level, in three digits, below another. */
function robustBelow(thresholds, wanted, below) {
  const level = (amount) => thresholds.level("robust", amount);
  const [low, high] = thresholds.limits("robust");
  const amount = clamp(thresholds.amountOf("robust", wanted), low, high);
  const size = 10 ** (DIGITS - 1 - Math.floor(Math.log10(Math.max(amount, low))));
  const nearest = clamp(Math.round(amount * size) / size, low, high);
  if (level(nearest) < below) return nearest;
  let under = clamp(Math.floor(amount * size) / size, low, high);
  while (under > low && level(under) >= below) under = Math.max(low, under - 1 / size);
  return Number(under.toPrecision(DIGITS));
}
