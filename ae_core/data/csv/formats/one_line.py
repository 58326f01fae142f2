"""A signal on one line: all its numbers one after the other, as some archives of single series have it."""

import re

from .marks import Marks

FEWEST = 12  # numbers, below which a line is a row of a table
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def read(lines: list[str], text: bytes) -> Marks | None:
    if len(lines) > 3 or any(line.strip() for line in lines[1:]):
        return None  # a second line: a table
    whole = text.decode(errors="replace")
    numbers = re.split(r"[\s,;]+", whole.strip(" \t\r\n,;"))
    if len(numbers) < FEWEST or not all(re.fullmatch(NUMBER, number) for number in numbers):
        return None
    said = {"header": False, "delimiter": ",", "decimal": ".", "layout": "moments"}
    return Marks("a signal on one line", ("\n".join(numbers) + "\n").encode(), said=said)
