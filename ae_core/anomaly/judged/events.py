"""Stretches that somebody judged, as a CSV file that spreadsheets, the page and `score --events` read.

Its columns are start, end, verdict, name, comment; the last two may be missing. Start and end are rows from 0, the end
exclusive, or times, the end included, as everywhere else.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...base.errors import LatentError
from ...base.text import CONTROL, plural
from ...data.csv.cells import span
from ...io.tables import csv_text

NORMAL, LOOK_AGAIN, FAULT = VERDICTS = ("normal", "look again", "fault")
COLUMNS = ("start", "end", "verdict", "name", "comment")
NEEDED = COLUMNS[:3]
MAX_EVENTS = 5000  # nobody judges more by hand, and what follows from them is computed while somebody waits
MAX_BYTES = 8 << 20
MAX_NAME, MAX_COMMENT = 80, 2000  # characters
SAFE = re.compile(r"'(?=[=+\-@\t\r])")  # what a cell is begun with, so that no spreadsheet runs it
TIME = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?"


class Event(NamedTuple):
    """A stretch that somebody judged.

    Attributes:
        start, end: first row, row after the last.
        verdict: one of VERDICTS.
        name: of its kind, "" for none.
        comment: "" for none.
        id: by which it is changed, "" for one of a file.
    """

    start: int
    end: int
    verdict: str
    name: str = ""
    comment: str = ""
    id: str = ""

    @property
    def is_fault(self) -> bool:
        return self.verdict == FAULT

    @property
    def is_normal(self) -> bool:
        return self.verdict == NORMAL


class Events(NamedTuple):
    """The events of a file. here: those whose rows the table has, in order; outside: how many others there are."""

    here: list[Event]
    outside: int = 0

    def words(self, rows: int) -> str:
        """Those that are not here, as a sentence; "" where all are."""
        if not self.outside:
            return ""
        verb = "lies" if self.outside == 1 else "lie"
        return (
            f"{self.outside:,} of {plural(len(self.here) + self.outside, 'event')} {verb} outside the {rows:,} rows of "
            "this file: kept, and not used here."
        )


def clean(text: object, most: int) -> str:
    """What somebody wrote, without control characters, in one line, at most so many characters."""
    return " ".join(CONTROL.sub(" ", str(text)).split())[:most]


def read_events(path: Path, rows: int, time: np.ndarray | None) -> Events:
    """The events of a file, of a table of so many rows. Raises LatentError with one sentence for each fault.

    time: datetime64[ns] (rows,) of the table, or None.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LatentError(f"{path} has more than {MAX_BYTES >> 20} MB: it is no list of events.")
        data = path.read_bytes()
    except OSError as error:
        raise LatentError(f"The events cannot be read: {path} ({error.strerror or error}).") from error
    return parse_events(data, rows, time, path.name)


