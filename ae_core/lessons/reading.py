"""Reads a lesson's file. What is wrong with it is said in one sentence, with the number of the line.

# What is a latent space?
- about: For a class, 20 minutes

## A picture is a list of numbers
- page: explore
- link: model=mnist-vae-2d
- guess: choose
- choices: 28 | 784
- right: 784
How many numbers is a picture of 28 × 28 pixels?
> One for each pixel.
"""

import itertools
import math
import re
from collections.abc import Collection, Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from ..base.errors import LatentError
from .lesson import GUESSES, MAX_BYTES, MAX_CHOICES, MAX_KNOTS, MAX_STEPS, MAX_WORDS, Lesson, Step

KEY = re.compile(r"-\s+([a-z]+):\s*(.*)")
FOREIGN = re.compile(r"<[a-zA-Z/!]|!\[|\]\(|https?:|www\.|javascript:", re.IGNORECASE)
NAME = re.compile(r"[\w-]{1,40}")
OF_ALL = {"page", "link", "see", "moves", "shows"}
OF_KIND = {
    "": set(),
    "choose": {"choices", "right"},
    "slider": {"range", "step", "unit", "right", "within"},
    "dot": {"range", "across", "up", "right", "within"},
    "curve": {"range", "across", "up", "right", "within"},
    "task": {"right", "with"},
}
NEEDED = {
    "choose": ("choices", "right"),
    "slider": ("range", "right", "within"),
    "dot": ("range", "right", "within"),
    "curve": ("range", "right", "within"),
}


def read_lesson(
    data: bytes | str,
    pages: Mapping[str, Collection[str]],
    tasks: Mapping[str, str],
    moved: Collection[str] = (),
    said: Collection[str] = (),
) -> Lesson:
    """The lesson in a file.

    Args:
        data: the file, at most MAX_BYTES of UTF-8.
        pages: the names of what a link may say, by page.
        tasks: the page on which a task is judged, by the task's name.
        moved: what `moves` may move, and `see` bring into sight, by its data-testid.
        said: what else a step may have in its head, in a table of sentences: that may be of any length, and have steps
            that ask nothing.

    Raises:
        LatentError: the first thing that is wrong, "Line 12: …".
    """
    return _Reader(_text(data, math.inf if said else MAX_BYTES), pages, tasks, moved, said).lesson()


