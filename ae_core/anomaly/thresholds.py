"""What is abnormal in a signal: thresholds learned on normal scores, intervals above them, and each channel's share.

Scores are (rows,) floats, larger for what is less normal, NaN where a row could not be scored.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..base.errors import LatentError

RULES = {"quantile": 0.99, "robust": 5.0, "rolling": 6.0}  # each rule's default amount
LIMITS = {"quantile": (0.5, 0.9999), "robust": (1.0, 50.0), "rolling": (1.0, 50.0)}
HISTORY = 512  # rows that the rolling rule looks back on
SIGMA = 1.4826  # median absolute deviations in a Gaussian's standard deviation


@dataclass(frozen=True)
class Rule:
    """Where the threshold lies. Raises LatentError for an amount outside its limits.

    quantile: above that share of the held-out normal scores; robust: their median + amount · 1.4826 · MAD (Hampel
    1974);
    rolling: the same of the 512 scores before each row, for signals that drift.
    """

    kind: str = "quantile"
    amount: float = RULES["quantile"]

    def __post_init__(self):
        if self.kind not in RULES:
            raise LatentError(f"A threshold rule is one of {', '.join(RULES)}, not {str(self.kind)[:20]!r}.")
        low, high = LIMITS[self.kind]
        if not low <= self.amount <= high:
            raise LatentError(
                f"The amount of the rule {self.kind} lies between {low:g} and {high:g}, not at {self.amount:g}."
            )

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """From RULE:AMOUNT, or RULE with its default amount. Raises LatentError.

        >>> Rule.parse("robust:4"), Rule.parse("quantile").amount
        (Rule(kind='robust', amount=4.0), 0.99)
        """
        kind, colon, amount = text.partition(":")
        try:
            number = float(amount) if colon else RULES.get(kind, 0.0)
        except ValueError:
            raise LatentError(
                f"A threshold is a rule and a number, such as quantile:0.99, not {text[:40]!r}."
            ) from None
        return cls(kind, number)

    def __str__(self) -> str:
        return f"{self.kind}:{self.amount:g}"


def level(held: np.ndarray, rule: Rule) -> float:
    """The threshold that a rule learns from the scores `held` of normal rows; for "rolling" the level that it begins
    with.
    """
    held = held[np.isfinite(held)]
    if not len(held):
        raise LatentError(
            "No normal row could be scored, so there is no threshold: choose a longer normal stretch or a shorter "
            "window."
        )
    if rule.kind == "quantile":
        return float(np.quantile(held, rule.amount))
    median = float(np.median(held))
    return median + rule.amount * SIGMA * float(np.median(np.abs(held - median)))


def rolling(score: np.ndarray, held: np.ndarray, history: int = HISTORY) -> tuple[np.ndarray, np.ndarray]:
    """(median, 1.4826 · MAD) (rows,) of the last `history` scores before each row, without the row itself.

    Computed every history // 32 rows and kept in between. The beginning borrows from `held`, the scores of normal rows.
    What lasts for more than half of the history becomes the new normal.
    """
    held = held[np.isfinite(held)]
    before = np.resize(held, history) if len(held) else np.zeros(history)
    all_of_it = np.r_[before, np.nan_to_num(score, nan=float(np.median(before)))]
    step = max(1, history // 32)
    at = np.arange(0, len(score), step)
    median, spread = np.empty(len(at)), np.empty(len(at))
    views = np.lib.stride_tricks.sliding_window_view(all_of_it, history)
    for part in np.array_split(np.arange(len(at)), max(1, len(at) // 2048)):
        block = views[at[part]]
        median[part] = np.median(block, 1)
        spread[part] = SIGMA * np.median(np.abs(block - median[part][:, None]), 1)
    return np.repeat(median, step)[: len(score)], np.repeat(spread, step)[: len(score)]


def levels(score: np.ndarray, held: np.ndarray, rule: Rule) -> np.ndarray:
    """The threshold at each row, (rows,)."""
    if rule.kind != "rolling":
        return np.full(len(score), level(held, rule))
    median, spread = rolling(score, held)
    return median + rule.amount * spread


class Interval(NamedTuple):
    """Rows above a threshold that follow on each other.

    Attributes:
        start, end: first row, row after the last.
        peak: the highest score.
        at: the row that has it.
        shares: (C,) each channel's share of the scores, 0..1.
    """

    start: int
    end: int
    peak: float
    at: int
    shares: np.ndarray


def flags(score: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """bool (rows,): the score is above the threshold; a row without a score is not."""
    return np.nan_to_num(score, nan=-np.inf) > threshold


def intervals(score: np.ndarray, flagged: np.ndarray, parts: np.ndarray, merge: int = 1) -> list[Interval]:
    """The runs of flagged rows in their order; runs with fewer than `merge` rows between them are one.

    parts (rows, C): each channel's part of the score.
    """
    rows = np.flatnonzero(flagged)
    if not len(rows):
        return []
    ends = np.flatnonzero(np.diff(rows) > merge)
    above = []
    for a, b in zip(np.r_[0, ends + 1], np.r_[ends, len(rows) - 1], strict=True):
        start, end = int(rows[a]), int(rows[b]) + 1
        at = start + int(np.nanargmax(score[start:end]))
        total = np.nansum(parts[start:end], 0, dtype=np.float64)
        above.append(Interval(start, end, float(score[at]), at, total / max(total.sum(), 1e-30)))
    return above


def expected_alarms(alarms: list[Interval], held: tuple[int, int], step: float | None) -> tuple[float, str]:
    """(alarms, "a day" or "in 1,000 rows"): how many stretches begin in the rows `held`, which are normal and were
    never trained on.

    step: seconds from row to row, or None.
    """
    count = sum(held[0] <= alarm.start < held[1] for alarm in alarms)
    rows = max(1, held[1] - held[0])
    return (count * 86_400 / (rows * step), "a day") if step else (1000 * count / rows, "in 1,000 rows")
