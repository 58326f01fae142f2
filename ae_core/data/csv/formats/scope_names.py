"""Scopes of controllers: lines above the rows that begin with Name, SampleTime, Unit, once for each channel beside its
own clock.
"""

import re

from .marks import Marks, after_lines, cells, headed

WORDS = re.compile(
    r"^(name|unit|sampletime|symbol|data-?type|netid|port|offset|scalefactor|variable|bitmask)\b", re.IGNORECASE
)
MOST = 40  # lines above the rows


def read(lines: list[str], text: bytes) -> Marks | None:
    delimiter = "\t" if "\t" in lines[0] else ";" if ";" in lines[0] else ","
    rows = [cells(line, delimiter) for line in lines[:MOST]]
    at = next((i for i, row in enumerate(rows) if row[:1] == ["Name"] and len(row) > 3 and row[2] == "Name"), None)
    if at is None:
        return None
    said = {rows[at][0]: rows[at]}
    end = at + 1
    while end < len(rows) and (not any(rows[end]) or WORDS.match(rows[end][0])):
        if rows[end] and rows[end][0]:
            said[rows[end][0]] = rows[end]
        end += 1
    width = len(rows[at])
    times, channels = range(0, width - 1, 2), range(1, width, 2)
    units = next((row for word, row in said.items() if word.lower().startswith("unit")), [""] * width)
    scale = next((match[1] for word in said if (match := re.search(r"\[(\w+)\]", word))), "ms")
    body = [
        row
        for line in after_lines(text, end).decode(errors="replace").split("\n")
        if any(row := cells(line, delimiter))
    ]
    if len(body) < 2 or any(len(row) < width for row in body[:20]):
        return None
    if any(row[j] != row[0] for row in body[:200] for j in times):
        return None  # clocks of their own, which differ
    plain = delimiter.join(["{}"] * (len(channels) + 1))
    text = "\n".join(plain.format(row[0], *(row[j] for j in channels)) for row in body if len(row) >= width).encode()
    names = ["time", *(rows[at][j] for j in channels)]
    own = [scale, *(units[j] if j < len(units) else "" for j in channels)]
    return Marks("a controller's scope", headed(names, own, text, delimiter), ("time",), said={"delimiter": delimiter})
