"""What is abnormal in a signal: thresholds learned on normal scores, intervals above them, and each channel's share.

Scores are (rows,) floats, larger for what is less normal, NaN where a row could not be scored.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..base.errors import LatentError
from ..base.text import plural
from ..data.csv.cells import span

RULES = {"quantile": 0.99, "robust": 5.0, "rolling": 6.0}  # each rule's default amount
LIMITS = {"quantile": (0.5, 0.9999), "robust": (1.0, 50.0), "rolling": (1.0, 50.0)}
TAIL = 0.9  # quantile of the normal scores from which their tail is taken for exponential
ALIKE = 0.5  # of a window: rows as far apart say something of their own, nearer ones nearly the same
CAUTION = 2.0  # standard errors by which a quantile is raised that few independent scores tell
FARTHEST = 2.0  # times its own distance from the median that it is raised to at most: what nothing passes finds nothing
DOUBT = 2.4  # standard errors within which such a quantile lies, 9 times of 10 (`python -m tests.bench promise`)
FEW_ALARMS = 5  # fewer say nothing of how many there will be
HISTORY = 512  # rows that the rolling rule looks back on
SHORT = 8  # a stretch has at least a window over this, in rows
MAX_ROWS = 1_000_000  # of the shortest stretch, and between two that are one
NINETY = 1.6449  # standard deviations that leave 5 % of a Gaussian above
SIGMA = 1.4826  # median absolute deviations in a Gaussian's standard deviation


@dataclass(frozen=True)
class Rule:
    """Where the threshold lies. Raises LatentError for an amount outside its limits.

    quantile: above that share of the held-out normal scores, and farther by as much as few independent ones can mislead
    (`quantile_level`); robust: their median + amount · 1.4826 · MAD (Hampel
    1974);
    rolling: the same of the 512 scores before each row, for signals that drift.
    min_rows: rows above it that a flagged stretch has at least; 0: an eighth of a window, for fewer are noise.
    merge_rows: stretches with fewer rows between them are one; 0: a window.
    """

    kind: str = "quantile"
    amount: float = RULES["quantile"]
    min_rows: int = 0
    merge_rows: int = 0

    def __post_init__(self):
        if self.kind not in RULES:
            raise LatentError(f"A threshold rule is one of {', '.join(RULES)}, not {str(self.kind)[:20]!r}.")
        if not (0 <= self.min_rows <= MAX_ROWS and 0 <= self.merge_rows <= MAX_ROWS):
            raise LatentError(f"Rows of a stretch, and rows between two, lie between 0 and {MAX_ROWS:,}.")
        low, high = LIMITS[self.kind]
        if not low <= self.amount <= high:
            raise LatentError(
                f"The amount of the rule {self.kind} lies between {low:g} and {high:g}, not at {self.amount:g}."
            )

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """From RULE:AMOUNT:MIN_ROWS:MERGE_ROWS, of which all but the rule may be left out. Raises LatentError.

        >>> Rule.parse("robust:4").amount, Rule.parse("quantile").amount, Rule.parse("robust:4:10:60").merge_rows
        (4.0, 0.99, 60)
        """
        kind, *numbers = text.split(":")
        try:
            amount = float(numbers[0]) if numbers else RULES.get(kind, 0.0)
            rows = [int(number) for number in numbers[1:]]
        except ValueError:
            rows = [0, 0, 0]
        if len(rows) > 2:
            raise LatentError(
                "A threshold is a rule and a number, such as quantile:0.99 (and, for its stretches, "
                f"quantile:0.99:10:60), not {text[:40]!r}."
            )
        return cls(kind, amount, *rows)

    def __str__(self) -> str:
        rows = f":{self.min_rows}:{self.merge_rows}" if self.min_rows or self.merge_rows else ""
        return f"{self.kind}:{self.amount:g}{rows}"

    def stretches(self, window: int) -> tuple[int, int]:
        """(min_rows, merge_rows) for windows of so many rows."""
        return self.min_rows or max(1, window // SHORT), self.merge_rows or window


def independent_scores(rows: int, window: int) -> float:
    """As how many independent scores those of so many rows that follow on each other count, at least one: scores of
    windows that share most of their rows say nearly the same.
    """
    return max(1.0, rows / (ALIKE * window))


def level(held: np.ndarray, rule: Rule, independent: float = math.inf) -> float:
    """The threshold that a rule learns from the scores `held` of normal rows; for "rolling" the level that it begins
    with. independent: as how many independent scores those count.
    """
    held = held[np.isfinite(held)]
    if not len(held):
        raise LatentError(
            "No normal row could be scored, so there is no threshold: choose a longer normal stretch or a shorter "
            "window."
        )
    if rule.kind == "quantile":
        return quantile_level(held, rule.amount, independent)
    median = float(np.median(held))
    return median + rule.amount * SIGMA * float(np.median(np.abs(held - median)))


def quantile_level(held: np.ndarray, share: float, independent: float = math.inf) -> float:
    """The level that so large a share of unseen normal scores lies below.

    It is as far above the median of the scores `held` as their quantile is, and farther by the factor
    1 + 2 / sqrt(independent), at most 2: of few independent scores the quantile is known so badly, and lies too low as
    often as too high.
    """
    plain = _quantile(held, share)
    if math.isinf(independent):
        return plain
    middle = float(np.median(held))
    return middle + (plain - middle) * _farther(independent)


def _farther(independent: float) -> float:
    """By what factor a threshold lies farther above the median than the quantile of so many independent scores."""
    return min(FARTHEST, 1 + CAUTION / math.sqrt(independent))


def exceeded(share: float, independent: float) -> float:
    """What share of unseen normal rows lies above `quantile_level` at most, 90 % sure.

    Half of the scores lie above the median, and from there an exponential tail goes through the quantile, which is
    known to DOUBT / sqrt(independent) of its distance's logarithm.
    """
    farther = _farther(independent) / math.exp(DOUBT / math.sqrt(independent))
    return max(1 - share, 0.5 * (2 * (1 - share)) ** farther)


def _quantile(held: np.ndarray, share: float) -> float:
    """The quantile of the scores `held`; beyond the last of so many scores, where there is none any more, on an
    exponential tail with the mean excess over their 90 % quantile: so a threshold can lie above the largest of them.
    """
    last = 1 - 1 / len(held)
    if share <= last:
        return float(np.quantile(held, share))
    start = float(np.quantile(held, TAIL))
    above = held[held > start]
    excess = float((above - start).mean()) if len(above) else 0.0
    return float(np.quantile(held, last)) + excess * float(np.log((1 - last) / (1 - share)))


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


def levels(score: np.ndarray, held: np.ndarray, rule: Rule, independent: float = math.inf) -> np.ndarray:
    """The threshold at each row, (rows,). independent: as `level` takes it."""
    if rule.kind != "rolling":
        return np.full(len(score), level(held, rule, independent))
    median, spread = rolling(score, held)
    return median + rule.amount * spread


class Interval(NamedTuple):
    """Rows above a threshold that follow on each other.

    Attributes:
        start, end: first row, row after the last.
        peak: the highest score.
        at: the row that has it.
        shares: (C,) each channel's share of the scores, 0..1.
        named: the rows that it is about, (first, one after the last): their own errors say so, where the score is late
            by up to a window; None where nothing is known of that.
    """

    start: int
    end: int
    peak: float
    at: int
    shares: np.ndarray
    named: tuple[int, int] | None = None

    @property
    def told(self) -> tuple[int, int]:
        """(first row, row after the last) by which people are told of it."""
        return self.named or (self.start, self.end)


def flags(score: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """bool (rows,): the score is above the threshold; a row without a score is not."""
    return np.nan_to_num(score, nan=-np.inf) > threshold


def intervals(
    score: np.ndarray, flagged: np.ndarray, parts: np.ndarray, merge: int = 1, least: int = 1
) -> list[Interval]:
    """The runs of flagged rows in their order; runs with fewer than `merge` rows between them are one, and one that
    then has fewer than `least` flagged rows is none.

    parts (rows, C): each channel's part of the score.
    """
    rows = np.flatnonzero(flagged)
    if not len(rows):
        return []
    ends = np.flatnonzero(np.diff(rows) > merge)
    above = []
    for a, b in zip(np.r_[0, ends + 1], np.r_[ends, len(rows) - 1], strict=True):
        if b - a + 1 < least:
            continue
        start, end = int(rows[a]), int(rows[b]) + 1
        at = start + int(np.nanargmax(score[start:end]))
        total = np.nansum(parts[start:end], 0, dtype=np.float64)
        above.append(Interval(start, end, float(score[at]), at, total / max(total.sum(), 1e-30)))
    return above


@dataclass(frozen=True)
class Alarms:
    """What thresholds flag of normal rows that were never trained on.

    Attributes:
        count: stretches.
        rows: of normal rows.
        step: seconds from row to row, or None.
    """

    count: int
    rows: int
    step: float | None

    @property
    def per(self) -> str:
        """What rates are counted in."""
        return "a day" if self.step else "in 1,000 rows"

    def rate(self, count: float | None = None) -> float:
        """So many alarms (None: those that were counted) in `per`."""
        number, rows = (self.count if count is None else count), max(1, self.rows)
        return number * 86_400 / (rows * self.step) if self.step else 1000 * number / rows

    def between(self) -> tuple[float, float]:
        """(low, high) in `per`: where 90 % of the rates lie from which as many alarms come, were they independent.

        Of a Poisson count (Garwood 1936), its χ² quantiles by Wilson & Hilferty (1931), as the page computes them.
        """
        return self.rate(_half_chi2(self.count, -NINETY)), self.rate(_half_chi2(self.count + 1, NINETY))

    def words(self) -> str:
        """ "17 alarms a day expected (90 % sure: 11 to 25)"; few are too few to tell."""
        if self.count < FEW_ALARMS:
            length = span(self.rows * self.step) if self.step else plural(self.rows, "row")
            count = plural(self.count, "alarm") if self.count else "no alarm"
            return f"{count} in {length} of held-out normal data (too short to tell how many {self.per})"
        low, high = self.between()
        return f"{_few(self.rate())} alarms {self.per} expected (90 % sure: {_few(low)} to {_few(high)})"


def _half_chi2(shape: float, deviations: float) -> float:
    """Half of the χ² quantile with 2 · shape degrees of freedom that lies so many deviations from its middle."""
    if shape <= 0:
        return 0.0
    third = 1 / (9 * shape)
    return float(shape * max(0.0, 1 - third + deviations * third**0.5) ** 3)


def _few(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{float(f'{rate:.2g}'):g}"


def expected_alarms(alarms: list[Interval], held: tuple[int, int], step: float | None) -> Alarms:
    """How many stretches begin in the rows `held`, which are normal and were never trained on.

    step: seconds from row to row, or None.
    """
    count = sum(held[0] <= alarm.start < held[1] for alarm in alarms)
    return Alarms(count, held[1] - held[0], step)
