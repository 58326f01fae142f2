"""Hyperparameters as dataclass fields that carry their own help, range and unit.

The command line, the Train form, the saved config and the tests all read these fields, so that a knob is
written down once: where it is used.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import LatentError


@dataclass(frozen=True)
class Knob:
    """What a field's metadata says about it; low and high are inclusive."""

    help: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # names that it had before: files, links and command lines that say them keep reading


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
    """`value` in the field's own type, or a LatentError that says what the field takes."""
    knob: Knob = field.metadata["knob"]
    kind = type(field.default)
    flag = name.replace("_", "-")
    try:
        if kind is tuple:
            parts = value.split(",") if isinstance(value, str) else value
            value = tuple(int(v) for v in ([parts] if isinstance(parts, int) else parts) if str(v).strip())
        elif kind is bool:
            if str(value).lower() not in ("true", "false", "1", "0"):
                raise ValueError
            value = str(value).lower() in ("true", "1")
        elif kind is int:
            if float(value) != int(float(value)):
                raise ValueError
            value = int(float(value))
        elif kind is float:
            value = float(value)
            if not math.isfinite(value):
                raise ValueError
        else:
            value = str(value)
    except (TypeError, ValueError, OverflowError):
        wanted = {
            tuple: "whole numbers with commas between them",
            bool: "true or false",
            int: "a whole number",
            float: "a number",
        }
        raise LatentError(f"{flag} takes {wanted.get(kind, 'a text')}, not {str(value)[:40]!r}.") from None
    if knob.choices and value not in knob.choices:
        raise LatentError(f"{flag} is one of {', '.join(knob.choices)}, not {str(value)[:40]!r}.")
    for number in value if kind is tuple else (value,):
        if kind in (tuple, int, float) and (
            (knob.low is not None and number < knob.low) or (knob.high is not None and number > knob.high)
        ):
            given = f"{number:g}" if abs(number) < 1e300 else "a number of hundreds of digits"
            raise LatentError(f"{flag} lies between {knob.low:g} and {knob.high:g}, not at {given}.")
    return value


def build(owner: type, values: dict[str, Any]) -> Any:
    """An instance of a dataclass from loose values, each checked; unknown names are refused."""
    fields = knobs(owner)
    values = current_names(fields, values)
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise LatentError(f"{owner.__name__} has no setting {unknown[0]!r}; it has {', '.join(fields) or 'none'}.")
    return owner(**{name: check(name, value, fields[name]) for name, value in values.items()})
