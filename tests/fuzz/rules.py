"""What must hold of every input: limits, and the checks that all parts share."""

import hashlib
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10  # that one input may take
MOST_MB = 1500  # that one input may need beside what was there; a file of 20 MB that unpacks to gigabytes would show
LONGEST = 400  # characters of a sentence


class BrokenError(AssertionError):
    """An input for which a property does not hold."""


class TooSlow(BaseException):
    """An input took too long; no handler of the program catches it."""


def holds(fact: Any, what: str) -> None:
    if not fact:
        raise BrokenError(what)


def one_sentence(text: str) -> None:
    """What every refusal must be: a short sentence on one line, with a full stop and without the program's insides."""
    holds(text.endswith(".") and len(text) < LONGEST, f"no short sentence, {len(text)} characters: {text[:500]!r}")
    holds("\n" not in text and text.isprintable(), f"not printable on one line: {text!r}")
    for inside in ("Traceback", "site-packages", ".py", " object at 0x", f"{ROOT}/"):
        holds(inside not in text, f"{inside} in {text!r}")


def plain(value: Any) -> None:
    """What goes to a browser: JSON without NaN."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BrokenError(f"not fit for JSON ({error}): {value!r:.300}") from None


def tree(place: Path) -> dict[str, str]:
    """A digest of each file below a folder."""
    return {
        str(p.relative_to(place)): hashlib.md5(p.read_bytes()).hexdigest() if p.is_file() else ""
        for p in place.rglob("*")
        if p.name != ".lock"
    }
