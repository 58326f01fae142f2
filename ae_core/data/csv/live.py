"""Rows of a table that come a line at a time: CSV with a heading, or JSON lines, read as the run's own table was.

What can only be found by looking at many rows, such as which column is the time, is taken from the settings of the run
and, where it is still there, the beginning of the table that it was trained on.
"""

import contextlib
import csv
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...base.errors import LatentError
from .cells import LOOKALIKES, MISSING, NO_VALUE, NUMBER, listed
from .dialect import COMMENTS
from .live_times import NO_MOMENT, Moments
from .names import tidy_names
from .numerals import parse_numbers
from .options import TIME_UNITS, Options, make_options
from .report import beginning
from .source import Csv
from .states import STATES
from .table import MAX_VALUE, Table
from .time_names import seconds_of, time_name

SIGNS = ",;\t|"  # that separate columns, the likeliest first where several make as much of a heading
NO_ROW = frozenset((*MISSING, *NO_VALUE))


class Row(NamedTuple):
    """A row that came. values: (C,) in the channels' order, NaN for missing; time: datetime64[ns], NaT where unknown;
    wrong: what is wrong with it, in words, or "".
    """

    values: NDArray
    time: np.datetime64
    wrong: str = ""


@dataclass(frozen=True)
class Hints:
    """What is known of the table before a row of it came.

    Attributes:
        options: what was said.
        time: the columns that say when; (): by their names.
        markers: (channel, number) that means a missing value.
        states: of channels, their words as numbers.
    """

    options: Options
    time: tuple[str, ...] = ()
    markers: tuple[tuple[str, float], ...] = ()
    states: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, origin: Csv) -> "Hints":
        """Of the table that a run was trained on. Raises LatentError for what a stream cannot have."""
        if origin.resample_seconds:
            raise LatentError(
                "The run is of a resampled table, and rows that come one at a time are not resampled: train one with "
                "the rows as they are."
            )
        if origin.layout in ("long", "across", "samples", "days"):
            raise LatentError(f"The run is of a table whose layout is {origin.layout}: a stream has a row a moment.")
        options = make_options(**origin.said())
        options = replace(options, fill=make_options(fill=origin.fill).fill)
        if "line" in options.fill.values():
            raise LatentError(
                "The run fills missing values with a line to the next one, which a stream does not know yet: train one "
                "with fill last."
            )
        table = _beginning(origin)
        if table is None:
            return cls(options, () if options.no_time else options.time)
        notes = {note.what: note.value for note in table.notes}
        if "fill" in notes and not options.fill:
            options = replace(options, fill=dict.fromkeys(notes["fill"], "last"))
        if options.day_first is None and "day_first" in notes:
            options = replace(options, day_first=bool(notes["day_first"]))
        states = {note.value[0]: note.value[1] for note in table.notes if note.what == "states"}
        markers = tuple((note.value[0], note.value[1]) for note in table.notes if note.what == "missing_marker")
        return cls(options, table.about.time_columns or options.time, markers, states)


def _beginning(origin: Csv) -> Table | None:
    """That of the run's own table; None where it is not there any more."""
    if origin.here():
        with contextlib.suppress(LatentError):
            return beginning(origin)
    return None


