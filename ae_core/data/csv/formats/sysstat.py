"""Linux' sar: the host and the day above, a heading with a time of day in its first cell, again and again."""

import datetime
import re

from .marks import Marks, plain_text

FIRST = re.compile(r"^Linux \S+ \(.*?\)\s+(\d{1,4}[-/]\d{2}[-/]\d{2,4})")
CLOCK = re.compile(r"^((?:[01]\d|2[0-4]):[0-5]\d:[0-5]\d)(?:\s+([AP]M))?\s+(\S.*)$")
DAYS = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%d/%m/%Y")  # as the locale has it; month first where both are possible


def read(lines: list[str], text: bytes) -> Marks | None:
    match = FIRST.match(lines[0])
    if not match:
        return None
    day = _day(match[1])
    names: list[str] = []
    rows, gone, last = [], 0, ""
    for line in text.decode(errors="replace").split("\n")[1:]:
        clock = CLOCK.match(line.strip())
        if not clock:
            gone += bool(line.strip())
            continue
        cells = clock[3].split()
        if not re.search(r"\d", cells[-1]) or cells == names:
            gone += bool(names)
            if names and cells != names:
                break  # another report
            names = cells
            continue
        if not names or len(cells) != len(names):
            gone += 1
            continue
        hour = int(clock[1][:2])
        hour = hour % 12 + 12 * (clock[2] == "PM") if clock[2] else hour % 24
        stamp = f"{hour:02d}{clock[1][2:]}"
        day, last = day + datetime.timedelta(days=stamp < last), stamp
        rows.append([f"{day:%Y-%m-%d} {stamp}", *cells])
    if len(rows) < 2:
        return None
    return Marks("a report of sar", plain_text([["time", *names], *rows]), ("time",), left_out=gone)


def _day(text: str) -> datetime.date:
    for form in DAYS:
        try:
            return datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return datetime.date(1970, 1, 1)
