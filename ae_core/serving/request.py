"""What a request may say, and in which sentence it is told what is wrong."""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.errors import LatentError
from ..data.csv.live_times import Moments

MAX_BYTES = 8 << 20  # of a request
MAX_ROWS = 5_000  # of a request
MAX_NAME = 100  # letters of a stream's name
MAX_ROW = 2**53  # as JSON's readers count
TIME = "time"


class Refused(LatentError):  # noqa: N818 (what it is, rather than what went wrong)
    """A request that is not done; status: of HTTP, 4xx."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Request:
    """Rows of a stream. given: of each (its time as text, number or None, and a number or None for each channel)."""

    stream: str
    first: int
    given: list[tuple[Any, list[float | None]]]


def parsed(data: bytes, channels: tuple[str, ...]) -> Request:
    """A request's rows. Raises Refused."""
    try:
        body = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except Refused:
        raise
    except UnicodeDecodeError as error:
        raise Refused(400, "The request is no UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The request is no JSON, or not all of it.") from error
    if not isinstance(body, dict):
        raise Refused(422, 'A request is an object: {"stream": "pump 1", "first": 0, "rows": […]}.')
    if unknown := set(body) - {"stream", "first", "rows", "columns"}:
        raise Refused(422, f"A request has stream, first, rows and columns, and no {min(unknown)[:40]!r}.")
    rows = body.get("rows")
    if not isinstance(rows, list) or not rows:
        raise Refused(422, "rows is a list with at least one row.")
    if len(rows) > MAX_ROWS:
        raise Refused(413, f"A request has at most {MAX_ROWS:,} rows, not {len(rows):,}.")
    columns = _columns(body.get("columns"), channels)
    first = _first(body.get("first"))
    given = [_row(row, columns, channels, first + at) for at, row in enumerate(rows)]
    return Request(stream_name(body.get("stream")), first, given)


def stream_name(name: Any) -> str:
    """Raises Refused where it is none."""
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Refused(422, f"stream is a name of 1 to {MAX_NAME} letters.")
    return name


def moment(said: Any) -> np.datetime64:
    """A time that `_row` has let through."""
    if said is None:
        return np.datetime64("NaT", "ns")
    return Moments().number(float(said)) if isinstance(said, int | float) else Moments().read(said)


def _no_constant(name: str) -> float:
    raise Refused(400, f"{name} is no JSON: a missing value is null.")


def _first(first: Any) -> int:
    if type(first) is not int or not 0 <= first < MAX_ROW:
        raise Refused(422, "first is the number of the first of these rows in its stream, from 0.")
    return first


def _columns(said: Any, channels: tuple[str, ...]) -> list[str]:
    """The columns of rows that are lists."""
    if said is None:
        return list(channels)
    if not isinstance(said, list) or not all(isinstance(name, str) for name in said) or len(set(said)) < len(said):
        raise Refused(422, "columns is a list of names, each once.")
    _check_names(said, channels)
    return said


def _check_names(names: Any, channels: tuple[str, ...]) -> None:
    if missing := [name for name in channels if name not in names]:
        raise Refused(422, f"The rows have no channel {missing[0][:40]!r}, which the run was trained on.")
    if unknown := [name for name in names if name != TIME and name not in channels]:
        raise Refused(422, f"The run has no channel {str(unknown[0])[:40]!r}; time and its channels are taken.")


def _row(row: Any, columns: list[str], channels: tuple[str, ...], number: int) -> tuple[Any, list[float | None]]:
    if isinstance(row, list):
        if len(row) != len(columns):
            raise Refused(422, f"Row {number} has {len(row)} values where there are {len(columns)} columns.")
        row = dict(zip(columns, row, strict=True))
    elif isinstance(row, dict):
        _check_names(row, channels)
    else:
        raise Refused(422, f"Row {number} is neither an object nor a list.")
    said = row.get(TIME)
    if not (said is None or (isinstance(said, str | int | float) and not isinstance(said, bool))) or (
        said is not None and (_is_wild(said) or np.isnat(moment(said)))
    ):
        raise Refused(422, f"Row {number} has no time: ISO 8601, seconds since 1970, or null.")
    return said, [_value(row[name], name, number) for name in channels]


def _value(value: Any, name: str, number: int) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or _is_wild(value):
        raise Refused(422, f"Row {number} has no number for {name[:40]!r}: a missing value is null.")
    return float(value)


def _is_wild(value: Any) -> bool:
    """Whether a number is beyond all floats."""
    if isinstance(value, int):
        return abs(value) > 10**300
    return isinstance(value, float) and not math.isfinite(value)
