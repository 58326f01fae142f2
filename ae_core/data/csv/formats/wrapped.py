"""Seismic records: one signal whose values are wrapped over many lines, below a line with their number and rate."""

import datetime
import re

from .marks import Marks, after_lines

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"
SLIST = re.compile(
    r"^TIMESERIES (\S+), (\d{1,9}) samples, (\d+\.?\d*) sps, (\S+), SLIST, \w+, ?(.*)$"
)  # of IRIS: name, count, rate, start, kind, unit
POINTS = re.compile(r"\bNPTS\s*=\s*(\d{1,9})\s*,?\s*DT\s*=\s*(\d*\.?\d+)", re.IGNORECASE)  # of PEER: count, step
MAX_HEADING = 6  # lines


def read(lines: list[str], text: bytes) -> Marks | None:
    match = SLIST.match(lines[0].strip())
    if match:
        try:
            start = datetime.datetime.fromisoformat(match[4]).replace(tzinfo=datetime.UTC).timestamp()
        except ValueError:
            return None
        body = after_lines(text, 1)
        return _one_signal(match[1], match[5].strip(), body, int(match[2]), 1 / (float(match[3]) or 1), start)
    for at, line in enumerate(lines[:MAX_HEADING]):
        if points := POINTS.search(line):
            unit = re.search(r"UNITS OF (\S+)", " ".join(lines[:at]))
            body = after_lines(text, at + 1)
            return _one_signal("value", unit[1] if unit else "", body, int(points[1]), float(points[2]), 0.0)
    return None


def _one_signal(name: str, unit: str, body: bytes, count: int, step: float, start: float) -> Marks | None:
    numbers = body.decode(errors="replace").split()
    whole = count > 0 and step > 0 and abs(len(numbers) - count) <= 1
    if not whole or not all(re.fullmatch(NUMBER, number) for number in numbers):
        return None
    heading = f"{name} [{unit}]" if unit else name
    said = {"header": True, "delimiter": ",", "decimal": ".", "layout": "moments"}
    plain = "\n".join([heading, *numbers, ""]).encode()
    return Marks(
        "a seismic record, its values one after the other", plain, ("time",), step=step, start=start, said=said
    )
