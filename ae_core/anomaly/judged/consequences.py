"""All that follows from what was judged of a table: figures without it and with it, side by side."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...base.text import plural
from ..detection import Detection
from ..findings import Findings, findings
from ..similar import ask_for
from ..storage import load_detection
from ..thresholds import Rule
from .events import VERDICTS, Event
from .kinds import MAX_STRETCHES, Kind, described, kind_words, kinds, known_kinds, nearest_kind
from .log import Judged, judge
from .proposal import Change, Proposal, change, propose
from .tally import Tally, meeting, tally
from .usual import points, quietened, smoothed, with_judgements


@dataclass(frozen=True)
class Consequences:
    """What follows from events.

    Attributes:
        events: that were judged, in order.
        made: what the threshold flags as it is, without any judgement.
        was: how right that is.
        detection: the scores with what was called normal among what is usual.
        quiet: what those alone change, at the same threshold.
        proposal: the threshold that the judgements propose for the scores as they are.
        with_them: what that one flags of the scores with what was called normal among what is usual.
        both: what the two change together.
        then: how right they are together.
        kinds: of the stretches that are flagged without any judgement.
        known: of each of them, the kind that it is of, "" for a new one.
        usual: stretches of other tables that were called normal too.
    """

    events: list[Event]
    made: Findings
    was: Tally
    detection: Detection
    quiet: Change
    proposal: Proposal
    with_them: Findings
    both: Change
    then: Tally
    kinds: list[Kind]
    known: list[str]
    usual: int = 0

    def words(self) -> list[str]:
        """Everything in sentences, a line each."""
        counts = ", ".join(f"{sum(e.verdict == verdict for e in self.events):,} {verdict}" for verdict in VERDICTS)
        says = [f"{plural(len(self.events), 'stretch', 'stretches')} judged: {counts}."]
        if self.usual:
            says.append(
                f"{plural(self.usual, 'stretch', 'stretches')} of other files called normal count as usual too."
            )
        says.append(f"Without judgements: {plural(len(self.made.intervals), 'flag')}. {self.was.words()}")
        says.append(f"What was called normal counted as usual, at the same threshold: {self.quiet.words()}")
        proposal, flags = self.proposal, plural(len(self.with_them.intervals), "flag")
        says.append(f"Threshold that is proposed, {proposal.rule}: {proposal.why} {proposal.change.words()}")
        says.append(f"With judgements, both together: {self.both.words()} {flags}; {self.with_them.alarms.words()}.")
        says.append(self.then.words())
        return says

    def columns(self) -> dict[str, list[object]]:
        """Of each stretch that is flagged without judgements: what was said of it, its kind, and whether it is flagged
        with them too.
        """
        kind_of = {n: kind.name for kind in self.kinds for n in kind.members}
        after = self.with_them.intervals
        return {
            "verdict": list(self.was.verdicts),
            "kind": [self.known[n] or kind_of.get(n, "") for n in range(len(self.made.intervals))],
            "known_kind": [int(bool(name)) for name in self.known],
            "judged_abnormal": [int(bool(meeting(after, each.start, each.end))) for each in self.made.intervals],
        }

    def kind_lines(self, most: int = 10) -> list[str]:
        """The kinds of flags, a line each."""
        stretches = [each.told for each in self.made.intervals]
        time = self.detection.time
        says = [kind_words(kind, stretches, time) for kind in self.kinds[:most]]
        if len(self.kinds) > most:
            says.append(f"… and {len(self.kinds) - most:,} more kinds")
        return says


def consequences(
    detection: Detection,
    features: np.ndarray,
    events: Sequence[Event],
    rule: Rule,
    known: Mapping[str, np.ndarray] | None = None,
    usual: Iterable[np.ndarray] = (),
    factor: np.ndarray | None = None,
) -> Consequences:
    """What follows from events of a table. Raises LatentError.

    Args:
        detection: the scores of the table.
        features: (rows, d) of it, as `similar.unusual` gives them.
        events: that were judged, none overlapping another.
        rule: the threshold that holds.
        known: kinds that were named with other tables, and what they are like.
        usual: points (P, d) of stretches of other tables that were called normal.
        factor: (rows,) as `quietened` gives it of all this; None: to be found.
    """
    events, rows, window = sorted(events), len(detection), detection.window
    made = findings(detection, rule, against_labels=False)
    was = tally(made.intervals, events, rows, window)
    usual = list(usual)
    factor = quietened(*said_points(features, window, events, usual)) if factor is None else factor
    heard = with_judgements(detection, factor, events)
    quieter = findings(heard, rule, against_labels=False)
    quiet = change(made.intervals, quieter.intervals, was, tally(quieter.intervals, events, rows, window), events)
    proposal = propose(detection, events, rule, made.intervals)
    same = proposal.rule == rule
    with_them = quieter if same else findings(heard, proposal.rule, against_labels=False)
    then = tally(with_them.intervals, events, rows, window)
    both = change(made.intervals, with_them.intervals, was, then, events)
    groups, kind_of = kinds_of_flags(detection, features, made, events, was, known or {})
    return Consequences(events, made, was, heard, quiet, proposal, with_them, both, then, groups, kind_of, len(usual))


class Said(NamedTuple):
    """newest: (rows, d) what is unusual about each row, as `smoothed` gives it; normal, faults: points (P, d) of each
    stretch that was called so.
    """

    newest: np.ndarray
    normal: list[np.ndarray]
    faults: list[np.ndarray]


def said_points(features: np.ndarray, window: int, events: Sequence[Event], usual: Iterable[np.ndarray] = ()) -> Said:
    """What was said, in the space of features. Arguments: as `consequences` takes them."""
    newest = smoothed(features, window)
    said = points(newest, events, window)
    normal = [each for each in usual if each.ndim == 2 and each.shape[1] == features.shape[1]]
    normal += [each for each, event in zip(said, events, strict=True) if event.is_normal]
    return Said(newest, normal, [each for each, event in zip(said, events, strict=True) if event.is_fault])


def kinds_of_flags(
    detection: Detection,
    features: np.ndarray,
    made: Findings,
    events: Sequence[Event],
    was: Tally,
    known: Mapping[str, np.ndarray],
) -> tuple[list[Kind], list[str]]:
    """(the kinds of the flagged stretches, the known kind of each of them, "" for a new one). Of many stretches those
    with the highest peaks are grouped.
    """
    channels = len(detection.names)
    named = described(features, [(each.start, each.end) for each in events], channels)
    known = {**known, **known_kinds(named, events)}
    vectors = described(features, [each.told for each in made.intervals], channels)
    taken = sorted(sorted(range(len(vectors)), key=lambda n: -made.intervals[n].peak)[:MAX_STRETCHES])
    called = [_called(made, n, events) for n in taken]
    groups = kinds(vectors[taken], called, known)
    groups = [each._replace(members=[taken[n] for n in each.members]) for each in groups]
    return groups, [_called(made, n, events) or nearest_kind(vectors[n], known) for n in range(len(vectors))]


def _called(made: Findings, n: int, events: Sequence[Event]) -> str:
    """What a flagged stretch was called by an event that it has rows of."""
    first, last = made.intervals[n].told
    return next((each.name for each in events if each.name and each.start < last and each.end > first), "")


class Heard(NamedTuple):
    """What events come to whatever the threshold is. factor: (rows,), as `quietened` gives it; points: (P, d) of each
    event.
    """

    factor: np.ndarray
    points: list[np.ndarray]


def heard_in(features: np.ndarray, window: int, events: Sequence[Event], usual: Sequence[np.ndarray]) -> Heard:
    """What events of a table come to, for a process outside the server. Raises BudgetError. Arguments: as
    `consequences` takes them.
    """
    ask_for(features)
    said = said_points(features, window, events, usual)
    return Heard(quietened(*said), points(said.newest, events, window))


class Told(NamedTuple):
    """What a page tells of consequences.

    Attributes:
        says, quiet: `Consequences.words`, and those of what was called normal alone.
        stretches: rows of what is flagged without any judgement.
        kinds, known: as consequences have them.
    """

    says: list[str]
    quiet: str
    stretches: list[tuple[int, int]]
    kinds: list[Kind]
    known: list[str]


def told_in(
    path: Path,
    features: np.ndarray,
    events: Sequence[Event],
    rule: Rule,
    known: Mapping[str, np.ndarray],
    usual: Sequence[np.ndarray],
    factor: np.ndarray,
) -> Told:
    """What follows from events of a table whose scores are in a file, for a process outside the server. Raises
    LatentError. Arguments: as `consequences` takes them.
    """
    ask_for(features)
    found = consequences(load_detection(path), features, events, rule, known, usual, factor)
    stretches = [each.told for each in found.made.intervals]
    return Told(found.words(), found.quiet.words(), stretches, found.kinds, found.known)


def keep_points(folder: Path, judged: Judged, events: Sequence[Event], said: Callable[[], list[np.ndarray]]) -> Judged:
    """Keep with a run what stretches that were called normal are like, so that they count as usual in the next table
    too, whose rows are others. Raises LatentError.

    events: of a table, with their ids; said: gives `points` of them.
    """
    missing = [n for n, each in enumerate(events) if each.is_normal and each.id not in judged.points]
    if not missing:
        return judged
    kept = said()
    acts = [
        {"act": f"points-{os.urandom(8).hex()}", "do": "points", "id": events[n].id, "points": kept[n].tolist()}
        for n in missing
        if len(kept[n])
    ]
    return judge(folder, acts) if acts else judged
