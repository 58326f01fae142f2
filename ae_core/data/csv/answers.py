"""What a person answers to what is doubtful, as settings of the source `Csv`."""

from collections.abc import Iterable, Mapping
from typing import Any

from .table import SURE, Doubt

JOINED = ("missing", "values", "steps", "states", "fill")  # settings that are lists, to which an answer adds


def answered(source: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The settings `source` with an answer: `Doubt.keep` or `Doubt.instead`.

    >>> answered({"file": "a.csv", "missing": "-999"}, {"missing": "-7999", "day_first": "no"})
    {'file': 'a.csv', 'missing': '-999,-7999', 'day_first': 'no'}
    """
    said = dict(source)
    for name, value in answer.items():
        before = str(said.get(name, "")) if name in JOINED and value != "none" else ""
        said[name] = f"{before},{value}" if before and before != value else value
    return said


def open_doubts(doubts: Iterable[Doubt], closed: Iterable[str] = ()) -> list[Doubt]:
    """Those that are not sure and whose texts nobody has closed, the least sure first."""
    done = set(closed)
    return [doubt for doubt in doubts if doubt.confidence < SURE and doubt.text not in done]
