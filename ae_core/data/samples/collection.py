"""What a person's file holds, as it is there: samples, their classes, and what was found out about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from ..csv.table import Note

MAX_CLASSES = 200
MAX_VALUES = 400_000_000  # in all samples: 1.6 GB of float32
MIN_SAMPLES = 8


class Layout(NamedTuple):
    """How a text holds the samples. delimiter, decimal: as they stand there; columns: those of the values, from 0;
    label: that of the classes.
    """

    delimiter: str
    decimal: str
    encoding: str
    columns: tuple[int, ...]
    label: int | None


@dataclass(eq=False)
class Collection:
    """Samples in the file's order.

    values: (N, C, L) float32 or (N, C, H, W) uint8 or float32; NaN in a sample that has no value at all.
    kind: "signals", "pictures" or "features", (N, 1, F).
    y: (N,) index into `classes`, −1 where a sample has none; None without classes.
    ids, groups: a text a sample; groups are kept whole in a split. None where there are none.
    axis, axis_name, axis_unit: of signals; see base/display.py. channels: (name, unit) of each channel or feature.
    notes: sentences on what was found. label: heading of the column of classes. layout: of a text that has a sample a
    row and was read as it stands there.
    """

    values: np.ndarray
    kind: str
    y: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    ids: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    axis: tuple[float, ...] = ()
    axis_name: str = ""
    axis_unit: str = ""
    channels: tuple[tuple[str, str], ...] = ()
    notes: list[Note] = field(default_factory=list)
    label: str = ""
    layout: Layout | None = None

    def __len__(self) -> int:
        return len(self.values)

    def note(self, what: str, value: object, text: str) -> None:
        """Say what was found; what: the knob that changes it."""
        self.notes.append(Note(what, value, text))

    def set_classes(self, labels: Sequence[str], column: str, asked: bool) -> None:
        """Take a text a sample for its class, "" for none. Raises LatentError where they are asked for and are none."""
        counts = {name: labels.count(name) for name in set(labels) - {""}} if len(labels) < 1000 else _counted(labels)
        name = f"{column[:40]!r}" if column else "The label"
        if len(counts) > MAX_CLASSES or (len(counts) > 1 and max(counts.values()) == 1):
            text = f"{name} has {plural(len(counts), 'different value')}: that is no class a model could learn from"
            if asked and len(counts) > MAX_CLASSES:
                raise LatentError(f"{text} ({MAX_CLASSES} at most): name another column, or none.")
            self.note("label", "none", f"{text}; it is not used.")
            return
        self.classes, self.label = sorted_classes(counts), column
        place = {each: index for index, each in enumerate(self.classes)}
        self.y = np.array([place.get(each, -1) for each in labels], np.int64)
        shown = ", ".join(f"{each} ({counts[each]:,})" for each in self.classes[:8])
        more = f" and {len(counts) - 8} more" if len(counts) > 8 else ""
        self.note("label", column, f"{name} holds {plural(len(counts), 'class', 'classes')}: {shown}{more}.")


def _counted(labels: Sequence[str]) -> dict[str, int]:
    values, counts = np.unique(np.array(labels, dtype=object).astype(str), return_counts=True)
    return {str(v): int(n) for v, n in zip(values, counts, strict=True) if v}


def sorted_classes(names: Sequence[str] | dict[str, int]) -> tuple[str, ...]:
    """Names of classes, numbers by their size.

    >>> sorted_classes(["10", "9", "-1"])
    ('-1', '9', '10')
    """
    try:
        return tuple(sorted(names, key=float))
    except ValueError:
        return tuple(sorted(names))


def whole_text(number: float) -> str:
    """
    >>> whole_text(1.0), whole_text(0.5)
    ('1', '0.5')
    """
    return "" if not np.isfinite(number) else f"{number:g}"


def check_volume(count: int, size: int) -> None:
    """LatentError where so many samples of so many values are too much, or too few."""
    if count * size > MAX_VALUES:
        raise LatentError(
            f"{plural(count, 'sample')} of {size:,} values are more than {MAX_VALUES:,} values in all: bring a part."
        )
    if count < 1 or size < 1:
        raise LatentError("The file holds no samples: give one with a sample in each row, or pictures.")
