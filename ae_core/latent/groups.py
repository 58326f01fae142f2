"""Groups of held-out samples that somebody named: as a table that goes out and comes in again, and as marks."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..base.errors import LatentError
from ..io.tables import csv_text

MOST = 12  # groups at once: as many as can be told apart by colour
MOST_CHARACTERS = 40  # of a name
MOST_BYTES = 50 << 20  # of a table that comes in
INDEX, NAME = "index", "group"

NOT_TEXT = "This file is no text: bring the CSV that was taken from here, or one with the columns index and group."
NO_COLUMNS = "This file has no groups of samples: it needs a line of headings, with index and group among them."
NOTHING = "This file has its headings and no line below them."
BAD_INDEX = "Line {line} of this file has {text!r} as its index: it must be a whole number from 0 to {last}."
BAD_NAME = "Line {line} of this file names no group: each needs a name of 1 to {most} characters."
TOO_MANY = "There would be {count:,} groups: {most} at most can be told apart, so fewer names are needed."
TOO_LARGE = "This file has more than {most} MB: bring one with the columns index and group alone."

Groups = dict[str, np.ndarray]


def checked_name(text: str) -> str:
    """A name as it is kept, without blanks around it; LatentError where it is none."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= MOST_CHARACTERS or not name.isprintable():
        raise LatentError(f"A group needs a name of 1 to {MOST_CHARACTERS} characters.")
    return name


def added(groups: Mapping[str, np.ndarray], more: Mapping[str, np.ndarray]) -> Groups:
    """These groups with more, which replace those of the same names. LatentError where they become too many."""
    all_of_them = {**groups, **{name: np.unique(rows) for name, rows in more.items()}}
    if len(all_of_them) > MOST:
        raise LatentError(TOO_MANY.format(count=len(all_of_them), most=MOST))
    return all_of_them


def groups_csv(
    groups: Mapping[str, np.ndarray], z: np.ndarray, y: np.ndarray | None = None, classes: Sequence[str] = ()
) -> str:
    """A line for each sample of each group: index among the held-out ones, the group's name, code, class if any.

    z: codes (N, k); y: classes (N,), as numbers.
    """
    named = y is not None and len(classes) > 0
    rows = []
    for name, members in groups.items():
        for n in members.tolist():
            code = [f"{value:.6g}" for value in z[n]]
            rows.append([n, name, *code, *([classes[y[n]]] if named and y is not None else [])])
    header = [INDEX, NAME, *(f"z{i + 1}" for i in range(z.shape[1])), *(["class"] if named else [])]
    return csv_text(header, rows)


def read_groups(data: bytes, count: int) -> Groups:
    """The groups of a table that `groups_csv` wrote, or of any with these two columns. LatentError says what is wrong.

    count: of the held-out samples that an index can mean.
    """
    if len(data) > MOST_BYTES:
        raise LatentError(TOO_LARGE.format(most=MOST_BYTES >> 20))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LatentError(NOT_TEXT) from error
    if "\0" in text:
        raise LatentError(NOT_TEXT)
    first, _, _ = text.partition("\n")
    separator = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return _read(reader, count)
    except csv.Error as error:
        raise LatentError(NO_COLUMNS) from error


def _read(reader: Any, count: int) -> Groups:  # what csv.reader gives has no public name
    header = [cell.strip().lower() for cell in next(reader, [])]
    if INDEX not in header or NAME not in header:
        raise LatentError(NO_COLUMNS)
    at, called = header.index(INDEX), header.index(NAME)
    found: dict[str, list[int]] = {}
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        cell, name = (row[i].strip() if i < len(row) else "" for i in (at, called))
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10 and int(cell) < count):
            raise LatentError(BAD_INDEX.format(line=reader.line_num, text=cell[:20], last=count - 1))
        if name[:1] == "'" and name[1:2] in ("=", "+", "-", "@"):  # made safe for a spreadsheet
            name = name[1:]
        if not 1 <= len(" ".join(name.split())) <= MOST_CHARACTERS or not name.isprintable():
            raise LatentError(BAD_NAME.format(line=reader.line_num, most=MOST_CHARACTERS))
        found.setdefault(" ".join(name.split()), []).append(int(cell))
    if not found:
        raise LatentError(NOTHING)
    return added({}, {name: np.array(rows) for name, rows in found.items()})


def marks(groups: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """For each of `count` samples the number of the last group that it is in, from 0, or -1: (count,), int64."""
    of_each = np.full(count, -1)
    for number, rows in enumerate(groups.values()):
        of_each[rows[rows < count]] = number
    return of_each
