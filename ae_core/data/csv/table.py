"""A table that was read: numbers in columns, with what was decided on the way and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

MAX_BYTES = 200_000_000
MAX_ROWS = 20_000_000
MAX_COLUMNS = 10_000
MAX_LINE = 4 << 20  # bytes; 10,000 columns of 400
MAX_VALUE = 1e150  # a value beyond it, whose square is no number any more, is no measurement
LAYOUTS = ("moments", "samples", "long")  # a row for each moment, for each sample, for each value or device's moment
SURE = 0.95  # confidence from which on nobody is asked
SAYABLE = ("day_first", "delimiter", "decimal", "layout")  # whose doubts have values of the setting as their readings


@dataclass(frozen=True)
class Note:
    """One thing that was found out about a file.

    what: the keyword of `read_table` that changes it, where there is one; text: a sentence for the screen.
    """

    what: str
    value: Any
    text: str


@dataclass(frozen=True)
class Doubt:
    """A decision that may be wrong.

    what: the keyword of `read_table` that changes it, or the matter; chosen, other: the two readings, as values of that
    keyword where there is one; confidence: 0.5 (either) to 1, that `chosen` is right; text: a sentence with both.
    keep, instead: settings of the source `Csv` that say the one and the other reading for good, {} where none does.
    """

    what: str
    chosen: str
    other: str
    confidence: float
    text: str
    keep: Mapping[str, Any] = field(default_factory=dict, compare=False)
    instead: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Findings:
    """What a reading finds out on its way, in order."""

    notes: list[Note] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: int = 0  # lines between the heading and the end that are no rows, or none that could be read

    def note(self, what: str, value: Any, text: str) -> None:
        self.notes.append(Note(what, value, " ".join(text.split())))

    def doubt(
        self,
        what: str,
        chosen: Any,
        other: Any,
        confidence: float,
        text: str,
        keep: Mapping[str, Any] | None = None,
        instead: Mapping[str, Any] | None = None,
    ) -> None:
        chosen, other = (" ".join(str(each).split())[:120] for each in (chosen, other))
        if what in SAYABLE:
            keep, instead = keep or {what: chosen}, instead or {what: other}
        sentence = " ".join(text.split())
        self.doubts.append(Doubt(what, chosen, other, round(confidence, 2), sentence, keep or {}, instead or {}))

    def value(self, what: str) -> Any:
        """The value of the newest note on something; None where there is none."""
        return next((note.value for note in reversed(self.notes) if note.what == what), None)


@dataclass(frozen=True)
class About:
    """What is known of a file beside its numbers.

    layout: one of `LAYOUTS`; kinds: of each channel, "number" or "state" (words); time_columns, label_column: headings
    of the file; left_out: see `Findings`; doubts: the least sure first; axis: of samples, the numbers in the heading,
    else (); clock: "calendar", "start" (seconds since the start) or "day" (times of day alone), "" without a time;
    label_values: which values of the label are normal, and which are not; checksum: of the numbers as they were read,
    before anything is filled.
    """

    layout: str = "moments"
    kinds: tuple[str, ...] = ()
    time_columns: tuple[str, ...] = ()
    label_column: str | None = None
    left_out: int = 0
    doubts: tuple[Doubt, ...] = ()
    axis: tuple[float, ...] = ()
    clock: str = ""
    label_values: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    checksum: str = ""


EMPTY = "The file is empty: give one with a row for each moment and a column for each channel."
PARQUET = Note("format", "parquet", "The file is Parquet: names and types are its own.")


@dataclass(frozen=True)
class Table:
    """Numbers in columns, a row for each row of the file, in its order.

    names, units: of the channels, C of each, a unit "" where none is known. values: (rows, C), NaN for missing;
    float64.
    time: datetime64[ns] (rows,), UTC where the file has zones, or None; step: median seconds between rows, or None.
    label: bool (rows,), True for abnormal, or None. notes: what was decided on the way.
    group: int (rows,), another number for each of several devices that are stacked, or None.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    time: np.ndarray | None = None
    step: float | None = None
    label: np.ndarray | None = None
    notes: tuple[Note, ...] = ()
    about: About = About()
    group: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, which: slice | np.ndarray) -> "Table":
        """The table with these rows alone."""
        return replace(
            self,
            values=self.values[which],
            time=None if self.time is None else self.time[which],
            label=None if self.label is None else self.label[which],
            group=None if self.group is None else self.group[which],
        )


def joined(tables: Sequence[Table]) -> Table:
    """Tables with the same columns as one, the rows in their order; the rest is the first one's."""
    first = tables[0]
    if len(tables) == 1:
        return first
    times = [table.time for table in tables if table.time is not None]
    labels = [table.label for table in tables if table.label is not None]
    groups = [table.group for table in tables if table.group is not None]
    return replace(
        first,
        values=np.concatenate([table.values for table in tables]),
        time=np.concatenate(times) if first.time is not None else None,
        label=np.concatenate(labels) if first.label is not None else None,
        group=np.concatenate(groups) if first.group is not None else None,
    )
