"""The threshold that judgements propose: every fault caught with the fewest false alarms; and what a change changes,
said before it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...base.text import plural
from ..detection import Detection
from ..findings import findings
from ..thresholds import LIMITS, Interval, Rule, level
from .events import Event, reaches
from .tally import Tally, meeting, tally

DIGITS = 3  # of an amount, as the slider has them


def levels_of(score: np.ndarray, events: Sequence[Event], window: int, least: int) -> np.ndarray:
    """(events,) the score above which a threshold flags nothing in an event any more; NaN where no row has a score.

    score: (rows,); least: rows above a threshold that a flagged stretch has at least.
    """
    levels = np.full(len(events), np.nan)
    for n, (first, last) in enumerate(reaches(events, len(score), window)):
        known = score[first:last]
        known = known[np.isfinite(known)]
        if len(known):
            levels[n] = np.sort(known)[-min(least, len(known))]
    return levels


@dataclass(frozen=True)
class Change:
    """What another threshold, or other scores, would do.

    Attributes:
        flags, gone, new: flagged stretches now; of them those that go; those that come.
        lost, won: faults that were flagged and would not be any more; faults that are not, and would be.
    """

    flags: int
    gone: int
    new: int
    lost: int
    won: int

    @property
    def is_nothing(self) -> bool:
        return not (self.gone or self.new or self.lost or self.won)

    def words(self) -> str:
        """ "3 of 11 flags go, no fault is lost"."""
        if self.is_nothing:
            return "Nothing changes."
        says = [f"{self.gone:,} of {plural(self.flags, 'flag')} {'goes' if self.gone == 1 else 'go'}"]
        if self.new:
            says.append(f"{self.new:,} new {'one comes' if self.new == 1 else 'ones come'}")
        lost = f"{plural(self.lost, 'fault')} {'is' if self.lost == 1 else 'are'} lost" if self.lost else ""
        says.append(lost or "no fault is lost")
        if self.won:
            says.append(f"{plural(self.won, 'fault')} more {'is' if self.won == 1 else 'are'} found")
        return ", ".join(says) + "."


def change(before: Sequence[Interval], after: Sequence[Interval], was: Tally, will: Tally, events) -> Change:
    """What becomes of flagged stretches `before` that are `after` then."""
    faults = [n for n, each in enumerate(events) if each.is_fault]
    return Change(
        flags=len(before),
        gone=sum(not meeting(after, each.start, each.end) for each in before),
        new=sum(not meeting(before, each.start, each.end) for each in after),
        lost=sum(was.caught[n] and not will.caught[n] for n in faults),
        won=sum(will.caught[n] and not was.caught[n] for n in faults),
    )


@dataclass(frozen=True)
class Proposal:
    """A threshold that judgements propose.

    Attributes:
        rule: the threshold; the one that holds where nothing else is proposed.
        why: a sentence.
        change: what it would change.
        tally: what it would be, by what was judged.
    """

    rule: Rule
    why: str
    change: Change
    tally: Tally


def propose(
    detection: Detection, events: Sequence[Event], rule: Rule, flagged: Sequence[Interval] | None = None
) -> Proposal:
    """The threshold that the judgements propose, from the one that holds. Raises LatentError where there is none.

    flagged: by that, None: to be found.

    Of the thresholds that flag every fault the highest has the fewest false alarms: where one is missed, the threshold
    falls to just below it. Where something that was called normal and scores lower than every fault is flagged, it
    rises to the middle (of the logarithms) of the two: either may be exceeded a little the next time. Else it stays.
    """
    window, rows = detection.window, len(detection.network.score)
    score, held = detection.network.score, detection.network.held_out
    known = levels_of(score, events, window, rule.stretches(window)[0])
    faults, normals = (
        [float(at) for at, each in zip(known, events, strict=True) if getattr(each, kind) and np.isfinite(at)]
        for kind in ("is_fault", "is_normal")
    )
    now = level(held, rule, detection.independent)
    chosen, why = rule, _why_it_stays(faults, normals)
    if faults:
        weakest = min(faults)
        strongest = max((at for at in normals if at < weakest), default=None)
        if weakest <= now or (strongest is not None and strongest > now):
            wanted = weakest if weakest <= now or strongest is None else float(np.sqrt(strongest * weakest))
            chosen = replace(_robust(held, wanted, weakest), min_rows=rule.min_rows, merge_rows=rule.merge_rows)
            why = _why(faults, normals, weakest)
    before = findings(detection, rule, against_labels=False).intervals if flagged is None else flagged
    after = before if chosen == rule else findings(detection, chosen, against_labels=False).intervals
    was, will = (tally(each, events, rows, window) for each in (before, after))
    return Proposal(chosen, why, change(before, after, was, will, events), will)


def _why_it_stays(faults: list[float], normals: list[float]) -> str:
    if not faults:
        return "No fault is judged yet, so nothing says what must stay flagged: the threshold stays."
    if not normals:
        return "Every judged fault is flagged and nothing was called normal: the threshold stays."
    return "The threshold tells what was judged apart as well as any: it stays."


def _why(faults: list[float], normals: list[float], weakest: float) -> str:
    beyond = sum(at >= weakest for at in normals)
    says = f"All {len(faults):,} judged faults stay flagged" if len(faults) > 1 else "The judged fault stays flagged"
    if not beyond:
        return f"{says}, and nothing that was called normal."
    kept = f"{plural(beyond, 'stretch', 'stretches')} called normal {'scores' if beyond == 1 else 'score'} higher"
    return f"{says}; {kept} than the weakest of them and {'stays' if beyond == 1 else 'stay'} flagged too."


def _robust(held: np.ndarray, wanted: float, below: float) -> Rule:
    """A rule with a level near the one that is wanted, in three digits, and below another."""
    base, unit = (level(held, Rule("robust", amount)) for amount in (1.0, 2.0))
    low, high = LIMITS["robust"]
    amount = float(np.clip(1 + (wanted - base) / max(unit - base, 1e-30), low, high))
    size = 10.0 ** (DIGITS - 1 - np.floor(np.log10(max(amount, low))))
    nearest, under = (float(np.clip(each(amount * size) / size, low, high)) for each in (np.round, np.floor))
    while under > low and level(held, Rule("robust", under)) >= below:
        under = max(low, under - 1 / size)
    return Rule("robust", nearest if level(held, Rule("robust", nearest)) < below else under)
