"""A table each of whose lines was put into quotes as a whole, as happens to one that is exported twice."""

import csv
from collections import Counter

from .marks import Marks


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line.rstrip("\r") for line in lines[:60] if line.strip()]
    if len(some) < 4 or not all(len(line) > 2 and line[0] == line[-1] == '"' for line in some):
        return None
    inner = [_inside(line) for line in some]
    for sign in ",;\t":
        counts = Counter(None if line is None else line.count(sign) for line in inner)
        usual, often = counts.most_common(1)[0]
        if usual and often > 0.9 * len(inner):
            plain = (_inside(line.rstrip("\r")) for line in text.decode(errors="replace").split("\n"))
            return Marks("a table each of whose lines is in quotes", "\n".join(line or "" for line in plain).encode())
    return None


def _inside(line: str) -> str | None:
    """What stands in the quotes around a line; None where they are not around all of it."""
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
    return cells[0] if len(cells) == 1 else None
