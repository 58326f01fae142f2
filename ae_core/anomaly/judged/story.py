"""What happened in an event, channel by channel: which moved first, and how."""

from typing import NamedTuple

import numpy as np

from ...base.text import plural
from ...data.csv.cells import span
from ..detection import Detection
from ..thresholds import SIGMA

MOVED = 5.0  # robust standard deviations of a channel's usual difference from which on it has moved
LASTS = 3  # rows that a move lasts on the average: one wild value is none, but where the event has no more
STILL, WILD = 0.2, 3.0  # times the usual spread: below a channel stands still, above it swings


class Move(NamedTuple):
    """How a channel left what is usual.

    Attributes:
        channel: its number.
        row: the first row in which it did.
        how: "rises", "falls", "stands still" or "swings".
        apart: by how much it differs from how it is rebuilt at the most, in its unit.
        size: the same in robust standard deviations of what is usual.
    """

    channel: int
    row: int
    how: str
    apart: float
    size: float


def moves(detection: Detection, start: int, end: int) -> list[Move]:
    """The channels that moved in the rows start … end − 1 or in the window before, the first one first.

    A channel has moved where its rows differ from how the network rebuilds them by more than MOVED robust standard
    deviations of what that difference is in the whole table.
    """
    first = max(0, start - detection.window)
    channel_moves = []
    for channel in range(len(detection.names)):
        values = detection.values[:, channel].astype(np.float64)
        apart = values - detection.network.x_hat[:, channel]
        known = apart[np.isfinite(apart)]
        if not len(known):
            continue
        middle = float(np.median(known))
        spread = SIGMA * float(np.median(np.abs(known - middle))) or float(known.std()) * 1e-2 or 1e-12
        size = np.nan_to_num((apart[first:end] - middle) / spread)
        row = _onset(np.abs(size), min(LASTS, end - start))
        if row is None:
            continue
        rest = slice(first + row, end)
        at = int(np.nanargmax(np.abs(size[row:])))
        how = _how(values, rest, start, size[row:])
        moved, beyond = float(apart[rest][at] - middle), float(abs(size[row + at]))
        channel_moves.append(Move(channel, first + row, how, moved, beyond))
    return sorted(channel_moves, key=lambda move: (move.row, -move.size))


def _onset(size: np.ndarray, lasts: int) -> int | None:
    """The first row above MOVED from which on the next few are, on the average."""
    sums = np.r_[0.0, np.cumsum(np.minimum(size, 10 * MOVED))]
    ends = np.minimum(np.arange(len(size)) + lasts, len(size))
    mean = (sums[ends] - sums[:-1]) / np.maximum(ends - np.arange(len(size)), 1)
    rows = np.flatnonzero((size > MOVED) & (mean > MOVED / 2))
    return int(rows[0]) if len(rows) else None


def _how(values: np.ndarray, rest: slice, start: int, size: np.ndarray) -> str:
    """What a channel does from its first unusual row on, against the rows before the event."""
    before = values[max(0, start - 4 * max(1, rest.stop - start) - 32) : start]
    usual, now = (float(np.nanstd(each)) if np.isfinite(each).sum() > 1 else 0.0 for each in (before, values[rest]))
    if usual and rest.stop - rest.start > 2 and now < STILL * usual:
        return "stands still"
    signs = np.sign(size[np.abs(size) > MOVED])
    if usual and now > WILD * usual and len(signs) > 3 and abs(signs.mean()) < 0.5:
        return "swings"
    return "rises" if size[int(np.abs(size).argmax())] > 0 else "falls"


def story(detection: Detection, channel_moves: list[Move], start: int) -> list[str]:
    """The moves in words, a sentence each."""
    says = []
    for n, move in enumerate(channel_moves):
        unit = detection.units[move.channel]
        amount = f"{abs(move.apart):.3g}{f' {unit}' if unit else ''}"
        later = move.row - channel_moves[0].row
        when = "first" if not n else "at once" if not later else f"{_length(detection, later)} later"
        if not n and move.row != start:
            side = "before" if move.row < start else "after"
            when += f", {_length(detection, abs(move.row - start))} {side} the start"
        says.append(f"{detection.names[move.channel]} {move.how} ({when}): {amount} from how it is rebuilt.")
    return says or ["No channel alone leaves what is usual: it is how they go together."]


def _length(detection: Detection, rows: int) -> str:
    return span(rows * detection.step) if detection.step else plural(rows, "row")
