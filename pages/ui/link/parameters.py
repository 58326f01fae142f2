"""What a link may say: each parameter is declared once, and is read, written, checked and documented from that.

A parameter's texts are checked against a `subject`: what the page is about when the link is read, mostly its model.
Where a default, a bound or a list of choices depends on it, it is a function of the subject.
"""

import base64
import binascii
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...components.address.types import Moved, OwnLink

MAX_DRAWING = 6000  # characters of a drawn picture that a link may hold
MAX_QUOTED = 60  # characters of a link that are said again in a sentence

Of = Any  # a value, or a function of the subject that gives one


class Misfit(ValueError):  # noqa: N818 (it is no error of the program)
    """A text of a link that does not fit: a sentence without its full stop; `instead`: the nearest value that does."""

    def __init__(self, sentence: str, instead: Any = None):
        super().__init__(sentence)
        self.instead = instead


def _of(value: Of, subject: Any) -> Any:
    return value(subject) if callable(value) else value


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One part of a link.

    name: its key in the link; about: what it sets, in words for the documentation.
    default: what holds without it, which is never written; None where nothing is set.
    field: its key in the page's view, where that is another. alias: older names, still read, never written.
    entry: whether a change of it is a choice, to which the browser's Back leads; a drag is none. Of what is partly
    chosen and partly dragged a function of its text before and now, "" where it was or is left out.
    menu: whether it chooses the figure (model, mode): it stays when the figure's own parameters mean nothing any more.
    """

    name: str
    about: str
    default: Of = None
    field: str = ""
    alias: tuple[str, ...] = ()
    entry: bool | Callable[[str, str], bool] = False
    menu: bool = False

    def is_choice(self, before: str, now: str) -> bool:
        """Whether this change of its text is an entry of the browser's history."""
        return before != now and (self.entry(before, now) if callable(self.entry) else self.entry)

    @property
    def key(self) -> str:
        """Its key in the page's view."""
        return self.field or self.name

    def parse(self, text: str, subject: Any = None) -> Any:
        """The value that a text means. Raises ValueError, or Misfit with its own sentence, where it does not fit."""
        raise NotImplementedError

    def format(self, value: Any, subject: Any = None) -> str:
        """A value as the link has it."""
        return f"{value:.9g}" if isinstance(value, float) else str(value)

    def fits(self, subject: Any = None) -> str:
        """What fits, said after the name: "must be …"."""
        raise NotImplementedError

    @property
    def values(self) -> str:
        """What fits, for the documentation: without a subject."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of some words."""

    choices: Of = ()
    entry: bool | Callable[[str, str], bool] = True

    def parse(self, text: str, subject: Any = None) -> str:
        if text not in _of(self.choices, subject):
            raise ValueError(text)
        return text

    def fits(self, subject: Any = None) -> str:
        choices = _of(self.choices, subject)
        return f"must be one of {', '.join(choices)}" if choices else "is not offered here"

    @property
    def values(self) -> str:
        return "one of those on the page" if callable(self.choices) else ", ".join(f"`{c}`" for c in self.choices)


@dataclass(frozen=True, kw_only=True)
class Name(Parameter):
    """The name of something that is here: a model, a run. known: the names; kind: what it is called in a sentence."""

    known: Of = ()
    kind: str = "model"
    entry: bool = True

    def parse(self, text: str, subject: Any = None) -> str:
        if text not in _of(self.known, subject):
            raise Misfit(f"{self.name} {text[:MAX_QUOTED]!r}: there is no such {self.kind} here, or it does not fit")
        return text

    def fits(self, subject: Any = None) -> str:
        return f"must be the name of a {self.kind}"

    @property
    def values(self) -> str:
        return f"the name of a {self.kind}"


