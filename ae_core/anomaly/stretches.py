"""Flagged stretches of rows that come one at a time: those that `intervals` finds in all of them."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .online import ScoredRow


@dataclass
class Stretches:
    """Follows where stretches open and close.

    Attributes:
        least: flagged rows that a stretch has at least.
        merge: stretches with fewer rows between them are one.
        start: of the rows above the threshold that may become a stretch; −1 where there are none.
        last: the last of them.
        count: how many there are.
        peak, at: their highest score, and the row that has it.
        parts: (C,) the sum of each channel's parts from start to last.
        since: (C,) the same of the rows after the last.
        highest: the highest score of the rows after the last, and its row.
    """

    least: int
    merge: int
    start: int = -1
    last: int = -1
    count: int = 0
    peak: float = 0.0
    at: int = -1
    parts: list[float] = field(default_factory=list)
    since: list[float] = field(default_factory=list)
    highest: tuple[float, int] = (float("-inf"), -1)

    def next(self, scored: ScoredRow, names: tuple[str, ...]) -> list[dict[str, Any]]:
        """What the next row opens or closes, ready for JSON: "opened" and its start, "closed" and all that is known."""
        row, parts = scored.row, np.nan_to_num(scored.parts)
        if not scored.abnormal:
            if self.start < 0:
                return []
            self.since = (np.array(self.since) + parts).tolist()
            if scored.score > self.highest[0]:
                self.highest = (scored.score, row)
            return self._close(names) if row - self.last >= self.merge else []
        if self.start < 0:
            self.start, self.count, self.peak, self.parts = row, 0, float("-inf"), [0.0] * len(parts)
            self.since, self.highest = [0.0] * len(parts), (float("-inf"), -1)
        self.parts = (np.array(self.parts) + self.since + parts).tolist()
        for score, at in (self.highest, (scored.score, row)):
            if score > self.peak:
                self.peak, self.at = score, at
        self.since, self.highest = [0.0] * len(parts), (float("-inf"), -1)
        self.last, self.count = row, self.count + 1
        if self.count == self.least:
            return [{"event": "opened", "start": self.start, "row": row}]
        return []

    def _close(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        total: NDArray = np.array(self.parts)
        shares = total / max(total.sum(), 1e-30)
        stretch = {
            "event": "closed",
            "start": self.start,
            "end": self.last + 1,
            "peak": float(f"{self.peak:.7g}"),
            "peak_row": self.at,
            "shares": {name: round(float(share), 4) for name, share in zip(names, shares, strict=True)},
        }
        opened = self.count >= self.least
        self.start = self.last = -1
        return [stretch] if opened else []

    def state(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {**asdict(self), "highest": [max(self.highest[0], -1e300), self.highest[1]]}

    @classmethod
    def of(cls, state: dict[str, Any]) -> "Stretches":
        """From what `state` gave."""
        return cls(**{**state, "highest": tuple(state["highest"])})