def parse_events(data: bytes, rows: int, time: np.ndarray | None, name: str = "This file") -> Events:
    """`read_events` of a file's bytes. name: what it is called in a sentence."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LatentError(f"{name} is no list of events: save it as CSV in UTF-8.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise LatentError(f"{name} is no list of events: it cannot be read as CSV ({error}).") from error
    heading = [cell.strip().lower() for cell in lines[0]] if lines else []
    if missing := [column for column in NEEDED if column not in heading]:
        raise LatentError(
            f"{name} is no list of events: it has no column {missing[0]!r}; its columns are {', '.join(COLUMNS)}."
        )
    body = [(number, line) for number, line in enumerate(lines[1:], 2) if any(cell.strip() for cell in line)]
    if len(body) > MAX_EVENTS:
        raise LatentError(f"{name} has {len(body):,} events, and {MAX_EVENTS:,} are taken: give those that matter.")
    places = _Places(rows, time)
    read: list[tuple[Event, int]] = []
    outside = 0
    for number, line in body:
        cells = dict(zip(heading, [*line, *[""] * len(heading)], strict=False))
        event = _event(cells, places, f"line {number} of {name}")
        if event is None:
            outside += 1
        else:
            read.append((event, number))
    read.sort(key=lambda each: (each[0].start, each[0].end))
    for (one, first_line), (other, second_line) in itertools.pairwise(read):
        if other.start < one.end:
            raise LatentError(
                f"Two events of {name} overlap, lines {first_line} and {second_line} (rows {one.start:,} to "
                f"{one.end - 1:,} and {other.start:,} to {other.end - 1:,}): let one end before the other begins."
            )
    return Events([event for event, _ in read], outside)


def _event(cells: dict[str, str], places: "_Places", where: str) -> Event | None:
    """The event of a line, None where it lies outside. Raises LatentError."""
    verdict = " ".join(cells["verdict"].lower().replace("_", " ").split())
    if verdict not in VERDICTS:
        raise LatentError(
            f"The verdict of {where} is {cells['verdict'].strip()[:40]!r}: it is one of {', '.join(VERDICTS)}."
        )
    ends = places.rows_of(cells["start"].strip(), cells["end"].strip(), where)
    if ends is None:
        return None
    texts = (SAFE.sub("", cells.get(column, ""), count=1) for column in ("name", "comment"))
    return Event(*ends, verdict, *map(clean, texts, (MAX_NAME, MAX_COMMENT)))


class _Places:
    """Where in a table a start and an end lie."""

    def __init__(self, rows: int, time: np.ndarray | None):
        self.rows, self.time = rows, time

    def rows_of(self, start: str, end: str, where: str) -> tuple[int, int] | None:
        """(first row, row after the last), None where the table has not all of them. Raises LatentError."""
        if re.fullmatch(r"\d{1,12}", start) and re.fullmatch(r"\d{1,12}", end):
            first, last = int(start), int(end)
            if last <= first:
                raise LatentError(f"The end of {where} is not behind its start: END is the row after the last.")
            return (first, last) if last <= self.rows else None
        if not (re.fullmatch(TIME, start) and re.fullmatch(TIME, end)):
            raise LatentError(
                f"Start and end of {where} are rows from 0 or times such as 2024-03-01T12:00:00, not {start[:30]!r} "
                f"and {end[:30]!r}."
            )
        if self.time is None:
            raise LatentError(f"{where[0].upper()}{where[1:]} has times, and the table has none: give rows from 0.")
        begins, ends = _moment(start, where), _moment(end, where)
        if ends < begins:
            raise LatentError(f"The end of {where} lies before its start.")
        known = self.time[~np.isnat(self.time)]
        if not len(known) or begins < known.min() or ends > known.max():
            return None
        inside = np.flatnonzero((self.time >= begins) & (self.time <= ends))
        return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else None


def _moment(text: str, where: str) -> np.datetime64:
    import pandas as pd

    try:
        moment = pd.Timestamp(text)
        moment = moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo else moment
        return moment.to_datetime64().astype("datetime64[ns]")
    except ValueError as error:
        raise LatentError(f"{text[:30]!r} in {where} is no time that there is.") from error


def events_csv(events: Iterable[Event], time: np.ndarray | None) -> str:
    """The file that `read_events` reads. With times where the rows of a table have them, each later than the one
    before, so that a longer file of the same machine has them too; else with rows.
    """
    by_time = time is not None and len(time) > 0 and not np.isnat(time).any() and bool((time[1:] > time[:-1]).all())

    def place(row: int) -> object:
        return iso(time[row]) if by_time and time is not None else row

    return csv_text(
        COLUMNS,
        (
            (place(each.start), place(each.end - 1 if by_time else each.end), each.verdict, each.name, each.comment)
            for each in sorted(events)
        ),
    )


def iso(moment: np.datetime64) -> str:
    """A moment in as many digits as it needs.

    >>> iso(np.datetime64("2024-03-01T12:00:00.250000000"))
    '2024-03-01T12:00:00.25'
    """
    whole, _, part = str(moment.astype("datetime64[ns]")).partition(".")
    return f"{whole}.{part.rstrip('0')}" if part.strip("0") else whole


def reaches(events: Sequence[Event], rows: int, window: int) -> list[tuple[int, int]]:
    """The rows whose scores an event has, (first, one after the last): its own and those whose windows still hold one
    of them, up to the next event.

    >>> reaches([Event(10, 20, "fault"), Event(25, 30, "normal")], 100, 8)
    [(10, 25), (25, 37)]
    """
    starts = np.sort([each.start for each in events])
    later = np.searchsorted(starts, [each.start for each in events], "right")
    following = [*map(int, starts), rows]
    return [
        (each.start, max(each.end, min(each.end + window - 1, following[n], rows)))
        for each, n in zip(events, later, strict=True)
    ]


def lasting(event: Event, step: float | None) -> str:
    """How long an event is. step: seconds from row to row, or None."""
    rows = event.end - event.start
    return span(rows * step) if step else plural(rows, "row")
