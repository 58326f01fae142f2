"""What may be the clock of a table."""

from dataclasses import dataclass

import numpy as np

from .columns import Column


@dataclass(frozen=True)
class Clock:
    """What says when. columns: of the file, those that were used; others: further clocks, which are no channels.

    times: datetime64[ns] (rows,), or None; seconds: float64 (rows,), of clocks that count from the start; how: words;
    kind: "calendar", "start" or "day" (times of day alone); scale: seconds in a number of its column, 0 for texts.
    """

    columns: tuple[Column, ...] = ()
    times: np.ndarray | None = None
    seconds: np.ndarray | None = None
    how: str = ""
    kind: str = "calendar"
    scale: float = 0.0
    others: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A clock with how likely it is one, about 0 to 2, and what else it may be."""

    clock: Clock
    score: float
    confidence: float = 0.97
    other: str = ""


def quality(times: np.ndarray) -> float:
    """What speaks for and against moments as the clock of the rows, about −0.6 to 0.2."""
    there = times[~np.isnat(times)]
    if len(there) < 2:
        return -0.6
    steps = np.diff(there).astype(np.int64)
    moving = (steps != 0).mean()
    ahead = max(float((steps >= 0).mean()), float((steps <= 0).mean()))
    return (
        0.2 * bool((there.astype("datetime64[D]") != there).any())
        - 0.6 * (moving < 0.02)
        - 0.5 * (ahead < 0.9)
        - 0.3 * (1 - len(there) / len(times))
    )


def is_days(times: np.ndarray) -> bool:
    return bool(((times.astype("datetime64[D]").astype("datetime64[ns]") == times) | np.isnat(times)).all())