class LiveReader:
    """Turns lines into rows of a detector's channels.

    Args:
        names: of the C channels.
        hints: as `Hints.of` gives them.

    The first line decides: an object of JSON, or a heading, which may come again; a table without one has the channels
    in their order, behind the time or not. Raises LatentError where a heading has not all channels.
    """

    def __init__(self, names: tuple[str, ...], hints: Hints):
        self.names, self.hints, self.options = names, hints, hints.options
        seconds = TIME_UNITS.get(self.options.time_unit, 1.0)
        self.moments = Moments(self.options.time_format, seconds, self.options.day_first)
        self.kind = ""  # "csv" or "json", once the first line is known
        self.heading = ""
        self.timed = False  # whether rows have a time
        self.width = 0
        self._order: list[int] = []
        self._time: list[int] = []
        self._delimiter = self.options.delimiter or ""
        self._absent = frozenset(self.options.absent)
        markers: dict[str, set[float]] = {}
        for name, number in hints.markers:
            markers.setdefault(name, set()).add(number)
        self._markers = [frozenset(markers.get(name, ())) | self._absent for name in names]
        self._states = [{**STATES, **hints.states.get(name, {}), **dict(self.options.states)} for name in names]
        self._carried = [self.options.fill.get(name, self.options.fill.get("", "")) == "last" for name in names]
        self._steps = [name in self.options.steps for name in names]
        self.before = np.full((2, len(names)), np.nan)  # the last values that were carried, and of counters
        self._below = False  # whether the next line may still hold the units

    def row(self, line: str) -> Row | None:
        """The row that a line is; None for a heading, units below it, and blank lines."""
        line = line.rstrip("\r\n").lstrip("\ufeff")
        if not line.strip():
            return Row(np.full(1, np.nan), NO_MOMENT) if self.kind == "csv" and self.width == 1 else None
        if not self.kind:
            self.kind = "json" if line.lstrip().startswith("{") else "csv"
            if self.kind == "csv":
                return self._begin(line)
        if self.kind == "json":
            return self._of_json(line)
        if line == self.heading:
            self._below = True
            return None
        cells = self._cells(line)
        if line.startswith(COMMENTS) and len(cells) < self.width:
            return None
        if self._below:
            self._below = False
            if not any(self._is_value(cells[at]) for at in self._order if at < len(cells)) and any(cells):
                return None
        return self._of_cells(cells)

    def rejoin(self, heading: str) -> None:
        """Go on with a table whose heading came before; "" where it had none, or was JSON."""
        if heading:
            self.kind = "csv"
            self._begin(heading)
            self._below = False

    def starts_again(self, line: str) -> bool:
        """Whether the first line of another file is a heading of its own, which is then taken."""
        line = line.rstrip("\r\n").lstrip("\ufeff")
        if self.kind != "csv" or not self.heading or line == self.heading:
            return False
        with contextlib.suppress(LatentError):
            other = LiveReader(self.names, self.hints)
            if other.row(line) is None and other.heading:
                self._begin(line)
                return True
        return False

    def _begin(self, line: str) -> Row | None:
        """Take the first line of a table: a heading, or a row where there is none."""
        signs = [self._delimiter] if self.options.delimiter else [sign for sign in SIGNS if sign in line] or [","]
        tried: list[tuple[int, str, list[str], list[str]]] = []
        for sign in signs:
            self._delimiter = sign
            names, units = tidy_names(cells := self._cells(line), [""] * len(cells))
            tried.append((len(set(names) & set(self.names)), sign, names, units))
        count, self._delimiter, names, units = max(tried, key=lambda each: (each[0], len(each[2])))
        if not count and self._begins_without_heading(names, self._cells(line)):
            return self._of_cells(self._cells(line))
        if missing := [name for name in self.names if name not in names]:
            raise LatentError(
                f"The rows have no channel {missing[0][:40]!r}, which the run was trained on; their heading has "
                f"{listed(names)}."
            )
        self.heading, self.width, self._below = line, len(names), True
        self._order = [names.index(name) for name in self.names]
        self._time = self._time_columns(names)
        self.timed = bool(self._time)
        if len(self._time) == 1 and not self.options.time_unit:
            self.moments.seconds = seconds_of(names[self._time[0]], units[self._time[0]])
        return None

    def _begins_without_heading(self, names: list[str], cells: list[str]) -> bool:
        """Whether a table has as many columns as there are channels, or one more, a time, and begins with a row."""
        more = len(cells) - len(self.names)
        if more not in (0, 1) or not any(self._is_value(cell) for cell in cells[more:]):
            return False
        self.width, self._order = len(cells), list(range(more, len(cells)))
        self._time = list(range(more))
        self.timed = bool(more)
        return True

    def _time_columns(self, names: list[str]) -> list[int]:
        if self.options.no_time:
            return []
        if self.hints.time and all(name in names for name in self.hints.time):
            return [names.index(name) for name in self.hints.time]
        others = [at for at, name in enumerate(names) if name not in self.names]
        return [at for at in others if time_name(names[at]) == 1][:1]

    def _cells(self, line: str) -> list[str]:
        if self._delimiter == " ":
            return line.split()
        if '"' in line:
            try:
                return [cell.strip() for cell in next(csv.reader([line], delimiter=self._delimiter))]
            except csv.Error:
                pass  # split as it is: the row will have another width
        return [cell.strip() for cell in line.split(self._delimiter)]

    def _of_cells(self, cells: list[str]) -> Row:
        wrong = ""
        if len(cells) != self.width:
            spare = any(cells[self.width :])
            if spare or len(cells) < self.width:
                wrong = f"it has {len(cells)} cells where the heading has {self.width}"
            if spare:  # what fits in no way is left empty, as in a file
                return self._finished([math.nan] * len(self.names), NO_MOMENT, wrong)
            cells = [*cells, *[""] * self.width][: self.width]
        time: np.datetime64 = NO_MOMENT
        if self._time:
            time = self.moments.read(" ".join(cells[at] for at in self._time))
        return self._finished([self._number(cells[at], channel) for channel, at in enumerate(self._order)], time, wrong)

    def _of_json(self, line: str) -> Row:
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return self._finished([math.nan] * len(self.names), NO_MOMENT, "it is no object of JSON")
        key = next((key for key in (*self.hints.time, *given) if key in given and self._is_time(key)), None)
        time: np.datetime64 = NO_MOMENT
        if key is not None:
            self.timed, said = True, given[key]
            is_number = isinstance(said, int | float) and not isinstance(said, bool)
            time = self.moments.number(float(said)) if is_number else self.moments.read(str(said))
        values = [self._of_value(given.get(name), at) for at, name in enumerate(self.names)]
        absent = [name for name in self.names if name not in given]
        return self._finished(values, time, f"it has no {absent[0][:40]!r}" if absent else "")

    def _is_time(self, key: str) -> bool:
        return key not in self.names and (key in self.hints.time or time_name(key) == 1)

    def _of_value(self, value: Any, channel: int) -> float:
        if isinstance(value, str):
            return self._number(value.strip(), channel)
        return float(value) if isinstance(value, bool | int | float) else math.nan

    def _is_value(self, cell: str) -> bool:
        return cell.lower() in NO_ROW or not math.isnan(self._number(cell))

    def _number(self, cell: str, channel: int = 0) -> float:
        if self._delimiter != "," and "," in cell and self.options.decimal != ".":
            cell = (cell.replace(".", "") if cell.rfind(",") > cell.rfind(".") else cell).replace(",", ".")
        elif self.options.decimal == "," and cell.count(".") == 1 and "," not in cell:
            cell = cell.replace(".", "")
        try:
            return math.nan if "_" in cell or cell in self.options.missing else float(cell)
        except ValueError:
            return self._other(cell, channel)

    def _other(self, cell: str, channel: int) -> float:
        """The number in a cell with a unit, or the one that a state is."""
        low = cell.lower()
        if low in NO_ROW:
            return math.nan
        if low in self._states[channel]:
            return self._states[channel][low]
        plain = "".join(LOOKALIKES.get(sign, sign) for sign in cell)
        match = NUMBER.fullmatch(plain)
        if not match or not match["number"]:
            return math.nan
        import pyarrow as pa

        return float(parse_numbers(pa.chunked_array([[plain]]), ".", match["unit"] or "")[0][0])

    def _finished(self, values: list[float], time: np.datetime64, wrong: str = "") -> Row:
        made = np.array(values)
        made[~(np.abs(made) <= MAX_VALUE)] = np.nan
        for at, markers in enumerate(self._markers):
            if markers and float(made[at]) in markers:
                made[at] = np.nan
        for at, counts in enumerate(self._steps):
            if counts:
                now, made[at] = made[at], made[at] - self.before[1, at]
                self.before[1, at] = now
        for at, carries in enumerate(self._carried):
            if carries:
                made[at] = self.before[0, at] if math.isnan(made[at]) else made[at]
                self.before[0, at] = made[at]
        return Row(made, time, wrong)