@dataclass(frozen=True, kw_only=True)
class Names(Name):
    """Several of them with commas between; one that is not here is left out."""

    def parse(self, text: str, subject: Any = None) -> list[str]:
        asked, known = [name for name in text.split(",") if name], _of(self.known, subject)
        there = [name for name in asked if name in known]
        if missing := [name for name in asked if name not in known]:
            raise Misfit(f"there is no {self.kind} {missing[0][:MAX_QUOTED]!r} here", there)
        return there

    def format(self, value: Sequence[str], subject: Any = None) -> str:
        return ",".join(value)

    @property
    def values(self) -> str:
        return f"names of {self.kind}s, with commas"


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """On (1) or left out."""

    default: Of = False
    entry: bool = True

    def parse(self, text: str, subject: Any = None) -> bool:
        if text != "1":
            raise ValueError(text)
        return True

    def format(self, value: Any, subject: Any = None) -> str:
        return "1" if value else ""

    def fits(self, subject: Any = None) -> str:
        return "must be 1 or left out"

    @property
    def values(self) -> str:
        return "`1`"


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A finite number from low to high; clamp: one outside is moved to the nearer end, which is said."""

    low: Of = -math.inf
    high: Of = math.inf
    clamp: bool = False

    def parse(self, text: str, subject: Any = None) -> float:
        value, low, high = float(text), _of(self.low, subject), _of(self.high, subject)
        if not math.isfinite(value):
            raise ValueError(text)
        if not low <= value <= high:
            raise Misfit(f"{self.name} {self.fits(subject)}", min(high, max(low, value)) if self.clamp else None)
        return value

    def fits(self, subject: Any = None) -> str:
        low, high = _of(self.low, subject), _of(self.high, subject)
        return f"must be between {low:g} and {high:g}" if math.isfinite(high - low) else "must be a number"

    @property
    def values(self) -> str:
        if callable(self.low) or callable(self.high):
            return "a number"
        return f"{self.low:g} to {self.high:g}" if math.isfinite(self.high - self.low) else "a number"


@dataclass(frozen=True, kw_only=True)
class Integer(Parameter):
    """A whole number from low to high, or one of `others`."""

    low: Of = 0
    high: Of = 10**8
    others: tuple[int, ...] = ()

    def parse(self, text: str, subject: Any = None) -> int:
        if not text.removeprefix("-").isdecimal() or len(text) > 12:
            raise ValueError(text)
        value = int(text)
        if not _of(self.low, subject) <= value <= _of(self.high, subject) and value not in self.others:
            raise ValueError(text)
        return value

    def fits(self, subject: Any = None) -> str:
        low, high = _of(self.low, subject), _of(self.high, subject)
        others = "".join(f" or {other}" for other in self.others)
        return f"must be a whole number between {low} and {high}{others}" if low <= high else "is not offered here"

    @property
    def values(self) -> str:
        if callable(self.low) or callable(self.high):
            return "a whole number"
        return f"{self.low} to {self.high}" + "".join(f", or {other}" for other in self.others)


@dataclass(frozen=True, kw_only=True)
class Numbers(Parameter):
    """Numbers with commas between.

    count: how many, None for any. low, high: bounds, one for all or one each.
    clamp: those outside are moved to the edge, and `moved` says so after the name. whole: integers. distinct: no two
    alike.
    """

    count: Of = None
    low: Of = -1e6
    high: Of = 1e6
    clamp: bool = False
    moved: str = "was outside its range and was moved to the edge"
    whole: bool = False
    distinct: bool = False

    def parse(self, text: str, subject: Any = None) -> list:
        numbers = [(int if self.whole else float)(part) for part in text.split(",")]
        count, low, high = (_of(each, subject) for each in (self.count, self.low, self.high))
        if (count is not None and len(numbers) != count) or not all(math.isfinite(number) for number in numbers):
            raise ValueError(text)
        if self.distinct and len(set(numbers)) != len(numbers):
            raise ValueError(text)
        inside = np.clip(numbers, low, high)
        if not self.clamp:
            if (inside != numbers).any():
                raise ValueError(text)
            return numbers
        if not np.allclose(inside, numbers):
            raise Misfit(f"{self.name} {self.moved}", inside.tolist())
        return inside.tolist()

    def format(self, value: Iterable[float], subject: Any = None) -> str:
        return ",".join(f"{number:.9g}" for number in value)

    def fits(self, subject: Any = None) -> str:
        count, low, high = (_of(each, subject) for each in (self.count, self.low, self.high))
        if np.all(np.greater(low, high)):
            return "is not offered here"
        many = "numbers" if count is None else f"{count} numbers" if count != 1 else "1 number"
        many = many.replace("number", "whole number") if self.whole else many
        bounded = np.ndim(low) == 0 and np.ndim(high) == 0 and high < 1e6 and not self.clamp
        return f"must be {many}{f' between {low:g} and {high:g}' if bounded else ''}, separated by commas"

    @property
    def values(self) -> str:
        many = "" if self.count is None or callable(self.count) else f"{self.count} "
        return f"{many}{'whole ' if self.whole else ''}numbers, with commas"


@dataclass(frozen=True, kw_only=True)
class Drawing(Parameter):
    """A sample drawn by hand or brought, as base64 text that an address may hold. shape: of it.

    A byte a pixel of a picture (C, H, W), half precision of a signal or a row (C, L), whose own base64 is of float32.
    """

    default: Of = ""
    shape: Of = (1, 28, 28)

    def parse(self, text: str, subject: Any = None) -> str:
        try:
            raw = base64.urlsafe_b64decode(text[:MAX_DRAWING])
        except binascii.Error as error:
            raise ValueError(text) from error
        shape = _of(self.shape, subject)
        signal = len(shape) == 2
        if len(raw) != math.prod(shape) * (2 if signal else 1):
            raise ValueError(text)
        if signal:
            values = np.frombuffer(raw, "<f2").astype("<f4")
            if not np.isfinite(values).all():
                raise ValueError(text)
            raw = values.tobytes()
        return base64.b64encode(raw).decode()

    def format(self, value: str, subject: Any = None) -> str:
        raw = base64.b64decode(value)
        if len(_of(self.shape, subject)) == 2:
            limits = np.finfo(np.float16)
            raw = np.frombuffer(raw, "<f4").clip(limits.min, limits.max).astype("<f2").tobytes()
        return base64.urlsafe_b64encode(raw).decode()

    def fits(self, subject: Any = None) -> str:
        return "must be a drawing of this model's size, as this page writes it"

    @property
    def values(self) -> str:
        return "a drawing, as the page writes it"


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    """A word of letters, digits and a few signs. most: its length."""

    default: Of = ""
    most: int = 100
    signs: str = "-._=+/:,"

    def parse(self, text: str, subject: Any = None) -> str:
        if len(text) > self.most or not all(c.isascii() and (c.isalnum() or c in self.signs) for c in text):
            raise ValueError(text)
        return text

    def fits(self, subject: Any = None) -> str:
        return "must be as this page writes it"

    @property
    def values(self) -> str:
        return "text, as the page writes it"


@dataclass(frozen=True, kw_only=True)
class Custom(Parameter):
    """One with its own way to be read and written.

    reads: (text, subject) → value, raises ValueError or Misfit; writes: value → text; must: what fits, said after the
    name (may depend on the subject); documented: the same for the documentation. pairs: {key: number} that a drag
    moves, written as `key:number` with commas, so that the page can write it, too.
    """

    reads: Callable[[str, Any], Any]
    writes: Callable[[Any], str] = str
    must: Of = "must be as this page writes it"
    documented: str = "text, as the page writes it"
    pairs: bool = False

    def parse(self, text: str, subject: Any = None) -> Any:
        return self.reads(text, subject)

    def format(self, value: Any, subject: Any = None) -> str:
        return self.writes(value)

    def fits(self, subject: Any = None) -> str:
        return _of(self.must, subject)

    @property
    def values(self) -> str:
        return self.documented


Parameters = Collection[Parameter]


def defaults(parameters: Parameters, subject: Any = None) -> dict[str, Any]:
    """What holds where the link says nothing: {key of the view: value}."""
    return {parameter.key: _of(parameter.default, subject) for parameter in parameters}


def read(parameters: Parameters, link: Mapping[str, str], subject: Any = None) -> tuple[dict[str, Any], list[str]]:
    """({key of the view: value} of what the link says and what fits, a sentence for each that does not)."""
    values, problems = {}, []
    for parameter in parameters:
        text = next((link[name] for name in (parameter.name, *parameter.alias) if name in link), None)
        if text is None:
            continue
        try:
            values[parameter.key] = parameter.parse(text, subject)
        except Misfit as error:
            problems.append(str(error))
            if error.instead is not None:
                values[parameter.key] = error.instead
        except (ValueError, OverflowError):
            problems.append(f"{parameter.name} {parameter.fits(subject)}")
    return values, problems


def write(parameters: Parameters, view: Mapping[str, Any], subject: Any = None) -> dict[str, str]:
    """{name: text} of a view; the text is empty where the default holds, which the link leaves out."""
    texts = {}
    for parameter in parameters:
        default = _of(parameter.default, subject)
        value = view.get(parameter.key, default)
        texts[parameter.name] = "" if value is None or value == default else parameter.format(value, subject)
    return texts


def own(key: str, parameters: Parameters, subject: Any = None, asks: Sequence[str] = (), within: str = "") -> OwnLink:
    """What a figure in the page writes into the link itself: the numbers that a drag moves; what is chosen is told.

    key: of the figure; asks: CSS selectors of what Python alone can say of them; within: the part of the figure's
    state that holds them.
    """
    moved: list[Moved] = [
        {"name": each.name, "key": f"{within}{each.key}", "normal": _of(each.default, subject)}
        for each in parameters
        if not each.entry and (isinstance(each, Integer | Number | Numbers) or getattr(each, "pairs", False))
    ]
    return {"moved": moved, "asks": list(asks), "key": key}


def table(parameters: Parameters) -> str:
    """The parameters as a Markdown table."""
    rows = ["| parameter | what it sets | values |", "|---|---|---|"]
    for parameter in parameters:
        older = "".join(f", formerly `{name}`" for name in parameter.alias)
        rows.append(f"| `{parameter.name}`{older} | {parameter.about} | {parameter.values} |")
    return "\n".join(rows)
