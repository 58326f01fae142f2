"""JSON as databases of time series answer: Prometheus, OpenTSDB, Graphite."""

import json
from collections.abc import Iterator
from typing import Any

from .json_records import looks_like_json
from .marks import Marks, plain_text

Row = tuple[str, str, str]  # when, whose, value
MARKS = ('"dps"', '"resultType"', '"datapoints"')
SAID = {"delimiter": ",", "decimal": "."}


def read(lines: list[str], text: bytes) -> Marks | None:
    start = "\n".join(lines[:400])
    if not looks_like_json(start) or not any(mark in start for mark in MARKS):
        return None
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for title, series in (
        ("Prometheus' answer", _prometheus), ("OpenTSDB's answer", _opentsdb), ("Graphite's answer", _graphite)
    ):  # fmt: skip
        try:
            rows = list(series(whole))
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            continue
        if rows:
            return _long(title, rows)
    return None


def _long(title: str, rows: list[Row]) -> Marks:
    names = {name for _, name, _ in rows}
    if len(names) == 1:
        made = plain_text([("time", next(iter(names)) or "value"), *((when, value) for when, _, value in rows)])
        return Marks(title, made, ("time",), said=SAID)
    return Marks(title, plain_text([("time", "name", "value"), *rows]), ("time",), said={**SAID, "layout": "long"})


def _named(labels: dict[str, Any], several: list[dict[str, Any]], own: str = "") -> str:
    """What tells a series from the others: its metric, and the labels in which they differ."""
    differing = [key for key in labels if len({str(each.get(key)) for each in several}) > 1]
    parts = [own, *(str(labels[key]) for key in differing if key != "__name__" or not own)]
    return " ".join(part for part in parts if part)


def _prometheus(whole: Any) -> Iterator[Row]:
    """{"data": {"resultType": "matrix", "result": [{"metric": {…}, "values": [[seconds, "value"], …]}]}}"""
    result = whole["data"]["result"]
    labels = [each["metric"] for each in result]
    for each in result:
        name = _named(each["metric"], labels, str(each["metric"].get("__name__", "")))
        yield from ((str(when), name, str(value)) for when, value in each["values"])


def _opentsdb(whole: Any) -> Iterator[Row]:
    """[{"metric": …, "tags": {…}, "dps": {"seconds": value} or [[seconds, value], …]}]"""
    tags = [each.get("tags", {}) for each in whole]
    for each in whole:
        points = each["dps"].items() if isinstance(each["dps"], dict) else each["dps"]
        name = _named(each.get("tags", {}), tags, str(each["metric"]))
        yield from ((str(when), name, str(value)) for when, value in points)


def _graphite(whole: Any) -> Iterator[Row]:
    """[{"target": …, "datapoints": [[value or null, seconds], …]}]"""
    for each in whole:
        for value, when in each["datapoints"]:
            yield str(when), str(each["target"]), "" if value is None else str(value)
