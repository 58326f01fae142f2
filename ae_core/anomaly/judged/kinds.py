"""Kinds of events: flagged stretches that are alike, how often each kind came, and whether a new one is a known kind.

Two stretches are alike by the direction in which they leave what is usual, not by how far: a fault is of its kind when
it is weak and when it is strong. A stretch is described by its mean in the space of `similar.unusual` and, beside it,
by how much each channel's rows differ from how they are rebuilt: what swings has no mean.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...base.text import plural
from .events import Event

ALIKE = 0.35  # 1 − cosine up to which stretches, on the average, are of one kind
KNOWN = 0.4  # the same, of one stretch and the nearest known kind
MAX_STRETCHES = 1000  # that are compared with each other, those with the highest peaks
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def described(features: np.ndarray, stretches: Sequence[tuple[int, int]], channels: int) -> np.ndarray:
    """(stretches, d + C) what each is like, of length 1; 0 where no row has a score.

    features: (rows, d), as `unusual` gives them, the last C of which are the channels' differences.
    """
    descriptions = np.zeros((len(stretches), features.shape[1] + channels))
    for n, (first, last) in enumerate(stretches):
        rows = features[first:last]
        rows = rows[np.isfinite(rows).all(1)]
        if len(rows):
            swing = np.sqrt(np.square(rows[:, -channels:]).mean(0))
            descriptions[n] = np.r_[rows.mean(0), swing]
    return descriptions / np.maximum(np.linalg.norm(descriptions, axis=1, keepdims=True), 1e-12)


def grouped(vectors: np.ndarray) -> np.ndarray:
    """(N,) the number of each stretch's kind, the most frequent kind first; by average linkage of 1 − cosine.

    vectors: (N, d), as `described` gives them.
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), int)
    from sklearn.cluster import AgglomerativeClustering

    apart = np.clip(1 - vectors @ vectors.T, 0.0, 2.0)
    np.fill_diagonal(apart, 0.0)
    model = AgglomerativeClustering(None, metric="precomputed", linkage="average", distance_threshold=ALIKE)
    labels = model.fit(apart).labels_
    counts = np.bincount(labels)
    first = [int(np.flatnonzero(labels == kind)[0]) for kind in range(len(counts))]
    order = sorted(range(len(counts)), key=lambda kind: (-counts[kind], first[kind]))
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    groups: np.ndarray = place[labels]
    return groups


class Kind(NamedTuple):
    """Stretches that are alike.

    Attributes:
        name: that somebody gave, or kind A, kind B, …
        members: which of the stretches, in their order.
        named: whether somebody named it.
        vector: what they are like on the average, of length 1.
    """

    name: str
    members: list[int]
    named: bool
    vector: np.ndarray


def kinds(vectors: np.ndarray, names: Sequence[str], known: Mapping[str, np.ndarray]) -> list[Kind]:
    """The kinds of stretches, the most frequent first.

    Args:
        vectors: (N, d), as `described` gives them.
        names: what each stretch was called, "" for none.
        known: names of kinds, and what they are like.
    """
    labels = grouped(vectors)
    named_kinds: list[Kind] = []
    letter = 0
    taken: set[str] = set()
    for label in range(int(labels.max(initial=-1)) + 1):
        members = [int(n) for n in np.flatnonzero(labels == label)]
        mean = vectors[members].mean(0)
        mean = mean / max(float(np.linalg.norm(mean)), 1e-12)
        given = [names[n] for n in members if names[n]]
        name = max(given, key=given.count) if given else nearest_kind(mean, known)
        if not name or name in taken:
            name, named = f"kind {_letters(letter)}", False
            letter += 1
        else:
            named = True
        taken.add(name)
        named_kinds.append(Kind(name, members, named, mean))
    return named_kinds


def nearest_kind(vector: np.ndarray, known: Mapping[str, np.ndarray]) -> str:
    """The known kind that a stretch is of; "" where it is like none of them."""
    apart = {name: 1 - float(vector @ each) for name, each in known.items() if each.shape == vector.shape}
    name = min(apart, key=lambda each: apart[each], default="")
    return name if name and apart[name] <= KNOWN else ""


def known_kinds(vectors: np.ndarray, events: Sequence[Event]) -> dict[str, np.ndarray]:
    """The kinds that events name, and what they are like. vectors: (events, d), as `described` gives them."""
    sums: dict[str, np.ndarray] = {}
    for event, vector in zip(events, vectors, strict=True):
        if event.name and vector.any():
            sums[event.name] = sums.get(event.name, np.zeros_like(vector)) + vector
    return {name: total / max(float(np.linalg.norm(total)), 1e-12) for name, total in sums.items()}


def kind_words(kind: Kind, stretches: Sequence[tuple[int, int]], time: np.ndarray | None) -> str:
    """ "kind A: 7 times, last on Monday 2024-03-04"."""
    last = max(stretches[n][0] for n in kind.members)
    when = f"at row {last:,}"
    if time is not None and not np.isnat(time[last]):
        when = f"on {_weekday(time[last])} {time[last].astype('datetime64[D]')}"
    count = "once" if len(kind.members) == 1 else plural(len(kind.members), "time")
    return f"{kind.name}: {count}, last {when}"


def _weekday(moment: np.datetime64) -> str:
    days = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")  # 1970 began on the first
    return days[int(moment.astype("datetime64[D]").astype(int)) % 7]


def _letters(number: int) -> str:
    """
    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    head, last = divmod(number, len(LETTERS))
    return (_letters(head - 1) if head else "") + LETTERS[last]
