"""JSON: an object a line, an array of objects, or an object of columns; nested names are joined by a point."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ....base.errors import LatentError
from ..table import MAX_COLUMNS
from .marks import Marks, plain_text

DEEPEST = 8  # levels of nested objects


def looks_like_json(text: str) -> bool:
    """
    >>> looks_like_json(' [{"a": 1}]'), looks_like_json('{"a": 1}'), looks_like_json("[1] a")
    (True, True, False)
    """
    return re.match(r"\s*([{]\s*[\"}]|\[\s*[{\[])", text) is not None


def read(lines: list[str], text: bytes) -> Marks | None:
    if not looks_like_json("\n".join(lines[:3])):
        return None
    records, gone = _records(text.decode(errors="replace"))
    rows = [_flat(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names or len(names) > MAX_COLUMNS or not rows:
        raise LatentError(
            "This is JSON without a row for each moment: give an object a line, an array of objects, or CSV."
        )
    body = ([row.get(name, "") for name in names] for row in rows)
    made = plain_text([names, *body])
    return Marks("JSON, an object for each row", made, said={"delimiter": ",", "decimal": "."}, left_out=gone)


def _records(text: str) -> tuple[list[dict[str, Any]], int]:
    """(the objects, how many lines hold none)."""
    try:
        return list(_objects(json.loads(text))), 0
    except RecursionError:
        return [], 0
    except ValueError:
        pass
    records, gone = [], 0
    for line in text.splitlines():
        line = line.strip().rstrip(",")
        try:
            record = json.loads(line) if line.startswith("{") else None
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append(record)
        else:
            gone += line not in ("", "[", "]")
    return (records, gone) if gone <= max(1, len(records) // 50) else ([], 0)


def _objects(whole: Any) -> Iterator[dict[str, Any]]:
    if isinstance(whole, dict):
        yield from _of_object(whole)
    elif isinstance(whole, list):
        if len(whole) == 1 and isinstance(whole[0], dict):  # what only wraps the records
            yield from _objects(whole[0])
            return
        for each in whole:
            if isinstance(each, dict):
                yield source if isinstance(source := each.get("_source"), dict) else each  # a hit of Elasticsearch's
            elif isinstance(each, list):
                yield {f"column {j + 1}": value for j, value in enumerate(each)}


def _of_object(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    lists = {name: value for name, value in whole.items() if isinstance(value, list)}
    longest = max(lists, key=lambda name: len(lists[name]), default=None)
    if longest is None:
        inside = [each for each in whole.values() if isinstance(each, dict)]
        yield from _crossed(whole) or max((list(_of_object(each)) for each in inside), key=len, default=[]) or [whole]
        return
    rows = lists.get("data") or lists.get("values")
    if rows and "columns" in lists and all(isinstance(row, list) for row in rows):  # names once, as pandas and InfluxDB
        index = lists.get("index", [])
        for i, row in enumerate(rows):
            own = {"index": index[i]} if len(index) == len(rows) else {}
            yield {**own, **dict(zip(lists["columns"], row, strict=False))}
    elif any(isinstance(each, dict) for each in lists[longest]):
        yield from _objects(lists[longest])
    else:
        columns = {name: values for name, values in lists.items() if len(values) == len(lists[longest])}
        yield from (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _crossed(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Objects of an object of objects with the same names, as pandas writes: {column: {row: value}}, or rows first."""
    inside = list(whole.values())
    if not inside or not all(isinstance(each, dict) and each and each.keys() == inside[0].keys() for each in inside):
        return []
    if any(isinstance(value, (dict, list)) for value in inside[0].values()) or len(whole) * len(inside[0]) < 8:
        return []
    if len(whole) > len(inside[0]):
        return [{"index": row, **each} for row, each in whole.items()]
    return [{"index": row, **{name: each[row] for name, each in whole.items()}} for row in inside[0]]


def _flat(record: dict[str, Any], above: str = "", level: int = 0) -> dict[str, str]:
    """{name: cell}; lists are left out."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        name = f"{above}{name}".replace("\n", " ")
        if isinstance(value, dict) and level < DEEPEST:
            cells |= _flat(value, f"{name}.", level + 1)
        elif isinstance(value, bool):
            cells[name] = str(value).lower()
        elif isinstance(value, (int, float, str)):
            cells[name] = str(value)[:400].replace("\n", " ").replace("\r", " ")
        elif value is None:
            cells[name] = ""
    return cells
