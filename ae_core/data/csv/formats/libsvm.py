"""The format of libsvm: a class or a number, then the features that are not zero, each with its index and a colon."""

import re

from .marks import Marks, plain_text

LINE = re.compile(r"^[-+]?\d+(?:\.\d+)?(?:[;\s]\S+)?(?:\s+\d{1,9}:[-+\d.eE]+)+\s*(?:#.*)?$")
MOST = 20_000  # features


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line for line in lines[:60] if line.strip()]
    if len(some) < 4 or not all(LINE.match(line) for line in some):
        return None
    rows, highest, lowest, gone = [], 0, 1, 0
    for line in text.decode(errors="replace").split("\n"):
        if not LINE.match(line):
            gone += bool(line.strip())
            continue
        label, *pairs = line.partition("#")[0].split()
        features = {int(index): value for index, _, value in (pair.partition(":") for pair in pairs if ":" in pair)}
        highest, lowest = max([highest, *features]), min([lowest, *features])
        rows.append((re.split(r";", label)[0], features))
        if highest > MOST:
            return None
    names = [f"feature {j}" for j in range(lowest, highest + 1)]
    body = ([label, *(features.get(j, "0") for j in range(lowest, highest + 1))] for label, features in rows)
    said = {"header": True, "delimiter": ",", "decimal": ".", "layout": "samples"}
    return Marks("of the kind of libsvm's", plain_text([["class", *names], *body]), said=said, left_out=gone)