def _text(data: bytes | str, most: float) -> str:
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > most:
        raise LatentError(f"Line 1: the file is longer than the {MAX_BYTES:,} bytes that a lesson may have.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise LatentError(f"Line {line}: this is no text in UTF-8; save the file as plain text.") from None


class _Part:
    """A heading with its head and its text: of the lesson or of a step."""

    def __init__(self, line: int, title: str):
        self.line, self.title = line, title
        self.head: dict[str, tuple[int, str]] = {}
        self.text: list[str] = []
        self.why: list[str] = []


def _fail(line: int, sentence: str) -> NoReturn:
    raise LatentError(f"Line {line}: {sentence}")


class _Reader:
    def __init__(
        self,
        text: str,
        pages: Mapping[str, Collection[str]],
        tasks: Mapping[str, str],
        moved: Collection[str],
        said: Collection[str],
    ):
        self.text, self.pages, self.tasks, self.moved, self.said = text, pages, tasks, moved, frozenset(said)

    def lesson(self) -> Lesson:
        top, parts = self._parts()
        for name, (line, _) in top.head.items():
            if name != "about":
                _fail(line, f"{name!r} is nothing that a lesson has; above its first step there is only 'about'.")
        if top.text or top.why:
            _fail(top.line, "what stands above the first step is not shown: put it into a step, below a '## Title'.")
        if not parts:
            _fail(top.line, "the lesson has no step; a step begins with a line '## Title'.")
        if len(parts) > MAX_STEPS and not self.said:
            _fail(parts[MAX_STEPS].line, f"a lesson has at most {MAX_STEPS} steps.")
        steps = tuple(self._step(part) for part in parts)
        return Lesson(title=top.title, about=top.head.get("about", (0, ""))[1], steps=steps, text=self.text)

    # ---- lines ----

    def _parts(self) -> tuple[_Part, list[_Part]]:
        top: _Part | None = None
        parts: list[_Part] = []
        for number, raw in enumerate(self.text.split("\n"), start=1):
            line = raw.strip()
            if FOREIGN.search(line):
                _fail(number, "a lesson holds neither HTML nor pictures nor links; write it in words.")
            if not line:
                continue
            if line.startswith("# ") and top is None:
                top = _Part(number, line[2:].strip())
            elif top is None:
                _fail(number, "a lesson begins with its title, a line such as '# What is a latent space?'.")
            elif line.startswith("## "):
                parts.append(_Part(number, line[3:].strip()))
            elif line.startswith("#"):
                _fail(number, "a step begins with '## Title', and there is one '# Title', at the top.")
            else:
                self._put(parts[-1] if parts else top, number, line)
        if top is None:
            _fail(1, "the file is empty; a lesson begins with its title, '# Title'.")
        return top, parts

    def _put(self, part: _Part, number: int, line: str) -> None:
        match = KEY.fullmatch(line)
        if match and not part.text:
            name, value = match.groups()
            if name in part.head:
                _fail(number, f"{name!r} stands twice in this step.")
            part.head[name] = (number, value.strip())
        elif line.startswith(">"):
            part.why.append(line[1:].strip())
        elif line.startswith("- "):
            _fail(number, "a line of a step's head reads '- name: value', and stands above its text.")
        elif part.why:
            _fail(number, "the answer, lines that begin with '>', is the last of a step.")
        else:
            part.text.append(line)

    # ---- a step ----

    def _step(self, part: _Part) -> Step:
        kind = self._kind(part)
        allowed = OF_ALL | OF_KIND[kind] | {"guess", "task"} | self.said
        for name, (line, _) in part.head.items():
            if name not in allowed:
                what = f"a step with guess: {kind}" if kind in GUESSES else "a task" if kind else "a step without guess"
                _fail(line, f"{name!r} is nothing that {what} has; it may have {', '.join(sorted(allowed))}.")
        for name in NEEDED.get(kind, ()):
            if name not in part.head:
                _fail(part.line, f"this step has guess: {kind} and so needs '- {name}: …'.")
        if not part.text and (kind or not self.said):
            _fail(part.line, "this step has no text: what is asked, or said.")
        text, why = " ".join(part.text), " ".join(part.why)
        if (words := len(f"{text} {why}".split())) > MAX_WORDS:
            _fail(part.line, f"this step has {words} words, and at most {MAX_WORDS} are read.")
        page = self._page(part, kind)
        return Step(
            line=part.line,
            title=part.title,
            text=text,
            why=why,
            page=page,
            link=self._link(part, page),
            see=self._see(part, "see"),
            shows=self._see(part, "shows"),
            moves=self._moves(part),
            said={name: part.head[name][1] for name in self.said if name in part.head},
            guess=kind if kind in GUESSES else "",
            task=part.head["task"][1] if kind == "task" else "",
            **(getattr(self, f"_{kind}")(part) if kind else {}),
        )

    def _kind(self, part: _Part) -> str:
        """One of GUESSES, "task", or "" of a step that only shows something."""
        if not part.title:
            _fail(part.line, "a step has a title, '## Title'.")
        if "guess" in part.head and "task" in part.head:
            _fail(part.head["task"][0], "a step has a guess or a task, not both.")
        if "task" in part.head:
            line, name = part.head["task"]
            if name not in self.tasks:
                _fail(line, f"there is no task {name[:40]!r}; there are {', '.join(self.tasks)}.")
            return "task"
        if "guess" not in part.head:
            return ""
        line, kind = part.head["guess"]
        if kind not in GUESSES:
            _fail(line, f"there is no guess {kind[:40]!r}; there are {', '.join(GUESSES)}.")
        return kind

    def _page(self, part: _Part, kind: str) -> str:
        if "page" not in part.head:
            _fail(part.line, "this step does not say its page, '- page: explore'.")
        line, page = part.head["page"]
        if page not in self.pages:
            _fail(line, f"there is no page {page[:40]!r}; there are {', '.join(self.pages)}.")
        if kind == "task" and page != (there := self.tasks[part.head["task"][1]]):
            _fail(line, f"the task {part.head['task'][1]} is judged on the page {there}.")
        return page

    def _link(self, part: _Part, page: str) -> str:
        line, text = part.head.get("link", (0, ""))
        text = text.removeprefix("?")
        for name, _ in parse_qsl(text, keep_blank_values=True):
            if name not in self.pages[page]:
                _fail(
                    line, f"a link to {page} says nothing of {name[:40]!r}; it may say {', '.join(self.pages[page])}."
                )
        if text and not parse_qsl(text, keep_blank_values=True):
            _fail(line, "a link reads as what stands behind the ? of an address, 'model=mnist-vae-2d&k=16'.")
        return text

    def _see(self, part: _Part, key: str) -> str:
        line, name = part.head.get(key, (0, ""))
        if name and name not in self.moved:
            _fail(line, f"there is nothing {name[:40]!r} to bring into sight; there are {', '.join(self.moved)}.")
        return name

    def _moves(self, part: _Part) -> tuple[tuple[str, tuple[float, ...]], ...]:
        line, text = part.head.get("moves", (0, ""))
        moves = []
        for each in filter(None, (each.strip() for each in text.split(";"))):
            name, _, numbers = each.partition("=")
            if name.strip() not in self.moved:
                _fail(line, f"there is nothing {name.strip()[:40]!r} to move; there are {', '.join(self.moved)}.")
            moves.append((name.strip(), self._numbers(line, numbers)))
        return tuple(moves)

    # ---- kinds ----

    def _choose(self, part: _Part) -> dict[str, Any]:
        line, text = part.head["choices"]
        choices = tuple(each.strip() for each in text.split("|"))
        if not 2 <= len(choices) <= MAX_CHOICES or not all(choices) or len(set(choices)) < len(choices):
            _fail(line, f"choices are two to {MAX_CHOICES} different ones, with | between.")
        line, right = part.head["right"]
        if right not in choices:
            _fail(line, f"{right[:40]!r} is none of the choices.")
        return {"choices": choices, "right": (choices.index(right),)}

    def _slider(self, part: _Part) -> dict[str, Any]:
        low, high = self._range(part)
        line, text = part.head.get("step", (0, ""))
        step = self._one(line, text) if text else (high - low) / 100
        if not 0 < step <= high - low:
            _fail(line, "a step of the slider is larger than 0 and fits into its range.")
        line, text = part.head["right"]
        right = self._one(line, text)
        self._inside(line, [right], low, high)
        unit = part.head.get("unit", (0, ""))[1]
        return {"low": low, "high": high, "step": step, "unit": unit, "right": (right,), "within": self._within(part)}

    def _dot(self, part: _Part) -> dict[str, Any]:
        low, high = self._range(part)
        line, text = part.head["right"]
        right = self._numbers(line, text)
        if len(right) != 2:
            _fail(line, "a dot's place is two numbers, across and up, with a comma between.")
        self._inside(line, right, low, high)
        return {"low": low, "high": high, "right": right, "within": self._within(part), **self._axes(part)}

    def _curve(self, part: _Part) -> dict[str, Any]:
        low, high = self._range(part)
        line, text = part.head["right"]
        pairs = [each.partition(":") for each in text.split(",")]
        if not all(colon for _, colon, _ in pairs):
            _fail(line, "a curve's points read '1:40, 2:31, 8:14', across and up.")
        at = tuple(self._one(line, across) for across, _, _ in pairs)
        right = tuple(self._one(line, up) for _, _, up in pairs)
        if not 3 <= len(at) <= MAX_KNOTS or any(a >= b for a, b in itertools.pairwise(at)):
            _fail(line, f"a curve has three to {MAX_KNOTS} points, from left to right.")
        self._inside(line, right, low, high)
        within = self._within(part)
        return {"low": low, "high": high, "at": at, "right": right, "within": within, **self._axes(part)}

    def _task(self, part: _Part) -> dict[str, Any]:
        line, text = part.head.get("with", (0, ""))
        given = {}
        for each in filter(None, (each.strip() for each in text.split(";"))):
            name, equals, value = (piece.strip() for piece in each.partition("="))
            if not equals or not NAME.fullmatch(name) or not value:
                _fail(line, "a task's settings read 'sliders=2; sample=7'.")
            given[name] = value
        line, text = part.head.get("right", (0, ""))
        return {"given": given, "right": self._numbers(line, text) if text else ()}

    # ---- values ----

    def _range(self, part: _Part) -> tuple[float, float]:
        line, text = part.head["range"]
        ends = [each.strip() for each in text.split(" to ")]
        if len(ends) != 2:
            _fail(line, "a range reads '0 to 60'.")
        low, high = (self._one(line, each) for each in ends)
        if low >= high:
            _fail(line, "a range goes from the smaller number to the larger one.")
        return low, high

    def _within(self, part: _Part) -> float:
        line, text = part.head["within"]
        if (value := self._one(line, text)) < 0:
            _fail(line, "how far off is still right is no negative number.")
        return value

    def _axes(self, part: _Part) -> dict[str, str]:
        return {name: part.head[name][1] for name in ("across", "up") if name in part.head}

    def _inside(self, line: int, numbers: Collection[float], low: float, high: float) -> None:
        if not all(low <= number <= high for number in numbers):
            _fail(line, f"what is right lies outside of the range {low:g} to {high:g}.")

    def _numbers(self, line: int, text: str) -> tuple[float, ...]:
        return tuple(self._one(line, each) for each in text.split(","))

    def _one(self, line: int, text: str) -> float:
        try:
            value = float(text.replace("−", "-"))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            _fail(line, f"{text.strip()[:40]!r} is no number.")
        return value
