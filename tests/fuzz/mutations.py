"""How a valid text, JSON or run of bytes is altered."""

import contextlib
import json
import math
import random
from collections.abc import Iterator
from typing import Any

# fmt: off
NUMBERS = (
    "0", "-1", "1", "2", "3", "9" * 25, "9" * 400, "9" * 5000, "1e308", "1e309",
    "-1e309", "1e-320", "5e-324", "nan", "inf", "-inf", "1_0", "1.5", "١٢",
)
WILD_TEXT = (
    "", " ", ".", "..", "../../etc/passwd", "/etc/passwd", "C:\\x", "con", "a\0b", "\ud800", "\u202e", "\u2028",
    "\x1b[31m", "🎲" * 20, "A" * 3000, "<script>",
    "=1+1", "@SUM(A1)", "{}", "[]", "null", "true", "'", '"', "%s%n", "${x}", ",",
    ";" * 50, ",".join("1" * 50), ":", "1:2", "-:-", "²", "½", "\ufeff", "ß", "İ",
)
WILD = (
    None, True, False, 0, -1, 1, 2, 3, 7, 255, 65_536, 2**31, 2**63, 10**30, 10**400, -(10**400),
    0.5, -0.0, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf,
    [], {}, [[]], [0], [1, 2], [1, "a"], [None], {"a": 1}, "a",
    *WILD_TEXT, [1] * 3000, [[1, 2]] * 500, {str(i): i for i in range(500)}, "x" * 100_000,
)
# fmt: on


def wild_json(dice: random.Random, text: str) -> str:
    """JSON with one to three of its values replaced, removed, doubled or swapped."""
    value = json.loads(text)

    def places(value: Any) -> Iterator[tuple[Any, Any]]:
        for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield value, key
            yield from places(value[key])

    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        there = list(places(value))
        if not there or dice.random() < 0.01:
            return json.dumps(dice.choice(WILD))
        owner, key = dice.choice(there)
        how = dice.random()
        if how < 0.6:
            owner[key] = dice.choice(WILD)
        elif how < 0.7:
            del owner[key]
        elif how < 0.8 and isinstance(owner, dict):
            owner[dice.choice((*WILD_TEXT, *map(str, owner)))] = owner[key]
        elif how < 0.9:
            other, name = dice.choice(there)
            with contextlib.suppress(KeyError, IndexError):  # it may just have gone
                owner[key] = json.loads(json.dumps(other[name]))
        elif isinstance(owner, list):
            owner.insert(key, owner[key])
        elif isinstance(owner[key], (int, float)) and not isinstance(owner[key], bool):
            owner[key] = dice.choice((-1, 2, 0.5, 1e9, 10**20)) * owner[key]
    text = json.dumps(value)
    return "[" * 100_000 if dice.random() < 0.003 else text


def wild_bytes(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Bytes with some flipped, cut, doubled, inserted or taken from another input."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at, how = dice.randrange(len(data) + 1), dice.random()
        if dice.random() < 0.4:
            at = min(at, dice.choice((16, 64, 700)))
        if how < 0.35 and data:
            data[min(at, len(data) - 1)] = dice.randrange(256)
        elif how < 0.45:
            del data[at : at + dice.choice((1, 2, 7, 100, 10**9))]
        elif how < 0.55:
            data[at:at] = dice.choice(
                (b"\0", b"\n", b'"', b";", b",", b"\xff", b"\x1a", b"\r", b"\t", b" ")
            ) * dice.choice((1, 1, 3, 2000))
        elif how < 0.7:
            data[at:at] = data[max(0, at - dice.choice((1, 8, 200))) : at]
        elif how < 0.85:
            data[at:at] = dice.choice((*NUMBERS, *WILD_TEXT)).encode("utf-8", "surrogatepass")
        elif others:
            other = dice.choice(others)
            start = dice.randrange(len(other) + 1)
            data[at : at + dice.choice((0, 100))] = other[start : start + dice.choice((4, 100, 5000))]
    return bytes(data[: 1 << 20])
