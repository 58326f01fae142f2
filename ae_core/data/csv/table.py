"""A table that was read: numbers in columns, with what was decided on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

MAX_BYTES = 200_000_000
MAX_ROWS = 20_000_000
MAX_COLUMNS = 10_000
MAX_LINE = 4 << 20  # bytes; 10,000 columns of 400
MAX_VALUE = 1e150  # a value beyond it, whose square is no number any more, is no measurement


@dataclass(frozen=True)
class Note:
    """One thing that was found out about a file: `what` is the keyword of `read_table` that changes it, where there is
    one.
    """

    what: str
    value: Any
    text: str  # a sentence for the screen


EMPTY = "The file is empty: give one with a row for each moment and a column for each channel."
PARQUET = Note("format", "parquet", "The file is Parquet: names and types are its own.")


@dataclass(frozen=True)
class Table:
    """Numbers in columns, a row for each row of the file, in its order.

    names, units: of the channels, C of each, a unit "" where none is known. values: (rows, C), NaN for missing;
    float64.
    time: datetime64[ns] (rows,), UTC where the file has zones, or None; step: median seconds between rows, or None.
    label: bool (rows,), True for abnormal, or None. notes: what was decided on the way.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    time: np.ndarray | None = None
    step: float | None = None
    label: np.ndarray | None = None
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, which: slice | np.ndarray) -> "Table":
        """The table with these rows alone."""
        return replace(
            self,
            values=self.values[which],
            time=None if self.time is None else self.time[which],
            label=None if self.label is None else self.label[which],
        )


def joined(tables: Sequence[Table]) -> Table:
    """Tables with the same columns as one, the rows in their order; the rest is the first one's."""
    first, *more = tables
    if not more:
        return first
    parts = {name: [getattr(table, name) for table in tables] for name in ("values", "time", "label")}
    return replace(first, **{name: None if part[0] is None else np.concatenate(part) for name, part in parts.items()})
