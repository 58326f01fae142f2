"""How right a threshold is by what was judged so far, and how sure that is from so few."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scipy.special import betaincinv

from ...base.text import plural
from ..thresholds import Interval
from .events import FAULT, LOOK_AGAIN, NORMAL, Event, reaches

SURE = 0.9


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    def between(self) -> tuple[float, float]:
        """Where the true share lies, 90 % sure (Clopper & Pearson 1934): exact also for very few.

        >>> [round(end, 3) for end in Share(3, 3).between()]
        [0.368, 1.0]
        """
        tail = (1 - SURE) / 2
        low = betaincinv(self.part, self.whole - self.part + 1, tail) if self.part else 0.0
        high = betaincinv(self.part + 1, self.whole - self.part, 1 - tail) if self.part < self.whole else 1.0
        return float(low), float(high)

    def words(self) -> str:
        """ "3 of 3 (90 % sure: 37 to 100 %)"."""
        if not self.whole:
            return "none judged yet"
        low, high = self.between()
        return f"{self.part:,} of {self.whole:,} (90 % sure: {100 * low:.0f} to {100 * high:.0f} %)"


@dataclass(frozen=True)
class Tally:
    """A threshold against what was judged.

    Attributes:
        precision: of the flagged stretches that were judged a fault or normal, those that are faults.
        recall: of the events that are faults, those in which something is flagged.
        verdicts: of each flagged stretch, "" where nothing was said of it.
        caught: of each event, whether something is flagged in it.
        open: flagged stretches that nothing, or "look again", was said of.
    """

    precision: Share
    recall: Share
    verdicts: list[str]
    caught: list[bool]

    @property
    def open(self) -> int:
        return sum(verdict in ("", LOOK_AGAIN) for verdict in self.verdicts)

    def words(self) -> str:
        """Both shares in a sentence."""
        return (
            f"Of the flags that were judged, faults: {self.precision.words()}; of the faults, flagged: "
            f"{self.recall.words()}; {plural(self.open, 'flag')} not judged."
        )


def tally(flagged: Sequence[Interval], events: Sequence[Event], rows: int, window: int) -> Tally:
    """What flagged stretches, in their order, are by what was judged."""
    order = {FAULT: 3, NORMAL: 2, LOOK_AGAIN: 1, "": 0}
    verdicts, caught = [""] * len(flagged), [False] * len(events)
    for n, (event, (first, last)) in enumerate(zip(events, reaches(events, rows, window), strict=True)):
        for m in meeting(flagged, first, last):
            caught[n] = True
            if order[event.verdict] > order[verdicts[m]]:
                verdicts[m] = event.verdict
    faults = [was for was, event in zip(caught, events, strict=True) if event.is_fault]
    right, wrong = verdicts.count(FAULT), verdicts.count(NORMAL)
    return Tally(Share(right, right + wrong), Share(sum(faults), len(faults)), verdicts, caught)


def meeting(flagged: Sequence[Interval], first: int, last: int) -> range:
    """Which of the stretches, in their order, have rows in first … last − 1.

    >>> import numpy as np
    >>> from ae_core.anomaly.thresholds import Interval
    >>> meeting([Interval(a, a + 5, 1.0, a, np.ones(1)) for a in (0, 10, 20)], 12, 21)
    range(1, 3)
    """
    low, high = 0, len(flagged)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if flagged[middle].end > first else (middle + 1, high)
    end = low
    while end < len(flagged) and flagged[end].start < last:
        end += 1
    return range(low, end)
