"""Hyperparameters as dataclass fields that carry their own help, range and unit.

The command line, the Train form, the saved config and the tests all read these fields, so that a knob is
written down once: where it is used.
"""

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import LatentError

SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}


@dataclass(frozen=True)
class Knob:
    """What a field's metadata says about it.

    Args:
        help: a phrase for forms and --help.
        low, high: the range of a number, both inclusive.
        unit: of a number.
        choices: the values of a text.
        aliases: names that it had before: files, links and command lines that say them keep reading.
    """

    help: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


def option(default: Any, help: str, **about: Any) -> Any:
    """A dataclass field with a default and a `Knob`."""
    return dataclasses.field(default=default, metadata={"knob": Knob(help, **about)})


def knobs(owner: type) -> dict[str, dataclasses.Field]:
    """The fields of a dataclass that a person may set, by name."""
    return {f.name: f for f in dataclasses.fields(owner) if "knob" in f.metadata}


def current_names(fields: Mapping[str, dataclasses.Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` under the names that the knobs have today; one that is given under both keeps today's."""
    today = {alias: name for name, f in fields.items() for alias in f.metadata["knob"].aliases}
    renamed = {today[name]: value for name, value in values.items() if name in today}
    return renamed | {name: value for name, value in values.items() if name not in today}


def check(name: str, value: Any, field: dataclasses.Field) -> Any:
    """`value` in the field's own type, or a LatentError that says what the field takes.

    Args:
        name: of the field, for the sentence.
        value: of any type: what a form, a link, a file or a command line says.
        field: of a dataclass, made by `option`.
    """
    knob: Knob = field.metadata["knob"]
    kind = type(field.default)
    flag = name.replace("_", "-")
    try:
        value = CONVERSIONS.get(kind, str)(_in_seconds(value) if knob.unit == "s" else value)
    except (TypeError, ValueError, KeyError, OverflowError):
        raise LatentError(f"{flag} takes {TAKES.get(kind, 'a text')}, not {str(value)[:40]!r}.") from None
    if knob.choices and value not in knob.choices:
        raise LatentError(f"{flag} is one of {', '.join(knob.choices)}, not {str(value)[:40]!r}.")
    low, high = (-math.inf if knob.low is None else knob.low), (math.inf if knob.high is None else knob.high)
    for number in value if kind is tuple else (value,) if kind in (int, float) else ():
        if not low <= number <= high:
            given = f"{number:g}" if abs(number) < 1e300 else "a number of hundreds of digits"
            raise LatentError(f"{flag} must be between {low:g} and {high:g}, got {given}.")
    return value


def _whole_numbers(value: Any) -> tuple[int, ...]:
    parts = value.split(",") if isinstance(value, str) else [value] if isinstance(value, int) else value
    return tuple(int(part) for part in parts if str(part).strip())


def _truth(value: Any) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]


def _whole_number(value: Any) -> int:
    number = float(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _in_seconds(value: Any) -> Any:
    """A duration with its unit, such as "5 min", as seconds; anything else as it is."""
    duration = re.fullmatch(r"\s*([\d.]+)\s*(ms|s|min|h|d)\s*", value) if isinstance(value, str) else None
    return float(duration[1]) * SECONDS[duration[2]] if duration else value


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


CONVERSIONS: dict[type, Callable[[Any], Any]] = {
    tuple: _whole_numbers,
    bool: _truth,
    int: _whole_number,
    float: _finite,
}
TAKES = {
    tuple: "whole numbers with commas between them",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}


def build(owner: type, values: dict[str, Any]) -> Any:
    """An instance of a dataclass from loose values by name, each checked; LatentError for a wrong value or name.

    >>> from ae_core.data.sinusoids import Sinusoids
    >>> build(Sinusoids, {"complexity": "3"}).complexity
    3
    """
    fields = knobs(owner)
    values = current_names(fields, values)
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise LatentError(f"{owner.__name__} has no setting {unknown[0]!r}; it has {', '.join(fields) or 'none'}.")
    return owner(**{name: check(name, value, fields[name]) for name, value in values.items()})
