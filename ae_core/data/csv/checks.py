"""First checks of a table's channels, before anything trains: what stands still, jumps, drifts, or is a copy."""

import itertools

import numpy as np

from ...base.text import plural
from .cells import listed, span
from .table import Note, Table

MAX_ROWS = 200_000  # looked at; of longer tables every second, third … row
MAX_CHANNELS = 200
STILL_SHARE, MIN_STILL = 0.03, 60  # of the rows that a channel stands still
SPIKE = 15.0  # robust spreads of its steps
COPY = 0.9999  # correlation


def first_checks(table: Table) -> list[Note]:
    """A sentence for each thing that a look at the channels shows, with its time."""
    every = max(1, len(table) // MAX_ROWS)
    values, notes = table.values[::every], []
    for j, name in enumerate(table.names[:MAX_CHANNELS]):
        column = values[:, j]
        there = np.isfinite(column)
        if there.sum() < 50 or np.nanmin(column) == np.nanmax(column):
            continue
        sentences = [check(table, column, every) for check in (_still, _spikes, _drift)]
        notes += [Note("check", name, f"{name!r} {sentence}") for sentence in sentences if sentence]
    return [*notes, *_copies(table, values)]


def _at(table: Table, row: int) -> str:
    if table.time is not None and row < len(table) and not np.isnat(table.time[row]):
        if table.about.clock == "calendar":
            return "at " + str(table.time[row].astype("datetime64[s]")).replace("T", " ")
        return f"{span(max(float((table.time[row] - table.time[0]).astype(np.int64) / 1e9), 0.0))} after the start"
    return f"from row {row:,}"


def _still(table: Table, column: np.ndarray, every: int) -> str:
    """The longest run of the same value, of a channel that moves otherwise."""
    same = np.diff(column) == 0
    if same.mean() > 0.5:
        return ""
    edges = np.flatnonzero(np.diff(np.r_[0, same.astype(np.int8), 0]))
    if not len(edges):
        return ""
    lengths = edges[1::2] - edges[::2]
    longest = int(np.argmax(lengths))
    rows = int(lengths[longest]) + 1
    others = np.delete(lengths, longest)
    usual = float(np.quantile(others, 0.9)) if len(others) else 0.0
    if rows < max(MIN_STILL, STILL_SHARE * len(column)) or rows < 8 * usual:
        return ""
    return f"stands still for {plural(rows * every, 'row')} {_at(table, int(edges[2 * longest]) * every)}."


def _spikes(table: Table, column: np.ndarray, every: int) -> str:
    """Single rows far from both their neighbours."""
    if len(np.unique(column[np.isfinite(column)][:5000])) < 20:
        return ""
    before, after = column[1:-1] - column[:-2], column[1:-1] - column[2:]
    steps = np.abs(np.diff(column))
    width = 1.4826 * float(np.nanmedian(steps[steps > 0])) if (steps > 0).any() else 0.0
    spread = float(np.subtract(*np.nanquantile(column, (0.95, 0.05))))
    least = max(SPIKE * width, 0.5 * spread)
    lone = np.flatnonzero((np.minimum(np.abs(before), np.abs(after)) > least) & (before * after > 0)) + 1
    if not len(lone) or len(lone) > 0.01 * len(column) or least == 0:
        return ""
    worst = int(lone[np.argmax(np.abs(column[lone] - np.nanmedian(column)))])
    return f"has {plural(len(lone), 'spike')}, the largest {_at(table, worst * every)} ({column[worst]:.4g})."


def _drift(table: Table, column: np.ndarray, every: int) -> str:
    """A straight line that explains most of a channel."""
    there = np.isfinite(column)
    at = np.linspace(-1, 1, len(column))[there]
    centred = column[there] - column[there].mean()
    slope = float((at * centred).sum() / (at**2).sum())
    share = slope**2 * float((at**2).sum()) / float((centred**2).sum())
    return f"drifts by {2 * slope:.3g} from its first row to its last." if share > 0.7 else ""


def _copies(table: Table, values: np.ndarray) -> list[Note]:
    """Pairs of channels that say the same."""
    moving = [
        j
        for j in range(min(values.shape[1], MAX_CHANNELS))
        if np.isfinite(values[:, j]).sum() > 50 and np.nanstd(values[:, j]) > 0
    ]
    part = values[:: max(1, len(values) // 5000)][:, moving]
    part = part[np.isfinite(part).all(1)]
    if len(moving) < 2 or len(part) < 30:
        return []
    spread = part.std(0)
    part = (part - part.mean(0)) / np.where(spread > 0, spread, 1)
    alike = np.abs(part.T @ part) / len(part)
    notes = []
    for a, b in itertools.combinations(range(len(moving)), 2):
        if alike[a, b] > COPY and spread[a] > 0 and spread[b] > 0:
            names = table.names[moving[a]], table.names[moving[b]]
            notes.append(Note("check", names, f"{listed(names)} are nearly copies of each other."))
    return notes[:5]
