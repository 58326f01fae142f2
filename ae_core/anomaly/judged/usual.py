"""What was called normal goes into what is usual, without training.

In the space of `similar.unusual` what the detector learned is usual lies around the origin. A stretch that was called
normal adds points that are usual as well, and so is what lies between them and the origin: the same, only weaker. A row
is then as far from what is usual as from the nearest of these lines, and its score, which grows with the square of that
distance, is multiplied by the share that is left of the square, both without the noise that half of all rows have; it
falls no lower than to what a row in the middle of the noise has. A row that is nearer to what was called a fault stays
as it is. So no score rises, the threshold means what it meant, and only what looks as what was
called normal becomes quieter.
"""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from ..calibration import trailing_mean
from ..detection import Detection, ModelScores
from .events import Event, reaches

MAX_POINTS = 16  # of an event
FARTHER = 1.25  # times what was called normal, up to which the same is usual as well
ROWS_AT_ONCE = 1 << 16  # that are smoothed
BLOCK = 1024  # rows that are compared at a time, fewer with many points
MAX_PRODUCTS = 1 << 18  # of rows and points at a time: 2 MB each of what is computed of them, near the processor
MAX_ALL_POINTS = 2048  # of all events that were called so: of very many, each has fewer
SMOOTHED = 4  # of a window: over its newest quarter what is unusual about a row is averaged


def smoothed(features: np.ndarray, window: int) -> np.ndarray:
    """What is unusual about each row's newest rows, of features (rows, d) as `unusual` gives them."""
    back, means = max(1, window // SMOOTHED), np.empty_like(features)
    for start in range(0, len(features), ROWS_AT_ONCE):  # sums of some hundred bytes a number
        first = max(0, start - back + 1)
        part = features[first : start + ROWS_AT_ONCE].astype(np.float64)
        means[start : start + ROWS_AT_ONCE] = trailing_mean(part, back, np.zeros(len(part), bool))[start - first :]
    return means


def points_of(newest: np.ndarray, first: int, last: int, most: int = MAX_POINTS) -> np.ndarray:
    """(P, d), P ≤ most: what was unusual in rows first … last − 1, the means of as many parts of them; (0, d)
    where none has a score. newest: as `smoothed` gives it.
    """
    rows = newest[first:last]
    rows = rows[np.isfinite(rows).all(1)]
    parts = np.array_split(rows, min(most, len(rows)) or 1)
    return np.stack([part.mean(0) for part in parts]) if len(rows) else np.empty((0, newest.shape[1]))


def points(newest: np.ndarray, events: Sequence[Event], window: int) -> list[np.ndarray]:
    """`points_of` each event's rows and those whose windows still hold one of them."""
    most = max(1, min(MAX_POINTS, MAX_ALL_POINTS // max(1, len(events))))
    return [points_of(newest, *ends, most) for ends in reaches(events, len(newest), window)]


def noise_of(newest: np.ndarray) -> float:
    """The square of the distance from what is usual that half of all rows (rows, d) have."""
    known = newest[np.isfinite(newest).all(1)]
    return float(np.median(np.square(known).sum(1))) if len(known) else 0.0


def quietened(
    newest: np.ndarray, normal: Iterable[np.ndarray], faults: Iterable[np.ndarray], noise: float | None = None
) -> np.ndarray:
    """(rows,) what each row's score is multiplied by, 0..1.

    newest: (rows, d), as `smoothed` gives it; normal, faults: points (P, d) of events that were called so; noise: as
    `noise_of` gives it, None: of these rows.
    """
    factor = np.ones(len(newest))
    usual, kept = (np.concatenate([np.empty((0, newest.shape[1])), *each]) for each in (normal, faults))
    if not len(usual):
        return factor
    noise = noise_of(newest) if noise is None else noise
    sizes = np.square(newest).sum(1)
    loud = np.flatnonzero(sizes > noise)  # what lies in the noise keeps its score
    block = max(1, min(BLOCK, MAX_PRODUCTS // (len(usual) + len(kept))))
    for start in range(0, len(loud), block):
        at = loud[start : start + block]
        size, apart = sizes[at], _squared_distance(newest[at], usual)
        share = np.maximum(apart - noise, 0.0) / np.maximum(size - noise, 1e-12)
        share = np.minimum(1.0, np.maximum(share, noise / np.maximum(size, 1e-12)))
        quieter = np.flatnonzero(share < 1)
        if len(kept) and len(quieter):
            share[quieter[_squared_distance(newest[at[quieter]], kept) < apart[quieter]]] = 1.0
        factor[at] = share
    return factor


def _squared_distance(rows: np.ndarray, to: np.ndarray) -> np.ndarray:
    """(N,) the squared distance of each of rows (N, d) to the nearest of the stretches from the origin to points
    (P, d), which go on a little behind those.

    In place, for there may be as many numbers as rows times points: of a row p along a stretch, which ends at c, is
    c (2 p − c) less than from the origin, c ≤ p.
    """
    length = np.linalg.norm(to, axis=1)
    along = rows @ (to / np.maximum(length, 1e-12)[:, None]).T
    np.maximum(along, 0.0, out=along)
    capped = np.minimum(along, FARTHER * length)
    along *= 2
    along -= capped
    along *= capped
    nearest: np.ndarray = np.maximum(np.square(rows).sum(1) - along.max(1), 0.0)
    return nearest


def with_judgements(detection: Detection, factor: np.ndarray, events: Sequence[Event] = ()) -> Detection:
    """The detection with what was called normal among what is usual: its own rows score no more than normal ones in the
    middle. factor: (rows,), as `quietened` gives it; events: of the table.
    """
    network = detection.network
    factor, middle = factor.copy(), float(np.nanmedian(network.held_out))
    for event, (first, last) in zip(events, reaches(events, len(factor), detection.window), strict=True):
        if event.is_normal:
            score = np.maximum(np.nan_to_num(network.score[first:last]), 1e-12)
            factor[first:last] = np.minimum(factor[first:last], np.maximum(middle, 0.0) / score)
    parts = network.parts * factor[:, None].astype(network.parts.dtype)
    scores = ModelScores(network.x_hat, parts, network.score * factor, network.held_out)
    return dataclasses.replace(detection, network=scores)
