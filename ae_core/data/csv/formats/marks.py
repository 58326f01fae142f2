"""What a format with a name says about a file, so that it need not be found out."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..columns import Column
from ..options import Options


@dataclass(frozen=True)
class Marks:
    """title: as in "The file is …". text: the table made plain, UTF-8, or None where it is so already.

    time, label: columns by name. left_out: columns that are no channels. step, start: seconds from row to row where the
    format has no time column, or counts rows; said: further options. lines_left_out: lines that are no rows.
    """

    title: str = ""
    text: bytes | None = None
    time: tuple[str, ...] = ()
    label: str | None = None
    drop: tuple[str, ...] = ()
    step: float = 0.0
    counter: str = ""
    start: float = 0.0
    said: dict[str, Any] = field(default_factory=dict)
    left_out: int = 0

    def options(self, options: Options) -> Options:
        """What a person said, and of the rest what the format says."""
        default = Options()
        return replace(options, **{k: v for k, v in self.said.items() if getattr(options, k) == getattr(default, k)})

    def applied(self, columns: list[Column]) -> list[Column]:
        """The columns without those that are no channels, with a time made of a counter where the format says how."""
        columns = [column for column in columns if column.name not in self.drop]
        if not self.step:
            return columns
        rest = [column for column in columns if column.name != self.counter]
        count = next((c.numbers for c in columns if c.name == self.counter), None)
        rows = np.arange(len(columns[0]), dtype=float)
        if count is not None and np.isfinite(count).any():  # a cell that was lost lies between its neighbours
            known = np.isfinite(count)
            rows = np.where(known, count, np.interp(rows, rows[known], count[known]))
        return [Column(self.counter or "time", "s", self.start + rows * self.step), *rest]


def plain_text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """Rows as a text table."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def cells(line: str, delimiter: str = ",") -> list[str]:
    """The cells of a line, without blanks and quotes around them."""
    return [
        cell.strip().strip("'") for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    ]


def after_lines(text: bytes, count: int) -> bytes:
    """The text without its first lines."""
    at = 0
    for _ in range(count):
        at = text.find(b"\n", at) + 1
        if not at:
            return b""
    return text[at:]


def headed(names: Sequence[str], units: Sequence[str], body: bytes, delimiter: str = ",") -> bytes:
    """A body of rows below one line of names with their units."""
    units = [*units, *[""] * len(names)][: len(names)]
    return plain_text([[f"{n} [{u}]" if u else n for n, u in zip(names, units, strict=True)]], delimiter) + body
