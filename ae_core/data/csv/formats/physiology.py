"""What programs of physiology export: LabChart's lines of "Word=", AcqKnowledge's list of channels, then rows."""

import re

from .marks import Marks, after_lines, headed

MOST = 80  # lines above the rows
RATE = re.compile(r"^([\d.]+)\s*(msec|usec|sec|min)/sample$|^([\d.]+)\s*samples/(second|minute)$", re.IGNORECASE)
UNITS = {"usec": 1e-6, "msec": 1e-3, "sec": 1.0, "min": 60.0, "second": 1.0, "minute": 60.0}


def read(lines: list[str], text: bytes) -> Marks | None:
    return _labchart(lines, text) or _acqknowledge(lines, text)


def _labchart(lines: list[str], text: bytes) -> Marks | None:
    """A word and = before what is set; the time and a column for each channel below."""
    if not lines[0].startswith("Interval="):
        return None
    said: dict[str, list[str]] = {}
    end = 0
    while end < min(MOST, len(lines)) and (match := re.match(r"^(\w+)=\t?(.*)$", lines[end].rstrip("\r"))):
        said[match[1]] = [cell.strip() for cell in match[2].split("\t")]
        end += 1
    names = [name for name in said.get("ChannelTitle", []) if name]
    if not names or end >= len(lines) or lines[end].count("\t") < len(names):
        return None
    units = [re.sub(r"^[-+\d.eE]+\s*", "", cell) for cell in said.get("UnitName", said.get("Range", []))]
    body = headed(["time", *names], ["s", *units], after_lines(text, end), "\t")
    return Marks("a LabChart export", body, ("time",), said={"delimiter": "\t"})


def _acqknowledge(lines: list[str], text: bytes) -> Marks | None:
    """The rate, how many channels, a line for each name and each unit, their short names, how many rows."""
    plain = [line.strip() for line in lines[:MOST]]
    rate = RATE.match(plain[1]) if len(plain) > 6 else None
    count = re.match(r"^(\d{1,3}) channels?$", plain[2]) if rate else None
    if not rate or not count:
        return None
    channels = int(count[1])
    at = 3 + 2 * channels
    if at + 2 >= len(plain) or not re.match(r"^(CH\d+\s*)+$", plain[at].replace("\t", " ")):
        return None
    number, unit = (rate[1], rate[2]) if rate[1] else (rate[3], rate[4])
    step = float(number) * UNITS[unit.lower()] if rate[1] else UNITS[unit.lower()] / (float(number) or 1.0)
    below = at + 1 + bool(re.match(r"^(\d+\s*)+$", plain[at + 1].replace("\t", " ")) and "samples" not in plain[at + 1])
    rows = re.sub(rb"\t(\r?\n|$)", rb"\1", after_lines(text, below))  # each ends with a tab
    body = headed(plain[3:at:2], plain[4:at:2], rows, "\t")
    return Marks("an AcqKnowledge export", body, ("time",), step=step, said={"delimiter": "\t"})
